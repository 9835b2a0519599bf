// What is held against every page in every state.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Phone and desktop, light and dark. */
export const LOOKS = [
  { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
]

/** Collects what a page's console complains of, from now on. `refusals` are statuses that belong to the state. */
export function complaintsOf(page, refusals) {
  const complaints = []
  page.on('pageerror', (e) => complaints.push(e.message))
  page.on('console', (m) => {
    const status = /status of (\d+)/.exec(m.text())?.[1]
    if (m.type() === 'error' && !refusals.includes(Number(status))) complaints.push(m.text())
  })
  return complaints
}

/** Nothing for axe to find, and nothing wider than the screen. */
export async function assertSound(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => globalThis.axe.run())
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`)
  assert.deepEqual(found, [])
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= page.viewportSize().width, `the page is ${width} px wide`)
}
