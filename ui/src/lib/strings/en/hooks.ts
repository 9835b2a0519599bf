// Webhooks: what programs are told, and how that went. Comes with their pages: see
// webhooks/words.ts.

import { formsOf } from '../forms'

const { plural, count } = formsOf('en')

export const hooks = {
  title: 'Webhooks',
  lead: 'Have your own programs told when something happens on this channel: each gets a signed HTTP request.',
  leadSite:
    'Have your own programs told when something happens on any channel: each gets a signed HTTP request.',
  none: 'None yet. A webhook can, for example, post to a chat room when a broadcast starts, or fetch a recording when it is ready.',
  make: 'Make a webhook',
  url: 'Address',
  urlHelp: 'What takes the requests. Events are sent by POST, as JSON.',
  urlPlain: 'With http:// everybody on the way can read what is sent. Take https:// where you can.',
  events: 'What it is told of',
  noEvents: 'Choose one at least.',
  types: {
    'broadcast.started': { label: 'A broadcast starts', help: '' },
    'broadcast.interrupted': { label: 'A broadcast loses its encoder', help: '' },
    'broadcast.resumed': { label: 'A broadcast goes on', help: '' },
    'broadcast.ended': { label: 'A broadcast ends', help: '' },
    'recording.ready': { label: 'A recording is ready', help: '' },
    'clip.made': { label: 'A clip is made', help: '' },
    'key.new_address': {
      label: 'A stream key is used from a new address',
      help: 'From a network that it was not used from in the last 90 days.',
    },
    'report.made': { label: 'Somebody reports something', help: '' },
  },
  ping: 'A test',
  secret: 'Secret',
  secretTitle: 'The webhook’s secret',
  secretHelp:
    'Your program checks signatures with it. It is shown this once: copy it now. If it is lost, make another one.',
  delivered: (ago: string) => `Delivered ${ago}`,
  failing: (ago: string) => `Failing: began ${ago}`,
  quiet: 'Nothing sent yet',
  disabled: 'Disabled',
  disabledFor: {
    gone: 'It was disabled because it answered that it wants no more events (410).',
    failing:
      'It was disabled because nothing arrived for days. Enable it again once it works: what still waits is sent then.',
  },
  test: 'Test',
  testNamed: (host: string) => `Test ${host}`,
  testArrived: 'The test arrived.',
  testFailed: 'The test did not arrive.',
  answered: (status: number) => `It answered ${status}.`,
  /** Why a try did not arrive, by its code. The server's sentences are English: other languages fill it. */
  failed: {} as Readonly<Record<string, (of: { status: number; detail: string }) => string>>,
  took: (time: string) => `After ${time}`,
  answer: 'Its answer',
  log: 'Log',
  logNamed: (host: string) => `Log of ${host}`,
  noLog: 'Nothing of this kind was sent in the last 7 days.',
  show: 'Show',
  refresh: 'Refresh',
  states: { all: 'All', waiting: 'Waiting', delivered: 'Delivered', failed: 'Given up' },
  nextAt: (time: string) => `next try ${time}`,
  tries: (n: number) =>
    plural(n, { one: '1 try, and what is sent', other: `${count(n)} tries, and what is sent` }),
  body: 'What is sent',
  redeliver: 'Send again',
  redeliverNamed: (n: number) => `Send again: number ${n}`,
  edit: 'Change',
  editNamed: (host: string) => `Change ${host}`,
  enable: 'Enable',
  enableNamed: (host: string) => `Enable ${host}`,
  disable: 'Disable',
  disableNamed: (host: string) => `Disable ${host}`,
  rotate: 'New secret',
  rotateNamed: (host: string) => `New secret for ${host}`,
  rotateTitle: (host: string) => `Make a new secret for ${host}?`,
  rotateText:
    'For 24 hours what is sent is signed with both, so that your program can change over. After that the old one is of no use.',
  remove: 'Remove',
  removeNamed: (host: string) => `Remove ${host}`,
  removeTitle: (host: string) => `Remove the webhook to ${host}?`,
  removeText: 'It is told nothing more, and its log goes too.',
  format: 'Form',
  formats: {
    standard: 'For a program: signed JSON',
    discord: 'A message on Discord',
    matrix: 'A message in a Matrix room',
  },
  discordUrl: 'Address of the Discord webhook',
  discordHelp: 'In Discord: the channel’s settings → Integrations → Webhooks → Copy Webhook URL.',
  server: 'Homeserver',
  serverHelp: 'Where the Matrix user has its account.',
  room: 'Room ID',
  roomHelp: 'It begins with ! and is in the room’s settings, under Advanced.',
  token: 'Access token',
  tokenHelp:
    'Of a Matrix user who is in the room: best one made for this. It is kept, and never shown again.',
  tokenKept: 'Leave it empty to keep the one that there is.',
}
