// Following channels and being told of them. Comes with what needs it: see
// follow/words.ts.

import { formsOf } from '../forms'

const { plural, count } = formsOf('en')

export const follow = {
  follow: 'Follow',
  following: 'Following',
  followNamed: (name: string) => `Follow ${name}`,
  unfollowNamed: (name: string) => `Following ${name}: stop`,
  followers: (n: number) =>
    plural(n, { one: `${count(n)} follower`, other: `${count(n)} followers` }),
  blocked: 'The people of this channel have blocked you.',
  bell: (name: string) => `How you hear of ${name}`,
  bellLead: 'When it goes live, tell me',
  ways: {
    page: 'In pages that I have open',
    push: 'In browsers that show notifications',
    mail: 'By mail',
  },
  waysHelp: {
    page: 'A short note in a corner of the page.',
    push: 'Also while the site is closed, in each browser where you turned that on.',
    mail: 'One letter for each broadcast.',
  },
  noMail: 'This site sends no mail.',
  noAddress: 'Give an e-mail address on your profile first.',
  notConfirmed: 'No letter comes before you have confirmed your e-mail address.',
  choose: 'Choose for all channels',
  page: {
    title: 'Following',
    empty: 'You follow no channel yet',
    emptyHelp:
      'Press Follow on a channel that you like: then it is here, and you hear when it goes live.',
    find: 'See what is on',
    more: 'Show more',
  },
  live: 'Channels you follow',
  rail: 'Channels you follow',
  railLive: (name: string) => `${name}, on air`,
  all: 'All channels that you follow',
  isLive: (name: string) => `${name} is live`,
  watch: 'Watch',
  dismiss: 'Dismiss',
  toasts: 'What happened just now',
  settings: {
    title: 'Notifications',
    lead: 'When a channel that you follow goes live, I want to hear',
    help: 'For a single channel you can choose otherwise, by the bell beside its Follow button.',
    saved: 'Saved.',
    browserTitle: 'This browser',
    on: 'This browser shows notifications, also while the site is closed. Signing out ends that.',
    off: 'This browser shows no notifications while the site is closed.',
    turnOn: 'Turn on notifications',
    turnOff: 'Turn off',
    checking: 'Looking…',
    insecure:
      'Browsers show notifications of sites that are reached by HTTPS, and this one is not.',
    unsupported: 'This browser knows no notifications of sites.',
    homeScreen:
      'On iPhone and iPad, add the site to your home screen (Share, then Add to Home Screen), and turn them on there.',
    denied:
      'This browser was told not to show notifications of this site. Allow them in the settings beside the address, then come back.',
    dismissed: 'The browser asked, and got no answer. Try again and allow notifications.',
    failed:
      'The browser cannot reach its push service. Some browsers have none, or have it switched off: look in their settings.',
    others: (n: number) =>
      plural(n, {
        one: 'One browser of yours is told.',
        other: `${count(n)} browsers of yours are told.`,
      }),
  },
  unsubscribe: {
    title: 'Letters',
    lead: (channel: string) => `No more letters when ${channel} goes live?`,
    help: 'You go on following. On your account’s page you can choose again.',
    one: (channel: string) => `No letters about ${channel}`,
    all: 'No letters at all',
    doneOne: (channel: string) => `You get no more letters about ${channel}.`,
    doneAll: 'You get no more letters about channels that you follow.',
    bad: 'This link is not whole',
    badHelp: 'Copy it from the letter again, or sign in and choose on your account’s page.',
    toSettings: 'Choose what you are told',
  },
  dashboard: {
    title: 'Followers',
    none: 'Nobody follows this channel yet.',
    since: (ago: string) => `since ${ago}`,
    block: 'Block',
    blockNamed: (name: string) => `Block ${name}`,
    blockTitle: (name: string) => `Block ${name}?`,
    blockText: (name: string) =>
      `${name} follows the channel no more, and can neither follow it again nor speak in its chat. They are told so when they try. Watching stays as it is.`,
    blockFollowing: 'Block from following',
    isBlocked: 'Blocked: they can neither follow the channel nor speak in its chat.',
    blocks: 'Blocked',
    blocksHelp: 'They can neither follow the channel nor speak in its chat.',
    noBlocks: 'Nobody is blocked.',
    unblock: 'Unblock',
    unblockNamed: (name: string) => `Unblock ${name}`,
    add: 'Block somebody',
    name: 'User name',
    nameHelp: 'As it stands behind @.',
  },
}
