// The pages of people: each in its states, and the ways through them, also by
// keyboard alone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell } from './browser.mjs'
import { testStates } from './faults.mjs'
import { people, person, unconfirmed } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'

const SECRET = 'm'.repeat(26)
const alice = () => person('alice', 'admin')
const bob = () => person('bob')
const carol = () => person('carol', 'moderator')
/** Bob, whose address is not confirmed, though a letter went there. */
const asked = () => ({ ...bob(), ...unconfirmed(3) })

/** Fills in fields by their labels. */
const fill = async (page, fields) => {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text)
}
const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click()

const NEW = { Name: 'dora', Password: 'three words here' }
const STATES = [
  {
    name: 'setup',
    path: `/setup#setup_${SECRET}`,
    over: { setup: true },
    see: 'Make the first admin',
  },
  { name: 'setup, without a link', path: '/setup', over: { setup: true }, see: 'Set-up token' },
  { name: 'setup, done', path: '/setup', see: 'has its admin already' },
  {
    name: 'setup, refused',
    path: `/setup#setup_${SECRET}`,
    over: { setup: true },
    refuse: { 'POST /setup': 'badSetup' },
    do: async (page) => {
      await fill(page, NEW)
      await press(page, 'Make the admin')
    },
    see: 'This set-up token is wrong',
  },
  { name: 'sign-in', path: '/sign-in', see: 'New here?' },
  {
    name: 'sign-in, empty',
    path: '/sign-in',
    do: (page) => page.getByRole('main').getByRole('button', { name: 'Sign in' }).click(),
    see: 'Fill this in.',
  },
  {
    name: 'sign-in, refused',
    path: '/sign-in',
    refuse: { 'POST /sessions': 'signInFailed' },
    do: async (page) => {
      await fill(page, { 'Name or e-mail address': 'bob', Password: 'wrong' })
      await page.keyboard.press('Enter')
    },
    see: 'The name or the password is wrong.',
  },
  {
    name: 'sign-in, every way',
    path: '/sign-in',
    over: { mail: true, passkeys: true, oidc: { name: 'Example ID' } },
    see: 'Sign in with Example ID',
  },
  { name: 'sign-in, signed in', path: '/sign-in', me: bob, see: 'You are signed in as Bob' },
  { name: 'sign-up', path: '/sign-up', see: 'Have an account?' },
  {
    name: 'sign-up, invited',
    path: `/sign-up#invite_${SECRET}`,
    over: { signUp: 'invitation' },
    see: 'You have an invitation',
  },
  {
    name: 'sign-up, by invitation',
    path: '/sign-up',
    over: { signUp: 'invitation' },
    see: 'makes accounts by invitation',
  },
  {
    name: 'sign-up, closed',
    path: `/sign-up#invite_${SECRET}`,
    over: { signUp: 'closed' },
    see: 'makes no accounts by itself',
  },
  {
    name: 'sign-up, refused',
    path: '/sign-up',
    refuse: { 'POST /users': 'userTaken' },
    do: async (page) => {
      await fill(page, NEW)
      await press(page, 'Make the account')
    },
    see: 'Somebody else has this name.',
  },
  { name: 'sign-up, signed in', path: '/sign-up', me: bob, see: 'You are signed in as Bob' },
  { name: 'reset', path: `/reset#reset_${SECRET}`, see: 'Choose a new password' },
  { name: 'reset, without a link', path: '/reset', see: 'This page needs a link' },
  { name: 'reset, by mail', path: '/reset', over: { mail: true }, see: 'Send me a link' },
  {
    name: 'reset, mailed',
    path: '/reset',
    over: { mail: true },
    do: async (page) => {
      await fill(page, { 'Name or e-mail address': 'bob' })
      await press(page, 'Send me a link')
    },
    see: 'Look into your mail',
  },
  {
    name: 'reset, done',
    path: `/reset#reset_${SECRET}`,
    do: async (page) => {
      await fill(page, { 'New password': 'three words here' })
      await press(page, 'Set the password')
    },
    see: 'The new password is set',
  },
  {
    name: 'reset, refused',
    path: `/reset#reset_${SECRET}`,
    refuse: { 'PUT /password': 'badReset' },
    do: async (page) => {
      await fill(page, { 'New password': 'three words here' })
      await press(page, 'Set the password')
    },
    see: 'This link is wrong',
  },
  {
    name: 'confirm',
    path: `/confirm#confirm_${SECRET}`,
    see: 'Is this e-mail address yours?',
  },
  { name: 'confirm, without a link', path: '/confirm', see: 'This page needs a link' },
  {
    name: 'confirm, done, not signed in',
    path: `/confirm#confirm_${SECRET}`,
    do: (page) => press(page, 'Confirm the address'),
    see: 'bob@example.org belongs to the account bob.',
  },
  ...Object.entries({
    badConfirmation: 'a newer one took its place',
    lateConfirmation: 'which is over',
    usedConfirmation: 'The address is confirmed already',
    broken: 'Something went wrong',
  }).map(([refusal, see]) => ({
    name: `confirm, ${refusal}`,
    path: `/confirm#confirm_${SECRET}`,
    me: bob,
    refuse: { 'POST /email-confirmations': refusal },
    do: (page) => press(page, 'Confirm the address'),
    see,
  })),
  { name: 'account', path: '/account', me: bob, see: 'You sign in as bob.' },
  {
    name: 'account, not confirmed',
    path: '/account',
    over: { mail: true },
    me: asked,
    see: 'We sent a letter there.',
  },
  {
    name: 'account, no letter yet',
    path: '/account',
    over: { mail: true },
    me: () => ({ ...bob(), ...unconfirmed(null) }),
    see: 'Send the letter',
  },
  {
    name: 'account, too many letters',
    path: '/account',
    over: { mail: true },
    me: asked,
    refuse: { 'POST /me/email/confirmation': 'tooManyLetters' },
    do: (page) => press(page, 'Send it again'),
    see: 'There were too many letters lately.',
  },
  {
    name: 'notifications, not confirmed',
    path: '/account/notifications',
    over: { mail: true },
    me: asked,
    see: 'No letter comes before you have confirmed your e-mail address.',
  },
  {
    name: 'account, too long a name',
    path: '/account',
    me: bob,
    refuse: { 'PATCH /me': 'tooLong' },
    do: (page) => press(page, 'Save'),
    see: 'Expected length <= 60.',
  },
  { name: 'account, menu', path: '/account', me: alice, menu: true, see: 'Sign out' },
  {
    name: 'account, trouble',
    path: '/account',
    me: bob,
    refuse: { 'GET /me': 'broken' },
    see: 'Something went wrong',
  },
  { name: 'account, security', path: '/account/security', me: bob, see: 'Present password' },
  {
    name: 'account, every way in',
    path: '/account/security',
    over: { passkeys: true, oidc: { name: 'Example ID' } },
    people: {
      identities: [
        { issuer: 'https://id.example', subject: '1', created_at: '2026-01-02T03:04:05Z' },
      ],
    },
    me: bob,
    see: 'Connect Example ID',
  },
  {
    name: 'account, no passkeys',
    path: '/account/security',
    over: { passkeys: true },
    people: { passkeys: [] },
    me: bob,
    see: 'You have no passkeys.',
  },
  {
    name: 'account, another name of a passkey',
    path: '/account/security',
    me: bob,
    do: async (page) => {
      await press(page, 'Rename: Security key')
      await fill(page, { Label: 'Blue key' })
      await press(page, 'Save')
    },
    see: 'Blue key',
  },
  {
    name: 'account, remove a passkey',
    path: '/account/security',
    me: bob,
    do: (page) => press(page, 'Remove: Security key'),
    see: 'Nobody can sign in by it any more.',
  },
  {
    name: 'account, the only way in',
    path: '/account/security',
    me: bob,
    refuse: { 'DELETE /me/passkeys/k2': 'lastWayIn' },
    do: async (page) => {
      await press(page, 'Remove: Security key')
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    },
    see: 'the only way in',
  },
  {
    name: 'account, too many passkeys',
    path: '/account/security',
    over: { passkeys: true },
    me: bob,
    refuse: { 'POST /me/passkeys/challenge': 'tooManyPasskeys' },
    do: (page) => press(page, 'Add a passkey'),
    see: 'as many passkeys as one person can have',
  },
  {
    name: 'account, sign in again',
    path: '/account/security',
    over: { passkeys: true },
    me: bob,
    refuse: { 'POST /me/passkeys/challenge': 'signInAgain' },
    do: (page) => press(page, 'Add a passkey'),
    see: 'so show that it is you',
  },
  {
    name: 'account, without a password',
    path: '/account/security',
    me: () => ({ ...bob(), has_password: false }),
    see: 'You have no password yet.',
  },
  {
    name: 'account, wrong password',
    path: '/account/security',
    me: bob,
    refuse: { 'PUT /me/password': 'wrongPassword' },
    do: async (page) => {
      await fill(page, { 'Present password': 'wrong', 'New password': 'three words here' })
      await press(page, 'Change the password')
    },
    see: 'The password is wrong.',
  },
  { name: 'account, sessions', path: '/account/sessions', me: bob, see: 'Safari on iPhone' },
  {
    name: 'account, end a session',
    path: '/account/sessions',
    me: bob,
    do: (page) => press(page, 'End: Safari on iPhone'),
    see: 'Whoever uses it is signed out there.',
  },
  {
    name: 'account, sessions in trouble',
    path: '/account/sessions',
    me: bob,
    refuse: { 'GET /me/sessions': 'broken' },
    see: 'Something went wrong',
  },
  { name: 'account, tokens', path: '/account/tokens', me: bob, see: 'Backup script' },
  {
    name: 'account, no tokens',
    path: '/account/tokens',
    me: bob,
    people: { tokens: [] },
    see: 'You have no API tokens.',
  },
  {
    name: 'account, new token',
    path: '/account/tokens',
    me: alice,
    do: async (page) => {
      await fill(page, { Label: 'Script' })
      await press(page, 'Make a token')
    },
    see: 'The new token: Script',
  },
  {
    name: 'account, token refused',
    path: '/account/tokens',
    me: bob,
    refuse: { 'POST /me/tokens': 'badScope' },
    do: async (page) => {
      await fill(page, { Label: 'Script' })
      await press(page, 'Make a token')
    },
    see: 'at least one scope',
  },
  {
    name: 'admin, users',
    path: '/admin',
    over: { mail: true },
    me: alice,
    see: 'mallory@example.org (not confirmed)',
  },
  { name: 'admin, users for a moderator', path: '/admin', me: carol, see: '@mallory' },
  {
    name: 'admin, not for a moderator',
    path: '/admin/log',
    me: carol,
    see: 'not for your account',
  },
  { name: 'admin, not for a user', path: '/admin', me: bob, see: 'not for your account' },
  {
    name: 'admin, reset link',
    path: '/admin/users',
    me: alice,
    do: async (page) => {
      await press(page, 'Reset link for bob')
      await press(page, 'Make the link')
    },
    see: 'A new password for bob',
  },
  {
    name: 'admin, the last one',
    path: '/admin/users',
    me: alice,
    refuse: { 'PATCH /admin/users/alice': 'lastAdmin' },
    do: async (page) => {
      await press(page, 'Disable alice')
      await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    },
    see: 'make somebody else admin first',
  },
  { name: 'admin, reports', path: '/admin/reports', me: carol, see: 'this is our film' },
  { name: 'admin, on air', path: '/admin/live', me: carol, see: 'obs-studio' },
  {
    name: 'admin, nothing on air',
    path: '/admin/live',
    me: alice,
    people: { onAir: [], bans: [] },
    see: 'No channel is banned.',
  },
  {
    name: 'taken down',
    path: '/v/r1',
    over: { takenDown: true },
    see: 'This was taken down.',
  },
  {
    name: 'report',
    path: '/@demo',
    over: { live: false },
    do: (page) => press(page, 'Report'),
    see: 'Report this channel',
  },
  { name: 'admin, storage', path: '/admin/storage', me: alice, see: '200 recordings' },
  {
    name: 'admin, nothing kept and a full disk',
    path: '/admin/storage',
    me: alice,
    people: {
      kept: [],
      storage: {
        disk: { free_bytes: 9e9, total_bytes: 250e9, least_bytes: 12.5e9 },
        kept: { recordings: 0, recording_bytes: 0, clip_bytes: 0, picture_bytes: 0 },
        limits: { retention_days: 7, retention_bytes: null, channels_per_user: 0 },
        configured: { retention_days: 0, retention_bytes: 0 },
      },
    },
    do: (page) => press(page, 'Save'),
    see: 'Within ten minutes',
  },
  {
    name: 'take down',
    path: '/c/c1',
    me: carol,
    do: (page) => press(page, 'Take down'),
    see: 'Take down this clip?',
  },
  { name: 'admin, invitations', path: '/admin/invitations', me: alice, see: 'Dora' },
  {
    name: 'admin, no invitations',
    path: '/admin/invitations',
    me: alice,
    people: { invitations: [] },
    see: 'There are no invitations.',
  },
  {
    name: 'admin, new invitation',
    path: '/admin/invitations',
    me: alice,
    do: (page) => press(page, 'Make an invitation'),
    see: `#invite_${SECRET}`,
  },
  { name: 'admin, settings', path: '/admin/settings', me: alice, see: 'Who may make an account' },
  {
    name: 'admin, settings without ffmpeg',
    path: '/admin/settings',
    me: alice,
    people: { ffmpeg: false },
    see: 'Install ffmpeg on the server',
  },
  {
    name: 'admin, settings refused',
    path: '/admin/settings',
    me: alice,
    refuse: { 'PUT /admin/settings': 'badSiteName' },
    do: (page) => press(page, 'Save'),
    see: '1 to 60 characters that can be shown',
  },
  {
    name: 'admin, a colour that cannot be read',
    path: '/admin/settings',
    me: alice,
    refuse: { 'PUT /admin/settings': 'badAccent' },
    do: async (page) => {
      await page.getByLabel(/^Accent colour, light theme/).fill('#7c9cff')
      await press(page, 'Save')
    },
    see: 'hard to read',
  },
  { name: 'legal', path: '/legal/terms', over: { legal: ['terms', 'imprint'] }, see: 'Be kind.' },
  {
    name: 'admin, settings in trouble',
    path: '/admin/settings',
    me: alice,
    refuse: { 'GET /admin/settings': 'broken' },
    see: 'Something went wrong',
  },
  { name: 'admin, log', path: '/admin/log', me: alice, see: 'alice disabled a user' },
  {
    name: 'admin, empty log',
    path: '/admin/log',
    me: alice,
    people: { acts: [] },
    see: 'Nothing was done yet.',
  },
]

describe('people', () => {
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

  /** Sets the scene; returns the people in it. */
  const scene = ({ over = {}, me, people: lists = {}, refuse = {} } = {}) => {
    const p = people({ ...lists, me: me?.() ?? null, refuse })
    server.state.scenario = scenario({ ...over, people: p })
    return p
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
  const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor()
  /** What has the focus, as a screen reader names it. */
  const focused = (page) =>
    page.evaluate(() => {
      const element = document.activeElement
      return element?.labels?.[0]?.textContent.trim() ?? element?.textContent.trim() ?? ''
    })

  testStates(STATES, {
    browser: () => browser,
    refusals: [400, 401, 403, 409, 410, 422, 429, 500],
    async show(page, state) {
      scene(state)
      await page.goto(server.url + state.path)
      await state.do?.(page)
      if (state.menu) await page.getByRole('button', { name: 'Your account' }).click()
    },
  })

  test('who is nobody signs in first and comes back, by keyboard', async (t) => {
    const p = scene()
    const page = await open(t, '/account/tokens')
    await page.waitForURL('**/sign-in?to=%2Faccount%2Ftokens')
    const login = page.getByLabel('Name or e-mail address')
    await login.focus()
    await page.keyboard.type('bob')
    await page.keyboard.press('Tab')
    await page.keyboard.type('a secret')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/account/tokens')
    await page.getByText('Backup script').waitFor()
    assert.deepEqual(p.asked, [['POST /sessions', { login: 'bob', password: 'a secret' }]])
  })

  test('another way in takes a fresh sign-in, and goes on after it', async (t) => {
    const p = scene({ me: bob, refuse: { 'PATCH /me': 'signInAgain' } })
    const page = await open(t, '/account')
    await page.getByLabel('E-mail address (optional)').fill('new@example.org')
    await press(page, 'Save')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Nothing was changed: you did not sign in again.').waitFor()

    await press(page, 'Save')
    await dialog.getByLabel('Password', { exact: true }).fill('a secret')
    p.refuse = {}
    await page.keyboard.press('Enter')
    await page.getByText('Saved.').waitFor()
    assert.equal(await page.getByLabel('E-mail address (optional)').inputValue(), 'new@example.org')
    assert.deepEqual(
      p.asked.map(([operation]) => operation),
      ['PATCH /me', 'PATCH /me', 'POST /sessions', 'PATCH /me'],
    )
  })

  test('another site is gone to by the server, and back here', async (t) => {
    scene({ over: { oidc: { name: 'Example ID' } }, me: bob })
    const page = await open(t, '/account/security')
    await press(page, 'Connect Example ID')
    await page.waitForURL('**/sign-in/oidc?link=1&to=/account/security')
    server.state.scenario.people.me = null
    await page.goto(`${server.url}/sign-in?to=%2Faccount%2Ftokens`)
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click()
    await page.waitForURL('**/sign-in/oidc?to=%2Faccount%2Ftokens')
  })

  test('a link of another site does not make of signing in a way to it', async (t) => {
    scene()
    for (const to of ['//evil.example/', 'https://evil.example/', '/\\evil.example/']) {
      server.state.scenario.people.me = null
      const page = await open(t, `/sign-in?to=${encodeURIComponent(to)}`)
      await fill(page, { 'Name or e-mail address': 'bob', Password: 'a secret' })
      await page.keyboard.press('Enter')
      await page.waitForURL(`${server.url}/`)
    }
  })

  test('nothing is lost on an error, and the first wrong field has the focus', async (t) => {
    const p = scene({ refuse: { 'POST /users': 'userTaken' } })
    const page = await open(t, '/sign-up')
    const email = page.getByLabel('E-mail address (optional)')
    await fill(page, { Name: 'bob', Password: 'short' })
    await email.fill('not one')
    await press(page, 'Make the account')
    assert.match(await focused(page), /^E-mail address/)
    await page.getByText('This is not an e-mail address.').waitFor()
    assert.equal(p.asked.length, 0)

    await email.fill('bob@example.org')
    assert.equal(await page.getByText('This is not an e-mail address.').count(), 0)
    await fill(page, { Password: 'three words here' })
    await press(page, 'Make the account')
    await page.getByText('Somebody else has this name.').waitFor()
    const name = page.getByLabel('Name', { exact: true })
    assert.equal(await focused(page), 'Name')
    assert.equal(await name.getAttribute('aria-invalid'), 'true')
    const described = (await name.getAttribute('aria-describedby')).split(' ')
    const words = await page.locator(`[id="${described[0]}"]`).textContent()
    assert.equal(words, 'Somebody else has this name.')
    assert.equal(await email.inputValue(), 'bob@example.org')
    assert.equal(
      await page.getByLabel('Password', { exact: true }).inputValue(),
      'three words here',
    )

    p.refuse = {}
    await name.fill('dora')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Your account, Dora' }).waitFor()
    await page.waitForURL(`${server.url}/`)
  })

  test('a server that cannot be reached costs nothing that was filled in', async (t) => {
    scene()
    const page = await open(t, '/sign-in')
    await fill(page, { 'Name or e-mail address': 'bob', Password: 'a secret' })
    await page.route('**/api/v1/sessions', (route) => route.abort())
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('could not be reached').waitFor()
    assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), 'a secret')
    await page.unroute('**/api/v1/sessions')
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Your account, Bob' }).waitFor()
  })

  test('the secret of a link leaves the address bar and the history', async (t) => {
    for (const [path, secret, button, operation, field] of [
      ['/setup', `setup_${SECRET}`, 'Make the admin', 'POST /setup', 'token'],
      ['/sign-up', `invite_${SECRET}`, 'Make the account', 'POST /users', 'invitation'],
    ]) {
      const p = scene({ over: { setup: true, signUp: 'invitation' } })
      const page = await open(t, `${path}#${secret}`)
      await page.getByRole('button', { name: button }).waitFor()
      assert.equal(page.url(), server.url + path)
      await fill(page, NEW)
      await press(page, button)
      await page.getByRole('button', { name: 'Your account, Dora' }).waitFor()
      assert.deepEqual(p.asked, [
        [operation, { name: 'dora', password: 'three words here', [field]: secret }],
      ])
      await page.goBack()
      assert.equal(page.url(), 'about:blank')
    }
  })

  test('a second link to the same page is taken too', async (t) => {
    const p = scene()
    const page = await open(t, '/reset')
    await page.getByText('This page needs a link').waitFor()
    await page.goto(`${server.url}/reset#reset_${SECRET}`)
    await fill(page, { 'New password': 'three words here' })
    await press(page, 'Set the password')
    await page.getByText('The new password is set').waitFor()
    const body = { token: `reset_${SECRET}`, password: 'three words here' }
    assert.deepEqual(p.asked, [['PUT /password', body]])
  })

  test('an address is confirmed by a press, and until then no letters come', async (t) => {
    const p = scene({ me: bob, over: { mail: true } })
    const page = await open(t, '/account')
    assert.equal(await page.getByText('is not confirmed yet').count(), 0)
    await page.getByLabel('E-mail address (optional)').fill('robert@example.org')
    await press(page, 'Save')
    await page.getByText('robert@example.org is not confirmed yet').waitFor()
    await page.getByText('We sent a letter there.').waitFor()
    await page.goto(`${server.url}/account/notifications`)
    await page.getByText('No letter comes before').waitFor()
    await press(page, 'Send it again')
    await page.getByText('The letter is on its way.').waitFor()
    assert.deepEqual(p.asked.at(-1), ['POST /me/email/confirmation', undefined])

    p.asked.length = 0
    const secret = `confirm_${SECRET}`
    await page.goto(`${server.url}/confirm#${secret}`)
    await heading(page, 'Is this e-mail address yours?')
    assert.equal(page.url(), `${server.url}/confirm`)
    assert.deepEqual(p.asked, [], 'to open it confirms nothing')
    await page.getByRole('button', { name: 'Confirm the address' }).press('Enter')
    await heading(page, 'The address is confirmed')
    assert.deepEqual(p.asked, [['POST /email-confirmations', { token: secret }]])
    await page.getByRole('link', { name: 'Go to Notifications' }).click()
    await page.getByText('One letter for each broadcast.').waitFor()
    assert.equal(await page.getByText('is not confirmed yet').count(), 0)
  })

  test('who is not signed in asks for another link after signing in', async (t) => {
    scene({ refuse: { 'POST /email-confirmations': 'lateConfirmation' }, over: { mail: true } })
    const page = await open(t, `/confirm#confirm_${SECRET}`)
    await press(page, 'Confirm the address')
    await heading(page, 'This link does not work any more')
    await page.getByRole('link', { name: 'Go to your account' }).click()
    await fill(page, { 'Name or e-mail address': 'bob', Password: 'a secret' })
    await page.keyboard.press('Enter')
    await page.waitForURL(`${server.url}/account`)
  })

  test('a password can be looked at', async (t) => {
    scene()
    const page = await open(t, '/sign-in')
    const field = page.getByLabel('Password', { exact: true })
    await field.fill('a secret')
    const show = page.getByRole('button', { name: 'Show: Password' })
    assert.equal(await field.getAttribute('type'), 'password')
    await show.press('Space')
    assert.equal(await field.getAttribute('type'), 'text')
    assert.equal(await show.getAttribute('aria-pressed'), 'true')
    assert.equal(await field.inputValue(), 'a secret')
    assert.equal(await field.getAttribute('autocomplete'), 'current-password')
  })

  test('the account’s menu, by keyboard', async (t) => {
    scene({ me: alice })
    const page = await open(t, '/account', { viewport: { width: 320, height: 640 } })
    const button = page.getByRole('button', { name: 'Your account, Alice' })
    await button.press('Enter')
    assert.equal(await button.getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Following')
    await page.keyboard.press('Escape')
    assert.equal(await button.getAttribute('aria-expanded'), 'false')
    assert.equal(await button.evaluate((b) => b === document.activeElement), true)
    await page.keyboard.press('Enter')
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'Admin')
    await page.keyboard.press('Enter')
    await heading(page, 'Users')
    assert.equal(await button.getAttribute('aria-expanded'), 'false')
  })

  test('signing out is for all tabs, and a private page is left', async (t) => {
    const p = scene({ me: bob })
    const page = await open(t, '/account')
    const other = await page.context().newPage()
    await other.goto(`${server.url}/account/sessions`)
    await other.getByText('Safari on iPhone').waitFor()
    await page.getByRole('button', { name: 'Your account, Bob' }).click()
    await press(page, 'Sign out')
    await page.waitForURL(`${server.url}/`)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await other.waitForURL('**/sign-in?to=%2Faccount%2Fsessions')
    assert.equal(p.me, null)
    // And in: the other tab goes on where it was.
    await page.getByRole('link', { name: 'Sign in' }).click()
    await fill(page, { 'Name or e-mail address': 'bob', Password: 'a secret' })
    await page.keyboard.press('Enter')
    await other.getByText('You are signed in as Bob').waitFor()
  })

  test('a session that ends by itself takes nothing from the page', async (t) => {
    const p = scene({ me: bob })
    const page = await open(t, '/account')
    await fill(page, { 'Display name': 'Robert' })
    p.me = null
    await press(page, 'Save')
    await page.getByText('You are not signed in any more.').waitFor()
    assert.equal(await page.getByLabel('Display name').inputValue(), 'Robert')
    const opened = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'Sign in in a new tab' }).click()
    const tab = await opened
    await fill(tab, { 'Name or e-mail address': 'bob', Password: 'a secret' })
    await tab.keyboard.press('Enter')
    await tab.waitForURL('**/account')
    await page.getByText('You are not signed in any more.').waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Display name').inputValue(), 'Robert')
    await press(page, 'Save')
    await page.getByText('Saved.').waitFor()
    await page.getByRole('button', { name: 'Your account, Robert' }).waitFor()
  })

  test('sessions are ended, one and all others', async (t) => {
    const p = scene({ me: bob })
    const page = await open(t, '/account/sessions')
    const rows = page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem')
    await rows.nth(2).waitFor()
    const exact = await rows.nth(1).locator('time').first().getAttribute('title')
    assert.match(exact, /\d{4} at \d/)
    const end = page.getByRole('button', { name: 'End: Safari on iPhone' })
    await end.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'End the session of Safari on iPhone?' })
    await dialog.waitFor()
    assert.equal(await focused(page), 'Cancel')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await rows.count(), 3)
    assert.equal(await end.evaluate((b) => b === document.activeElement), true)

    await end.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await rows.filter({ hasText: 'Safari' }).waitFor({ state: 'detached' })
    await press(page, 'End all others')
    await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click()
    await rows.filter({ hasText: 'Firefox' }).waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 1)
    await page.getByText('This device').waitFor()
    assert.deepEqual(
      p.asked.map(([operation]) => operation),
      ['DELETE /me/sessions/s2', 'DELETE /me/sessions'],
    )
  })

  test('the password is changed, and a manager knows whose', async (t) => {
    const p = scene({ me: bob })
    const page = await open(t, '/account/security')
    await fill(page, { 'Present password': 'old one', 'New password': 'three words here' })
    assert.equal(await page.locator('form [autocomplete=username]').inputValue(), 'bob')
    await page.keyboard.press('Enter')
    await page.getByText('The password is changed.').waitFor()
    assert.deepEqual(p.asked, [
      ['PUT /me/password', { present: 'old one', next: 'three words here' }],
    ])
    assert.equal(await page.getByLabel('Present password', { exact: true }).inputValue(), '')
  })

  test('a token is made with its scopes and its end, shown once, and ended', async (t) => {
    const p = scene({ me: bob })
    const page = await open(t, '/account/tokens', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await fill(page, { Label: 'Script' })
    assert.equal(await page.getByLabel('admin').count(), 0)
    await page.getByLabel('keys', { exact: true }).check()
    await page.getByLabel('read', { exact: true }).uncheck()
    await page.getByLabel('It ends').selectOption('never')
    await press(page, 'Make a token')
    await page.getByText('api_mmmmmmmm').waitFor()
    assert.equal(await focused(page), 'The new token: Script')
    assert.deepEqual(p.asked, [['POST /me/tokens', { label: 'Script', scopes: ['keys'] }]])
    await press(page, 'Copy: Script')
    await page.getByText('Copied').first().waitFor()
    const text = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(text, /^api_m+x7q2$/)
    await press(page, 'I have it')
    assert.equal(await page.getByText('api_mmmmmmmm').count(), 0)
    await press(page, 'End: Script')
    await press(page, 'End the token')
    await page.getByRole('button', { name: 'End: Script' }).waitFor({ state: 'detached' })
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
  })

  test('a role is changed after a question, and stays when that is left', async (t) => {
    const p = scene({ me: alice })
    const page = await open(t, '/admin/users')
    const role = page.getByLabel('Role of bob')
    await role.selectOption('moderator')
    await page.getByRole('dialog', { name: 'Make bob moderator?' }).waitFor()
    await press(page, 'Cancel')
    assert.equal(await role.inputValue(), 'user')
    assert.equal(p.asked.length, 0)
    await role.selectOption('moderator')
    await press(page, 'Change the role')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal(await role.inputValue(), 'moderator')
    assert.deepEqual(p.asked, [['PATCH /admin/users/bob', { role: 'moderator' }]])
    await press(page, 'Enable mallory')
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('button', { name: 'Disable mallory' }).waitFor()
    await press(page, 'Verify bob')
    await page.getByRole('dialog').getByText('that this is Bob').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).click()
    await page.getByRole('button', { name: 'Unverify bob' }).waitFor()
    assert.equal(await page.locator('.verified').count(), 1)
    assert.deepEqual(p.asked.at(-1), ['PATCH /admin/users/bob', { verified: true }])
  })

  test('a moderator takes down what was reported, and undoes it', async (t) => {
    const p = scene({ me: carol })
    const page = await open(t, '/admin/reports')
    await press(page, 'Take down Recording: Evening at the club')
    await page.getByRole('dialog').getByRole('button', { name: 'Take down' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await press(page, 'Undo the takedown of Recording: Evening at the club')
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    const target = { kind: 'recording', target: 'r1', reason: 'copyright' }
    assert.deepEqual(p.asked, [
      ['POST /admin/takedowns', target],
      ['DELETE /admin/takedowns/d3', undefined],
    ])
  })

  test('a moderator takes something down from its own page, and undoes it there', async (t) => {
    const p = scene({ me: carol, over: { live: false } })
    const page = await open(t, '/@demo')
    await press(page, 'Take down')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Abuse', { exact: true }).check()
    await dialog.getByRole('button', { name: 'Take down' }).click()
    await page.getByText('This was taken down.').waitFor()
    await press(page, 'Undo')
    await page.getByRole('button', { name: 'Report' }).waitFor()
    const target = { kind: 'channel', target: 'demo', reason: 'abuse' }
    assert.deepEqual(p.asked, [
      ['POST /admin/takedowns', target],
      ['DELETE /admin/takedowns/d3', undefined],
    ])
    scene({ me: bob, over: { live: false } })
    await page.reload()
    await page.getByRole('button', { name: 'Report' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Take down' }).count(), 0)
  })

  test('anyone reports, in a dialog that says thanks', async (t) => {
    const p = scene()
    const page = await open(t, '/v/r1')
    await press(page, 'Report')
    await page.getByLabel('Abuse', { exact: true }).check()
    await page.getByLabel(/^In your words/).fill('Look at 12:30.')
    await press(page, 'Send the report')
    await page.getByText('Thank you.').waitFor()
    await press(page, 'Close')
    const said = { kind: 'recording', target: 'r1', reason: 'abuse', words: 'Look at 12:30.' }
    assert.deepEqual(p.asked, [['POST /reports', said]])
  })

  test('a reset link has the focus when it is shown, and leaves it to the page', async (t) => {
    scene({ me: alice })
    const page = await open(t, '/admin/users')
    await page.getByRole('button', { name: 'Reset link for bob' }).press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText(`#reset_${SECRET}`).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal(await focused(page), 'A new password for bob')
    await press(page, 'I have it')
    await page.getByText(`#reset_${SECRET}`).waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
  })

  test('the way to the content is no secret of a link', async (t) => {
    scene({ over: { setup: true } })
    const page = await open(t, '/setup')
    await page.getByLabel('Set-up token').waitFor()
    await page.getByRole('link', { name: 'Skip to content' }).press('Enter')
    await page.waitForURL('**/setup#main')
    assert.equal(await page.getByLabel('Set-up token').count(), 1)
  })

  test('users come page by page, and one is added', async (t) => {
    scene({ me: alice, people: { perPage: 3 } })
    const page = await open(t, '/admin/users')
    const rows = page.getByRole('list', { name: 'Users' }).getByRole('listitem')
    await page.getByRole('button', { name: 'Show more' }).click()
    await rows.nth(3).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0)
    await fill(page, NEW)
    await page.getByLabel('Role', { exact: true }).selectOption('moderator')
    await press(page, 'Add a user')
    await page.getByText('dora has an account now.').waitFor()
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '')
  })

  test('an invitation is made, shown once, and taken back', async (t) => {
    const p = scene({ me: alice })
    const page = await open(t, '/admin/invitations')
    await page.getByLabel('Whom it is for').fill('Emil')
    await press(page, 'Make an invitation')
    await page.getByText(`#invite_${SECRET}`).waitFor()
    await press(page, 'Take back the invitation for Emil')
    await page.getByText('The link for Emil stops working.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByText(`#invite_${SECRET}`).waitFor({ state: 'detached' })
    assert.deepEqual(p.asked, [
      ['POST /admin/invitations', { note: 'Emil' }],
      ['DELETE /admin/invitations/i4', undefined],
    ])
  })

  test('the site’s settings, and its name in the bar', async (t) => {
    const p = scene({ me: alice })
    const page = await open(t, '/admin/settings')
    await fill(page, { 'Name of the site': 'The Stage' })
    await page.getByLabel('Everybody').check()
    await page.getByLabel('Every user may make channels').uncheck()
    await press(page, 'Save')
    await page.getByText('Saved.').waitFor()
    await page.getByRole('banner').getByText('The Stage').waitFor()
    const settings = {
      ...people().settings,
      site_name: 'The Stage',
      sign_up: 'open',
      make_channels: false,
    }
    assert.deepEqual(p.asked, [['PUT /admin/settings', settings]])
  })

  test('the look is chosen in the account too', async (t) => {
    scene({ me: bob })
    const page = await open(t, '/account', { colorScheme: 'light' })
    await page.getByRole('radio', { name: 'Dark' }).check()
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
    await page.reload()
    assert.equal(await page.getByRole('radio', { name: 'Dark' }).isChecked(), true)
  })

  test('a page whose code is not there any more says so', async (t) => {
    scene()
    const page = await open(t, '/')
    await page.route('**/assets/SignIn-*.js', (route) => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByText('This page could not be loaded.').waitFor()
    await page.unroute('**/assets/SignIn-*.js')
    await press(page, 'Load again')
    await page.getByLabel('Name or e-mail address').waitFor()
  })
})
