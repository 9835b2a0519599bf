// The pages in another language: its words are longer, and what the server says
// in English is said in it too.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell, until } from './browser.mjs'
import { testStates } from './faults.mjs'
import { chat } from './fixture/chat.mjs'
import {
  B_FRAMES,
  FURTHER_SOUND,
  healthOf,
  LONG_GOP,
  notCarried,
  SUBTITLES,
  VP9,
} from './fixture/health.mjs'
import { hooks } from './fixture/hooks.mjs'
import { managed } from './fixture/manage.mjs'
import { people, person } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

const OWNER = {
  ...person('bob'),
  channels: [{ name: 'demo', title: 'The demo stage', place: 'owner', live: true }],
}

const STATES = [
  { name: 'home, empty', path: '/', over: { live: false, recordings: [] }, see: 'Schritten' },
  { name: 'channel, live', path: '/@demo', see: 'Übersicht', plays: true },
  {
    name: 'stream, ill',
    path: '/dashboard/@demo/stream',
    me: OWNER,
    over: { health: healthOf([LONG_GOP, B_FRAMES]) },
    see: 'Keyframes kommen alle 8,3 s',
  },
  { name: 'users', path: '/admin', me: person('alice', 'admin'), see: 'Passwort-Link' },
]

describe('in German', () => {
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

  const scene = ({ over = {}, me = null } = {}) => {
    server.state.scenario = scenario({ ...over, people: people({ me }), channel: managed() })
    server.state.stream = new Stream()
  }

  testStates(STATES, {
    browser: () => browser,
    refusals: [401],
    locale: 'de-AT',
    async show(page, state) {
      scene(state)
      await page.goto(server.url + state.path)
      if (state.plays) {
        await until(page, (s) => s.decoded > 0)
        await page.locator('media-play-button[aria-label="Pause"]').waitFor({ state: 'attached' })
        await page.locator('media-mute-button[aria-label^="Ton "]').waitFor({ state: 'attached' })
      }
    },
  })

  test('a language that is chosen is kept, and refusals are said in it', async (t) => {
    scene()
    server.state.scenario.people = people({ refuse: { 'POST /sessions': 'signInFailed' } })
    const context = await browser.newContext({ locale: 'en-GB' })
    t.after(() => context.close())
    const page = await context.newPage()
    const language = () => page.evaluate(() => document.documentElement.lang)
    await page.goto(`${server.url}/sign-in`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(await language(), 'en')
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    assert.equal(await language(), 'de')
    assert.match(await page.title(), /^Anmelden · /)
    await page.getByLabel('Name oder E-Mail-Adresse').fill('alice')
    await page.getByLabel('Passwort', { exact: true }).fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('Der Name oder das Passwort stimmt nicht.').waitFor()
    await page.goto(`${server.url}/no/such`)
    await page.getByText('Diese Seite gibt es nicht').waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('There is no page here').waitFor()
    assert.equal(await language(), 'en')
  })

  test('what is not carried is told in it, and in English what it has no words for', async (t) => {
    scene({
      me: OWNER,
      over: {
        notCarried: [VP9, FURTHER_SOUND, SUBTITLES],
        health: healthOf([notCarried(VP9, FURTHER_SOUND)]),
      },
    })
    const context = await browser.newContext({ locale: 'de-DE' })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(`${server.url}/@demo`)
    const about = page.getByRole('complementary', { name: 'Zu diesem Stream' })
    await about.waitFor()
    const told = await about
      .locator('p')
      .evaluateAll((all) => all.map((p) => [p.lang, p.textContent]))
    const VP9_DE = 'Der Videocodec VP9 lässt sich nicht übertragen; Zuschauer sehen nichts.'
    const SOUND_DE = 'Der Encoder sendet mehrere Tonspuren; nur die erste wird übertragen.'
    assert.deepEqual(told, [
      ['', VP9_DE],
      ['', SOUND_DE],
      ['en', SUBTITLES.text],
    ])

    await page.goto(`${server.url}/dashboard/@demo/stream`)
    await page.getByText(`${VP9_DE} ${SOUND_DE}`).waitFor()
    await page.getByText('als Audiokodierer AAC').waitFor()
    server.state.scenario.health = healthOf([notCarried(VP9, SUBTITLES)])
    const seen = page.getByText(`${VP9.text} ${SUBTITLES.text}`)
    await seen.waitFor()
    assert.equal(await seen.getAttribute('lang'), 'en')
  })

  test('why a webhook failed is told in it, where the server says more than a sentence', async (t) => {
    scene({ me: OWNER, over: { hooks: hooks() } })
    const context = await browser.newContext({ locale: 'de-DE' })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(`${server.url}/dashboard/@demo/webhooks`)
    await page.getByRole('button', { name: 'Protokoll von chat.example' }).click()
    const tried = page.getByText('2 Versuche', { exact: false })
    await tried.click()
    await page.getByText('Er hat die Verbindung abgelehnt.').waitFor()
    const older = page.getByText('It was told by an older version.')
    await older.waitFor()
    assert.equal(await older.getAttribute('lang'), 'en')
  })

  test('what the chat answers is said in it, and in English what it has no words for', async (t) => {
    const answers = {
      '/nonsense': {
        type: 'refused',
        code: 'command',
        text: 'There is no command /nonsense. /help lists those that there are.',
        command: 'nonsense',
      },
      '/ban': {
        type: 'refused',
        code: 'command',
        text: 'Use it so: /ban name [reason]',
        command: 'ban',
        usage: '/ban name [reason]',
      },
      '/help': {
        type: 'notice',
        code: 'help',
        text: 'Moderators also have: /timeout /ban.',
        commands: ['timeout', 'ban'],
      },
      '/ban bob': { type: 'refused', code: 'forbidden', text: 'You may not do this.' },
      '/slow 30': {
        type: 'notice',
        code: 'done',
        text: 'One line each 30s.',
        command: 'slow',
        durationMs: 30_000,
      },
      '/dance': { type: 'notice', code: 'done', text: 'It danced.', command: 'dance' },
    }
    scene({ me: person('alice'), over: { live: false, recordings: [], chat: chat({ answers }) } })
    const context = await browser.newContext({ locale: 'de-DE' })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(`${server.url}/chat/@demo`)
    const log = page.getByRole('log')
    const told = async (typed) => {
      const before = await log.getByRole('listitem').count()
      await page.getByLabel('Sag etwas').fill(typed)
      await page.getByLabel('Sag etwas').press('Enter')
      const note = log.getByRole('listitem').nth(before)
      await note.waitFor()
      return [await note.textContent(), await note.getAttribute('lang')]
    }
    assert.deepEqual(await told('/nonsense'), [
      'Den Befehl /nonsense gibt es nicht. Welche es gibt, sagt /help.',
      null,
    ])
    assert.deepEqual(await told('/ban'), ['So wird es benutzt: /ban Name [Grund]', null])
    assert.match((await told('/help'))[0], /^\/me Text sagt, .*Moderatoren .*: \/timeout \/ban\.$/)
    assert.deepEqual(await told('/ban bob'), ['Das darfst du nicht.', null])
    assert.deepEqual(await told('/slow 30'), [
      'Zwischen zwei Nachrichten wartet man jetzt 30 Sekunden.',
      null,
    ])
    assert.deepEqual(await told('/dance'), ['It danced.', 'en'])
  })

  test('without its words the pages speak English', async (t) => {
    scene()
    const context = await browser.newContext({ locale: 'de-DE' })
    t.after(() => context.close())
    await context.route('**/assets/de-*.js', (route) => route.abort())
    const page = await context.newPage()
    await page.goto(`${server.url}/no/such`)
    await page.getByText('There is no page here').waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  })
})
