// The player in a real browser, against a live LL-HLS stream.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { keepEngine, launch, stats, until } from './browser.mjs'
import { start } from './fixture/server.mjs'

let server
let browser

const open = async (path = '/@demo', { bothEngines = false } = {}) => {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } })
  if (!bothEngines) await keepEngine(page)
  await page.goto(server.url + path)
  return page
}

/** Counts the frames of the page that show the picture of a moment ago, and those that show none. */
const watchPicture = (page) =>
  page.evaluate(() => {
    const video = document.querySelector('video')
    const held = document.querySelector('[data-player] canvas')
    const seen = (window.seen = { held: 0, none: 0, colours: 0 })
    const look = () => {
      if (!held.hidden && held.checkVisibility()) {
        const { data } = held.getContext('2d').getImageData(0, 0, held.width, held.height)
        seen.held++
        seen.colours = new Set(new Uint32Array(data.buffer)).size
      } else if (video.readyState < 2) seen.none++
      requestAnimationFrame(look)
    }
    look()
  })

/** Makes the page believe that it is hidden, or seen again. */
const hide = (page, hidden) =>
  page.evaluate((h) => {
    Object.defineProperty(document, 'hidden', { get: () => h, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)

const begin = async (over = {}) => {
  server = await start(over)
}

const atEdge = (s) => s.engine === 'low-latency' && s.decoded > 15 && s.behind < 1
const eventually = async (what, good, ms = 45_000) => {
  const limit = Date.now() + ms
  while (!(await good())) {
    if (Date.now() > limit) throw new Error(`${what} did not come true in ${ms} ms`)
    await new Promise((r) => setTimeout(r, 50))
  }
}

describe('player', () => {
  before(async () => (browser = await launch()))
  after(() => browser.close())
  afterEach(async () => {
    for (const c of browser.contexts()) await c.close()
    await server?.stop()
    server = null
  })

  test('plays the live edge with one held request, never slower than life', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const s = await until(page, (now) => now.latency !== null && now.decoded > 150)
    assert.ok(s.latency < 5 && s.latency > 0.1, `latency ${s.latency}`)
    assert.ok(s.rate >= 1)
    assert.ok(s.startup > 0)
    assert.equal(s.width, 640)
    assert.ok(s.bitrate > 300_000)
    assert.equal(server.state.stream.mostHeld, 1)
    const told = server.state.scenario.beacons
    await eventually('the player told how it plays', () => told.length > 0)
    const [word] = told
    assert.match(word.viewing, /^[0-9a-f]{32}$/)
    assert.equal(word.height, s.height)
    assert.ok(word.startup_ms > 0 && word.played_ms > 1000 && word.latency_ms > 0)
    assert.equal(word.ended, false)
    await page.goto(`${server.url}/legal/terms`)
    await eventually('it said good-bye', () => told.at(-1).ended)
    assert.equal(told.at(-1).viewing, word.viewing)
  })

  for (const kind of ['video', 'audio']) {
    test(`plays ${kind} alone`, async () => {
      await begin({ stream: { kinds: [kind] } })
      const page = await open()
      await until(page, (s) => s.engine === 'low-latency' && s.buffer > 0.05 && s.behind < 1)
      const time = () => page.evaluate(() => document.querySelector('video').currentTime)
      const before = await time()
      await eventually('playing', async () => (await time()) > before + 1)
    })
  }

  test('loads the stream afresh when a track comes late', async () => {
    await begin({ stream: { kinds: ['video'] } })
    const page = await open()
    await until(page, atEdge)
    const { stream } = server.state
    const { rendition } = await import('./fixture/clip.mjs')
    stream.renditions.set('audio', rendition('audio'))
    stream.kinds = ['video', 'audio']
    await until(page, (s) => /mp4a/.test(s.codecs ?? '') && s.decoded > 15)
  })

  test('a hidden, silent page stops asking and comes back at the edge', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    await page.evaluate(() => (document.querySelector('video').muted = true))
    await hide(page, true)
    await until(page, (s) => s.state === 'asleep' && s.waiting === 0)
    await eventually('no held request', () => server.state.stream.held === 0)
    const asked = (await stats(page)).requests
    await page.waitForTimeout(1000) // long enough for five parts: asking would show
    assert.equal((await stats(page)).requests, asked)
    await hide(page, false)
    await until(page, (s) => s.state === 'playing' && s.behind < 1 && s.buffer > 0.05)
    await eventually('playing on', () =>
      page.evaluate(() => !document.querySelector('video').paused),
    )
  })

  test('four tabs play at once over six connections; hidden ones hold none', async () => {
    await begin()
    const context = await browser.newContext()
    await keepEngine(context)
    const pages = []
    for (let i = 0; i < 4; i++) {
      const page = await context.newPage()
      await page.goto(`${server.url}/@demo`)
      await page.evaluate(() => (document.querySelector('video') ?? {}).muted)
      pages.push(page)
    }
    for (const page of pages) await until(page, atEdge)
    assert.ok(server.state.stream.mostHeld <= 4)
    for (const page of pages.slice(1)) {
      await page.evaluate(() => (document.querySelector('video').muted = true))
      await hide(page, true)
    }
    for (const page of pages.slice(1)) await until(page, (s) => s.state === 'asleep')
    await eventually('one held request', () => server.state.stream.held <= 1)
    await until(pages[0], atEdge)
  })

  test('comes back by itself after the server was away', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    const { port, state } = server
    await server.stop()
    await until(page, (s) => s.state === 'reconnecting')
    await page.getByText('The connection was lost').waitFor()
    server = await start({}, port)
    server.state.stream = state.stream
    await until(page, (s) => s.state === 'playing' && s.behind < 1 && s.buffer > 0.05)
  })

  test('joins afresh when one rendition does not come though the stream goes on', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    let held = null
    const time = () => page.evaluate(() => document.querySelector('video').currentTime)
    await page.route('**/media/b1/audio/*.m4s', async (route) => {
      if (held) return route.continue()
      held = { url: route.request().url(), answered: false }
      page.on('requestfinished', (r) => (held.answered ||= r.url() === held.url))
    })
    const joins = []
    page.on(
      'request',
      (r) => new URL(r.url()).pathname.endsWith('/index.m3u8') && joins.push(r.url()),
    )
    await eventually('another join', () => joins.length > 0)
    assert.equal(held.answered, false, 'the piece that was held did not come')
    const before = await time()
    await eventually('playing', async () => (await time()) > before + 1)
    await until(page, atEdge)
  })

  test('waits while the channel is off air and plays when it is back', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    server.state.stream.end()
    await until(page, (s) => s.state === 'ended')
    server.state.scenario.live = false
    await page.getByText('The picture starts here by itself').waitFor()
    const { Stream } = await import('./fixture/stream.mjs')
    server.state.stream = new Stream()
    server.state.scenario.live = true
    await until(page, atEdge)
  })

  test('going back shows how far, and l returns to the edge', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    await until(page, (s) => s.decoded > 240) // eight seconds to go back in
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('button', { name: 'behind the broadcast' }).waitFor()
    assert.equal((await stats(page)).engine, 'low-latency')
    assert.equal((await stats(page)).rate, 1)
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'At the live edge' }).waitFor()
    await until(page, atEdge)
  })

  test('after a pause it goes on where it was, and l returns to the edge', async () => {
    await begin()
    const page = await open()
    await until(page, atEdge)
    await page.keyboard.press('k')
    await until(page, (s) => s.buffer > 4)
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'behind the broadcast' }).waitFor()
    assert.ok((await stats(page)).behind > 2)
    await page.keyboard.press('l')
    await until(page, atEdge)
  })

  test('going back beyond the buffer is hls.js, and l returns to the edge', async () => {
    await begin({ stream: { behind: 40 } })
    const page = await open('/@demo', { bothEngines: true })
    await until(page, atEdge)
    await page.keyboard.press('0')
    await until(page, (s) => s.engine === 'hls.js' && s.behind > 15 && s.buffer > 0.5)
    await page.keyboard.press('l')
    await until(page, atEdge)
  })

  test('the bar goes back to where the live list does not reach, by delta updates', async () => {
    await begin({ stream: { behind: 300 } })
    const { stream } = server.state
    const page = await open('/@demo', { bothEngines: true })
    await until(page, atEdge)
    const bar = page.getByRole('slider', { name: 'Rewind' })
    await eventually('the reach', async () => Number(await bar.getAttribute('min')) < -295)
    assert.equal(await bar.getAttribute('aria-valuetext'), 'Live')
    assert.equal(stream.wholes, 0, 'nobody rewinds')

    const box = await bar.boundingBox()
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
    await page.getByText(/^−3:\d\d$/).waitFor()
    await watchPicture(page)
    await page.mouse.down()
    await page.mouse.up()
    const far = (s) => s.engine === 'hls.js' && s.buffer > 0.5 && s.behind > 190 && s.behind < 215
    const there = await until(page, (s) => far(s) && s.latency !== null)
    assert.ok(Math.abs(there.latency - there.behind) < 5, 'the moment that was pointed at')
    const seen = await page.evaluate(() => window.seen)
    assert.ok(seen.held > 0, 'the picture is held while the engine changes')
    assert.ok(seen.colours > 100, `a picture of ${seen.colours} colours`)
    assert.equal(seen.none, 0, 'the picture is never black')
    await page.getByRole('button', { name: 'behind the broadcast' }).waitFor()
    assert.match(await bar.getAttribute('aria-valuetext'), /^−3:\d\d, \d/)
    await eventually('delta updates', () => stream.deltas > 3)

    await page.keyboard.press('ArrowLeft') // on the bar, which has the focus
    await until(page, (s) => far({ ...s, behind: s.behind - 3 }))
    await page.keyboard.press('0')
    await until(page, (s) => s.engine === 'hls.js' && s.buffer > 0.5 && s.behind > 285)
    await page.keyboard.press('l')
    await until(page, atEdge)
    assert.ok(stream.wholes < 6, `${stream.wholes} whole lists`)
  })

  test('gives way to hls.js when it stalls again and again', async () => {
    await begin()
    const page = await open('/@demo', { bothEngines: true })
    await until(page, atEdge)
    for (let i = 1; i <= 3; i++) {
      await until(page, (s) => s.behind < 0.5 && s.buffer < 1)
      server.state.stream.freeze()
      await until(page, (s) => s.stalls >= i)
      server.state.stream.thaw()
    }
    await until(page, (s) => s.engine === 'hls.js' && s.state === 'playing')
  })

  test('a viewer can choose the deep buffer, and it is remembered', async () => {
    await begin()
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${server.url}/@demo`)
    await until(page, atEdge)
    await page.mouse.move(200, 200)
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('Smooth').check()
    await until(page, (s) => s.engine === 'hls.js' && s.decoded > 15 && s.bitrate > 0)
    await page.reload()
    await until(page, (s) => s.engine === 'hls.js' && s.decoded > 15)
  })

  test('plays a recording, at another speed and from another place', async () => {
    await begin()
    const page = await open('/v/r1', { bothEngines: true })
    await until(page, (s) => s.engine === 'hls.js' && s.decoded > 15)
    await page.keyboard.press('5')
    await eventually('seeking', () =>
      page.evaluate(() => document.querySelector('video').currentTime > 7.5),
    )
    await page.mouse.move(200, 200)
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('1.5×').check()
    await until(page, (s) => s.rate === 1.5)
  })

  test('says that a recording is gone', async () => {
    await begin()
    const page = await open('/v/r2', { bothEngines: true }) // listed, but its media is not there
    await page.getByText('This recording was removed.').waitFor()
  })

  test('without leave for sound it begins muted and offers it', async () => {
    await begin()
    const page = await browser.newPage()
    await keepEngine(page)
    // Whatever a test asks of a page counts as a gesture there, so the rule is put up by hand.
    await page.addInitScript(() => {
      const { play } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.play = function () {
        const allowed = this.muted || globalThis.gesture
        return allowed ? play.call(this) : Promise.reject(new DOMException('', 'NotAllowedError'))
      }
      addEventListener('click', () => (globalThis.gesture = true), true)
    })
    await page.goto(`${server.url}/@demo`)
    await until(page, atEdge)
    const muted = () => page.evaluate(() => document.querySelector('video').muted)
    assert.equal(await muted(), true)
    await page.getByRole('button', { name: 'Tap for sound' }).click()
    assert.equal(await muted(), false)
    await until(page, atEdge)
  })

  test('volume and mute are kept', async () => {
    await begin()
    const context = await browser.newContext()
    await keepEngine(context)
    const page = await context.newPage()
    await page.goto(`${server.url}/@demo`)
    await until(page, atEdge)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('m')
    const sound = () =>
      page.evaluate(() => {
        const { volume, muted } = document.querySelector('video')
        return { volume: Math.round(volume * 100), muted }
      })
    assert.deepEqual(await sound(), { volume: 95, muted: true })
    const stored = () =>
      page.evaluate(() => ['volume', 'muted'].map((k) => localStorage.getItem(`rostrum.${k}`)))
    await eventually('storing', async () => (await stored()).join() === '0.95,true')
    await page.reload()
    await until(page, atEdge)
    assert.deepEqual(await sound(), { volume: 95, muted: true })
  })
})
