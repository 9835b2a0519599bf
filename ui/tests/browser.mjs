// A real Chromium for the tests and the screenshots.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--autoplay-policy=no-user-gesture-required',
]

const WHOLE = '/usr/bin/chromium'
/** The same engine without a browser around it: a page with a context of its own takes a fifth of the work. */
const SHELL = '/usr/bin/chromium-headless-shell'

/** Starts the system's Chromium, in which sound needs no gesture. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? WHOLE, args: FLAGS })
}

/** Starts the engine alone where there is one, for what needs no more: it knows no notifications. */
export function launchShell() {
  return existsSync(SHELL) && !process.env.CHROMIUM
    ? chromium.launch({ executablePath: SHELL, args: FLAGS })
    : launch()
}

/**
 * Keeps the other engine's code from a page or a context: on a machine too busy
 * to play evenly the player would give way to it.
 */
export function keepEngine(where) {
  return where.route('**/assets/hls-*.js', (route) => route.abort())
}

/** The statistics of a page's player, null while there is none. */
export function stats(page) {
  return page.evaluate(() => {
    const player = document.querySelector('[data-player]')
    return player?.stats ?? null
  })
}

/** Waits until `good` is true of the player's statistics and returns them; throws after `ms`. */
export async function until(page, good, ms = 45_000) {
  const limit = Date.now() + ms
  let last = null
  while (Date.now() < limit) {
    last = await stats(page)
    if (last && good(last)) return last
    await page.waitForTimeout(50)
  }
  throw new Error(`after ${ms} ms the player says ${JSON.stringify(last)}`)
}
