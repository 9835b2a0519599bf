// The words around every page, the home page and the search.

import { formsOf } from '../forms'

const { plural, count } = formsOf('en')

export const site = {
  siteName: 'Rostrum',
  skip: 'Skip to content',
  language: 'Language',
  theme: { label: 'Theme', system: 'System theme', light: 'Light theme', dark: 'Dark theme' },
  openBanner: {
    private: 'Open mode: anyone on this network may publish to any channel, without a key.',
    any: 'Open mode: anyone at all may publish to any channel, without a key.',
  },
  demoNote: 'Demo server',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Select and copy it by hand',
  retry: 'Try again',
  loading: 'Loading…',
  more: 'Show more',
  legal: { label: 'Legal', terms: 'Terms', privacy: 'Privacy', imprint: 'Imprint' },
  takenDown: 'This was taken down.',
  unreachable: 'The server cannot be reached.',
  unreachableHelp: 'This page tries again by itself.',
  serverSaid: (sentence: string) => `The server answered: ${sentence}`,
  live: 'LIVE',
  interrupted: 'Interrupted',
  find: {
    label: 'Search',
    bar: 'Search the site',
    placeholder: 'Search',
    submit: 'Find it',
    help: 'Channels by name, title, category or tag, and recordings by title.',
    title: (query: string) => `Search: ${query}`,
    channels: 'Channels',
    found: (query: string) => `This was found for ${query}.`,
    nothing: (query: string) => `Nothing was found for “${query}”`,
    nothingHelp: 'Try fewer or shorter words: the beginning of each is enough.',
    categories: 'Categories',
    category: (name: string, live: number) => (live > 0 ? `${name}, ${count(live)} live` : name),
    noCategory: (name: string) => `No channel is about ${name}`,
    noCategoryHelp: 'Its channels may have changed what they are about.',
  },
  liveNow: 'Live now',
  latest: 'Latest recordings',
  starting: 'starting',
  watching: (n: number) => plural(n, { one: '1 watching', other: `${count(n)} watching` }),
  startedShort: (ago: string) => `started ${ago}`,
  steps: {
    title: 'Nothing is on air yet',
    lead: 'Three steps and it is.',
    one: 'Make a channel and its stream key',
    oneHelp: 'In your dashboard. The key is shown once.',
    oneOpen: 'Choose a name for the channel',
    oneOpenHelp: 'This server is in open mode: the name you publish becomes the channel.',
    two: 'Point your encoder here',
    twoHelp:
      'OBS: Settings → Stream → Custom. Paste the address as Server and the key as Stream Key.',
    twoOpenHelp:
      'OBS: Settings → Stream → Custom. Paste the address as Server and the name as Stream Key.',
    three: 'Start streaming',
    threeHelp:
      'The picture is here within a second. Viewers find it under /@ and the channel’s name.',
    address: 'RTMP address',
    dashboard: 'Open the dashboard',
    noRtmp: 'This server takes no RTMP.',
  },
  notFound: {
    title: 'There is no page here',
    help: 'The address may be mistyped, or the page was moved.',
  },
  toHome: 'Go to the home page',
}
