// The pages on which people manage a channel, and those of viewers who may not
// watch one, for the screenshots: over the fixture's channel.
import { B_FRAMES, healthOf } from '../tests/fixture/health.mjs'
import { managed, WORDS } from '../tests/fixture/manage.mjs'
import { people, person } from '../tests/fixture/people.mjs'
import { scenario } from '../tests/fixture/server.mjs'

const HOME = '/dashboard/@demo'

const bob = (channels) => ({ ...person('bob'), channels })
const MINE = [
  { name: 'demo', title: 'The demo stage', place: 'owner', live: true },
  { name: 'chess', title: 'Chess on Sundays', place: 'editor', live: false },
  { name: 'club', title: 'The club', place: 'member', live: false },
]
/** Pictures that need no file. */
const drawn = (w, h, from, to) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}"><linearGradient id="g" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient><rect width="${w}" height="${h}" fill="url(#g)"/></svg>`)}`
const PICTURES = {
  avatar: drawn(320, 320, '#e0a458', '#5b2a86'),
  banner: drawn(1500, 375, '#0f4c5c', '#e36414'),
  offline: drawn(1280, 720, '#2b2d42', '#8d99ae'),
}

/** A channel of the fixture. */
const shot = (
  file,
  path,
  { me = bob(MINE), over = {}, rules = {}, words = {}, live = false, act } = {},
) => ({
  file,
  path,
  act,
  scene() {
    const own = managed(over)
    Object.assign(own.rules, rules)
    Object.assign(own.words, PICTURES, words)
    return scenario({ people: people({ me }), channel: own, live, health: healthOf([B_FRAMES]) })
  },
})

/** All of them. */
export function channelShots() {
  const press = (name) => (page) => page.getByRole('button', { name }).first().click()
  const nobody = { me: null }
  return [
    shot('dashboard', '/dashboard'),
    shot('dashboard-first', '/dashboard', { me: bob([]) }),
    shot('dashboard-stream', `${HOME}/stream`, { over: { keys: [] } }),
    shot('dashboard-stream-live', `${HOME}/stream`, {
      live: true,
      act: press('Make a stream key'),
    }),
    shot('dashboard-keys', `${HOME}/keys`),
    shot('dashboard-keys-revoke', `${HOME}/keys`, { act: press(/^Revoke OBS/) }),
    shot('dashboard-about', `${HOME}/about`),
    shot('dashboard-about-schedule', `${HOME}/about`, {
      act: (page) => page.getByRole('button', { name: 'Add a time' }).scrollIntoViewIfNeeded(),
    }),
    shot('dashboard-access', `${HOME}/access`, {
      act: (page) => page.getByLabel('Whoever knows a password').check(),
    }),
    shot('dashboard-members', `${HOME}/members`),
    shot('channel-words', '/@demo', nobody),
    shot('channel-password', '/@demo', {
      ...nobody,
      live: true,
      rules: { visibility: 'password' },
    }),
    shot('channel-members', '/@demo', { ...nobody, live: true, rules: { visibility: 'members' } }),
    shot('channel-adults', '/@demo', {
      ...nobody,
      live: true,
      words: { ...WORDS, ...PICTURES, mature: true },
    }),
  ]
}
