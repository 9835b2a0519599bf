// Watching what is not for everybody, and what the channel's page says of itself.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell, stats, until } from './browser.mjs'
import { testStates } from './faults.mjs'
import { managed, WORDS } from './fixture/manage.mjs'
import { people, person } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

const PASSWORD = { visibility: 'password' }
const MEMBERS = { visibility: 'members' }
const adult = { words: { ...WORDS, mature: true } }

const STATES = [
  { name: 'password', path: '/@demo', rules: PASSWORD, see: 'This asks for a password' },
  {
    name: 'password, wrong',
    path: '/@demo',
    rules: PASSWORD,
    do: (page) => enter(page, 'wrong'),
    see: 'The password is wrong.',
  },
  { name: 'members, nobody', path: '/@demo', rules: MEMBERS, see: 'Sign in to watch' },
  { name: 'members, a stranger', path: '/@demo', rules: MEMBERS, me: 'zoe', see: 'no place in' },
  { name: 'embed, password', path: '/embed/@demo', rules: PASSWORD, see: 'This asks for a' },
  { name: 'embed, members', path: '/embed/@demo', rules: MEMBERS, see: 'Sign in to watch' },
  { name: 'recording, password', path: '/v/r1', rules: PASSWORD, see: 'This asks for a password' },
  { name: 'for adults', path: '/@demo', channel: adult, see: 'This channel is for adults' },
  {
    name: 'recording for adults',
    path: '/v/r1',
    channel: adult,
    see: 'This channel is for adults',
  },
  {
    name: 'off air with a picture',
    path: '/@demo',
    channel: { words: { ...WORDS, offline: '/icon.svg' } },
    over: { live: false },
    see: 'Saturday night',
  },
  {
    name: 'an address for VLC',
    path: '/@demo',
    plays: true,
    do: (page) => page.getByText('Watch in another player').click(),
    see: '/live/demo/plain.m3u8',
  },
]

const enter = async (page, word) => {
  await page.getByLabel('This asks for a password').fill(word)
  await page.keyboard.press('Enter')
}

describe('private', () => {
  let server
  let browser
  before(async () => {
    server = await start()
    browser = await launchShell()
  })
  after(async () => {
    await browser.close()
    await server.stop()
  })

  function scene({ rules = {}, me = null, channel = {}, over = {} } = {}) {
    const own = managed(channel)
    Object.assign(own.rules, rules)
    const who = people({ me: me && person(me) })
    server.state.scenario = scenario({ people: who, channel: own, ...over })
    server.state.stream = new Stream()
    return own
  }

  async function open(t, path, options = {}) {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(server.url + path)
    return page
  }

  const playing = (page) => until(page, (s) => s.decoded > 5 && s.state === 'playing')

  testStates(STATES, {
    browser: () => browser,
    refusals: [401, 403],
    async show(page, state) {
      scene(state)
      await page.goto(server.url + state.path)
      if (state.plays) await playing(page)
      await state.do?.(page)
    },
  })

  test('a password opens it, and is asked for no more when the viewing lapses', async (t) => {
    const channel = scene({ rules: PASSWORD })
    const page = await open(t, '/@demo')
    await enter(page, 'open sesame')
    await playing(page)
    assert.equal(channel.opened, 1)
    const { decoded } = await stats(page)
    channel.viewings.clear()
    await until(page, (s) => s.state === 'playing' && channel.opened === 2 && s.decoded > decoded)
    assert.equal(await page.getByLabel('This asks for a password').count(), 0)
    // The word is in memory alone.
    await page.reload()
    await page.getByLabel('This asks for a password').waitFor()
  })

  test('another password is asked for', async (t) => {
    const channel = scene({ rules: PASSWORD })
    const page = await open(t, '/@demo')
    await enter(page, 'open sesame')
    await playing(page)
    channel.password = 'another'
    channel.viewings.clear()
    await page.getByText('The password is wrong.').waitFor()
    await enter(page, 'another')
    await playing(page)
  })

  test('a channel that is shut while it is watched asks at once', async (t) => {
    const channel = scene()
    const page = await open(t, '/@demo')
    await playing(page)
    channel.rules.visibility = 'password'
    await page.getByLabel('This asks for a password').waitFor()
  })

  test('a member watches by being signed in, and makes an address for VLC', async (t) => {
    const channel = scene({ rules: MEMBERS, me: 'dora' })
    const page = await open(t, '/@demo')
    await playing(page)
    assert.equal(channel.opened, 1)
    await page.getByText('Watch in another player').click()
    await page.getByRole('button', { name: 'Make an address for VLC' }).click()
    const address = await page.locator('details code').innerText()
    assert.match(address, new RegExp(`^${server.url}/~t2x+/live/demo/plain\\.m3u8$`))
    assert.equal(channel.opened, 2)
    // The page asks how the channel is every five seconds, which opens no other viewing.
    for (let n = 0; n < 2; n++) await page.waitForResponse('**/api/v1/channels/demo')
    assert.equal(channel.opened, 2)
    // Who is sent away is told so.
    channel.members = []
    channel.viewings.clear()
    await page.getByText('you have no place in this channel').waitFor()
  })

  test('a recording goes on where it was when its viewing lapses', async (t) => {
    const channel = scene({ rules: PASSWORD })
    const page = await open(t, '/v/r1')
    await enter(page, 'open sesame')
    await playing(page)
    const link = await page.getByRole('link', { name: 'Download' }).getAttribute('href')
    assert.match(link, /^\/~t1x+\/vod\/r1\/download\.mp4$/)
    channel.viewings.clear()
    const seek = (to) =>
      page.evaluate((at) => (document.querySelector('video').currentTime = at), to)
    await seek(9)
    const time = () => page.evaluate(() => document.querySelector('video').currentTime)
    await until(page, (s) => channel.opened === 2 && s.state === 'playing' && s.buffer > 0)
    assert.ok((await time()) >= 9, `it is at ${await time()}`)
  })

  test('that who watches is an adult is remembered for the session', async (t) => {
    scene({ channel: adult })
    const page = await open(t, '/@demo')
    await page.getByRole('button', { name: 'I am an adult' }).click()
    await playing(page)
    await page.reload()
    await playing(page)
    const other = await open(t, '/@demo')
    await other.getByText('This channel is for adults').waitFor()
  })

  test('times are those of the viewer, and the way to the settings is for who may', async (t) => {
    scene({ over: { live: false } })
    const page = await open(t, '/@demo', { timezoneId: 'Asia/Tokyo' })
    await page.getByText('Times are yours: Asia/Tokyo.').waitFor()
    // 20:30 on Saturday in Berlin is Sunday morning in Tokyo, at either time of the year.
    const time = page.locator('li', { hasText: 'Saturday night' }).locator('time')
    assert.match(await time.innerText(), /^Sunday.*0[34]:30/)
    await page.getByText('Music every week.').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Manage the channel' }).count(), 0)
    const who = person('bob')
    who.channels = [{ name: 'demo', title: '', place: 'editor', live: false }]
    server.state.scenario.people.me = who
    await page.reload()
    await page.getByRole('link', { name: 'Manage the channel' }).click()
    await page.waitForURL('**/dashboard/@demo/about')
  })
})
