// Chat in a real browser, over the fixture's socket: its states, the ways
// through it by pointer and keyboard, and what thousands of lines cost.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { keepEngine, launchShell, until } from './browser.mjs'
import { testStates } from './faults.mjs'
import { chat, line, speaker, talk } from './fixture/chat.mjs'
import { people, person } from './fixture/people.mjs'
import { scenario, start } from './fixture/server.mjs'
import { Stream } from './fixture/stream.mjs'

const OWNER = () => ({
  ...person('bob'),
  channels: [{ name: 'demo', title: 'The demo stage', place: 'owner', live: true }],
})
const POLL = () => ({
  id: 'p1',
  question: 'Which piece next?',
  options: [
    { text: 'The fast one', votes: 31 },
    { text: 'The slow one', votes: 12 },
  ],
  endsAt: Date.now() + 90_000,
  ended: false,
  total: 43,
})
const HELD = () => [{ line: line('eve', 'a spoiler'), why: 'word' }]
const SAY = 'Say something'

/** Off air, so that nothing but chat is going on. */
const quiet = (me, of = {}) => ({ live: false, recordings: [], people: people({ me }), chat: of })
const alice = () => person('alice')
const press = (page, name) => page.getByRole('button', { name }).first().click()

const STATES = [
  { name: 'chat, nobody', path: '/@demo', of: () => ({ lines: talk() }), see: 'Sign in to speak.' },
  { name: 'chat, empty', path: '/@demo', me: alice, see: 'Nobody has said anything yet.' },
  {
    name: 'chat, all at once',
    path: '/@demo',
    me: OWNER,
    of: () => ({
      lines: talk(),
      role: 'owner',
      pin: talk()[3],
      poll: POLL(),
      review: HELD(),
      mode: { ...chat().mode, slowMs: 5000, emoteOnly: true },
    }),
    do: (page) => press(page, '1 message waits for you'),
    see: 'It has a word that you filter.',
  },
  {
    name: 'chat, suggestions',
    path: '/@demo',
    me: alice,
    of: () => ({ lines: talk() }),
    do: (page) => page.getByLabel(SAY).fill('@c'),
    see: '@carl',
  },
  {
    name: 'chat, emotes',
    path: '/chat/@demo',
    me: alice,
    of: () => ({ lines: talk() }),
    do: (page) => press(page, 'Emotes'),
    see: 'Of this channel',
  },
  {
    name: 'chat, refused and held',
    path: '/@demo',
    me: alice,
    of: () => ({ rules: 'Be kind.' }),
    async do(page) {
      for (const text of ['blocked', 'held', 'x'.repeat(501)]) {
        await page.getByLabel(SAY).fill(text)
        await page.keyboard.press('Enter')
      }
    },
    see: '1 character too many',
  },
  {
    name: 'chat, banned',
    path: '/@demo',
    me: alice,
    of: () => ({
      lines: talk(),
      why: 'banned',
      reason: 'Advertising',
      own: [{ channel: 'demo', until: null, reason: 'Advertising', appeal: '' }],
    }),
    do: (page) => press(page, 'Ask the moderators'),
    see: 'Why you should be let in again',
  },
  {
    name: 'chat, followers only',
    path: '/@demo',
    me: alice,
    of: () => ({ why: 'followers', mode: { ...chat().mode, followersMs: 600_000 } }),
    see: 'Only who has followed for 10:00 may speak here.',
  },
  {
    name: 'chat, a line',
    path: '/@demo',
    me: OWNER,
    of: () => ({ lines: talk(), role: 'owner' }),
    async do(page) {
      await page.locator('[data-id]').nth(1).focus()
      await page.keyboard.press('Enter')
      await press(page, 'Ban')
    },
    see: 'until a moderator lifts it',
  },
  {
    name: 'chat, somebody',
    path: '/@demo',
    me: OWNER,
    of: () => ({ lines: [...talk(), line('eve', 'buy this')], role: 'owner' }),
    do: (page) => page.getByRole('button', { name: 'Eve', exact: true }).click(),
    see: 'Reason: Advertising',
  },
  {
    name: 'chat, options',
    path: '/@demo',
    me: OWNER,
    of: () => ({ lines: talk(), role: 'owner', rules: 'Be kind.' }),
    do: (page) => press(page, 'Chat options'),
    see: 'Address for OBS',
  },
  {
    name: 'chat, a new poll',
    path: '/@demo',
    me: OWNER,
    of: () => ({ role: 'owner' }),
    async do(page) {
      await press(page, 'Make a poll')
      await press(page, 'Begin')
    },
    see: 'Fill this in.',
  },
  {
    name: 'chat, folded',
    path: '/@demo',
    me: alice,
    do: (page) => press(page, 'Hide chat'),
    see: 'Show chat',
  },
  {
    name: 'dashboard, chat',
    path: '/dashboard/@demo/chat',
    me: OWNER,
    of: () => ({ review: HELD() }),
    see: 'It was only once, and I am sorry.',
  },
  {
    name: 'admin, emotes',
    path: '/admin/emotes',
    me: () => person('alice', 'admin'),
    do: (page) => press(page, 'Add an emote'),
    see: 'A code has 2 to 32',
  },
]

describe('chat', () => {
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

  testStates(STATES, {
    browser: () => browser,
    refusals: [401],
    async show(page, { path, me, of, do: act }) {
      server.state.scenario = scenario(quiet(me?.() ?? null, chat(of?.())))
      await page.goto(server.url + path)
      if (path.includes('/@demo') && !path.startsWith('/dashboard'))
        await page.getByRole('log').locator('li, p').first().waitFor()
      await act?.(page)
    },
  })

  /** A page with the chat of `of`, as `me` sees it. */
  async function open(t, of = {}, { me = alice(), path = '/@demo', ...options } = {}) {
    server.state.scenario = scenario(quiet(me, chat(of)))
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options })
    t.after(() => context.close())
    const page = await context.newPage()
    page.on('pageerror', (e) => assert.fail(e))
    await page.goto(server.url + path)
    if (!path.startsWith('/v/')) await page.getByRole('log').locator('li, p').first().waitFor()
    return { page, room: server.state.scenario.chat }
  }

  const texts = (page) => page.locator('[role=log] .text').allInnerTexts()
  const say = async (page, text) => {
    await page.getByLabel(SAY).fill(text)
    await page.keyboard.press('Enter')
  }
  const shown = (page, text) => page.getByRole('log').getByText(text, { exact: true }).waitFor()
  const eventually = async (what, good) => {
    const limit = Date.now() + 30_000
    while (!(await good())) {
      if (Date.now() > limit) throw new Error(`${what} did not come true`)
      await new Promise((r) => setTimeout(r, 50))
    }
  }

  test('what is said is there once, across a broken connection', async (t) => {
    const { page, room } = await open(t, { lines: [line('bea', 'first')] })
    await say(page, 'second')
    await shown(page, 'second')
    for (const ws of room.sockets) ws.close()
    await page.getByText('The connection was lost.').waitFor()
    room.lines.push(line('bea', 'third'))
    await shown(page, 'third')
    room.say('bea', 'fourth')
    await shown(page, 'fourth')
    assert.deepEqual(await texts(page), ['first', 'second', 'third', 'fourth'])
    assert.equal(room.afters.length, 2)
    assert.equal(room.afters[1], room.lines[1].id)
  })

  test('what is not taken is told, and comes back to be changed', async (t) => {
    const { page, room } = await open(t)
    await say(page, 'blocked')
    await page.getByText('It has a word in it that is not allowed here.').waitFor()
    await press(page, 'Change it')
    assert.equal(await page.getByLabel(SAY).inputValue(), 'blocked')
    await say(page, 'held')
    await page.getByText('A moderator looks at this first.').waitFor()
    room.waits = 1500
    await say(page, 'too fast')
    await page.getByRole('button', { name: /^Wait/ }).waitFor()
    await eventually(
      'it is back in the field',
      async () => (await page.getByLabel(SAY).inputValue()) === 'too fast',
    )
    await page.getByRole('button', { name: 'Send' }).waitFor()
    await page.getByLabel(SAY).press('Enter')
    await shown(page, 'too fast')
  })

  test('deletions, bans and modes act on what is seen', async (t) => {
    const { page, room } = await open(t)
    const one = room.say('eve', 'one')
    room.say('eve', 'two')
    await shown(page, 'two')
    room.tell({ type: 'delete', ids: [one.id] })
    await page.getByText('Deleted by a moderator').waitFor()
    room.tell({ type: 'ban', userId: 'u-eve', name: 'eve', until: null })
    await page.getByText('Gone: who wrote it may not write here').waitFor()
    assert.deepEqual(await texts(page), [])
    room.tell({ type: 'mode', mode: { ...room.mode, slowMs: 5000 }, maxLength: 500, rules: '' })
    await page.getByText('Slow mode: a message each 0:05').waitFor()
    room.own = [{ channel: 'demo', until: null, reason: 'Advertising', appeal: '' }]
    room.tell({
      type: 'you',
      you: { ...speaker('alice'), role: 'viewer' },
      maySpeak: false,
      why: 'banned',
      reason: 'Advertising',
      until: 0,
    })
    await page.getByText('Reason: Advertising').waitFor()
    await press(page, 'Ask the moderators')
    await page.getByLabel('Why you should be let in again').fill('Sorry')
    await press(page, 'Send')
    await page.getByText('You have asked the moderators').waitFor()
    assert.deepEqual(room.asked.at(-1).body, { text: 'Sorry' })
  })

  test('it stands still for who reads above, and goes on at the end', async (t) => {
    const many = Array.from({ length: 400 }, (_, i) => line('bea', `line ${i}`))
    const { page, room } = await open(t, { lines: many })
    await shown(page, 'line 399')
    const box = page.getByRole('log')
    assert.ok((await page.locator('[data-id]').count()) <= 120, 'not all are in the page')
    await box.hover()
    await page.mouse.wheel(0, -600)
    await page.getByRole('button', { name: 'Paused' }).waitFor()
    const top = () => box.evaluate((b) => b.scrollTop)
    const before = await top()
    for (let i = 0; i < 3; i++) room.say('bea', `new ${i}`)
    await page.getByRole('button', { name: '3 new messages' }).waitFor()
    assert.equal(await top(), before)
    assert.equal(await page.getByText('new 2', { exact: true }).count(), 0)
    // Further up is more of it, and what was seen stays where it was.
    await box.evaluate((b) => (b.scrollTop = 0))
    await eventually(
      'earlier lines come',
      async () => (await page.locator('[data-id]').count()) > 120,
    )
    assert.ok((await top()) > 0)
    await press(page, '3 new messages')
    await shown(page, 'new 2')
    await eventually('it is at the end', () =>
      box.evaluate((b) => b.scrollHeight - b.scrollTop - b.clientHeight < 4),
    )
    room.say('bea', 'the last')
    await shown(page, 'the last')
    assert.ok(await box.evaluate((b) => b.scrollHeight - b.scrollTop - b.clientHeight < 4))
  })

  test('all of it goes by keyboard', async (t) => {
    const { page, room } = await open(t, { lines: talk() })
    const field = page.getByLabel(SAY)
    await field.focus()
    await page.keyboard.type('hi @be')
    await page.getByRole('option', { name: '@bea' }).waitFor()
    await page.keyboard.press('Enter')
    assert.equal(await field.inputValue(), 'hi @bea ')
    await page.keyboard.type(':wa')
    await page.getByRole('option', { name: ':wave:' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('there')
    await page.keyboard.press('Enter')
    await eventually('it is said', () => room.told.some((m) => m.text === 'hi @bea :wave: there'))
    await page.keyboard.type('/')
    await page.getByRole('option', { name: /^\/me text/ }).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('option').count(), 0)
    await field.fill('')
    // To the lines, up three, and reply.
    await page.getByRole('log').focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp')
    await page.keyboard.press('r')
    await page.getByText('Replying to Mona').waitFor()
    await page.keyboard.type('I am')
    await page.keyboard.press('Enter')
    await eventually('it is a reply', () => room.told.at(-1)?.replyTo === room.lines[6].id)
    await page.getByText('In reply to mona:').first().waitFor()
  })

  test('lines are heard one by one while they are few, and counted when they are not', async (t) => {
    const { page, room } = await open(t)
    const live = () => page.getByRole('log').getAttribute('aria-live')
    await eventually('what comes is read', async () => (await live()) === 'polite')
    room.say('bea', 'one')
    await shown(page, 'one')
    assert.equal(await live(), 'polite')
    for (let i = 0; i < 30; i++) room.say('bea', `many ${i}`)
    await eventually('a flood is not', async () => (await live()) === 'off')
    await page.getByText(/^\d+ new messages$/).waitFor({ state: 'attached' })
  })

  test('reactions float, a few for many, and none where nothing is to move', async (t) => {
    for (const reducedMotion of ['no-preference', 'reduce']) {
      const { page, room } = await open(t, {}, { reducedMotion })
      await press(page, 'React with ❤️')
      await eventually('it is told', () => room.told.some((m) => m.type === 'react'))
      const most = page.evaluate(
        () =>
          new Promise((done) => {
            let seen = 0
            const end = performance.now() + 1500
            const look = () => {
              seen = Math.max(seen, document.querySelectorAll('.air span').length)
              if (performance.now() < end) requestAnimationFrame(look)
              else done(seen)
            }
            look()
          }),
      )
      for (let i = 0; i < 20; i++) room.tell({ type: 'emote', counts: { '🔥': 500, '👏': 90 } })
      const seen = await most
      if (reducedMotion === 'reduce') assert.equal(seen, 0)
      else assert.ok(seen > 0 && seen <= 24, `${seen} at a time`)
    }
  })

  test('emotes that move stand still where nothing is to move', async (t) => {
    const moves = { id: 'e9', code: 'dance', url: '/moving.webp', still: '/still.png' }
    const said = line('bea', ':dance:', { emotes: [{ code: 'dance', id: 'e9', start: 0, end: 7 }] })
    for (const reducedMotion of ['no-preference', 'reduce']) {
      const emotes = [{ ...moves, animated: true, site: false }]
      const { page } = await open(t, { emotes, lines: [said] }, { reducedMotion })
      const drawn = page.getByRole('log').getByRole('img', { name: ':dance:' })
      await drawn.waitFor({ state: 'attached' })
      const path = new URL(await drawn.getAttribute('src'), server.url).pathname
      assert.equal(path, reducedMotion === 'reduce' ? moves.still : moves.url)
    }
  })

  test('a vote is cast once, and its poll is followed', async (t) => {
    const { page, room } = await open(t, { poll: POLL() })
    await press(page, 'Vote for The slow one')
    await page.getByText('Your vote').waitFor()
    assert.deepEqual(room.told.at(-1), { type: 'vote', pollId: 'p1', option: 1 })
    const options = [
      { text: 'The fast one', votes: 31 },
      { text: 'The slow one', votes: 13 },
    ]
    room.tell({ type: 'poll', poll: { ...POLL(), options, total: 44, ended: true } })
    await page.getByText('30 % · 13').waitFor()
    await page.getByText('Ended').waitFor()
  })

  test('moderators act on a line, and on who wrote it', async (t) => {
    const { page, room } = await open(t, { lines: talk(), role: 'moderator' }, { me: OWNER() })
    await page.locator('[data-id]').nth(0).hover()
    await press(page, 'Delete the message of Bea')
    await page.getByText('Deleted by a moderator').waitFor()
    await page.locator('[data-id]').nth(1).hover()
    await press(page, 'More on the message of Carl')
    await page.getByLabel('Reason').fill('Noise')
    await press(page, '10 min')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { path, body } = room.asked.at(-1)
    assert.equal(path, '/channels/demo/chat/restrictions/carl')
    assert.equal(body.reason, 'Noise')
    const minutes = (Date.parse(body.until) - Date.now()) / 60_000
    assert.ok(minutes > 5 && minutes <= 10, `${minutes} minutes`)
    room.tell({ type: 'review', line: line('eve', 'a spoiler'), why: 'word' })
    await press(page, '1 message waits for you')
    await press(page, 'Let it in: what Eve wrote')
    await page.getByText('waits for you').waitFor({ state: 'detached' })
    assert.deepEqual(room.asked.at(-1).body, { allow: true })
  })

  test('moderators block somebody from following, and see what others do', async (t) => {
    const { page, room } = await open(t, { lines: talk(), role: 'moderator' }, { me: OWNER() })
    await page.locator('[data-id]').nth(0).getByRole('button', { name: 'Bea' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Block from following' }).click()
    await dialog.getByText('Bea follows the channel no more').waitFor()
    await dialog.getByRole('button', { name: 'Block Bea' }).click()
    await dialog.getByText('Blocked: they can neither').waitFor()
    assert.ok(room.blocked.has('bea'))
    const did = (id, act, target) => {
      const entry = { id, at: Date.now(), actor: 'mona', act, target, details: '' }
      room.log.unshift(entry)
      room.tell({ type: 'log', ...entry })
    }
    did('g2', 'purge', 'bea')
    await dialog.getByText('deleted all messages of').waitFor()
    await dialog.getByRole('button', { name: 'Unblock' }).click()
    await dialog.getByRole('button', { name: 'Block from following' }).waitFor()

    await page.goto(`${server.url}/dashboard/@demo/chat`)
    await page.getByText('It was only once, and I am sorry.').waitFor()
    await eventually('the page listens', () => room.sockets.size === 1)
    room.restrictions = []
    did('g3', 'unban', 'eve')
    await page.getByText('let speak again:').waitFor()
    await page.getByText('Nobody is kept from speaking.').waitFor()
    const held = line('eve', 'a spoiler')
    room.tell({ type: 'review', line: held, why: 'word' })
    await page.getByText('1 message waits for you').waitFor()
    room.tell({ type: 'reviewed', id: held.id, allowed: false })
    await page.getByText('1 message waits for you').waitFor({ state: 'detached' })
  })

  test('a long press opens what can be done', async (t) => {
    const { page } = await open(
      t,
      { lines: talk() },
      { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } },
    )
    const at = await page.locator('[data-id]').nth(6).boundingBox()
    const cdp = await page.context().newCDPSession(page)
    const touchPoints = [{ x: at.x + 200, y: at.y + at.height - 6 }]
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
    await page.getByRole('dialog', { name: 'Message of Mona' }).waitFor()
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  })

  test('folded away it stays so, and theatre mode hides it', async (t) => {
    const { page } = await open(t, { lines: talk() })
    await press(page, 'Hide chat')
    await page.reload()
    await press(page, 'Show chat')
    await page.getByRole('log').waitFor()
    server.state.scenario.live = true
    server.state.stream = new Stream()
    await keepEngine(page)
    await page.reload()
    await until(page, (s) => s.decoded > 0)
    const width = () => page.locator('[data-stage]').evaluate((s) => s.clientWidth)
    const beside = await width()
    await page.keyboard.press('t')
    await page.getByRole('log').waitFor({ state: 'hidden' })
    assert.ok((await width()) > beside)
    await page.getByRole('button', { name: 'Theatre mode' }).press('Enter')
    await page.getByRole('log').waitFor()
  })

  test('an overlay shows what is said, as large and as long as it is asked to', async (t) => {
    const lines = [
      line('bea', 'long ago', { ago: 60_000 }),
      line('alice', 'now', { user: { badges: ['owner'] } }),
    ]
    server.state.scenario = scenario(quiet(null, chat({ lines })))
    const context = await browser.newContext()
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(`${server.url}/overlay/@demo/chat?size=40&fade=30&badges=0`)
    await page.getByText('now', { exact: true }).waitFor()
    assert.equal(await page.getByText('long ago').count(), 0)
    assert.equal(await page.locator('.badge').count(), 0)
    const look = await page.evaluate(() => [
      getComputedStyle(document.documentElement).backgroundColor,
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector('main')).fontSize,
    ])
    assert.deepEqual(look, ['rgba(0, 0, 0, 0)', 'rgba(0, 0, 0, 0)', '40px'])
    assert.equal(await page.locator('a, button, input, textarea').count(), 0)
  })

  test('the chat of a recording keeps to its picture: played, sought, faster', async (t) => {
    const said = (ms) => line('bea', `at ${ms}`, { mediaMs: ms })
    const { page, room } = await open(
      t,
      { replay: [500, 2000, 4000, 9000, 12_000].map(said) },
      { path: '/v/none' },
    )
    server.state.scenario = scenario({ ...quiet(alice(), room), recordings: undefined })
    server.state.scenario.recordings = scenario().recordings
    await page.goto(`${server.url}/v/r1`)
    await until(page, (s) => s.decoded > 0)
    const video = (what) =>
      page.evaluate((w) => new Function('v', w)(document.querySelector('video')), what)
    const now = () => page.evaluate(() => document.querySelector('video').currentTime * 1000)
    await shown(page, 'at 500')
    assert.ok((await now()) >= 500)
    // Paused and sought: what was said by then, and nothing of later.
    await video('v.pause(); v.currentTime = 9.5')
    await shown(page, 'at 9000')
    assert.deepEqual(await texts(page), ['at 500', 'at 2000', 'at 4000', 'at 9000'])
    await video('v.currentTime = 2.5')
    await eventually('what is later goes', async () => (await texts(page)).length === 2)
    await video('v.playbackRate = 4; v.play()')
    await shown(page, 'at 4000')
    assert.ok((await now()) >= 4000)
    await shown(page, 'at 12000')
    assert.ok((await now()) >= 12_000)
  })

  test('nothing that somebody writes becomes a part of the page', async (t) => {
    const x = '<img src=x onerror="window.hit=1"><b class="xss">x</b><script>window.hit=1</script>'
    const evil = speaker(x, {
      displayName: x,
      color: '"><b class="xss">',
      badges: [x, 'owner" onclick="window.hit=1'],
    })
    const one = (over = {}) => ({ ...line('eve', x), user: evil, ...over })
    const bad = [
      'javascript:window.hit=1',
      'data:text/html,<script>window.hit=1</script>',
      'https://a:b@evil.test',
    ]
    const { page, room } = await open(
      t,
      {
        role: 'owner',
        rules: x,
        lines: [
          one(),
          one({ id: x, replyTo: { id: x, name: x, text: x }, mentions: [x], action: true }),
          one({ id: 'z1', emotes: [{ code: x, id: 'e1', start: 0, end: 4 }] }),
          one({ id: 'z2', text: bad.join(' ') }),
        ],
        emotes: [
          { id: 'e1', code: x, url: 'javascript:window.hit=1', animated: false, site: false },
        ],
        pin: one(),
        poll: {
          ...POLL(),
          question: x,
          options: [
            { text: x, votes: 1 },
            { text: x, votes: 2 },
          ],
        },
        review: [{ line: one({ id: 'z3' }), why: x }],
        log: [{ id: 'g', at: Date.now(), actor: x, act: x, target: x, details: x }],
        filters: [{ id: 'f', kind: 'word', text: x, act: 'hold' }],
        restrictions: [
          {
            user: x,
            display_name: x,
            until: null,
            reason: x,
            by: x,
            at: new Date().toISOString(),
            appeal: x,
            appealed_at: null,
          },
        ],
      },
      { me: OWNER(), bypassCSP: true },
    )
    room.tell({ type: 'notice', code: x, text: x })
    room.tell({ type: 'sub', name: x, displayName: x })
    room.tell({ type: 'ban', userId: 'nobody', name: x, until: null })
    room.tell({ type: 'emote', counts: { [x]: 1 } })
    await press(page, '1 message waits for you')
    await page.getByLabel(SAY).fill('@')
    await page.getByLabel(SAY).fill(':im')
    const clean = async (where) => {
      const found = await page.evaluate(() => ({
        hit: window.hit,
        made: document.querySelectorAll('.xss, img[src="x"], [onclick], [onerror]').length,
        links: [...document.querySelectorAll('#app a')]
          .map((a) => a.href)
          .filter((h) => !/^https?:\/\/[^@]*$/.test(h) && !/^https?:\/\/[^/]*\//.test(h)),
      }))
      assert.deepEqual(found, { hit: undefined, made: 0, links: [] }, where)
    }
    await clean('the panel')
    await page.keyboard.press('Escape')
    const links = await page.getByRole('log').getByRole('link').count()
    assert.equal(links, 0, 'none of these is a link')
    await page.locator('[data-id] .name').first().click()
    await page.getByRole('dialog').waitFor()
    await clean('somebody')
    await page.keyboard.press('Escape')
    await page.goto(`${server.url}/dashboard/@demo/chat`)
    await page.getByText('onerror').first().waitFor()
    await clean('the dashboard')
    await page.goto(`${server.url}/overlay/@demo/chat`)
    await page.getByText('onerror').first().waitFor()
    await clean('the overlay')
  })

  test('thousands of lines cost no more than the first', async (t) => {
    const { page, room } = await open(t)
    const BATCH = 20
    // So many lines as fast as they are drawn; what it took of the page's time.
    const flood = async (name, n) => {
      await page.evaluate(() => {
        const tasks = []
        window.tasks = tasks
        let last = performance.now()
        window.frames = []
        const frame = (now) => {
          window.frames.push(now - last)
          last = now
          window.beat = requestAnimationFrame(frame)
        }
        window.beat = requestAnimationFrame(frame)
        window.watch = new PerformanceObserver((l) =>
          tasks.push(...l.getEntries().map((e) => e.duration)),
        )
        window.watch.observe({ type: 'longtask' })
      })
      const cpu = async () => {
        const { metrics } = await cdp.send('Performance.getMetrics')
        return metrics.find((m) => m.name === 'TaskDuration').value
      }
      const before = await cpu()
      for (let i = 0; i < n; i += BATCH) {
        for (let k = 0; k < BATCH; k++)
          room.say(`user${(i + k) % 40}`, `${name} ${i + k}: it goes on and on, as people do`, {
            user: { color: '#22aa55', badges: ['member'] },
          })
        await new Promise((r) => setTimeout(r, 100))
      }
      await page.getByText(`${name} ${n - 1}:`, { exact: false }).waitFor()
      const spent = (await cpu()) - before
      const seen = await page.evaluate(() => {
        cancelAnimationFrame(window.beat)
        window.watch.disconnect()
        const sorted = window.frames.sort((a, b) => a - b)
        return {
          long: window.tasks.length,
          p99: sorted[Math.floor(sorted.length * 0.99)],
          frames: sorted.length,
        }
      })
      return { spent, ...seen }
    }
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    const first = await flood('first', 1000)
    for (let i = 0; i < 3000; i++) room.say('bea', `between ${i}`)
    await page.getByText('between 2999').waitFor()
    const later = await flood('later', 1000)
    const told = (f) =>
      `${(f.spent * 1000).toFixed(0)} ms of the page's time for 1,000 lines at 200/s, ${f.long} tasks over 50 ms, p99 of ${f.frames} frames ${f.p99.toFixed(0)} ms`
    t.diagnostic(`first: ${told(first)}`)
    t.diagnostic(`after 4,000 lines: ${told(later)}`)
    assert.ok((await page.locator('[data-id]').count()) <= 120)
    assert.ok(later.spent < first.spent * 2 + 0.2, 'what a line costs does not grow')
  })
})
