// The chat, what people follow, and the numbers of a broadcast, for the
// screenshots: over the fixture's server, which people fill at once.
import { chat, line, talk } from '../tests/fixture/chat.mjs'
import { follows } from '../tests/fixture/follow.mjs'
import { people, person } from '../tests/fixture/people.mjs'
import { scenario } from '../tests/fixture/server.mjs'

const HOME = '/dashboard/@demo'

const alice = () => person('alice')
const admin = () => person('alice', 'admin')
const owner = () => ({
  ...person('bob'),
  channels: [{ name: 'demo', title: 'The demo stage', place: 'owner', live: true }],
})
const poll = () => ({
  id: 'p1',
  question: 'Which piece next?',
  options: [
    { text: 'The fast one', votes: 31 },
    { text: 'The slow one', votes: 12 },
  ],
  endsAt: Date.now() + 90_000,
  ended: false,
  total: 43,
})
const held = () => [{ line: line('eve', 'a spoiler'), why: 'word' }]
const press = (name) => (page) => page.getByRole('button', { name }).first().click()

/** A page as `me` sees it, with what `over` says of the fixture's server. */
const room = (file, path, { me = alice, over = () => ({}), act, plays } = {}) => ({
  file,
  path,
  plays,
  act,
  scene: () => scenario({ people: people({ me: me() }), ...over() }),
})

/** A page with chat on it, of which `of` says what it knows. */
const talking = (file, path, { of = () => ({}), live = false, ...rest } = {}) =>
  room(file, path, {
    ...rest,
    over: () => ({ live, chat: chat({ lines: talk(), ...of() }) }),
  })

/** All of them. */
export const roomShots = [
  talking('chat', '/@demo', { live: true, plays: true }),
  talking('chat-nobody', '/@demo', { me: () => null }),
  talking('chat-busy', '/@demo', {
    me: owner,
    of: () => ({ role: 'owner', pin: talk()[3], poll: poll(), review: held() }),
  }),
  talking('chat-emotes', '/chat/@demo', { act: press('Emotes') }),
  talking('chat-person', '/@demo', {
    me: owner,
    of: () => ({ lines: [...talk(), line('eve', 'buy this')], role: 'owner' }),
    act: (page) => page.getByRole('button', { name: 'Eve', exact: true }).click(),
  }),
  talking('chat-options', '/@demo', {
    me: owner,
    of: () => ({ role: 'owner', rules: 'Be kind.' }),
    act: press('Chat options'),
  }),
  talking('dashboard-chat', `${HOME}/chat`, { me: owner, of: () => ({ review: held() }) }),
  room('admin-emotes', '/admin/emotes', { me: admin }),
  room('following', '/following', {
    over: () => ({ follows: follows({ names: ['strings', 'demo'] }) }),
  }),
  room('following-nothing', '/following'),
  room('following-bell', '/@demo/about', {
    over: () => ({ live: false, follows: follows({ names: ['demo'] }) }),
    act: press('How you hear of demo'),
  }),
  room('account-notifications', '/account/notifications'),
  room('dashboard-followers', `${HOME}/followers`, { me: owner }),
  room('dashboard-recordings', `${HOME}/recordings`, { me: owner, act: press(/^Viewers of/) }),
  room('dashboard-webhooks', `${HOME}/webhooks`, { me: owner }),
  room('clips', '/@demo/clips', { over: () => ({ live: false }) }),
  room('clip', '/c/c1', { plays: true }),
  room('search', '/search?q=dem'),
  room('category', '/category/Music'),
  room('admin-reports', '/admin/reports', { me: admin }),
  room('admin-live', '/admin/live', { me: admin }),
]
