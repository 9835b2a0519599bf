// Takes every page, phone and desktop, light and dark, from a running server.
//
//   node scripts/screenshots.mjs [URL] [FOLDER] [ONLY]
//
// URL is http://127.0.0.1:8080, FOLDER docs/screenshots, if not given; ONLY is
// a regular expression of the files that are wanted. Pages of people and their
// channels are shown by the fixture's server; other states that a server on air
// does not have are made by answering the API here.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launch, until } from '../tests/browser.mjs'
import { people, person, unconfirmed } from '../tests/fixture/people.mjs'
import { scenario, start } from '../tests/fixture/server.mjs'
import { Stream } from '../tests/fixture/stream.mjs'
import { channelShots } from './channelshots.mjs'
import { roomShots } from './roomshots.mjs'

const base = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const folder = process.argv[3] ?? fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const only = new RegExp(process.argv[4] ?? '')
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
const EMPTY = { items: [], next: null }

const api = async (path) => (await fetch(`${base}/api/v1${path}`)).json()

/** Answers an API path with `body` in this page. */
const faked = (path, body, status = 200) => ({
  path: `**/api/v1${path}`,
  answer: { status, json: body },
})

/** The pages of people, as `me` sees them. */
const personal = (file, path, me, { refuse = {}, act, ...over } = {}) => ({
  file,
  path,
  act,
  scene: () => scenario({ people: people({ me, refuse }), ...over }),
})

function peoplePages() {
  const alice = person('alice', 'admin')
  const press = (name) => (page) =>
    page.getByRole('main').getByRole('button', { name, exact: true }).first().click()
  return [
    personal('setup', '/setup#setup_mmmm', null, { setup: true }),
    personal('sign-in', '/sign-in', null, { signUp: 'open' }),
    personal('sign-in-refused', '/sign-in', null, {
      refuse: { 'POST /sessions': 'signInFailed' },
      async act(page) {
        await page.getByLabel('Name or e-mail address').fill('alice')
        await page.getByLabel('Password', { exact: true }).fill('wrong')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').waitFor()
      },
    }),
    personal('sign-up', '/sign-up#invite_mmmm', null, { signUp: 'invitation' }),
    personal('sign-up-wrong', '/sign-up', null, {
      signUp: 'open',
      act: press('Make the account'),
    }),
    personal('sign-up-closed', '/sign-up', null, { signUp: 'closed' }),
    personal('reset', '/reset#reset_mmmm', null),
    personal('confirm', '/confirm#confirm_mmmm', null),
    personal('account', '/account', alice),
    personal(
      'account-unconfirmed',
      '/account',
      { ...person('bob'), ...unconfirmed(3) },
      { mail: true },
    ),
    personal('account-menu', '/account', alice, {
      act: (page) => page.getByRole('button', { name: 'Your account' }).click(),
    }),
    personal('account-security', '/account/security', alice),
    personal('account-sessions', '/account/sessions', alice),
    personal('account-sessions-end', '/account/sessions', alice, {
      act: press('End: Safari on iPhone'),
    }),
    personal('account-tokens', '/account/tokens', alice),
    personal('account-token-made', '/account/tokens', alice, {
      async act(page) {
        await page.getByLabel('Label', { exact: true }).fill('Backup')
        await press('Make a token')(page)
        await page.getByText('The new token').waitFor()
        await page.mouse.move(0, 0)
      },
    }),
    personal('admin-users', '/admin', alice, { mail: true }),
    personal('admin-invitations', '/admin/invitations', alice),
    personal('admin-storage', '/admin/storage', alice),
    personal('admin-settings', '/admin/settings', alice),
    personal('admin-log', '/admin/log', alice),
  ]
}

async function pages() {
  const channel = (await api('/live')).items?.[0]
  const recording = (await api('/broadcasts')).items?.find((b) => b.recorded && b.ended_at)
  const name = channel?.name ?? 'demo'
  const offAir = { ...(await api(`/channels/${name}`)), live: null }
  const info = await api('/server')
  const lost = channel && {
    ...channel,
    live: {
      ...channel.live,
      state: 'interrupted',
      interrupted_at: new Date(Date.now() - 8000).toISOString(),
      reconnect_until: new Date(Date.now() + 600_000).toISOString(),
    },
  }
  return [
    { file: 'home', path: '/' },
    lost && {
      file: 'home-interrupted',
      path: '/',
      fakes: [faked('/live', { items: [lost], next: null })],
    },
    { file: 'home-empty', path: '/', fakes: [faked('/live', EMPTY), faked('/broadcasts', EMPTY)] },
    { file: 'home-open', path: '/', fakes: [faked('/server', { ...info, open: 'private' })] },
    { file: 'home-trouble', path: '/', fakes: [faked('/live', { title: 'Unavailable' }, 503)] },
    channel && { file: 'channel-live', path: `/@${name}`, plays: true },
    channel && { file: 'channel-menu', path: `/@${name}`, plays: true, menu: true },
    channel && { file: 'channel-rewind', path: `/@${name}`, plays: true, back: true },
    lost && { file: 'channel-interrupted', path: `/@${name}`, plays: true, lost },
    channel && { file: 'embed', path: `/embed/@${name}`, plays: true },
    { file: 'channel-off-air', path: `/@${name}`, fakes: [faked(`/channels/${name}`, offAir)] },
    recording && { file: 'recording', path: `/v/${recording.id}`, plays: true },
    {
      file: 'home-setup',
      path: '/',
      fakes: [
        faked('/live', EMPTY),
        faked('/broadcasts', EMPTY),
        faked('/server', { ...info, setup: true }),
      ],
    },
    { file: 'not-found', path: '/no/such/page' },
    ...peoplePages(),
    ...channelShots(),
    ...roomShots,
  ].filter(Boolean)
}

async function take(page, shot, suffix) {
  const { file, path, scene, fakes = [], plays, menu, back, lost, act } = shot
  for (const { path: p, answer } of fakes) await page.route(p, (r) => r.fulfill(answer))
  if (scene) {
    fixture.state.scenario = scene()
    fixture.state.stream = new Stream()
  }
  await page.goto((scene ? fixture.url : base) + path)
  await page.locator('h1').first().waitFor({ state: 'attached' })
  if (plays) {
    await until(page, (s) => s.decoded > 30, 30_000)
    await page.mouse.move(200, 200)
  } else {
    await page.waitForLoadState('networkidle')
    for (const wait of await page.getByText('Loading…').all())
      await wait.waitFor({ state: 'hidden' })
  }
  if (menu) {
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('Stats for nerds').check()
    await page.waitForTimeout(1200)
  }
  if (back) {
    const bar = page.getByRole('slider', { name: 'Rewind' })
    await bar.press('ArrowLeft')
    await page.getByRole('button', { name: 'behind the broadcast' }).waitFor()
    await page.waitForFunction(() => document.querySelector('video').readyState > 2)
    await bar.hover({ position: { x: 150, y: 12 } })
  }
  if (lost) {
    // Nothing more comes, and the server knows why.
    await page.route('**/*_HLS_msn=*', () => undefined)
    const { path: p, answer } = faked(`/channels/${lost.name}`, lost)
    await page.route(p, (r) => r.fulfill(answer))
    await page.getByText('The broadcaster lost the connection').waitFor()
    await page.mouse.move(0, 0)
  }
  await act?.(page)
  await page.screenshot({ path: `${folder}/${file}-${suffix}.png` })
}

await mkdir(folder, { recursive: true })
const fixture = await start()
const browser = await launch()
try {
  const all = (await pages()).filter((one) => only.test(one.file))
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB' })
      for (const one of all) {
        const page = await context.newPage()
        await take(page, one, `${size}-${colorScheme}`)
        await page.close()
      }
      await context.close()
    }
  }
  console.log(`${all.length * 4} screenshots in ${folder}`)
} finally {
  await browser.close()
  await fixture.stop()
}
