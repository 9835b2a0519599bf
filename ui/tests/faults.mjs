// What is held against every page in every state.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

/** Phone and desktop, light and dark. */
const LOOKS = [
  { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
]

/**
 * Tests each state in every look: it is shown once, and then looked at. `show`
 * brings a page there; `refusals` are statuses that belong to the states, and
 * `locale` is what the browser's owner speaks. They share one tab, whose process
 * has compiled the code by then; a state that fails takes the tab with it.
 */
export function testStates(states, { browser, refusals, show, locale = 'en-GB' }) {
  describe('states', () => {
    let context
    let tab = null
    before(async () => {
      context = await browser().newContext({
        ...LOOKS[0],
        locale,
        reducedMotion: 'reduce',
      })
    })
    after(() => context.close())

    for (const [i, state] of states.entries()) {
      test(state.name, async (t) => {
        const page = tab ?? (await context.newPage())
        tab = null
        let sound = false
        t.after(async () => {
          if (!sound) return page.close()
          await emptied(page)
          tab = page
        })
        const complaints = complaintsOf(page, refusals)
        await show(page, state)
        for (const look of LOOKS) {
          await page.setViewportSize(look.viewport)
          await page.emulateMedia({ colorScheme: look.colorScheme })
          await drawn(page)
          await page.getByText(state.see).first().waitFor()
          // What is wrong with the structure shows on the phone, but for what only the
          // desktop has: of that every third state is asked.
          const rules = look === LOOKS[0] || i % 3 === 0 ? null : ['color-contrast']
          await assertSound(page, rules, `at ${look.viewport.width} px, ${look.colorScheme}`)
        }
        assert.deepEqual(complaints, [])
        sound = true
      })
    }
  })
}

/** Waits until a page has heard of another size and scheme: both are told with a frame. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))

/** A page as a new tab would be: nothing kept, nobody listening. */
async function emptied(page) {
  page.removeAllListeners('pageerror')
  page.removeAllListeners('console')
  await page.unrouteAll()
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  // By way of another document, as a step to the same address would not load it anew.
  await page.goto('about:blank')
  await page.setViewportSize(LOOKS[0].viewport)
  await page.emulateMedia({ colorScheme: LOOKS[0].colorScheme })
}

/** Collects what a page's console complains of, from now on. */
function complaintsOf(page, refusals) {
  const complaints = []
  page.on('pageerror', (e) => complaints.push(e.message))
  page.on('console', (m) => {
    const status = /status of (\d+)/.exec(m.text())?.[1]
    if (m.type() === 'error' && !refusals.includes(Number(status))) complaints.push(m.text())
  })
  return complaints
}

/** Nothing for axe to find by those rules, or by all, and nothing wider than the screen. */
async function assertSound(page, rules, look) {
  if (!(await page.evaluate(() => 'axe' in globalThis)))
    await page.addScriptTag({ url: '/test/axe.js' }) // of the fixture
  const { violations } = await page.evaluate(
    (runOnly) =>
      globalThis.axe.run({
        preload: false,
        resultTypes: ['violations'],
        ...(runOnly ? { runOnly } : {}),
      }),
    rules,
  )
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`)
  assert.deepEqual(found, [], look)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= page.viewportSize().width, `the page is ${width} px wide ${look}`)
}
