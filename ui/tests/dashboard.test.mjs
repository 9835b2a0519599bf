// The pages on which people manage their channels: each in its states, and the
// ways through them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchShell } from './browser.mjs'
import { testStates } from './faults.mjs'
import { B_FRAMES, FURTHER_SOUND, healthOf, LONG_GOP } from './fixture/health.mjs'
import { hooks } from './fixture/hooks.mjs'
import { managed } from './fixture/manage.mjs'
import { people, person } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

const HOME = '/dashboard/@demo'
const OFF_AIR = { live: false }
const LOST = { state: 'interrupted', notCarried: [FURTHER_SOUND] }

/** Bob, who owns the channel demo, or has another place in it. */
const bob = (place = 'owner') => ({
  ...person('bob'),
  channels: place ? [{ name: 'demo', title: 'The demo stage', place, live: true }] : [],
})

const press = (name) => (page) => page.getByRole('button', { name }).first().click()
const form = (page, name) => page.getByRole('form', { name })

const STATES = [
  { name: 'my channels', path: '/dashboard', see: '@demo' },
  { name: 'my channels, a member', path: '/dashboard', place: 'member', see: 'Member' },
  { name: 'my channels, a moderator', path: '/dashboard', place: 'moderator', see: 'Moderate' },
  { name: 'my channels, none', path: '/dashboard', place: null, see: 'Go live in three steps' },
  {
    name: 'my channels, a name that cannot be',
    path: '/dashboard',
    do: (page) => page.getByLabel('Name').fill('a b'),
    see: 'A name holds only letters',
  },
  { name: 'my channels, trouble', path: '/dashboard', over: { broken: true }, see: 'is busy' },
  { name: 'dashboard, not mine', path: `${HOME}/keys`, channel: { place: null }, see: 'may not' },
  { name: 'dashboard, unknown', path: '/dashboard/@nobody/keys', see: 'no channel called nobody' },
  { name: 'stream, off air', path: `${HOME}/stream`, over: OFF_AIR, see: 'Waiting for your' },
  { name: 'stream, on air', path: `${HOME}/stream`, see: 'Everything looks healthy' },
  {
    name: 'stream, ill',
    path: `${HOME}/stream`,
    over: { health: healthOf([LONG_GOP, B_FRAMES]) },
    see: 'Keyframe Interval to 2 s',
  },
  {
    name: 'stream, a moderator',
    path: `${HOME}/keys`,
    place: 'moderator',
    see: 'Everything looks healthy',
  },
  { name: 'stream, lost', path: `${HOME}/stream`, over: LOST, see: 'lost the connection' },
  {
    name: 'stream, no key yet',
    path: `${HOME}/stream`,
    over: OFF_AIR,
    channel: { keys: [] },
    do: press('Make a stream key'),
    see: 'Made just now',
  },
  {
    name: 'recordings, viewers of one',
    path: `${HOME}/recordings`,
    do: (page) =>
      page
        .getByRole('button', { name: /^Viewers of/ })
        .first()
        .click(),
    see: '1,234',
  },
  { name: 'keys', path: `${HOME}/keys`, see: 'OBS at home' },
  { name: 'keys, none', path: `${HOME}/keys`, channel: { keys: [] }, see: 'No stream keys yet' },
  { name: 'keys, asked', path: `${HOME}/keys`, do: press(/^Revoke OBS/), see: 'sent away at once' },
  {
    name: 'keys, a new one',
    path: `${HOME}/keys`,
    do: press('Make a stream key'),
    see: 'Your new stream key',
  },
  {
    name: 'keys, revoked ones',
    path: `${HOME}/keys`,
    do: (page) => page.getByText('Revoked keys').click(),
    see: 'Old laptop',
  },
  { name: 'about', path: `${HOME}/about`, see: 'What viewers read' },
  {
    name: 'about, preview',
    path: `${HOME}/about`,
    do: press('Preview'),
    see: 'Music every week.',
  },
  {
    name: 'about, changed and refused',
    path: `${HOME}/about`,
    do: async (page) => {
      const words = form(page, 'What viewers read')
      await words.getByLabel('Title').fill('impossible')
      await words.getByRole('button', { name: 'Save' }).click()
    },
    see: 'The channel cannot be so.',
  },
  {
    name: 'about, as an editor',
    path: `${HOME}/about`,
    channel: { place: 'editor' },
    see: 'Only an owner',
  },
  {
    name: 'recordings, asked',
    path: `${HOME}/recordings`,
    do: press(/^Delete \w{3},? \d/),
    see: 'The 2 clips made of it stay',
  },
  { name: 'access', path: `${HOME}/access`, see: 'Whoever knows a password' },
  {
    name: 'access, everything open',
    path: `${HOME}/access`,
    do: async (page) => {
      await page.getByLabel('Whoever knows a password').check()
      await page.getByLabel('Only these sites').check()
      await page.getByRole('button', { name: 'Save' }).click()
    },
    see: 'Name at least one site.',
  },
  { name: 'people', path: `${HOME}/members`, see: 'You are the only owner' },
  {
    name: 'people, as an editor',
    path: `${HOME}/members`,
    channel: { place: 'editor' },
    see: 'As an editor',
  },
  {
    name: 'people, asked',
    path: `${HOME}/members`,
    do: press('Remove carol'),
    see: 'Remove carol from',
  },
  {
    name: 'webhooks, and the log of one',
    path: `${HOME}/webhooks`,
    do: async (page) => {
      await press('Log of chat.example')(page)
      await page.getByText('1 try, and what is sent').first().click()
    },
    see: 'out of order',
  },
  {
    name: 'webhooks, none',
    path: `${HOME}/webhooks`,
    over: { hooks: hooks({ list: [] }) },
    see: 'fetch a recording when it is ready',
  },
]

describe('dashboard', () => {
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

  function scene({ place = 'owner', channel = {}, over = {} } = {}) {
    const own = managed(channel)
    const who = people({ me: bob(place) })
    server.state.scenario = scenario({ people: who, channel: own, ...over })
    server.state.stream = new Stream()
    return own
  }

  async function open(t, path) {
    const context = await browser.newContext({
      locale: 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(server.url + path)
    return page
  }

  testStates(STATES, {
    browser: () => browser,
    refusals: [400, 401, 403, 404, 503],
    async show(page, state) {
      scene(state)
      await page.goto(server.url + state.path)
      await state.do?.(page)
    },
  })

  test('a channel is made, and what the server refuses stands at the field', async (t) => {
    scene({ place: null, over: OFF_AIR })
    const page = await open(t, '/dashboard')
    const name = page.getByLabel('Name')
    const make = page.getByRole('button', { name: 'Make a channel' })
    for (const [typed, said] of [
      ['admin', 'This name is reserved by the site.'],
      ['Demo', 'This name is taken by another channel.'],
    ]) {
      await name.fill(typed)
      await make.click()
      await page.getByText(said).waitFor()
      assert.equal(await name.getAttribute('aria-invalid'), 'true')
      assert.equal(await name.inputValue(), typed)
    }
    await name.fill('My-Stage')
    await page.getByText('/@my-stage').waitFor()
    await make.click()
    await page.waitForURL('**/dashboard/@my-stage/stream')
  })

  test('a stream key is copied unseen, and the page says by itself that it is live', async (t) => {
    scene({ channel: { keys: [] }, over: OFF_AIR })
    const page = await open(t, `${HOME}/stream`)
    await page.getByRole('button', { name: 'Make a stream key' }).click()
    await page.getByText('Made just now').waitFor()
    const seen = await page.locator('main').innerText()
    assert.doesNotMatch(seen, /live_1/)
    await page.getByRole('button', { name: 'Copy: Stream Key' }).click()
    const key = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(key, /^live_1/)
    await page.getByRole('button', { name: 'Show the QR code' }).click()
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /live_1/)
    await page.getByRole('button', { name: 'Copy: ffmpeg command' }).click()
    const line = await page.evaluate(() => navigator.clipboard.readText())
    assert.ok(line.endsWith(`-f flv "rtmp://127.0.0.1/live/${key}"`), line)
    await page.getByRole('button', { name: 'Show: Stream Key' }).click()
    await page.getByText(key, { exact: true }).waitFor()
    server.state.scenario.live = true
    await page.getByRole('heading', { name: 'You are on air' }).waitFor()
  })

  test('what is on air has its picture and its title, which changes where it stands', async (t) => {
    const own = scene()
    const page = await open(t, `${HOME}/stream`)
    const panel = page.getByRole('region', { name: 'You are on air' })
    await panel.locator('img[src*="/live/demo/preview.jpg"]').waitFor({ state: 'attached' })
    await panel.getByRole('button', { name: 'Change the title' }).click()
    await page.keyboard.type('A new name') // over the old one
    await page.keyboard.press('Enter')
    await panel.getByText('A new name').waitFor()
    assert.equal(own.words.title, 'A new name')
    await panel.getByRole('button', { name: 'Play it here' }).click()
    await panel.locator('video').waitFor()
  })

  test('a moderator stops what is on air, and finds nothing else to do', async (t) => {
    scene({ place: 'moderator' })
    const page = await open(t, '/dashboard')
    await page.getByRole('link', { name: 'Moderate' }).click()
    await page.getByRole('region', { name: 'How your stream is' }).waitFor()
    const pages = page.getByRole('navigation', { name: /Pages of the channel/ })
    assert.deepEqual(await pages.getByRole('link').allInnerTexts(), ['On air now', 'Chat'])
    for (const name of ['Change the title', 'Make a stream key'])
      assert.equal(await page.getByRole('button', { name }).count(), 0)
    await page.getByRole('button', { name: 'Stop the broadcast' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop the broadcast' }).click()
    await page.getByRole('heading', { name: 'Off air' }).waitFor()
  })

  test('the doctor speaks by itself, and measures are read as text', async (t) => {
    scene({ over: { health: healthOf([], { settled: false }) } })
    const page = await open(t, `${HOME}/stream`)
    const panel = page.getByRole('region', { name: 'How your stream is' })
    await panel.getByText('Looking at your stream').waitFor()
    assert.equal(await panel.getByRole('listitem').count(), 0)
    server.state.scenario.health = healthOf([B_FRAMES])
    await panel.getByText('Everything works. This could be better:').waitFor()
    server.state.scenario.health = healthOf([LONG_GOP, B_FRAMES])
    await panel.getByText('2 things to look at:').waitFor()
    const first = panel.getByRole('listitem').first()
    await first.getByText('Keyframe Interval to 2 s').waitFor()
    assert.match(await first.innerText(), /Began 1 minute ago/)
    for (const [label, said] of [
      ['Bitrate', /now \d\.\d\d Mbit\/s, \d\.\d\d Mbit\/s to \d\.\d\d Mbit\/s in 2 minutes$/],
      ['Frame rate', /now 30 fps, 30 fps for 2 minutes$/],
      ['Key frame interval', /now 8\.3 s, 8\.3 s for 2 minutes$/],
      ['Sound level', /now −\d+ dB, −31 dB to −17 dB in 2 minutes$/],
    ]) {
      const graph = panel.getByRole('img', { name: new RegExp(`^${label}:`) })
      assert.match(await graph.getAttribute('aria-label'), said)
    }
    server.state.scenario.health = healthOf()
    await panel.getByText('Everything looks healthy').waitFor()
    server.state.scenario.live = false
    await panel.waitFor({ state: 'detached' })
  })

  test('a key is rotated and revoked after a question, by keyboard', async (t) => {
    const channel = scene()
    const page = await open(t, `${HOME}/keys`)
    const rotate = page.getByRole('button', { name: 'Rotate OBS at home' })
    await rotate.focus()
    await page.keyboard.press('Enter')
    await page.getByText('An encoder that is live with it is sent away at once').waitFor()
    await page.keyboard.press('Escape')
    assert.equal(channel.keys.length, 3)
    await page.keyboard.press('Enter') // the focus came back
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Your new stream key').waitFor()
    assert.equal(channel.keys.length, 4)
    assert.ok(channel.keys[1].revoked_at)
    const focused = (words) =>
      page.waitForFunction((w) => document.activeElement.textContent.trim().startsWith(w), words)
    await focused('Your new stream key')
    await page.getByText('Revoked keys (2)').waitFor()
    await page.getByRole('button', { name: /^Revoke OBS at home/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Revoked keys (3)').waitFor()
    // Its text is of no use any more.
    await page.getByText('Your new stream key').waitFor({ state: 'detached' })
    // The keys that are left have the focus, now that the button that had it is gone.
    await focused('Without a label')
  })

  test('what somebody else changed is loaded under what was typed', async (t) => {
    const channel = scene()
    const page = await open(t, `${HOME}/about`)
    const words = form(page, 'What viewers read')
    await words.getByLabel('Title').fill('Mine')
    channel.words.category = 'Chess'
    channel.revision++
    await words.getByRole('button', { name: 'Save' }).click()
    await words.getByText('Somebody else changed this meanwhile').waitFor()
    await words.getByRole('button', { name: 'Load it anew' }).click()
    await words.getByText('Loaded anew.').waitFor()
    assert.equal(await words.getByLabel('Title').inputValue(), 'Mine')
    assert.equal(await words.getByLabel('Category').inputValue(), 'Chess')
    await words.getByRole('button', { name: 'Save' }).click()
    await words.getByText('Saved.').waitFor()
    assert.deepEqual([channel.words.title, channel.words.category], ['Mine', 'Chess'])
  })

  test('what is not saved outlives a look at another page, and can be discarded', async (t) => {
    scene()
    const page = await open(t, `${HOME}/about`)
    await form(page, 'What viewers read').getByLabel('Title').fill('Mine')
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByText('You are the only owner').waitFor()
    await page.getByRole('link', { name: /^About.+Not saved yet/ }).click()
    const words = form(page, 'What viewers read')
    assert.equal(await words.getByLabel('Title').inputValue(), 'Mine')
    await words.getByRole('button', { name: 'Discard' }).click()
    assert.equal(await words.getByLabel('Title').inputValue(), 'The demo stage')
    await page.getByRole('link', { name: 'About', exact: true }).waitFor()
  })

  test('numbers, the schedule and pictures', async (t) => {
    const channel = scene()
    const page = await open(t, `${HOME}/about`)
    const kept = form(page, 'Recordings')
    await kept.getByLabel('Keep recordings for').fill('')
    await kept.getByRole('button', { name: 'Save' }).click()
    await kept.getByText('Saved.').waitFor()
    assert.equal(channel.rules.retention_days, null)
    const lost = form(page, 'When the encoder is lost')
    await lost.getByLabel('Reconnect window').fill('2000')
    await lost.getByRole('button', { name: 'Save' }).click()
    await lost.getByText('This is at most 1800.').waitFor()
    await lost.getByLabel('Reconnect window').fill('90')
    await lost.getByLabel('The one on air stays').check()
    await lost.getByRole('button', { name: 'Save' }).click()
    await lost.getByText('Saved.').waitFor()
    assert.deepEqual([channel.rules.reconnect_seconds, channel.rules.takeover], [90, 'refuse'])
    const times = form(page, 'Schedule')
    await times.getByRole('button', { name: 'Remove time 2' }).click()
    await times.getByRole('button', { name: 'Add a time' }).click()
    await times.getByLabel('Minutes').nth(1).fill('30')
    await times.getByRole('button', { name: 'Save' }).click()
    await times.getByText('Saved.').waitFor()
    assert.deepEqual(
      channel.words.schedule.map((s) => [s.day, s.start, s.minutes, s.zone]),
      [
        [6, '20:30', 90, 'Europe/Berlin'],
        [0, '20:30', 30, 'Europe/Berlin'],
      ],
    )
    const picture = (name, mimeType, bytes) => ({ name, mimeType, buffer: Buffer.alloc(bytes) })
    const input = page.getByLabel('Choose a picture: Offline picture')
    await input.setInputFiles(picture('a.svg', 'image/svg+xml', 10))
    await page.getByText('This is not a JPEG').waitFor()
    await input.setInputFiles(picture('a.png', 'image/png', (8 << 20) + 1))
    await page.getByText('more than 8 MB').waitFor()
    await input.setInputFiles(picture('a.png', 'image/png', 10))
    await page.getByRole('button', { name: 'Take away: Offline picture' }).click()
    await input.waitFor()
    // All that went without a conflict: the page knows each revision.
    assert.equal(channel.revision, 6)
  })

  test('who may watch is said with a password, and the sites are checked', async (t) => {
    const channel = scene()
    const page = await open(t, `${HOME}/access`)
    const save = page.getByRole('button', { name: 'Save' })
    await page.getByLabel('Whoever knows a password').check()
    await page.getByText('it ends within a minute').waitFor()
    await save.click()
    await page.getByText('Choose the password that viewers are asked for.').waitFor()
    await page.getByLabel('Password for viewers', { exact: true }).fill('sesame')
    await page.getByLabel('Only these sites').check()
    await page.getByLabel('Sites', { exact: true }).fill('https://a.example\nb.example')
    await save.click()
    await page.getByText('b.example is not the address of a site').waitFor()
    await page.getByLabel('Sites', { exact: true }).fill('https://a.example')
    await save.click()
    await page.getByText('Saved.').waitFor()
    const { visibility, embedding, embed_sites } = channel.rules
    assert.deepEqual(
      [visibility, embedding, embed_sites],
      ['password', 'sites', ['https://a.example']],
    )
    assert.equal(channel.password, 'sesame')
    assert.equal(await page.getByLabel('Password for viewers', { exact: true }).inputValue(), '')
  })

  test('a webhook is made, tested, told again and removed', async (t) => {
    scene()
    const { hooks } = server.state.scenario
    const page = await open(t, `${HOME}/webhooks`)
    const make = form(page, 'Make a webhook')
    await make.getByLabel('Address', { exact: true }).fill('http://new.example/hook')
    await make.getByText('everybody on the way can read').waitFor()
    await make.getByRole('button', { name: 'Make a webhook' }).click()
    await make.getByText('Choose one at least.').waitFor()
    await make.getByLabel('A clip is made').check()
    await make.getByRole('button', { name: 'Make a webhook' }).click()
    await page.getByText('whsec_c2VjcmV0').waitFor()
    assert.deepEqual(hooks.list.at(-1).events, ['clip.made'])
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('whsec_').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Test new.example' }).click()
    await page.getByText('The test arrived.').waitFor()
    await page.getByRole('button', { name: 'Log of new.example' }).click()
    await page.getByText('1. A broadcast starts').waitFor()
    await page.getByRole('button', { name: 'Send again: number 1' }).click()
    const told = page.getByRole('list', { name: 'Log' })
    await told.getByText('Given up').waitFor({ state: 'detached' })
    assert.equal(hooks.log.at(-1).state, 'waiting')

    await page.getByRole('button', { name: 'Enable old.example' }).click()
    await page.getByText('nothing arrived for days').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove new.example' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page
      .getByRole('heading', { name: 'http://new.example/hook' })
      .waitFor({ state: 'detached' })
    assert.equal(hooks.list.length, 3)
  })

  test('people are added, given another place and removed', async (t) => {
    const channel = scene()
    const page = await open(t, `${HOME}/members`)
    const add = form(page, 'Add somebody')
    await add.getByLabel('Name').fill('nobody')
    await add.getByRole('button').click()
    await add.getByText('There is no such user.').waitFor()
    await add.getByLabel('Name').fill('erin')
    await add.getByLabel('Place').selectOption('editor')
    await add.getByRole('button').click()
    await page.getByLabel('Place of erin').waitFor()
    await page.getByLabel('Place of carol').selectOption('owner')
    await page.getByText('You are the only owner').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove dora' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('@dora').waitFor({ state: 'detached' })
    assert.deepEqual(
      channel.members.map((m) => [m.name, m.place]),
      [
        ['bob', 'owner'],
        ['carol', 'owner'],
        ['erin', 'editor'],
      ],
    )
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.waitForURL('**/dashboard')
  })
})
