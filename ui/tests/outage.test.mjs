// The player through outages: the encoder is lost, others take its place, the
// server is started again. Nobody reloads a page, nobody clicks.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { keepEngine, launch, stats, until } from './browser.mjs'
import { start } from './fixture/server.mjs'

const LOST = 'The broadcaster lost the connection. Waiting…'

let server
let browser
let context
/** Addresses of multivariant playlists that were asked for: one a join. */
let joins

const begin = async (over = {}) => {
  server = await start(over)
  context = await browser.newContext({ viewport: { width: 1000, height: 700 } })
}

const open = async (path = '/@demo', { bothEngines = false } = {}) => {
  const page = await context.newPage()
  if (!bothEngines) await keepEngine(page)
  joins = []
  page.on(
    'request',
    (r) => new URL(r.url()).pathname.endsWith('/index.m3u8') && joins.push(r.url()),
  )
  await page.goto(server.url + path)
  await page.evaluate(() => (globalThis.sameDocument = true))
  return page
}

const eventually = async (what, good, ms = 45_000) => {
  const limit = Date.now() + ms
  while (!(await good())) {
    if (Date.now() > limit) throw new Error(`${what} did not come true in ${ms} ms`)
    await new Promise((r) => setTimeout(r, 25))
  }
}
const pause = (ms) => new Promise((r) => setTimeout(r, ms))

const atEdge = (s) => s.engine === 'low-latency' && s.decoded > 15 && s.behind < 1
const plays = (s) => s.state === 'playing' && s.buffer > 0.05
const time = (page) => page.evaluate(() => document.querySelector('video').currentTime)
const word = (page) => page.getByRole('status').filter({ hasText: LOST })

/** Waits until the picture stands, and returns where. */
const standing = async (page) => {
  let last = -1
  await eventually(
    'standing',
    async () => {
      const before = last
      last = await time(page)
      if (before === last) await pause(1000) // what was on its way may still come
      return before === last && (await time(page)) === last
    },
    45_000,
  )
  return last
}

/** Waits until the picture moves on from `from`; returns the milliseconds that it took. */
const moves = async (page, from, ms = 45_000) => {
  const began = Date.now()
  await eventually('moving', async () => (await time(page)) > from + 0.05, ms)
  return Date.now() - began
}

/** The page is still the one that was opened, and it was never touched. */
const untouched = (page) => page.evaluate(() => globalThis.sameDocument === true)

describe('outages', () => {
  before(async () => (browser = await launch()))
  after(() => browser.close())
  afterEach(async () => {
    for (const c of browser.contexts()) await c.close()
    await server?.stop()
    server = null
  })

  test('the encoder is lost three times: the page says so and plays on at the edge', async (t) => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { stream } = server.state
    for (const seconds of [1, 9, 5]) {
      stream.cut()
      const from = await standing(page)
      const asked = stream.requests
      if (seconds > 1) {
        await word(page).waitFor()
        await page.getByText(/^At most \d:\d\d more$/).waitFor()
        await page.getByRole('button', { name: 'Interrupted' }).waitFor()
      }
      await pause(seconds * 1000)
      const stands = await time(page)
      assert.ok(stands - from < 1, `it stood at ${from} and went on to ${stands}`)
      // One held request at a time, each for 4 s.
      assert.ok(stream.requests - asked <= 2 + seconds, `${stream.requests - asked} requests`)
      stream.resume()
      t.diagnostic(`after ${seconds} s: the picture moves ${await moves(page, stands)} ms later`)
      await word(page).waitFor({ state: 'hidden' })
      await until(page, (s) => atEdge(s) && plays(s))
    }
    await page.getByRole('button', { name: 'At the live edge' }).waitFor()
    // A machine too busy to play may make the player join once more.
    assert.ok(joins.length <= 2, `joined ${joins.length} times`)
    assert.equal(await page.evaluate(() => document.querySelector('video').muted), false)
    assert.ok(await untouched(page))
  })

  test('answers that bring nothing new are asked for once a second at most', async () => {
    await begin()
    const { stream } = server.state
    stream.patience = 0
    const page = await open()
    await until(page, atEdge)
    stream.cut()
    const from = await standing(page)
    const asked = stream.requests
    await pause(5000)
    const rate = (stream.requests - asked) / 5
    assert.ok(rate <= 1.5, `${rate} requests a second`)
    stream.resume()
    await moves(page, from)
  })

  test('a new encoder with other settings takes over without a stop', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    server.state.stream.resume(['small', 'audio'])
    await until(page, (s) => s.width === 320 && plays(s))
    await until(page, atEdge)
  })

  test('a new encoder with another codec is joined by itself', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { stream } = server.state
    stream.cut()
    await word(page).waitFor()
    await standing(page)
    stream.resume(['vp9', 'audio'])
    const s = await until(page, (now) => /vp09/.test(now.codecs) && plays(now))
    assert.equal(s.engine, 'low-latency')
    await word(page).waitFor({ state: 'hidden' })
    const from = await time(page)
    await moves(page, from)
    assert.ok(joins.length > 1)
  })

  for (const [before, after] of [
    [['video', 'audio'], ['video']],
    [['video'], ['video', 'audio']],
  ]) {
    test(`a new encoder sends ${after.join(' and ')} after ${before.join(' and ')}`, async () => {
      await begin({ stream: { kinds: before } })
      const page = await open()
      await until(page, atEdge)
      const { stream } = server.state
      stream.cut()
      await word(page).waitFor()
      stream.resume(after)
      const sound = after.includes('audio')
      await until(page, (s) => /mp4a/.test(s.codecs ?? '') === sound && plays(s) && s.behind < 1)
      await moves(page, await time(page))
    })
  }

  for (const lose of [false, true]) {
    const what = lose ? 'without its newest segment' : 'with all its segments'
    test(`the server is killed and comes back ${what}`, async (t) => {
      await begin()
      const page = await open()
      await until(page, atEdge)
      const { port, state } = server
      const { stream } = state
      state.stream.cut()
      await server.stop()
      await standing(page)
      await until(page, (s) => s.state === 'reconnecting')
      await page.getByText('The connection was lost').waitFor()
      await pause(4000)
      stream.restart({ lose })
      const asked = stream.requests
      server = await start({}, port)
      server.state.stream = stream
      await word(page).waitFor()
      await pause(3000)
      assert.ok(stream.requests - asked < 20, `${stream.requests - asked} requests`)
      const from = await standing(page)
      stream.resume()
      t.diagnostic(`the picture moves ${await moves(page, from)} ms after the encoder is back`)
      await word(page).waitFor({ state: 'hidden' })
      await until(page, (s) => atEdge(s) && plays(s))
      t.diagnostic(`joined ${joins.length} times`)
      assert.ok(await untouched(page))
    })
  }

  test('the encoder is back before the page sees the new server', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { port, state } = server
    state.stream.cut()
    await server.stop()
    const from = await standing(page)
    state.stream.restart({ lose: true })
    state.stream.resume()
    await pause(3000)
    server = await start({}, port)
    server.state.stream = state.stream
    await moves(page, from)
    await until(page, (s) => atEdge(s) && plays(s))
  })

  test('the channel is gone for a while, and back with another broadcast', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { state } = server
    state.scenario.gone = true
    state.stream.cut()
    await standing(page)
    await until(page, (s) => s.state === 'off-air')
    await pause(3000)
    const { Stream } = await import('./fixture/stream.mjs')
    state.stream = new Stream()
    state.scenario.gone = false
    await until(page, (s) => atEdge(s) && plays(s))
    assert.ok(await untouched(page))
  })

  test('parts that do not come are passed over for their whole segment', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    let whole = 0
    page.on('request', (r) => (whole += /video\/.*_\d+\.m4s$/.test(r.url()) ? 1 : 0))
    await page.route(/video\/[\d.-]+\.m4s$/, (route) => route.fulfill({ status: 404 }))
    await eventually('a whole segment', () => whole > 1)
    await moves(page, await time(page))
    await page.unrouteAll()
    await until(page, plays)
    await moves(page, await time(page))
  })

  const video = (page) =>
    page.evaluate(() => {
      const { videoWidth, readyState, paused, muted } = document.querySelector('video')
      return { videoWidth, shows: readyState >= HTMLMediaElement.HAVE_CURRENT_DATA, paused, muted }
    })

  // When it is lost decides how much of the newest segment is there: nothing of
  // it, only a key frame and hardly any sound beside it, or a good piece.
  for (const into of [0.05, 0.25, 0.45, 1.5]) {
    test(`an encoder lost ${into} s into a segment leaves the last picture`, async () => {
      await begin()
      const { stream } = server.state
      stream.cut(stream.began + 20 + into)
      const page = await open()
      await word(page).waitFor()
      await eventually('the last picture', async () => (await video(page)).shows)
      const from = await time(page)
      assert.ok(from > 20 + into - 1.2 && from < 20 + into, `at ${from}`)
    })
  }

  test('a page that is opened meanwhile shows the last picture and starts by itself', async (t) => {
    await begin()
    const { stream } = server.state
    stream.cut()
    const page = await open()
    await word(page).waitFor()
    await eventually('the last picture', async () => (await video(page)).shows)
    await pause(6000)
    assert.equal((await video(page)).videoWidth, 640)
    const from = await time(page)
    stream.resume()
    t.diagnostic(`the picture moves ${await moves(page, from)} ms later`)
    await word(page).waitFor({ state: 'hidden' })
    await until(page, (s) => atEdge(s) && plays(s))
    const { paused, muted } = await video(page)
    assert.deepEqual([paused, muted], [false, false])
  })

  test('when nobody comes back the page says so and has the recording', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { state } = server
    state.stream.cut()
    await word(page).waitFor()
    state.stream.end()
    state.scenario.live = false
    await page.getByText('The picture starts here by itself').waitFor()
    await page.getByText('2 hours ago').waitFor()
  })

  test('the embedded player and the home page say it, too', async () => {
    await begin()
    const page = await open('/embed/@demo')
    await until(page, atEdge)
    server.state.stream.cut()
    await word(page).waitFor()
    const home = await open('/')
    await home.getByText('Interrupted', { exact: true }).waitFor()
    const from = await time(page)
    server.state.stream.resume()
    await moves(page, from)
    await word(page).waitFor({ state: 'hidden' })
  })

  test('without the code of the deep buffer it stays with the engine that it has', async () => {
    await begin()
    let refused = 0
    await context.route('**/assets/hls-*.js', (route) => {
      refused++
      return route.abort()
    })
    const page = await open('/@demo', { bothEngines: true })
    await until(page, atEdge)
    const { stream } = server.state
    for (let i = 1; refused === 0; i++) {
      assert.ok(i <= 6, 'it stalled often enough to want the other engine')
      const { stalls } = await until(page, plays)
      stream.freeze()
      await until(page, (s) => s.stalls > stalls)
      stream.thaw()
      await moves(page, await time(page))
    }
    await until(page, (s) => s.engine === 'low-latency' && plays(s))
    await moves(page, await time(page))
  })

  describe('with the deep buffer', () => {
    const smooth = async (path) => {
      await begin()
      await context.addInitScript(() => localStorage.setItem('rostrum.latency', 'smooth'))
      const page = await open(path, { bothEngines: true })
      await until(page, (s) => s.engine === 'hls.js' && s.decoded > 15)
      return page
    }

    test('the encoder is lost and comes back', async (t) => {
      const page = await smooth()
      const { stream } = server.state
      stream.cut()
      const from = await standing(page)
      await word(page).waitFor()
      await pause(4000)
      stream.resume()
      t.diagnostic(`the picture moves ${await moves(page, from)} ms later`)
      await word(page).waitFor({ state: 'hidden' })
      assert.equal((await stats(page)).engine, 'hls.js')
    })

    test('the server is killed and comes back', async (t) => {
      const page = await smooth()
      const { port, state } = server
      state.stream.cut()
      await server.stop()
      await standing(page)
      await pause(8000)
      state.stream.restart()
      server = await start({}, port)
      server.state.stream = state.stream
      await word(page).waitFor()
      const from = await standing(page)
      state.stream.resume()
      t.diagnostic(`the picture moves ${await moves(page, from)} ms later`)
      await word(page).waitFor({ state: 'hidden' })
      assert.ok(await untouched(page))
    })

    test('the code of the engine comes late', async () => {
      await begin()
      await context.addInitScript(() => localStorage.setItem('rostrum.latency', 'smooth'))
      let refused = 0
      await context.route('**/assets/hls-*.js', (route) =>
        refused++ < 2 ? route.abort() : route.continue(),
      )
      const page = await open('/@demo', { bothEngines: true })
      await until(page, (s) => s.engine === 'hls.js' && s.decoded > 15)
      assert.equal(refused, 3)
    })

    test('the channel is gone for a while', async () => {
      const page = await smooth()
      const { scenario } = server.state
      scenario.gone = true
      await until(page, (s) => s.state === 'off-air')
      scenario.gone = false
      await until(page, (s) => plays(s) && s.decoded > 15)
      await moves(page, await time(page))
    })
  })
})
