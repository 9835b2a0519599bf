// Each page in each of its states: nothing for axe to find, nothing wider than
// the screen, no error on the console, nothing that the policy forbids.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell, until } from './browser.mjs'
import { testStates } from './faults.mjs'
import { clips } from './fixture/clips.mjs'
import { FURTHER_SOUND } from './fixture/health.mjs'
import { people, person } from './fixture/people.mjs'
import { download, scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

const OFF_AIR = { live: false }
const LOST = 'The broadcaster lost the connection. Waiting…'
/** Somebody who is signed in. */
const signedIn = { people: people({ me: person('alice') }) }
const STATES = [
  { name: 'home, interrupted', path: '/', cut: true, see: 'Interrupted' },
  { name: 'home, live', path: '/', see: 'Live now' },
  { name: 'home, recordings', path: '/', over: OFF_AIR, see: 'Latest recordings' },
  {
    name: 'home, empty',
    path: '/',
    over: { live: false, recordings: [] },
    see: 'rtmp://127.0.0.1',
  },
  {
    name: 'home, empty and open',
    path: '/',
    over: { live: false, recordings: [], open: 'private' },
    see: 'without a key',
  },
  {
    name: 'home, empty, without an admin',
    path: '/',
    over: { live: false, recordings: [], setup: true },
    see: 'The server printed an address',
  },
  { name: 'home, trouble', path: '/', over: { broken: true }, see: 'The database is busy.' },
  { name: 'channel, live', path: '/@demo', see: 'The demo stage', plays: true },
  { name: 'channel, menu', path: '/@demo', see: 'Lowest', plays: true, menu: true },
  { name: 'channel, interrupted', path: '/@demo', cut: true, see: LOST },
  { name: 'embed, interrupted', path: '/embed/@demo', cut: true, see: LOST },
  {
    name: 'channel, interrupted, with notices',
    path: '/@demo',
    over: { state: 'interrupted', notCarried: [FURTHER_SOUND] },
    see: 'several audio tracks',
  },
  { name: 'channel, off air', path: '/@demo', over: OFF_AIR, see: 'Off air' },
  {
    name: 'channel, without recordings',
    path: '/@demo',
    over: { live: false, recordings: [] },
    see: 'No recordings yet',
  },
  { name: 'channel, unknown', path: '/@nobody', see: 'no channel called nobody', quiet: false },
  { name: 'recording', path: '/v/r1', see: '2 hours ago', plays: true },
  { name: 'recording, download', path: '/v/r1', see: 'MP4, 1.3 GB', plays: true },
  {
    name: 'recording, download in parts',
    path: '/v/r1',
    over: { downloads: (r) => [download(r, 1, 5_400_000), download(r, 2, 12_000)] },
    see: 'Download part 2',
    plays: true,
  },
  { name: 'recording, menu', path: '/v/r1', see: 'Speed', plays: true, menu: true },
  {
    name: 'recording, clip and share',
    path: '/v/r1',
    over: signedIn,
    plays: true,
    do: async (page) => {
      await page.getByRole('button', { name: 'Share' }).click()
      await page.getByRole('button', { name: 'Clip' }).click()
    },
    see: 'Choose where it begins and ends',
  },
  { name: 'clip', path: '/c/c1', see: 'clipped by Alice', plays: true },
  {
    name: 'clip, not for other sites',
    path: '/c/c1',
    over: { clips: clips({ embeddable: false }) },
    see: 'does not let every site show',
  },
  { name: 'channel, clips', path: '/@demo/clips', over: OFF_AIR, see: 'Well said' },
  {
    name: 'channel, without clips',
    path: '/@demo/clips',
    over: { live: false, clips: { items: [], asked: [] } },
    see: 'No clips yet.',
  },
  { name: 'clip, unknown', path: '/c/none', see: 'no such clip' },
  { name: 'recording, unknown', path: '/v/none', see: 'no such recording' },
  { name: 'embed, live', path: '/embed/@demo', see: 'LIVE', plays: true },
  { name: 'embed, off air', path: '/embed/@demo', over: OFF_AIR, see: 'Off air' },
  { name: 'channel, recordings', path: '/@demo/recordings', see: 'RSS feed' },
  { name: 'channel, schedule', path: '/@demo/schedule', see: 'Schedule', plays: true },
  { name: 'channel, about', path: '/@demo/about', see: 'About' },
  { name: 'search', path: '/search?q=dem', see: 'Strings and demons' },
  { name: 'search, nothing', path: '/search?q=xyz', see: 'Nothing was found for' },
  { name: 'search, empty', path: '/search', see: 'recordings by title' },
  { name: 'category', path: '/category/Music', see: 'Strings and demons' },
  { name: 'category, empty', path: '/category/Nothing', see: 'No channel is about' },
  { name: 'no page', path: '/no/such', see: 'no page here' },
]

describe('pages', () => {
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

  testStates(STATES, {
    browser: () => browser,
    // Answers of 404 and 503 are part of some states; 401 says that nobody is signed in.
    refusals: [401, 404, 503],
    async show(page, state) {
      server.state.scenario = scenario(state.over)
      server.state.stream = new Stream()
      if (state.cut) server.state.stream.cut()
      await page.goto(server.url + state.path)
      if (state.plays) await until(page, (s) => s.decoded > 0)
      await state.do?.(page)
      if (state.menu) {
        await page.mouse.move(100, 150)
        await page.getByRole('button', { name: 'Settings' }).click()
        await page.getByLabel('Stats for nerds').check()
      }
    },
  })

  test('the first paint waits for no answer of the API', async (t) => {
    server.state.scenario = scenario()
    const context = await browser.newContext()
    t.after(() => context.close())
    await context.route('**/api/v1/**', () => undefined) // held for ever
    for (const path of ['/', '/@demo', '/v/r1', '/c/c1', '/search?q=a', '/dashboard', '/admin']) {
      const page = await context.newPage()
      await page.goto(server.url + path)
      await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint').length > 0,
      )
      assert.match(await page.locator('body').innerText(), /Rostrum/, path)
      await page.close()
    }
  })

  test('the theme switch overrides the system and is kept', async (t) => {
    server.state.scenario = scenario()
    const context = await browser.newContext({ colorScheme: 'light' })
    t.after(() => context.close())
    const page = await context.newPage()
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.goto(server.url)
    const light = await ground()
    await page.getByRole('button', { name: 'System theme' }).click()
    assert.equal(await ground(), light)
    await page.getByRole('button', { name: 'Light theme' }).click()
    const dark = await ground()
    assert.notEqual(dark, light)
    await page.reload()
    assert.equal(await ground(), dark)
  })

  test('a search is typed, gone on with, and left for a category', async (t) => {
    server.state.scenario = scenario()
    const page = await browser.newPage()
    t.after(() => page.close())
    await page.goto(server.url)
    await page.getByRole('searchbox').fill(' dem ')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=dem')
    await page.getByRole('link', { name: 'Strings and demons' }).waitFor()
    const recordings = page.locator('main article a[href^="/v/"]')
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.waitForFunction(() => document.querySelectorAll('main a[href^="/v/"]').length === 3)
    assert.equal(await recordings.count(), 3)
    await page.goBack()
    await page.getByRole('link', { name: 'Music, 1 live' }).click()
    await page.getByRole('heading', { name: 'Music', exact: true }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/category/Music')
  })

  test('the parts of a channel change under the picture, which plays on', async (t) => {
    server.state.scenario = scenario()
    server.state.stream = new Stream()
    const page = await browser.newPage()
    t.after(() => page.close())
    await page.goto(`${server.url}/@demo`)
    await until(page, (s) => s.decoded > 0)
    await page.evaluate(() => (document.querySelector('video').same = true))
    await page.getByRole('link', { name: 'Schedule' }).click()
    await page.waitForURL('**/@demo/schedule')
    await page.getByRole('link', { name: 'Recordings' }).click()
    await page.getByRole('link', { name: 'RSS feed' }).waitFor()
    assert.equal(await page.evaluate(() => document.querySelector('video').same), true)
  })

  test('a clip is cut by keyboard, and its page goes round between its ends', async (t) => {
    server.state.scenario = scenario(signedIn)
    server.state.stream = new Stream()
    const page = await browser.newPage()
    t.after(() => page.close())
    await page.goto(`${server.url}/v/r1?t=3s`)
    await until(page, (s) => s.decoded > 0)
    assert.ok((await page.evaluate(() => document.querySelector('video').currentTime)) >= 3)
    await page.getByRole('button', { name: 'Questions and answers' }).press('Enter')
    await page.waitForFunction(() => document.querySelector('video').currentTime >= 8)
    await page.getByRole('button', { name: 'Clip', exact: true }).press('Enter')
    await page.getByLabel('Begins, as minutes and seconds').fill('2')
    await page.getByLabel('Ends, as minutes and seconds').fill('0:05')
    await page.getByRole('slider', { name: 'Ends' }).press('ArrowRight')
    await page.getByLabel('Title').fill('Well said')
    await page.getByLabel('Title').press('Enter')
    await page.waitForURL('**/c/c1')
    const [asked] = server.state.scenario.clips.asked
    assert.deepEqual(asked, { start_ms: 2040, end_ms: 5140, title: 'Well said' })
    await until(page, (s) => s.decoded > 0)
    const shown = await page.evaluate(
      () =>
        new Promise((done) => {
          const video = document.querySelector('video')
          const times = []
          const each = (_, { mediaTime }) => {
            times.push(mediaTime)
            // Once round, from wherever it is.
            if (times.length > 2 && mediaTime < times.at(-2)) done(times)
            else video.requestVideoFrameCallback(each)
          }
          video.requestVideoFrameCallback(each)
        }),
    )
    assert.ok(Math.min(...shown) >= 0.7 - 0.05, `from ${Math.min(...shown)}`)
    // How soon after its end depends on how many pictures a busy machine shows.
    assert.ok(Math.max(...shown) < 10, `to ${Math.max(...shown)}`)
  })

  test('links change the page without loading it again, and back works', async (t) => {
    server.state.scenario = scenario()
    const page = await browser.newPage()
    t.after(() => page.close())
    await page.goto(server.url)
    await page.evaluate(() => (globalThis.sameDocument = true))
    await page.getByRole('link', { name: 'The demo stage' }).click()
    await page.waitForURL('**/@demo')
    await until(page, (s) => s.decoded > 0)
    await page.goBack()
    await page.getByText('Live now').waitFor()
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true)
    assert.equal(await page.title(), 'Rostrum')
  })
})
