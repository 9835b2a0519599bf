// Following channels, and being told of them: the pages in their states, and the
// ways through them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launch } from './browser.mjs'
import { testStates } from './faults.mjs'
import { follows } from './fixture/follow.mjs'
import { people, person } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'

const owner = () => ({
  ...person('bob'),
  channels: [{ name: 'demo', title: 'Demo', place: 'owner', live: true }],
})
const button = (page, name) => page.getByRole('button', { name, exact: true })
const LIVE = {
  type: 'live',
  channel: 'strings',
  title: 'Strings and demons',
  broadcastId: 'b7',
  broadcastTitle: 'An evening of études',
  at: 0,
}

const STATES = [
  { name: 'following', path: '/following', follows: { names: ['strings', 'demo'] }, see: 'LIVE' },
  { name: 'following nothing', path: '/following', see: 'You follow no channel yet' },
  {
    name: 'a channel, with its bell and a note',
    path: '/@demo/about',
    follows: { names: ['demo', 'strings'], rule: { ...follows().rule, mail_works: false } },
    do: async (page, say) => {
      await button(page, 'How you hear of demo').click()
      say(LIVE)
      await page.getByText('Strings and demons is live').waitFor()
    },
    see: 'This site sends no mail.',
  },
  {
    name: 'a channel, and an address that is not confirmed',
    path: '/@demo/about',
    follows: { names: ['demo'], rule: { ...follows().rule, address_confirmed: false } },
    do: (page) => button(page, 'How you hear of demo').click(),
    see: 'No letter comes before you have confirmed your e-mail address.',
  },
  {
    name: 'a channel that has blocked its viewer',
    path: '/@demo/about',
    follows: { blocked: true },
    see: 'The people of this channel have blocked you.',
  },
  { name: 'notifications', path: '/account/notifications', see: 'Turn on notifications' },
  { name: 'followers', path: '/dashboard/@demo/followers', see: '@mallory' },
  { name: 'letters', path: '/unsubscribe?token=x', see: 'No letters about Demo' },
  {
    name: 'letters, a broken link',
    path: '/unsubscribe?token=x',
    follows: { letters: false },
    see: 'This link is not whole',
  },
  {
    name: 'a webhook for Matrix',
    path: '/dashboard/@demo/webhooks',
    do: (page) => page.getByLabel('Form', { exact: true }).selectOption('matrix'),
    see: 'Access token',
  },
]

describe('following', () => {
  let server
  let browser
  before(async () => {
    server = await start()
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await server.stop()
  })

  const scene = ({ me = owner, follows: over = {} } = {}) => {
    const f = follows(over)
    server.state.scenario = scenario({ people: people({ me: me?.() ?? null }), follows: f })
    return f
  }
  /** Tells all pages that listen, once one does. */
  const say = async (f, event) => {
    for (let n = 0; f.pages.size === 0 && n < 1000; n++) await new Promise((r) => setTimeout(r, 10))
    assert.notEqual(f.pages.size, 0, 'a page listens')
    for (const page of f.pages) page.send(event)
  }
  const open = async (t, path, options = {}) => {
    const context = await browser.newContext({
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(server.url + path)
    return page
  }

  testStates(STATES, {
    browser: () => browser,
    refusals: [404],
    async show(page, state) {
      const f = scene(state)
      await page.goto(server.url + state.path)
      await state.do?.(page, (event) => void say(f, event))
    },
  })

  test('who is nobody signs in, comes back, and follows', async (t) => {
    const f = scene({ me: null })
    const page = await open(t, '/@demo')
    await page.getByText('1,233 followers').waitFor()
    await page.getByRole('link', { name: 'Follow demo' }).click()
    await page.waitForURL('**/sign-in?to=%2F%40demo')
    await page.getByLabel('Name or e-mail address').fill('bob')
    await page.getByLabel('Password', { exact: true }).fill('a secret')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/@demo')
    await button(page, 'Following demo: stop').waitFor()
    assert.deepEqual(f.names, ['demo'])
    await page.getByText('1,234 followers').waitFor()

    // Once: who comes again is asked nothing and follows nothing.
    await button(page, 'Following demo: stop').click()
    await button(page, 'Follow demo').waitFor()
    await page.reload()
    await button(page, 'Follow demo').waitFor()
    assert.deepEqual(f.names, [])
  })

  test('how one hears is chosen by keyboard', async (t) => {
    const f = scene({ follows: { names: ['demo'] } })
    const page = await open(t, '/@demo')
    const bell = button(page, 'How you hear of demo')
    await bell.focus()
    await page.keyboard.press('Enter')
    const mail = page.getByLabel('By mail')
    await mail.waitFor()
    assert.equal(await mail.isChecked(), false)
    await mail.focus()
    await page.keyboard.press('Space')
    await page.waitForFunction(() => document.querySelector('fieldset input:checked ~ span'))
    for (let n = 0; f.ways.mail === null && n < 1000; n++) await page.waitForTimeout(10)
    assert.deepEqual(f.ways, { page: null, push: null, mail: true })
    await page.keyboard.press('Escape')
    await mail.waitFor({ state: 'hidden' })
    assert.equal(await bell.evaluate((e) => e === document.activeElement), true)
  })

  test('a note of a channel that goes live leads there, is said once, and not on its own page', async (t) => {
    const f = scene({ follows: { names: ['demo', 'strings'] } })
    const page = await open(t, '/following', { viewport: { width: 1280, height: 800 } })
    await page.getByRole('navigation', { name: 'Channels you follow' }).waitFor()
    await say(f, { type: 'something else' })
    for (const event of [LIVE, LIVE]) await say(f, event)
    const region = page.getByRole('region', { name: 'What happened just now' })
    await region.getByRole('link', { name: 'Strings and demons is live' }).waitFor()
    assert.equal(await region.getByRole('link').count(), 1)
    await region.getByRole('button', { name: 'Dismiss' }).click()
    await region.getByRole('link').waitFor({ state: 'hidden' })

    const demo = { ...LIVE, channel: 'demo', title: 'Demo', broadcastId: 'b8' }
    await say(f, demo)
    await region.getByRole('link', { name: 'Demo is live' }).click()
    await page.waitForURL('**/@demo')
    await say(f, { ...demo, broadcastId: 'b9' })
    await say(f, { ...LIVE, broadcastId: 'b10' })
    await region.getByRole('link', { name: 'Strings and demons is live' }).waitFor()
    assert.equal(await region.getByRole('link').count(), 1, 'none of the page that is shown')
  })

  test('a follower is blocked, and let in again', async (t) => {
    const f = scene()
    const page = await open(t, '/dashboard/@demo/followers')
    await button(page, 'Block vera').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await button(page, 'Unblock vera').waitFor()
    assert.deepEqual(f.followers, ['marie', 'otto'])
    await button(page, 'Unblock mallory').click()
    await button(page, 'Unblock mallory').waitFor({ state: 'hidden' })
    assert.deepEqual(f.barred, ['vera'])
  })
})
