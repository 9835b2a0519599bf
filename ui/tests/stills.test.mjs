// Pictures of what is on air and of recordings, in a real browser.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell, until } from './browser.mjs'
import { scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

describe('stills', () => {
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

  async function open(t, path, over = {}, before = async () => {}) {
    server.state.scenario = scenario(over)
    server.state.stream = new Stream()
    const context = await browser.newContext({ locale: 'en-GB' })
    t.after(() => context.close())
    const page = await context.newPage()
    await before(page)
    await page.goto(server.url + path)
    return page
  }

  /** The pictures that are to be seen, by their addresses. */
  const seen = (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('article img')]
        .filter((i) => i.naturalWidth > 0 && getComputedStyle(i).visibility === 'visible')
        .map((i) => new URL(i.src).pathname + new URL(i.src).search),
    )
  const waitFor = async (what, good) => {
    for (const limit = Date.now() + 45_000; !(await good());) {
      if (Date.now() > limit) throw new Error(`${what} did not come true`)
      await new Promise((r) => setTimeout(r, 50))
    }
  }
  const live = async (page) => (await seen(page)).find((a) => a.startsWith('/live/'))

  test('those of live cards move on while the page is seen, and are never gone', async (t) => {
    const page = await open(t, '/', {}, (p) => p.clock.install())
    await waitFor('both pictures', async () => (await seen(page)).length === 2)
    const first = await live(page)
    assert.match(first, /^\/live\/demo\/preview\.jpg\?at=\d+$/)
    assert.ok((await seen(page)).includes('/vod/r1/cover.jpg'))
    await page.evaluate(() => {
      globalThis.gaps = 0
      const img = document.querySelector('article img')
      new MutationObserver(() => (globalThis.gaps += img.complete ? 0 : 1)).observe(img, {
        attributeFilter: ['src'],
      })
    })
    await page.clock.fastForward(10_000)
    await waitFor('another', async () => ![first, undefined].includes(await live(page)))
    assert.equal(await page.evaluate(() => globalThis.gaps), 0)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })
    })
    const asked = server.state.scenario.stills
    await page.clock.fastForward(60_000)
    assert.equal(server.state.scenario.stills, asked, 'nobody looks')
  })

  test('where there is none the name stays, and a later one takes its place', async (t) => {
    const page = await open(t, '/', { noStill: true }, (p) => p.clock.install())
    await waitFor('the cover alone', async () => (await seen(page)).length === 1)
    assert.equal(await live(page), undefined)
    server.state.scenario.noStill = false
    await waitFor('one that comes later', async () => {
      await page.clock.fastForward(10_000)
      return (await live(page)) !== undefined
    })
  })

  test('what is for adults shows none to who has not said so', async (t) => {
    const page = await open(t, '/')
    server.state.scenario.channel.words.mature = true
    await page.reload()
    await page.getByText('Latest recordings').waitFor()
    await page.locator('article').nth(1).waitFor()
    assert.equal(await page.locator('article img').count(), 0)
  })

  test('the bar of a recording shows what is under the pointer', async (t) => {
    const page = await open(t, '/v/r1')
    await until(page, (s) => s.decoded > 0)
    assert.match(await page.locator('video').getAttribute('poster'), /\/vod\/r1\/cover\.jpg$/)
    const bar = page.locator('media-time-range')
    await waitFor('the last of its tiles', async () => {
      await page.mouse.move(300, 200) // the controls come back
      const { x, y, width, height } = await bar.boundingBox()
      await page.mouse.move(x + width * 0.9, y + height / 2)
      const tile = '/vod/r1/storyboard-0.jpg#xywh=480,0,160,90'
      return (await bar.getAttribute('mediapreviewimage'))?.endsWith(tile)
    })
    const thumbnail = page.locator('media-time-range media-preview-thumbnail')
    const { width, height } = await thumbnail.boundingBox()
    assert.ok(width > 100 && height > 50, `a tile of ${width} × ${height} px`)
  })
})
