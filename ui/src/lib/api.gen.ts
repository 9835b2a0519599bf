// Made by "npm run api" of docs/openapi.json. Not to be changed by hand.

export interface paths {
  '/api/v1/admin/audit': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what admins and moderators did, newest first. */
    get: operations['audit']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/bans': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the channels that may not go on air, by name. For admins and site moderators. */
    get: operations['bans']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/bans/{channel}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Ends what a channel has on air, and keeps it from going on air. For admins and site moderators. */
    put: operations['ban']
    post?: never
    /** Lets a channel go on air again. */
    delete: operations['unban']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/emotes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the emotes of the site. */
    get: operations['site-emotes']
    put?: never
    /** Adds an emote to the site's, for admins. The body is the picture, with the code in the query, or a form with code and picture: at most 512 KiB. It is written anew, at most 112 pixels wide and high. */
    post: operations['add-site-emote']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/emotes/{emote}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Takes an emote of the site away, for admins. */
    delete: operations['remove-site-emote']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/invitations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the invitations, newest first. */
    get: operations['invitations']
    put?: never
    /** Makes an invitation, for one account within two weeks; its link is in this answer alone. */
    post: operations['invite']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/invitations/{invitation}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Takes an invitation back. */
    delete: operations['uninvite']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/limits': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Changes the limits, from now on; recordings are looked at every ten minutes. */
    put: operations['change-limits']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/live': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists everything on air, also what is not public, those that began last first. For admins and site moderators. */
    get: operations['on-air']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/reports': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the reports that nobody has decided on, newest first. For admins and site moderators. */
    get: operations['reports']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/reports/{report}/dismiss': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Decides that nothing follows from a report. */
    post: operations['dismiss-report']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/settings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns the site's settings. */
    get: operations['settings']
    /** Changes the site's settings, from now on. */
    put: operations['change-settings']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/status': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells what the server has to work with. */
    get: operations['status']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/storage': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells what the disk holds, and the limits in force. */
    get: operations['storage']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/storage/channels': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what channels keep, those that keep most first. */
    get: operations['storage-channels']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/takedowns': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what was taken down, also what is up again, newest first. For admins and site moderators. */
    get: operations['takedowns']
    put?: never
    /** Takes a channel, a recording or a clip down, with all that is part of it, and settles the reports of it. Every address of it answers 410 from then on. For admins and site moderators. */
    post: operations['take-down']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/takedowns/{takedown}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Puts what was taken down up again, as it was. It can be undone for 30 days; after that its recordings and clips go. */
    delete: operations['undo-takedown']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/users': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the users, by name. For admins and site moderators. */
    get: operations['users']
    put?: never
    /** Makes an account for somebody. */
    post: operations['add-user']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/users/{user}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    /** Changes a user's role, keeps the user from signing in, or vouches for who the user is. */
    patch: operations['change-user']
    trace?: never
  }
  '/api/v1/admin/users/{user}/reset-link': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes a link with which a user sets a new password once, within two hours. */
    post: operations['make-reset-link']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the recordings of all channels, newest first. */
    get: operations['broadcasts']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns a broadcast. */
    get: operations['broadcast']
    put?: never
    post?: never
    /** Deletes the recording of a broadcast that is over. Its clips stay unless they are to go too. */
    delete: operations['delete-recording']
    options?: never
    head?: never
    /** Changes the title of a broadcast, or who may watch it. */
    patch: operations['change-broadcast']
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/audience': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells how many watched a broadcast, or watch it now, and how it played for them. For the channel's moderators, editors and owners. */
    get: operations['broadcast-audience']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/beacon': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Takes a player's word on how what is on air plays for it, since its viewing began. It is summed up by broadcast; nothing of a viewer is kept. What is said of a viewing that is not known is ignored. */
    post: operations['beacon']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/chapters': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the chapters of a broadcast, one for each title that it had on air; none when that was one. */
    get: operations['broadcast-chapters']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/chat': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what was said while a part of a broadcast was on air, by its media time. */
    get: operations['broadcast-chat']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/clips': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes a clip of a broadcast, on air or over: it begins with the picture that is shown at its start. Of what is on air it waits until its end is recorded, some seconds at most. */
    post: operations['make-clip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/downloads': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the MP4 files that a recording can be had in: none when nothing is recorded, one most times, more when its codecs changed. While it is on air they reach to the newest segment but one. */
    get: operations['broadcast-downloads']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what happened to a broadcast, oldest first: losses of its encoder, takeovers, gaps in its recording. */
    get: operations['broadcast-events']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/broadcasts/{broadcast}/viewings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Begins a viewing of a recording. Its token stands in front of all addresses of media, and of those that lead on from them; it is extended while somebody watches. */
    post: operations['watch-broadcast']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/categories': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what public channels are about, the categories with most channels first. */
    get: operations['categories']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/categories/{category}/channels': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the public channels of a category by name. */
    get: operations['category-channels']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes a channel, whose owner is who asks. */
    post: operations['make-channel']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns a channel, with what it has on air. */
    get: operations['channel']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    /** Changes what is named of a channel, and leaves the rest. */
    patch: operations['change-channel']
    trace?: never
  }
  '/api/v1/channels/{channel}/blocks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists who is blocked from a channel, by name. */
    get: operations['blocks']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/blocks/{user}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Keeps a user from following a channel and from speaking in its chat; what the user follows of it ends. */
    put: operations['block']
    post?: never
    /** Lets a user follow and speak again. */
    delete: operations['unblock']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/broadcasts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists a channel's broadcasts, newest first. */
    get: operations['channel-broadcasts']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Takes part in a channel's chat, by WebSocket. Each message is one JSON object; /api/v1/chat.schema.json describes them. */
    get: operations['chat']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/filters': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what lines of a chat are looked through for, for moderators. */
    get: operations['chat-filters']
    /** Puts other filters in their place, for moderators. */
    put: operations['set-chat-filters']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/log': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what moderators of a chat did, newest first, for them. */
    get: operations['chat-log']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/messages': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what was said in a channel's chat and stands, oldest first: the newest of what lies between two ids. */
    get: operations['chat-messages']
    put?: never
    /** Says a line in a channel's chat. */
    post: operations['say']
    /** Takes all lines of a person away, for moderators. */
    delete: operations['purge-messages']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/messages/{line}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Takes a line of a chat away, for moderators. */
    delete: operations['delete-message']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/pin': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Pins a line of a chat, or a text, for moderators. */
    put: operations['pin']
    post?: never
    /** Takes what is pinned away, for moderators. */
    delete: operations['unpin']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/poll': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Begins a poll, in place of the one that goes on, for moderators. */
    post: operations['start-poll']
    /** Ends the poll, for moderators. */
    delete: operations['end-poll']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/restrictions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists who may not speak in a chat, by name, for moderators. */
    get: operations['chat-restrictions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/restrictions/{user}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Keeps a person from speaking in a chat, for a time or for good, for moderators. The person's lines go. */
    put: operations['restrict']
    post?: never
    /** Lets a person speak in a chat again, for moderators. */
    delete: operations['release']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/review': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists lines that wait for a moderator, oldest first. */
    get: operations['chat-review']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/review/{line}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Lets a line that waits be said, or drops it, for moderators. */
    post: operations['review-message']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/settings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns how a chat is, for moderators. */
    get: operations['chat-settings']
    /** Changes how a chat is, for moderators. */
    put: operations['set-chat-settings']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/chat/users/{user}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells moderators of a person: newest lines, restriction, log. */
    get: operations['chat-user']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/clips': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists a channel's clips, newest first. */
    get: operations['channel-clips']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/emotes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the emotes that stand in lines of a channel's chat as :code: — its own and the site's — to who may read it. */
    get: operations['emotes']
    put?: never
    /** Adds an emote to a channel's, for its moderators. The body is the picture, with the code in the query, or a form with code and picture: at most 512 KiB. It is written anew, at most 112 pixels wide and high. */
    post: operations['add-emote']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/emotes/{emote}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Takes an emote of a channel away, for its moderators. */
    delete: operations['remove-emote']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/followers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists who follows a channel, the newest first. */
    get: operations['followers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells how the media of what a channel has on air is: verdicts in sentences, and measures for each of the newest seconds. For moderators, editors and owners. */
    get: operations['channel-health']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/keys': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists a channel's stream keys, without their text: valid ones first. */
    get: operations['keys']
    put?: never
    /** Makes a stream key; its text is in this answer alone. */
    post: operations['make-key']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/keys/{key}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Ends a stream key. An encoder that came with it is sent away within a second. */
    delete: operations['revoke-key']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/keys/{key}/rotate': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes a stream key in place of one, which is revoked. An encoder that came with it is sent away. */
    post: operations['rotate-key']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/members': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists who has a place in a channel, by name. */
    get: operations['members']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/members/{user}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Gives a user a place in a channel. Editors let members in, owners say everything. */
    put: operations['set-member']
    post?: never
    /** Takes a user out of a channel; users may leave by themselves. */
    delete: operations['remove-member']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/pictures/{kind}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Gives a channel a picture: JPEG, PNG, GIF or WebP as the body. It is scaled, cropped around its middle and written anew. */
    put: operations['set-picture']
    post?: never
    /** Takes a picture of a channel away. */
    delete: operations['remove-picture']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/settings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns what may be changed of a channel, to who may. The ETag is for If-Match. */
    get: operations['channel-settings']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/stop': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Ends what a channel has on air and sends its encoder away, which is told why. For the channel's moderators. */
    post: operations['stop-broadcast']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/channels/{channel}/viewings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Begins a viewing of what a channel has on air. Its token stands in front of all addresses of media, and of those that lead on from them; it is extended while somebody watches. */
    post: operations['watch-channel']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/clips/{clip}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns a clip. */
    get: operations['clip']
    put?: never
    post?: never
    /** Deletes a clip. */
    delete: operations['delete-clip']
    options?: never
    head?: never
    /** Renames a clip. */
    patch: operations['change-clip']
    trace?: never
  }
  '/api/v1/clips/{clip}/chat': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what was said while a clip's part of its broadcast was on air; times are from the clip's beginning. */
    get: operations['clip-chat']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/clips/{clip}/viewings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Begins a viewing of a clip, which is one of its broadcast. */
    post: operations['watch-clip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/email-confirmations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Confirms an e-mail address, for the bearer of a link that was mailed there, who need not be signed in. */
    post: operations['confirm-email']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/legal/{page}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns a legal page that the site has. */
    get: operations['legal']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/live': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the channels on air, those that began last first. */
    get: operations['live']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Returns who is signed in. */
    get: operations['me']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    /** Changes what the user says of himself. To another e-mail address a letter goes that asks to confirm it, in the language in which it was asked (Accept-Language), where the server knows it. */
    patch: operations['change-me']
    trace?: never
  }
  '/api/v1/me/color': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Chooses how one's name is coloured. */
    put: operations['set-color']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/email/confirmation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Mails the user a link that confirms the e-mail address, in place of an earlier one, in the language in which it was asked (Accept-Language), where the server knows it. */
    post: operations['send-confirmation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/following': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the channels that the user follows: what is on air first, then by name. */
    get: operations['following']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/following/{channel}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells whether the user follows a channel, and may. */
    get: operations['following-channel']
    /** Follows a channel. Its people may have blocked the user (403, blocked). */
    put: operations['follow']
    post?: never
    /** Follows a channel no more. */
    delete: operations['unfollow']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/following/{channel}/notify': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Chooses how the user hears of a channel that it follows. */
    put: operations['set-follow-ways']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/identities': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the sign-ins of other sites (OpenID Connect) by which the user may sign in. */
    get: operations['identities']
    put?: never
    post?: never
    /** Takes one of them away. One is connected by opening /sign-in/oidc?link=1 from a page of the site. */
    delete: operations['unlink-identity']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/notifications': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells how the user hears of channels where it says nothing of them, and what the site can do. */
    get: operations['notifications']
    /** Chooses that. Letters come in the language in which it was asked (Accept-Language), where the server knows it. */
    put: operations['set-notifications']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/passkeys': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the user's passkeys, the oldest first. */
    get: operations['passkeys']
    put?: never
    /** Adds the passkey that the browser made. */
    post: operations['add-passkey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/passkeys/{passkey}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Removes a passkey, but not the only way in. */
    delete: operations['remove-passkey']
    options?: never
    head?: never
    /** Gives a passkey another label. */
    patch: operations['rename-passkey']
    trace?: never
  }
  '/api/v1/me/passkeys/challenge': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Returns what a passkey is to be made of, for navigator.credentials.create. Good for one answer within five minutes. It takes a sign-in of the last ten minutes (sign_in_again). */
    post: operations['begin-passkey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Changes the password, and ends the user's other sessions. */
    put: operations['change-password']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/push': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the browsers of the user that take pushes. */
    get: operations['push-subscriptions']
    put?: never
    /** Has a browser told by push, until the sign-in there ends. The same browser again changes nothing. */
    post: operations['subscribe-push']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/push/{subscription}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Has a browser told no more. */
    delete: operations['unsubscribe-push']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/restrictions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists where who asks may not speak. */
    get: operations['my-restrictions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/restrictions/{channel}/appeal': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Says something to not being allowed to speak, once. The channel's moderators read it. */
    post: operations['appeal']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists where the user is signed in, last used first. */
    get: operations['sessions']
    put?: never
    post?: never
    /** Ends all of the user's sessions but the one that asks. */
    delete: operations['end-other-sessions']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/sessions/{session}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Ends one of the user's sessions. */
    delete: operations['end-session']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/tokens': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists the user's API tokens, without their text. */
    get: operations['tokens']
    put?: never
    /** Makes an API token; its text is in this answer alone. */
    post: operations['make-token']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/tokens/{token}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Ends an API token. */
    delete: operations['end-token']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/passkeys/challenge': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Returns what a passkey is to sign, for navigator.credentials.get. Good for one answer within five minutes. */
    post: operations['begin-passkey-sign-in']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Sets a new password, for the bearer of a link for that, and ends all of the user's sessions. */
    put: operations['reset-password']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/password-resets': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Mails a user a link for a new password, where the server sends mail, in the language in which it was asked (Accept-Language), where the server knows it. The answer is the same, and takes as long, when there is no such user. */
    post: operations['ask-for-reset']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/reports': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells the site's moderators that a channel, a recording or a clip should not be here. It takes no sign-in. Said again it changes nothing. */
    post: operations['report']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/search': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Finds public channels and recordings that have all words of a text, or words that begin so. */
    get: operations['search']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/server': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells what this server is, and its clock. */
    get: operations['server']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Signs a user in: the answer sets a cookie. */
    post: operations['sign-in']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/sessions/current': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Ends the session that asks. */
    delete: operations['sign-out']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/sessions/passkey': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Signs the user in whose passkey signed: the answer sets a cookie. Nobody types a name. */
    post: operations['sign-in-by-passkey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/setup': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes the first admin, for the bearer of the token that the server printed, and signs them in. */
    post: operations['set-up']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/unsubscribe': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Tells which channel the letters are about that a link ends. */
    get: operations['letters']
    put?: never
    /** Ends letters by the link that is in them, without signing in. */
    post: operations['end-letters']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/users': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Makes an account, where the site lets people do that, and signs its user in. */
    post: operations['sign-up']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/webhooks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists a channel's webhooks, or the site's when no channel is named, for admins: without their secrets, those made first come first. */
    get: operations['webhooks']
    put?: never
    /** Makes a webhook for a channel, or for the site when none is named; its secret is in this answer alone. */
    post: operations['make-webhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/webhooks/{webhook}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Removes a webhook, with its log. */
    delete: operations['remove-webhook']
    options?: never
    head?: never
    /** Changes a webhook. One that is enabled again goes on with what waits. */
    patch: operations['change-webhook']
    trace?: never
  }
  '/api/v1/webhooks/{webhook}/deliveries': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Lists what a webhook was told in the last 7 days, or is to be, newest first: 1,000 at most. */
    get: operations['webhook-deliveries']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/webhooks/{webhook}/deliveries/{sequence}/redeliver': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Has an event delivered again, with the same id and number. */
    post: operations['redeliver']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/webhooks/{webhook}/rotate': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Gives a webhook another secret, which is in this answer alone. For a day events are signed with both. */
    post: operations['rotate-webhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/webhooks/{webhook}/test': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Sends a ping to a webhook, also to one that is disabled, and tells what came back. It is not tried again. */
    post: operations['test-webhook']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export interface webhooks {
  'broadcast.ended': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of broadcast.ended. Signed as Standard Webhooks has it. */
    post: operations['on-broadcast.ended']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'broadcast.interrupted': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of broadcast.interrupted. Signed as Standard Webhooks has it. */
    post: operations['on-broadcast.interrupted']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'broadcast.resumed': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of broadcast.resumed. Signed as Standard Webhooks has it. */
    post: operations['on-broadcast.resumed']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'broadcast.started': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of broadcast.started. Signed as Standard Webhooks has it. */
    post: operations['on-broadcast.started']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'clip.made': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of clip.made. Signed as Standard Webhooks has it. */
    post: operations['on-clip.made']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'key.new_address': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of key.new_address. Signed as Standard Webhooks has it. */
    post: operations['on-key.new_address']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  ping: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of ping. Signed as Standard Webhooks has it. */
    post: operations['on-ping']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'recording.ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of recording.ready. Signed as Standard Webhooks has it. */
    post: operations['on-recording.ready']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  'report.made': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Tells a webhook of report.made. Signed as Standard Webhooks has it. */
    post: operations['on-report.made']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export interface components {
  schemas: {
    Act: {
      /** @example channel.rename */
      act: string
      /** @description The user's name then. */
      actor: string
      address: string
      /** Format: date-time */
      at: string
      details: string
      id: string
      /** @example channel/alice */
      target: string
    }
    AddPasskeyInputBody: {
      /** @description What the browser returned, by its toJSON. */
      credential: unknown
      /** @description What its user wants to know it by. */
      label?: string
    }
    AddUserInputBody: {
      /** @description May be left out. Where the server sends mail, a letter goes there that asks to confirm it. */
      email?: string
      /** @description For signing in, and part of addresses. Letters a-z, digits, _ and -. */
      name: string
      password: string
      /** @enum {string} */
      role?: 'admin' | 'moderator' | 'user'
    }
    AllChatRestriction: {
      items: components['schemas']['ChatRestriction'][]
    }
    AllChatReview: {
      items: components['schemas']['ChatReview'][]
    }
    AllEmote: {
      items: components['schemas']['Emote'][]
    }
    AllFilter: {
      items: components['schemas']['Filter'][]
    }
    AllIdentity: {
      items: components['schemas']['Identity'][]
    }
    AllKey: {
      items: components['schemas']['Key'][]
    }
    AllLine: {
      items: components['schemas']['Line'][]
    }
    AllPasskey: {
      items: components['schemas']['Passkey'][]
    }
    AllPushSubscription: {
      items: components['schemas']['PushSubscription'][]
    }
    AllSession: {
      items: components['schemas']['Session'][]
    }
    AllToken: {
      items: components['schemas']['Token'][]
    }
    AllWebhook: {
      items: components['schemas']['Webhook'][]
    }
    AppealInputBody: {
      /** @description Up to 1,000 characters. */
      text: string
    }
    AskForResetInputBody: {
      /** @description A name or an e-mail address. */
      login: string
    }
    Audience: {
      /**
       * Format: double
       * @description Over the time on air.
       */
      average: number
      /**
       * Format: int64
       * @description From one point to the next; a whole number of minutes.
       */
      interval_ms: number
      /**
       * Format: int64
       * @description How many watch; null when it is not on air.
       */
      now: number | null
      /**
       * Format: int64
       * @description The most at once.
       */
      peak: number
      /** @description Oldest first. Stretches that nobody watched are left out. */
      points: components['schemas']['AudiencePoint'][]
      quality: components['schemas']['AudienceQuality']
      /**
       * Format: int64
       * @description That began. A reload of the page begins another.
       */
      viewings: number
      /**
       * Format: int64
       * @description Of all viewings together.
       */
      watched_ms: number
    }
    AudiencePoint: {
      /**
       * Format: date-time
       * @description When the stretch began.
       */
      at: string
      /** Format: double */
      average: number
      /** Format: int64 */
      peak: number
    }
    AudienceQuality: {
      /** @description Milliseconds played, by the height of the picture. */
      heights: {
        [key: string]: number
      }
      /** @description Milliseconds played, by how far behind the encoder. */
      latency: components['schemas']['AudienceStretch'][]
      /** Format: int64 */
      played_ms: number
      /**
       * Format: int64
       * @description That told of anything.
       */
      players: number
      /** Format: int64 */
      stalled_ms: number
      /**
       * Format: int64
       * @description How often a picture stood still for want of media.
       */
      stalls: number
      /** @description Players, by the time from the wish to play to the first picture. */
      startup: components['schemas']['AudienceStretch'][]
    }
    AudienceStretch: {
      /**
       * Format: int64
       * @description Null: the last stretch has no end.
       */
      below_ms: number | null
      /** Format: int64 */
      value: number
    }
    Ban: {
      channel: string
      /** Format: date-time */
      since: string
      title: string
    }
    BeaconInputBody: {
      /** @description The player watches no longer. */
      ended?: boolean
      /**
       * Format: int64
       * @description Of the picture, now; 0: not known.
       */
      height?: number
      /**
       * Format: int64
       * @description Behind the encoder, now; 0: not known.
       */
      latency_ms?: number
      /** Format: int64 */
      played_ms?: number
      /** Format: int64 */
      stalled_ms?: number
      /** Format: int64 */
      stalls?: number
      /**
       * Format: int64
       * @description From the wish to play to the first picture; 0: there was none yet.
       */
      startup_ms?: number
      /** @description The v of the player's playlists. */
      viewing: string
    }
    Blocked: {
      display_name: string
      name: string
      /** Format: date-time */
      since: string
    }
    Broadcast: {
      /**
       * @description What it takes to watch: nothing, or a viewing that begins with a password or by being signed in.
       * @enum {string}
       */
      access: 'open' | 'password' | 'members'
      /**
       * Format: int64
       * @description Of the recording; 0 before it is archived.
       */
      bytes: number
      channel: string
      /** @description A picture of the recording, JPEG. Left out until it is made, which is after the end, and where the server makes none. */
      cover?: string
      /**
       * Format: date-time
       * @description When the encoder was let in.
       */
      created_at: string
      /** @description The recording, as DASH. */
      dash?: string
      /** @description The recording as an MP4 file. Its downloads say whether it has further parts. */
      download?: string
      /** Format: int64 */
      duration_ms: number
      /** @description A sentence; empty before its end. */
      end_reason: string
      /**
       * Format: date-time
       * @description Null before.
       */
      ended_at: string | null
      /** @description The recording. */
      hls?: string
      id: string
      /** @description Its channel's. */
      mature: boolean
      recorded: boolean
      /**
       * Format: date-time
       * @description When it was on air; null before.
       */
      started_at: string | null
      /** @enum {string} */
      state: 'opening' | 'live' | 'interrupted' | 'ended' | 'archived' | 'discarded' | 'failed'
      /** @description Small pictures of all of the recording, as WebVTT for players' bars; left out as cover is. */
      storyboard?: string
      /** @description The channel's at its beginning, unless it was given one; may be empty. */
      title: string
      /**
       * @description Its own, or else its channel's.
       * @enum {string}
       */
      visibility: 'public' | 'unlisted' | 'password' | 'members'
    }
    BroadcastViewing: {
      /** @description A picture of the recording, JPEG. */
      cover?: string
      dash: string
      /** @description As an MP4 file; ?part=2 and so on where its downloads say that it has further parts. */
      download: string
      /**
       * Format: date-time
       * @description It lapses when nothing is asked for until then; null where anyone may watch.
       */
      first_use_until: string | null
      hls: string
      /** @description What stands in front of every address of media: a token, or nothing where anyone may watch. Do not pass it on. */
      prefix: string
      /** @description Small pictures of all of the recording, as WebVTT. */
      storyboard?: string
    }
    Categories: {
      items: components['schemas']['Category'][]
    }
    Category: {
      /**
       * Format: int64
       * @description Public ones.
       */
      channels: number
      /**
       * Format: int64
       * @description Of those, how many are on air.
       */
      live: number
      name: string
    }
    ChangeBroadcastInputBody: {
      title?: string
      /**
       * @description Empty: as its channel.
       * @enum {string}
       */
      visibility?: '' | 'public' | 'unlisted' | 'password' | 'members'
    }
    ChangeClipInputBody: {
      title: string
    }
    ChangeMeInputBody: {
      display_name?: string
      email?: string
    }
    ChangePasswordInputBody: {
      next: string
      /** @description Left out by who has none. */
      present?: string
    }
    ChangeUserInputBody: {
      disabled?: boolean
      /** @enum {string} */
      role?: 'admin' | 'moderator' | 'user'
      /** @description The site vouches that the user is who the display name says. It ends when the user takes another. */
      verified?: boolean
    }
    ChangeWebhookInputBody: {
      enabled?: boolean
      events?: string[]
      /** @description Of matrix: another access token. */
      token?: string
      url?: string
    }
    Channel: {
      /**
       * @description What it takes to watch: nothing, or a viewing that begins with a password or by being signed in.
       * @enum {string}
       */
      access: 'open' | 'password' | 'members'
      /** @description Null: none. */
      avatar: string | null
      banner: string | null
      category: string
      /**
       * @description Which viewers may make clips; its moderators always may.
       * @enum {string}
       */
      clips: 'nobody' | 'signed_in'
      /** @description Markdown. */
      description: string
      /** @description The same, rendered and safe to show. */
      description_html: string
      /** @description Pages of any site may show its player, and those of its recordings and clips. */
      embeddable: boolean
      /**
       * Format: int64
       * @description How many follow it; left out of lists.
       */
      followers?: number
      /** @description BCP 47; empty: not said. */
      language: string
      /** @description What is on air; null when nothing is. */
      live: components['schemas']['Live']
      mature: boolean
      name: string
      /** @description What is shown while nothing is on air. */
      offline: string | null
      schedule: components['schemas']['Showtime'][]
      tags: string[]
      title: string
      /** @enum {string} */
      visibility: 'public' | 'unlisted' | 'password' | 'members'
    }
    ChannelChange: {
      category?: string
      /** @enum {string} */
      clips?: 'nobody' | 'signed_in'
      description?: string
      embed_sites?: string[]
      /** @enum {string} */
      embedding?: 'allowed' | 'refused' | 'sites'
      language?: string
      mature?: boolean
      /** @description The old name leads to the new one. */
      name?: string
      /** @description For viewers; empty takes it away. */
      password?: string
      /**
       * Format: double
       * @description -1: as the server is set.
       */
      reconnect_seconds?: number
      recorded?: boolean
      /**
       * Format: int64
       * @description 0: no limit but the server's.
       */
      retention_bytes?: number
      /**
       * Format: double
       * @description 0: as the server is set.
       */
      retention_days?: number
      schedule?: components['schemas']['Showtime'][]
      tags?: string[]
      /** @enum {string} */
      takeover?: 'newest' | 'refuse' | 'priority'
      title?: string
      /** @enum {string} */
      visibility?: 'public' | 'unlisted' | 'password' | 'members'
    }
    ChannelSettings: {
      /** @description Null: none. */
      avatar: string | null
      /** @description Moderators of the site keep it from going on air. */
      banned: boolean
      banner: string | null
      category: string
      /**
       * @description Which viewers may make clips; its moderators always may.
       * @enum {string}
       */
      clips: 'nobody' | 'signed_in'
      /** @description Markdown. */
      description: string
      /** @description Origins, for embedding by sites. */
      embed_sites: string[]
      /** @enum {string} */
      embedding: 'allowed' | 'refused' | 'sites'
      /** @description There is a password for viewers. */
      has_password: boolean
      /** @description BCP 47; empty: not said. */
      language: string
      mature: boolean
      name: string
      offline: string | null
      /**
       * @description What who asks may do in the channel.
       * @enum {string}
       */
      place: 'owner' | 'editor'
      /**
       * Format: double
       * @description How long a broadcast waits for an encoder that was lost; null: as the server is set.
       */
      reconnect_seconds: number | null
      recorded: boolean
      /**
       * Format: int64
       * @description How much the recordings may take together before the oldest are removed; null: no limit but the server's.
       */
      retention_bytes: number | null
      /**
       * Format: double
       * @description How old a recording may become; null: as the server is set.
       */
      retention_days: number | null
      schedule: components['schemas']['Showtime'][]
      tags: string[]
      /** @description It was taken down: nobody finds or watches it. */
      taken_down: boolean
      /** @enum {string} */
      takeover: 'newest' | 'refuse' | 'priority'
      title: string
      /** @enum {string} */
      visibility: 'public' | 'unlisted' | 'password' | 'members'
    }
    ChannelStorage: {
      channel: string
      /**
       * Format: int64
       * @description Of media that clips show and whose recording is gone; other clips take nothing.
       */
      clip_bytes: number
      /**
       * Format: int64
       * @description Of the pictures made of recordings.
       */
      picture_bytes: number
      /** Format: int64 */
      recording_bytes: number
      /**
       * Format: int64
       * @description Their number.
       */
      recordings: number
      title: string
    }
    ChannelViewing: {
      /** @description DASH. */
      dash: string
      /**
       * Format: date-time
       * @description It lapses when nothing is asked for until then; null where anyone may watch.
       */
      first_use_until: string | null
      /** @description HTTP-FLV. */
      flv: string
      /** @description LL-HLS. */
      hls: string
      /** @description HLS of whole segments. */
      plain: string
      /** @description What stands in front of every address of media: a token, or nothing where anyone may watch. Do not pass it on. */
      prefix: string
      /** @description The newest still, JPEG. */
      preview?: string
      /** @description LL-HLS that reaches back. */
      rewind: string
      /** @description HLS of MPEG-TS segments. */
      ts: string
    }
    Chapter: {
      /**
       * Format: int64
       * @description From the broadcast's beginning, on its media time.
       */
      start_ms: number
      title: string
    }
    Chapters: {
      /**
       * Format: int64
       * @description Where the recording begins, which players of it call 0: a few milliseconds, or more when the oldest of it was removed.
       */
      begins_ms: number
      items: components['schemas']['Chapter'][]
    }
    ChatDecideInputBody: {
      allow: boolean
    }
    ChatPinInputBody: {
      /** @description Of a line. */
      id?: string
      /** @description In place of a line. */
      text?: string
    }
    ChatPollInputBody: {
      /**
       * Format: int64
       * @description 10 s to a day; a minute where it is left out.
       */
      duration_ms?: number
      options: string[]
      question: string
    }
    ChatRestrictInputBody: {
      /** @description Up to 300 characters. The person reads it. */
      reason?: string
      /**
       * Format: date-time
       * @description Null, or left out: for good.
       */
      until?: string | null
    }
    ChatRestriction: {
      /** @description What the person says to it; empty: nothing yet. */
      appeal: string
      /** Format: date-time */
      appealed_at: string | null
      /** Format: date-time */
      at: string
      by: string
      channel: string
      display_name: string
      reason: string
      /**
       * Format: date-time
       * @description Null: for good.
       */
      until: string | null
      user: string
    } | null
    ChatReview: {
      line: components['schemas']['Line']
      /** @enum {string} */
      why: 'word' | 'link'
    }
    ChatSayInputBody: {
      /** @description The id of the line that it answers. */
      reply_to?: string
      text: string
    }
    ChatSettings: {
      /** @description Nobody speaks but moderators. */
      closed: boolean
      /** @description Who says the same twice within 30 s is refused. */
      duplicates: boolean
      emote_only: boolean
      /**
       * Format: int64
       * @description How long one must have followed to speak; -1: one need not.
       */
      followers_ms: number
      /** @description Are allowed. */
      links: boolean
      /**
       * Format: int64
       * @description Of a line, in characters.
       */
      max_length: number
      members_only: boolean
      /** @description Only who has a place in the channel may read. */
      members_read_only: boolean
      /**
       * Format: int64
       * @description Lines that who joins gets.
       */
      recent_on_join: number
      /** @description Up to 500 characters, that are shown before somebody speaks for the first time. */
      rules: string
      /**
       * Format: int64
       * @description Between two lines of one person.
       */
      slow_ms: number
    }
    ChatUser: {
      /** @description By the channel: can neither follow it nor speak here. */
      blocked: boolean
      /** @description The newest 50, newest first. */
      lines: components['schemas']['ChatUserLine'][]
      /** @description What moderators did about the person, newest first. */
      log: components['schemas']['Entry'][]
      /** @description Null: may speak. */
      restriction: components['schemas']['ChatRestriction']
      /** @enum {string} */
      role: 'viewer' | 'member' | 'moderator' | 'owner' | 'admin'
      /**
       * Format: date-time
       * @description When the account was made.
       */
      since: string
      user: components['schemas']['Person']
    }
    ChatUserLine: {
      /**
       * Format: date-time
       * @description Null: it stands.
       */
      deleted_at: string | null
      deleted_by: string
      line: components['schemas']['Line']
    }
    Clip: {
      /**
       * @description What it takes to watch: nothing, or a viewing that begins with a password or by being signed in.
       * @enum {string}
       */
      access: 'open' | 'password' | 'members'
      /** @description Who made it; null when that is nobody known. */
      author: components['schemas']['ClipAuthor']
      broadcast: string
      channel: string
      /** @description A picture of it, JPEG. Left out also until it is made, and where the server makes none. */
      cover?: string
      /** Format: date-time */
      created_at: string
      /** @description As an MP4 file. */
      download?: string
      /** @description Pages of any site may show its player. */
      embeddable: boolean
      /** Format: int64 */
      end_ms: number
      hls?: string
      id: string
      /** @description Its channel's. */
      mature: boolean
      /** @description Who asks may rename it and delete it. */
      may_change: boolean
      /**
       * Format: double
       * @description Where its playlist has its first picture: what comes before is for the decoder.
       */
      offset_ms: number
      /** @description The recording that it was made of is there still, or comes to be. */
      recording: boolean
      /**
       * Format: int64
       * @description From the broadcast's beginning, on its media time.
       */
      start_ms: number
      title: string
      /**
       * @description The broadcast's.
       * @enum {string}
       */
      visibility: 'public' | 'unlisted' | 'password' | 'members'
    }
    ClipAuthor: {
      display_name: string
      name: string
    } | null
    ClipRequest: {
      /** Format: date-time */
      end_at?: string
      /** Format: int64 */
      end_ms?: number
      /**
       * Format: date-time
       * @description Instead: when it was on air, as playlists say it (EXT-X-PROGRAM-DATE-TIME).
       */
      start_at?: string
      /**
       * Format: int64
       * @description From the broadcast's beginning, on its media time.
       */
      start_ms?: number
      /** @description The broadcast's when it is left out. */
      title?: string
      /** @description The prefix of the viewing in which who asks watches, where it takes one. */
      viewing?: string
    }
    ClipViewing: {
      /** @description A picture of it, JPEG; left out while there is none. */
      cover?: string
      /** @description As an MP4 file. */
      download: string
      /**
       * Format: date-time
       * @description It lapses when nothing is asked for until then; null where anyone may watch.
       */
      first_use_until: string | null
      hls: string
      /** @description What stands in front of every address of media: a token, or nothing where anyone may watch. Do not pass it on. */
      prefix: string
    }
    Complaint: {
      /** @enum {string} */
      kind: 'channel' | 'recording' | 'clip'
      /** @enum {string} */
      reason: 'copyright' | 'abuse' | 'other'
      /** @description The channel's name, or the id of the recording or clip. */
      target: string
      /** @description What is wrong, in at most 2,000 characters. */
      words?: string
    }
    Confirmed: {
      email: string
      /** @description The user's. */
      name: string
    }
    ConfirmEmailInputBody: {
      /** @description From the link. */
      token: string
    }
    Delivery: {
      /**
       * Format: date-time
       * @description When it happened.
       */
      at: string
      /** @description The newest 20, oldest first. */
      attempts: components['schemas']['DeliveryAttempt'][]
      /** @description What is sent. */
      body: components['schemas']['EventMessage']
      /** @description The event's id. */
      event: string
      /**
       * Format: date-time
       * @description When it is tried next; null: not any more.
       */
      next_at: string | null
      /**
       * Format: int64
       * @description Its number at this webhook.
       */
      sequence: number
      /**
       * @description Waiting: for its first try or another. Failed: it is not tried any more.
       * @enum {string}
       */
      state: 'waiting' | 'delivered' | 'failed'
      /** @enum {string} */
      type:
        | 'broadcast.started'
        | 'broadcast.interrupted'
        | 'broadcast.resumed'
        | 'broadcast.ended'
        | 'recording.ready'
        | 'clip.made'
        | 'key.new_address'
        | 'report.made'
        | 'ping'
    }
    DeliveryAttempt: {
      /** @description The first 1,024 bytes of the answer, as far as they are text. */
      answer: string
      /** Format: date-time */
      at: string
      /** @description The same, short and stable: redirect, gone, status, private_address, certificate, timeout, name_not_found, connection_refused, connection_closed or unreachable. Empty when it arrived, and of tries by older versions. */
      code: string
      /** @description What the sentence has beside that: the address, what is wrong with the certificate, the seconds, what the system says. Else empty. */
      detail: string
      /** @description Why it did not arrive, in a sentence; empty: it did. */
      error: string
      /**
       * Format: int64
       * @description Of the answer; 0: there was none.
       */
      status: number
      /** Format: int64 */
      took_ms: number
    }
    Disk: {
      /** Format: int64 */
      free_bytes: number
      /**
       * Format: int64
       * @description With less free than this nothing is recorded; live goes on.
       */
      least_bytes: number
      /** Format: int64 */
      total_bytes: number
    }
    Download: {
      /**
       * Format: int64
       * @description Of the media in it; the file is longer by a few bytes a frame.
       */
      bytes: number
      /** Format: int64 */
      duration_ms: number
      /**
       * Format: int64
       * @description Counts from 1. Another codec, sample rate or number of channels begins a further part.
       */
      part: number
      /** @description Left out where it takes a viewing. */
      url?: string
    }
    Downloads: {
      items: components['schemas']['Download'][]
    }
    Emote: {
      animated: boolean
      /** @description It stands in lines between two colons. */
      code: string
      id: string
      /** @description It is the site's, and stands in all chats. */
      site: boolean
      /** @description The same without motion: for who asked for little of it. */
      still: string
      url: string
    }
    EmoteAt: {
      code: string
      /** Format: int64 */
      end: number
      id: string
      /**
       * Format: int64
       * @description In UTF-16 code units.
       */
      start: number
    }
    EndLettersInputBody: {
      /** @description Of all channels, not of that one alone. */
      all?: boolean
      token: string
    }
    Entry: {
      /** @description Short and stable, such as ban. */
      act: string
      actor: string
      /**
       * Format: int64
       * @description Milliseconds since 1970.
       */
      at: number
      details: string
      id: string
      /** @description The name of the person that it was about; empty: of nobody. */
      target: string
    }
    ErrorDetail: {
      /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
      location?: string
      /** @description Error message text */
      message?: string
      /** @description The value at the given location */
      value?: unknown
    }
    Event: {
      /** Format: date-time */
      at: string
      /**
       * Format: int64
       * @description 0 for what has none, or is not over.
       */
      duration_ms: number
      id: string
      /** @enum {string} */
      kind: 'interrupted' | 'resumed' | 'taken_over' | 'recording_gap' | 'title'
      /** @description A sentence for a person. */
      text: string
    }
    EventBroadcast: {
      /**
       * Format: int64
       * @description Of its recording, once that is complete.
       */
      bytes: number
      /** @description The recording as an MP4 file. */
      download: string
      /**
       * Format: int64
       * @description Of its media; 0 while it is on air.
       */
      duration_ms: number
      /** @description A sentence; empty while it is on air. */
      end_reason: string
      /** Format: date-time */
      ended_at: string | null
      id: string
      /** @description Of the recording, for players (HLS). */
      playlist: string
      recorded: boolean
      /** Format: date-time */
      started_at: string | null
      /** @enum {string} */
      state: 'live' | 'interrupted' | 'ended' | 'archived' | 'discarded'
      title: string
      /** @description The page of the recording. */
      url: string
    }
    EventChannel: {
      /** @description Stays when the channel gets another name. */
      id: string
      name: string
      title: string
      /** @description Its page. Without the host where the server does not know its own (http.url). */
      url: string
    }
    EventClip: {
      /** Format: int64 */
      end_ms: number
      id: string
      /**
       * Format: int64
       * @description On the broadcast's media time.
       */
      start_ms: number
      title: string
      /** @description Its page. */
      url: string
    }
    EventData: {
      /** @description Of broadcast.*, recording.ready and clip.made. */
      broadcast?: components['schemas']['EventBroadcast']
      /** @description Of all kinds but ping, and of a ping to a channel's webhook. */
      channel?: components['schemas']['EventChannel']
      /** @description Of clip.made. */
      clip?: components['schemas']['EventClip']
      /** @description Of key.new_address. */
      key?: components['schemas']['EventKey']
      /** @description Of report.made. */
      report?: components['schemas']['EventReport']
    }
    EventKey: {
      /** @description The key's last characters. */
      hint: string
      id: string
      label: string
      /** @description Where it was used from: the first 24 bits of an IPv4 address, or 48 of an IPv6 address. */
      network: string
    }
    EventMessage: {
      data: components['schemas']['EventData']
      /** @description Of the event: the same at each try, at each listener, and when it is delivered again. */
      id: string
      /**
       * Format: int64
       * @description Counts the events of this webhook, from 1: a number that is missing is one that has not arrived.
       */
      sequence: number
      /**
       * Format: date-time
       * @description When it happened.
       */
      timestamp: string
      /** @enum {string} */
      type:
        | 'broadcast.started'
        | 'broadcast.interrupted'
        | 'broadcast.resumed'
        | 'broadcast.ended'
        | 'recording.ready'
        | 'clip.made'
        | 'key.new_address'
        | 'report.made'
        | 'ping'
    }
    EventReport: {
      id: string
      /** @enum {string} */
      kind: 'channel' | 'recording' | 'clip'
      /** @enum {string} */
      reason: 'copyright' | 'abuse' | 'other'
      /** @description The page of what it is about. */
      url: string
      words: string
    }
    FFmpeg: {
      found: boolean
      /** @description Why it was not found; empty when it was, or is not wanted. */
      problem: string
      /** @description Empty when it was not found. */
      version: string
      /** @description False where ffmpeg.path is off. */
      wanted: boolean
    }
    Filter: {
      /**
       * @description Refuse it, or hold it until a moderator has looked at it.
       * @enum {string}
       */
      act: 'refuse' | 'hold'
      id: string
      /**
       * @description A word or several, whatever their case; or a regular expression (RE2).
       * @enum {string}
       */
      kind: 'word' | 'regex'
      text: string
    }
    Follow: {
      /** @description The channel's people have blocked the user, who can neither follow nor speak. */
      blocked: boolean
      following: boolean
      notify: components['schemas']['Ways']
      /**
       * Format: date-time
       * @description Null: not following.
       */
      since: string | null
    }
    Followed: {
      channel: components['schemas']['Channel']
      notify: components['schemas']['Ways']
      /** Format: date-time */
      since: string
    }
    Follower: {
      display_name: string
      name: string
      /** Format: date-time */
      since: string
    }
    Health: {
      /** @description Empty when nothing is on air; the lists are too, then. */
      broadcast: string
      /** @description What the encoder calls itself; may be empty. */
      encoder: string
      series: components['schemas']['HealthMeasures']
      /** @description Enough was seen of the encoder. Before, that there are no verdicts does not say that all is well. */
      settled: boolean
      /** @enum {string} */
      state: '' | 'opening' | 'live' | 'interrupted'
      /** @description The worst first. */
      verdicts: components['schemas']['Verdict'][]
    }
    HealthMeasures: {
      /** @description Bits that arrived. */
      audio_bitrate: number[]
      /** @description Pictures for a second of media time. */
      frame_rate: number[]
      /**
       * Format: int64
       * @description When the first second began, milliseconds since 1970.
       */
      from: number
      /** @description Seconds between the newest two key frames; 0 before there are two. */
      key_frame_interval: number[]
      /** @description Sound came, and there was nothing in it. */
      silent: boolean[]
      /** @description dB of full scale; -1000 where it was not measured, which it is while this is asked for and the server has ffmpeg. */
      sound_level: number[]
      /** @description Bits that arrived. */
      video_bitrate: number[]
    }
    Identity: {
      /** Format: date-time */
      created_at: string
      issuer: string
      subject: string
    }
    Ingest: {
      url: string
    } | null
    Invitation: {
      /** Format: date-time */
      created_at: string
      /** Format: date-time */
      expires_at: string
      id: string
      note: string
      /**
       * Format: date-time
       * @description Null: not used.
       */
      used_at: string | null
    }
    InviteInputBody: {
      /** @description Whom it is for. */
      note?: string
    }
    Kept: {
      /**
       * Format: int64
       * @description Of media that clips show and whose recording is gone; other clips take nothing.
       */
      clip_bytes: number
      /**
       * Format: int64
       * @description Of the pictures made of recordings.
       */
      picture_bytes: number
      /** Format: int64 */
      recording_bytes: number
      /**
       * Format: int64
       * @description Their number.
       */
      recordings: number
    }
    Key: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description Null: never.
       */
      expires_at: string | null
      /** @description The text's last characters. */
      hint: string
      id: string
      label: string
      /**
       * Format: date-time
       * @description To the minute; null: never.
       */
      last_used_at: string | null
      /** @description What the encoder calls itself. */
      last_used_by: string
      /** @description The encoder's address. */
      last_used_from: string
      /**
       * Format: date-time
       * @description Null: it is valid.
       */
      revoked_at: string | null
    }
    KeysStruct: {
      auth: string
      p256dh: string
    }
    LegalPage: {
      /** @description Rendered, and safe to show. */
      html: string
    }
    Letters: {
      /** @description The name of the channel that they are about. */
      channel: string
      /** @description The channel's. */
      title: string
    }
    Limits: {
      /**
       * Format: int64
       * @description How many channels a user who is no admin may make.
       */
      channels_per_user: number
      /**
       * Format: int64
       * @description What all recordings may take together before the oldest are removed; null: as configured, 0: no limit.
       */
      retention_bytes: number | null
      /**
       * Format: double
       * @description How old a recording may become where its channel does not say; null: as configured, 0: for ever.
       */
      retention_days: number | null
    }
    Line: {
      /** @description It was said by /me. */
      action?: boolean
      /**
       * Format: int64
       * @description Milliseconds since 1970.
       */
      at: number
      broadcastId?: string
      emotes?: components['schemas']['EmoteAt'][] | null
      id: string
      /**
       * Format: int64
       * @description On the broadcast's media time, from its beginning.
       */
      mediaMs?: number
      mentions?: string[] | null
      replyTo?: components['schemas']['Reply']
      /** @description As it was written: the reader escapes it. */
      text: string
      /** @enum {string} */
      type: 'message'
      user: components['schemas']['Person']
    }
    Link: {
      /** @description Hand it to the person whom it is for. It is nowhere afterwards. */
      url: string
    }
    Live: {
      broadcast: string
      /** @description DASH. */
      dash?: string
      /** @description HTTP-FLV: one body for as long as the broadcast is on air. */
      flv?: string
      /** @description LL-HLS. */
      hls?: string
      /**
       * Format: date-time
       * @description When the encoder was lost; null unless interrupted.
       */
      interrupted_at: string | null
      /** @description The same, each with a code and what stands in its sentence: for programs, and to say it in other languages. */
      not_carried: components['schemas']['NotCarried'][]
      /** @description What the encoder sends and cannot be carried, in sentences. */
      notices: string[]
      /** @description HLS of whole segments, for players that are confused by more. */
      plain?: string
      /** @description The newest still, JPEG, some seconds old: another one each time. Left out where there is none, too. */
      preview?: string
      /**
       * Format: date-time
       * @description When the broadcast ends unless an encoder comes; null unless it waits for one.
       */
      reconnect_until: string | null
      /** @description What was recorded so far, as HLS. */
      recording?: string
      renditions: components['schemas']['Rendition'][]
      /** @description LL-HLS with delta updates, which reaches back as far as one can rewind. */
      rewind?: string
      /**
       * Format: double
       * @description How far that is at most; null for the whole broadcast.
       */
      rewind_seconds: number | null
      /**
       * Format: date-time
       * @description Null while opening.
       */
      started_at: string | null
      /** @enum {string} */
      state: 'opening' | 'live' | 'interrupted'
      /** @description HLS of MPEG-TS segments, for players that know nothing newer. It answers 406 when what is on air does not fit. */
      ts?: string
      /**
       * Format: int64
       * @description How many watch now.
       */
      viewers: number
    } | null
    MakeChannelInputBody: {
      /** @description Letters a-z, digits, _ and -; part of the channel's address. */
      name: string
    }
    MakeKeyInputBody: {
      /**
       * Format: date-time
       * @description Never when left out.
       */
      expires_at?: string
      /** @description What its owner wants to know it by. */
      label?: string
    }
    MakeTokenInputBody: {
      /**
       * Format: date-time
       * @description Never when left out.
       */
      expires_at?: string
      label: string
      /** @description Of read, channels, keys, moderate, admin and chat. */
      scopes: string[]
    }
    MakeWebhookInputBody: {
      /** @description The channel that it is told of; left out: all, for admins. */
      channel?: string
      /** @description The types of events that it is told of. Of report.made the site's alone are told. */
      events: string[]
      /**
       * @default standard
       * @enum {string}
       */
      format: 'standard' | 'discord' | 'matrix'
      /** @description Of matrix: the access token of a user who is in the room. It is in no answer. */
      token?: string
      url: string
    }
    Me: {
      /** @description Those that the user has a place in, by name. */
      channels: components['schemas']['MyChannel'][]
      /**
       * Format: date-time
       * @description When a letter last went there whose link confirms it now; null: none did.
       */
      confirmation_sent_at: string | null
      /** Format: date-time */
      created_at: string
      display_name: string
      /** @description Empty when there is none. */
      email: string
      /**
       * Format: date-time
       * @description When the address proved to be the user's; null: it has not, and gets no letters about channels.
       */
      email_confirmed_at: string | null
      /**
       * Format: date-time
       * @description Until when the user may change by what they sign in, such as passkeys; null or over: after signing in again.
       */
      fresh_until: string | null
      has_password: boolean
      id: string
      name: string
      /** @enum {string} */
      role: 'admin' | 'moderator' | 'user'
      /**
       * Format: date-time
       * @description Since when an admin vouches that the user is who the display name says, which ends with another one; null: nobody does.
       */
      verified_at: string | null
    }
    Member: {
      display_name: string
      name: string
      /** @enum {string} */
      place: 'owner' | 'editor' | 'moderator' | 'member'
      /** Format: date-time */
      since: string
    }
    MyChannel: {
      /** @description It is on air. */
      live: boolean
      name: string
      /** @enum {string} */
      place: 'owner' | 'editor' | 'moderator' | 'member'
      title: string
    }
    NewFilter: {
      /** @enum {string} */
      act: 'refuse' | 'hold'
      /** @description Of one that was there. */
      id?: string
      /** @enum {string} */
      kind: 'word' | 'regex'
      text: string
    }
    NewInvitation: {
      /** Format: date-time */
      created_at: string
      /** Format: date-time */
      expires_at: string
      id: string
      note: string
      /** @description Hand it to the person whom it is for. It is nowhere afterwards. */
      url: string
      /**
       * Format: date-time
       * @description Null: not used.
       */
      used_at: string | null
    }
    NewKey: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description Null: never.
       */
      expires_at: string | null
      /** @description The text's last characters. */
      hint: string
      id: string
      label: string
      /**
       * Format: date-time
       * @description To the minute; null: never.
       */
      last_used_at: string | null
      /** @description What the encoder calls itself. */
      last_used_by: string
      /** @description The encoder's address. */
      last_used_from: string
      /**
       * Format: date-time
       * @description Null: it is valid.
       */
      revoked_at: string | null
      /** @description For the encoder. It is nowhere afterwards. */
      text: string
    }
    NewToken: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description Null: never.
       */
      expires_at: string | null
      /** @description The text's last characters. */
      hint: string
      id: string
      label: string
      /**
       * Format: date-time
       * @description To the minute; null: never.
       */
      last_used_at: string | null
      scopes: ('read' | 'channels' | 'keys' | 'moderate' | 'admin' | 'chat')[]
      /** @description Send it as Authorization: Bearer. It is nowhere afterwards. */
      text: string
    }
    NewWebhook: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description When the last event arrived; null: none has.
       */
      delivered_at: string | null
      /**
       * @description Why the server disabled it: it answered 410, or failed for days. Empty: it did not.
       * @enum {string}
       */
      disabled_for: '' | 'gone' | 'failing'
      enabled: boolean
      events: (
        | 'broadcast.started'
        | 'broadcast.interrupted'
        | 'broadcast.resumed'
        | 'broadcast.ended'
        | 'recording.ready'
        | 'clip.made'
        | 'key.new_address'
        | 'report.made'
      )[]
      /**
       * Format: date-time
       * @description Since when events do not arrive; null: the last one did.
       */
      failing_since: string | null
      /**
       * @description In whose form it is told: our JSON, signed; a message of a Discord webhook; a message in a Matrix room.
       * @enum {string}
       */
      format: 'standard' | 'discord' | 'matrix'
      id: string
      /** @description For who verifies signatures; empty where the format has none. It is in no other answer. */
      secret: string
      url: string
    }
    NotCarried: {
      /**
       * @description Stable: codec, codec_number, aac_profile, further_tracks, vod_track or format. There may be more of them in time.
       * @example codec
       */
      code: string
      /**
       * @description Of what; empty where it is not known.
       * @enum {string}
       */
      kind: '' | 'video' | 'audio'
      /**
       * @description Of a codec its name, or its number in FLV; of a format its sample entry in MP4; else empty.
       * @example VP9
       */
      name: string
      /** @description The sentence. */
      text: string
    }
    Notifications: {
      /** @description Where to; empty: the user has given none. */
      address: string
      /** @description It proved to be the user's: no other gets letters about channels. */
      address_confirmed: boolean
      mail: boolean
      /** @description The server sends mail. */
      mail_works: boolean
      /** @description In pages that are open. */
      page: boolean
      /** @description In the browsers that take pushes. */
      push: boolean
      /** @description What a browser subscribes with (applicationServerKey), in base64 for addresses. */
      push_key: string
    }
    OIDC: {
      name: string
    } | null
    OnAir: {
      /**
       * Format: int64
       * @description Bits a second of all renditions, the mean of the newest minute.
       */
      bitrate: number
      broadcast: string
      channel: string
      /** @description What it calls itself; may be empty. */
      encoder: string
      /** Format: date-time */
      started_at: string | null
      /** @enum {string} */
      state: 'live' | 'interrupted' | 'ended'
      /** @description The channel's, when it began. */
      title: string
      /** Format: int64 */
      viewers: number
    }
    OnAirList: {
      items: components['schemas']['OnAir'][]
    }
    PageAct: {
      items: components['schemas']['Act'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageBan: {
      items: components['schemas']['Ban'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageBlocked: {
      items: components['schemas']['Blocked'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageBroadcast: {
      items: components['schemas']['Broadcast'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageChannel: {
      items: components['schemas']['Channel'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageChannelStorage: {
      items: components['schemas']['ChannelStorage'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageChatRestriction: {
      items: components['schemas']['ChatRestriction'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageClip: {
      items: components['schemas']['Clip'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageDelivery: {
      items: components['schemas']['Delivery'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageEntry: {
      items: components['schemas']['Entry'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageEvent: {
      items: components['schemas']['Event'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageFollowed: {
      items: components['schemas']['Followed'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageFollower: {
      items: components['schemas']['Follower'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageInvitation: {
      items: components['schemas']['Invitation'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageLine: {
      items: components['schemas']['Line'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageMember: {
      items: components['schemas']['Member'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageReport: {
      items: components['schemas']['Report'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageTakedown: {
      items: components['schemas']['Takedown'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    PageUser: {
      items: components['schemas']['User'][]
      /** @description Give it as cursor for the rest; null at the end. */
      next: string | null
    }
    Passkey: {
      /** Format: date-time */
      created_at: string
      id: string
      label: string
      /**
       * Format: date-time
       * @description Null: never.
       */
      last_used_at: string | null
    }
    PasskeyChallenge: {
      /** @description For PublicKeyCredential.parseCreationOptionsFromJSON, or parseRequestOptionsFromJSON (Web Authentication 5.1). */
      options: unknown
    }
    PasskeySignInInputBody: {
      /** @description What the browser returned, by its toJSON. */
      credential: unknown
    }
    Person: {
      badges: ('admin' | 'owner' | 'moderator' | 'member' | 'verified')[]
      /** @description As #rrggbb; empty: the page chooses. */
      color: string
      displayName: string
      id: string
      name: string
    }
    PollNow: {
      ended: boolean
      /**
       * Format: int64
       * @description Milliseconds since 1970.
       */
      endsAt: number
      id: string
      options: components['schemas']['PollOption'][]
      question: string
      /** Format: int64 */
      total: number
    } | null
    PollOption: {
      text: string
      /** Format: int64 */
      votes: number
    }
    Problem: {
      /** @description Short and stable, such as wrong_password. */
      code: string
      /** @description A sentence for people. */
      detail: string
      /** @description What in the request is wrong, each with its place. */
      errors?: components['schemas']['ErrorDetail'][] | null
      /** Format: int64 */
      status: number
      /** @description The status in words. */
      title: string
    }
    PushSubscription: {
      /** Format: date-time */
      created_at: string
      /** @description It was signed up in the session that asks. */
      current: boolean
      /** @description By which the browser knows that it is the one. */
      endpoint: string
      id: string
    }
    RenamePasskeyInputBody: {
      label: string
    }
    Rendition: {
      /**
       * Format: int64
       * @description Bits a second, the mean of the newest minute.
       */
      bitrate: number
      /** Format: int64 */
      channels?: number
      /**
       * @description As RFC 6381 says.
       * @example avc1.64001f
       */
      codecs: string
      /**
       * Format: double
       * @description Pictures a second; missing when not known.
       */
      frame_rate?: number
      /** Format: int64 */
      height?: number
      /** @enum {string} */
      kind: 'video' | 'audio'
      /** @example video/source */
      name: string
      /**
       * Format: int64
       * @description Hz.
       */
      sample_rate?: number
      /** Format: int64 */
      width?: number
    }
    Reply: {
      id: string
      name: string
      /** @description Its beginning. */
      text: string
    } | null
    Report: {
      /** Format: date-time */
      at: string
      /** @description Whose it is. */
      channel: string
      id: string
      /** @enum {string} */
      kind: 'channel' | 'recording' | 'clip'
      /** @enum {string} */
      reason: 'copyright' | 'abuse' | 'other'
      /** @description The user who said so; empty: somebody who was not signed in. */
      reporter: string
      /** @description The channel's name, or the id of the recording or clip: so it is taken down. */
      target: string
      /** @description Of what it is about; may be empty. */
      title: string
      /** @description Its page. */
      url: string
      words: string
    }
    ResetInputBody: {
      password: string
      /** @description From the link. */
      token: string
    }
    Retention: {
      /**
       * Format: int64
       * @description 0: no limit.
       */
      retention_bytes: number
      /**
       * Format: double
       * @description 0: for ever.
       */
      retention_days: number
    }
    Search: {
      /** @description By how well the name fits, 12 at most. The pages that come by a cursor have none. */
      channels: components['schemas']['Channel'][]
      /** @description By their titles, newest first. */
      recordings: components['schemas']['PageBroadcast']
    }
    ServerInfo: {
      demo: boolean
      /** @description The legal pages that the site has, at /legal/ and the name. */
      legal: ('terms' | 'privacy' | 'imprint')[]
      /** @description The server sends mail: a user can ask for a new password. */
      mail: boolean
      name: string
      /**
       * Format: int64
       * @description The server's clock, milliseconds since 1970.
       */
      now: number
      /** @description The other site by which people may sign in, at /sign-in/oidc; null when there is none. */
      oidc: components['schemas']['OIDC']
      /**
       * @description Who may publish without a stream key: nobody when empty.
       * @enum {string}
       */
      open: '' | 'private' | 'any'
      /** @description People may sign in by passkey at the address that is asked: it has a name, and HTTPS. */
      passkeys: boolean
      /** @description Where encoders publish; null when RTMP is off. */
      rtmp: components['schemas']['Ingest']
      /** @description There is no admin yet: the server printed the address at which the first one is made. */
      setup: boolean
      /**
       * @description Who may make an account.
       * @enum {string}
       */
      sign_up: 'open' | 'invitation' | 'closed'
      version: string
    }
    Session: {
      address: string
      /** @description What the browser calls itself. */
      agent: string
      /** Format: date-time */
      created_at: string
      /** @description It is the one that asks. */
      current: boolean
      /** Format: date-time */
      expires_at: string
      id: string
      /** @enum {string} */
      method: 'password' | 'passkey' | 'oidc' | 'setup' | 'sign-up'
      /**
       * Format: date-time
       * @description To the minute.
       */
      seen_at: string
    }
    SetChatFiltersInputBody: {
      items: components['schemas']['NewFilter'][]
    }
    SetColorInputBody: {
      /** @description As #rrggbb; empty: the page chooses. */
      color: string
    }
    SetMemberInputBody: {
      /** @enum {string} */
      place: 'owner' | 'editor' | 'moderator' | 'member'
    }
    SetNotificationsInputBody: {
      mail: boolean
      page: boolean
      push: boolean
    }
    SettingsChange: {
      accent_dark?: string
      /** @description Left out, this and what follows stays as it is. A colour of less contrast than 4.5 : 1 to the grounds of its theme, or to what stands on it, is refused. */
      accent_light?: string
      imprint?: string
      /** @description Every user may make channels; else admins alone. */
      make_channels: boolean
      privacy?: string
      /** @enum {string} */
      sign_up: 'open' | 'invitation' | 'closed'
      site_name: string
      /** @description Markdown, at most 100,000 characters; empty: none. */
      terms?: string
    }
    SetUpInputBody: {
      /** @description May be left out. Where the server sends mail, a letter goes there that asks to confirm it. */
      email?: string
      /** @description For signing in, and part of addresses. Letters a-z, digits, _ and -. */
      name: string
      password: string
      /** @description What the server printed at its start. */
      token: string
    }
    Showtime: {
      /** Format: int64 */
      day: number
      /** Format: int64 */
      minutes: number
      start: string
      title: string
      zone: string
    }
    SignInInputBody: {
      /** @description A name or an e-mail address. */
      login: string
      password: string
    }
    SignUpInputBody: {
      /** @description May be left out. Where the server sends mail, a letter goes there that asks to confirm it. */
      email?: string
      /** @description Where the site asks for one. */
      invitation?: string
      /** @description For signing in, and part of addresses. Letters a-z, digits, _ and -. */
      name: string
      password: string
    }
    SiteSettings: {
      /** @description That of the dark theme. */
      accent_dark: string
      /** @description The colour of links and buttons in the light theme, such as #2f55d4; empty: the pages' own. */
      accent_light: string
      imprint: string
      /** @description Every user may make channels; else admins alone. */
      make_channels: boolean
      privacy: string
      /** @enum {string} */
      sign_up: 'open' | 'invitation' | 'closed'
      site_name: string
      /** @description A legal page, Markdown; empty: none. */
      terms: string
    }
    Status: {
      ffmpeg: components['schemas']['FFmpeg']
    }
    Storage: {
      /** @description What the configuration says, in force where the limits are null. */
      configured: components['schemas']['Retention']
      disk: components['schemas']['Disk']
      kept: components['schemas']['Kept']
      limits: components['schemas']['Limits']
    }
    SubscribePushInputBody: {
      endpoint: string
      keys: components['schemas']['KeysStruct']
    }
    Takedown: {
      /** @description The name then of who did it. */
      actor: string
      /** Format: date-time */
      at: string
      /** @description Whose it is. */
      channel: string
      id: string
      /** @enum {string} */
      kind: 'channel' | 'recording' | 'clip'
      /** @enum {string} */
      reason: 'copyright' | 'abuse' | 'other'
      /** @description The channel's name, or the id of the recording or clip. */
      target: string
      /** @description Of what it is about; may be empty. */
      title: string
      /**
       * Format: date-time
       * @description Null: it stands.
       */
      undone_at: string | null
      /**
       * Format: date-time
       * @description When it can be undone no longer, and its media goes.
       */
      until: string
    }
    TakeDownInputBody: {
      /** @enum {string} */
      kind: 'channel' | 'recording' | 'clip'
      /** @enum {string} */
      reason: 'copyright' | 'abuse' | 'other'
      /** @description The channel's name, or the id of the recording or clip. */
      target: string
    }
    Token: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description Null: never.
       */
      expires_at: string | null
      /** @description The text's last characters. */
      hint: string
      id: string
      label: string
      /**
       * Format: date-time
       * @description To the minute; null: never.
       */
      last_used_at: string | null
      scopes: ('read' | 'channels' | 'keys' | 'moderate' | 'admin' | 'chat')[]
    }
    User: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description Since when the user may not sign in; null: may.
       */
      disabled_at: string | null
      display_name: string
      /** @description For admins alone. */
      email: string
      /**
       * Format: date-time
       * @description When the address proved to be the user's; null: it has not. For admins alone.
       */
      email_confirmed_at: string | null
      name: string
      /** @enum {string} */
      role: 'admin' | 'moderator' | 'user'
      /**
       * Format: date-time
       * @description Since when an admin vouches that the user is who the display name says; null: nobody does.
       */
      verified_at: string | null
    }
    Verdict: {
      /**
       * @description Which of the code's sentences it is; empty where there is one.
       * @example long
       */
      case: string
      /**
       * @description Stable. There may be more of them in time.
       * @example key_frame_interval
       */
      code: string
      /**
       * @description By whose names the sentence says what to do.
       * @enum {string}
       */
      encoder: 'obs' | 'ffmpeg' | 'other'
      /** @description The numbers in the sentence, by their names. */
      figures: {
        [key: string]: number
      }
      /** @description What to do about it, in a sentence, by the names that the encoder's settings have. */
      fix: string
      /** @description What a verdict of the code not_carried tells of: its sentences, one by one. Empty for others. */
      not_carried: components['schemas']['NotCarried'][]
      /** @description What is wrong, in a sentence. */
      seen: string
      /** @enum {string} */
      severity: 'bad' | 'poor' | 'hint'
      /** Format: date-time */
      since: string
    }
    ViewingRequest: {
      /** @description The channel's, where it has one. */
      password?: string
    }
    Ways: {
      /** @description By mail; null likewise. */
      mail: boolean | null
      /** @description In pages that are open; null: as the user has chosen for all channels. */
      page: boolean | null
      /** @description In browsers that take pushes; null likewise. */
      push: boolean | null
    }
    Webhook: {
      /** Format: date-time */
      created_at: string
      /**
       * Format: date-time
       * @description When the last event arrived; null: none has.
       */
      delivered_at: string | null
      /**
       * @description Why the server disabled it: it answered 410, or failed for days. Empty: it did not.
       * @enum {string}
       */
      disabled_for: '' | 'gone' | 'failing'
      enabled: boolean
      events: (
        | 'broadcast.started'
        | 'broadcast.interrupted'
        | 'broadcast.resumed'
        | 'broadcast.ended'
        | 'recording.ready'
        | 'clip.made'
        | 'key.new_address'
        | 'report.made'
      )[]
      /**
       * Format: date-time
       * @description Since when events do not arrive; null: the last one did.
       */
      failing_since: string | null
      /**
       * @description In whose form it is told: our JSON, signed; a message of a Discord webhook; a message in a Matrix room.
       * @enum {string}
       */
      format: 'standard' | 'discord' | 'matrix'
      id: string
      url: string
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  audit: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageAct']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  bans: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageBan']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  ban: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  unban: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'site-emotes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllEmote']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'add-site-emote': {
    parameters: {
      query?: {
        code?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/octet-stream': string
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Emote']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Request Entity Too Large */
      413: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-site-emote': {
    parameters: {
      query?: never
      header?: never
      path: {
        emote: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  invitations: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageInvitation']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  invite: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['InviteInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewInvitation']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  uninvite: {
    parameters: {
      query?: never
      header?: never
      path: {
        invitation: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-limits': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['Limits']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'on-air': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['OnAirList']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  reports: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageReport']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'dismiss-report': {
    parameters: {
      query?: never
      header?: never
      path: {
        report: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  settings: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SiteSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-settings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SettingsChange']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  status: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Status']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  storage: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Storage']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'storage-channels': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageChannelStorage']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  takedowns: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageTakedown']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'take-down': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['TakeDownInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Takedown']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'undo-takedown': {
    parameters: {
      query?: never
      header?: never
      path: {
        takedown: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  users: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageUser']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'add-user': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AddUserInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-user': {
    parameters: {
      query?: never
      header?: never
      path: {
        user: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeUserInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-reset-link': {
    parameters: {
      query?: never
      header?: never
      path: {
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Link']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  broadcasts: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageBroadcast']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  broadcast: {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Broadcast']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'delete-recording': {
    parameters: {
      query?: {
        /** @description Its clips are to go too. */
        clips?: boolean
      }
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-broadcast': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeBroadcastInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Broadcast']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'broadcast-audience': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Audience']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  beacon: {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['BeaconInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'broadcast-chapters': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Chapters']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'broadcast-chat': {
    parameters: {
      query?: {
        cursor?: string
        from_ms?: number
        limit?: number
        /** @description Up to before this time; left out: to the end. */
        to_ms?: number
        /** @description The token of a viewing, where it takes one to watch. */
        viewing?: string
      }
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageLine']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-clip': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ClipRequest']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Clip']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'broadcast-downloads': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Downloads']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'broadcast-events': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageEvent']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'watch-broadcast': {
    parameters: {
      query?: never
      header?: never
      path: {
        broadcast: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': components['schemas']['ViewingRequest']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['BroadcastViewing']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  categories: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Categories']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'category-channels': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        category: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageChannel']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-channel': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['MakeChannelInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          ETag?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChannelSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  channel: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Channel']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-channel': {
    parameters: {
      query?: never
      header?: {
        /** @description The ETag of the settings: the change is refused when somebody else made one meanwhile. */
        'If-Match'?: string
      }
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChannelChange']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChannelSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Precondition Failed */
      412: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  blocks: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageBlocked']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  block: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  unblock: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'channel-broadcasts': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageBroadcast']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  chat: {
    parameters: {
      query?: {
        /** @description The id of the last line that was seen, by who comes back: what was missed follows. */
        after?: string
        /** @description How many lines are wanted at most of those before; 0 for none. */
        history?: string
        /** @description The token of a viewing, where the channel has a password. */
        viewing?: string
      }
      header?: never
      path: {
        /** @description The channel's name. */
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The socket is open. */
      101: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Who asks may not read this chat, or a page of another site asks. */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description There is no such channel. */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The channel was taken down. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This was no WebSocket. */
      426: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-filters': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllFilter']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-chat-filters': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetChatFiltersInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllFilter']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-log': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageEntry']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-messages': {
    parameters: {
      query?: {
        after?: string
        before?: string
        limit?: number
        /** @description The token of a viewing, where the channel has a password. */
        viewing?: string
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllLine']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  say: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatSayInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Line']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'purge-messages': {
    parameters: {
      query: {
        user: string
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'delete-message': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        line: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  pin: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatPinInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  unpin: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'start-poll': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatPollInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PollNow']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'end-poll': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-restrictions': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageChatRestriction']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  restrict: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatRestrictInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  release: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-review': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllChatReview']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'review-message': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        line: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatDecideInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-settings': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChatSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-chat-settings': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatSettings']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChatSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'chat-user': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChatUser']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'channel-clips': {
    parameters: {
      query?: {
        /** @description Of this broadcast alone. */
        broadcast?: string
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageClip']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  emotes: {
    parameters: {
      query?: {
        /** @description The recording whose chat they stand in, for who may watch that and not the channel. */
        broadcast?: string
        /** @description Likewise, a clip. */
        clip?: string
        /** @description Has browsers ask anew when they are others. */
        rev?: string
        /** @description The token of a viewing, where it takes one to watch. */
        viewing?: string
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllEmote']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'add-emote': {
    parameters: {
      query?: {
        code?: string
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/octet-stream': string
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Emote']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Request Entity Too Large */
      413: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-emote': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        emote: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  followers: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageFollower']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'channel-health': {
    parameters: {
      query?: {
        /** @description How many of the newest seconds to measure. */
        seconds?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  keys: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllKey']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-key': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['MakeKeyInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewKey']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'revoke-key': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        key: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'rotate-key': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        key: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewKey']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  members: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageMember']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-member': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetMemberInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-member': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        user: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-picture': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        kind: 'avatar' | 'banner' | 'offline'
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/octet-stream': string
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChannelSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Request Entity Too Large */
      413: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-picture': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
        kind: 'avatar' | 'banner' | 'offline'
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'channel-settings': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          ETag?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChannelSettings']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'stop-broadcast': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'watch-channel': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': components['schemas']['ViewingRequest']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ChannelViewing']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  clip: {
    parameters: {
      query?: never
      header?: never
      path: {
        clip: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Clip']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'delete-clip': {
    parameters: {
      query?: never
      header?: never
      path: {
        clip: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-clip': {
    parameters: {
      query?: never
      header?: never
      path: {
        clip: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeClipInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Clip']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'clip-chat': {
    parameters: {
      query?: {
        cursor?: string
        from_ms?: number
        limit?: number
        /** @description Up to before this time; left out: to the end. */
        to_ms?: number
        /** @description The token of a viewing, where it takes one to watch. */
        viewing?: string
      }
      header?: never
      path: {
        clip: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageLine']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'watch-clip': {
    parameters: {
      query?: never
      header?: never
      path: {
        clip: string
      }
      cookie?: never
    }
    requestBody?: {
      content: {
        'application/json': components['schemas']['ViewingRequest']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ClipViewing']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'confirm-email': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ConfirmEmailInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Confirmed']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  legal: {
    parameters: {
      query?: never
      header?: never
      path: {
        page: 'terms' | 'privacy' | 'imprint'
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['LegalPage']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  live: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageChannel']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  me: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeMeInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-color': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetColorInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'send-confirmation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  following: {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageFollowed']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'following-channel': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Follow']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  follow: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Follow']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  unfollow: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-follow-ways': {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['Ways']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Follow']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  identities: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllIdentity']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'unlink-identity': {
    parameters: {
      query: {
        issuer: string
        subject: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  notifications: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Notifications']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-notifications': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetNotificationsInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Notifications']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  passkeys: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllPasskey']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'add-passkey': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AddPasskeyInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Passkey']
        }
      }
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-passkey': {
    parameters: {
      query?: never
      header?: never
      path: {
        passkey: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'rename-passkey': {
    parameters: {
      query?: never
      header?: never
      path: {
        passkey: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['RenamePasskeyInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllPasskey']
        }
      }
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'begin-passkey': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PasskeyChallenge']
        }
      }
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePasswordInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'push-subscriptions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllPushSubscription']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'subscribe-push': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SubscribePushInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PushSubscription']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'unsubscribe-push': {
    parameters: {
      query?: never
      header?: never
      path: {
        subscription: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'my-restrictions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllChatRestriction']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  appeal: {
    parameters: {
      query?: never
      header?: never
      path: {
        channel: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AppealInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  sessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllSession']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'end-other-sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'end-session': {
    parameters: {
      query?: never
      header?: never
      path: {
        session: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  tokens: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllToken']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-token': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['MakeTokenInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewToken']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'end-token': {
    parameters: {
      query?: never
      header?: never
      path: {
        token: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'begin-passkey-sign-in': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PasskeyChallenge']
        }
      }
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'reset-password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ResetInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'ask-for-reset': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AskForResetInputBody']
      }
    }
    responses: {
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  report: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['Complaint']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  search: {
    parameters: {
      query: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
        /** @description Words. Case and accents do not count. */
        q: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Search']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  server: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ServerInfo']
        }
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'sign-in': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SignInInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          'Set-Cookie'?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'sign-out': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          'Set-Cookie'?: string
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'sign-in-by-passkey': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['PasskeySignInInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          'Set-Cookie'?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'set-up': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetUpInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          'Set-Cookie'?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  letters: {
    parameters: {
      query: {
        /** @description Of the link in a letter. */
        token: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Letters']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'end-letters': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EndLettersInputBody']
      }
    }
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'sign-up': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SignUpInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          'Set-Cookie'?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  webhooks: {
    parameters: {
      query?: {
        /** @description The channel whose webhooks they are; empty: the site's. */
        channel?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AllWebhook']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'make-webhook': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['MakeWebhookInputBody']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewWebhook']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'remove-webhook': {
    parameters: {
      query?: never
      header?: never
      path: {
        webhook: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'change-webhook': {
    parameters: {
      query?: never
      header?: never
      path: {
        webhook: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeWebhookInputBody']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Webhook']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'webhook-deliveries': {
    parameters: {
      query?: {
        /** @description The next of the page before. */
        cursor?: string
        limit?: number
        /** @description Those in one state alone; empty: all. */
        state?: '' | 'waiting' | 'delivered' | 'failed'
      }
      header?: never
      path: {
        webhook: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PageDelivery']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  redeliver: {
    parameters: {
      query?: never
      header?: never
      path: {
        sequence: number
        webhook: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Delivery']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'rotate-webhook': {
    parameters: {
      query?: never
      header?: never
      path: {
        webhook: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NewWebhook']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'test-webhook': {
    parameters: {
      query?: never
      header?: never
      path: {
        webhook: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Delivery']
        }
      }
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Forbidden */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Unprocessable Entity */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too Many Requests */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Internal Server Error */
      500: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  'on-broadcast.ended': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-broadcast.interrupted': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-broadcast.resumed': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-broadcast.started': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-clip.made': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-key.new_address': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-ping': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-recording.ready': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  'on-report.made': {
    parameters: {
      query?: never
      header: {
        /** @description The event's id. */
        'webhook-id': string
        /** @description v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between. */
        'webhook-signature': string
        /** @description When it was sent, seconds since 1970. */
        'webhook-timestamp': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['EventMessage']
      }
    }
    responses: {
      /** @description It has arrived. */
      '2XX': {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description No more events, please: the webhook is disabled. */
      410: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
}
