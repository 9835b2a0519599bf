// What was done in a chat, after the name of who did it: in the channel's log
// and in the site's.

export const chatActs: Readonly<Record<string, string>> = {
  timeout: 'silenced for a while:',
  ban: 'banned',
  unban: 'let speak again:',
  delete: 'deleted a message of',
  purge: 'deleted all messages of',
  clear: 'deleted all messages',
  settings: 'changed what is allowed in chat',
  pin: 'pinned a message',
  unpin: 'took the pinned message away',
  poll: 'began a poll',
  endpoll: 'ended the poll',
  mod: 'made a moderator:',
  unmod: 'took moderation from',
  filters: 'changed the filters of chat',
  allow: 'let in a message of',
  drop: 'refused a message of',
  'emote.add': 'added an emote',
  'emote.remove': 'removed an emote',
}
