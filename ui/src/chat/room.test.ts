import { expect, test } from 'vitest'
import type { Socket } from './connection'
import type { LineData, Mode, ServerMessage, You } from './protocol'
import { KEPT, Room } from './room.svelte'

const MODE: Mode = {
  slowMs: 0,
  followersMs: -1,
  membersOnly: false,
  emoteOnly: false,
  links: true,
  closed: false,
  duplicates: true,
}
const who = (name: string) => ({ id: `u-${name}`, name, displayName: name, color: '', badges: [] })
const line = (n: number, name = 'bob', text = `line ${n}`): LineData => ({
  id: `l${String(n).padStart(5, '0')}`,
  at: 1000 + n,
  user: who(name),
  text,
})
const hello = (role: You['role'] = 'viewer', over = {}): ServerMessage => ({
  type: 'hello',
  channel: 'demo',
  you: { ...who('ann'), role },
  maySpeak: true,
  why: '',
  until: 0,
  mode: MODE,
  maxLength: 500,
  viewers: 3,
  live: null,
  pin: null,
  poll: null,
  emotes: '/e',
  reactions: ['❤️'],
  rules: '',
  ...over,
})

/** A room whose server is the test. */
function made(first: ServerMessage = hello()) {
  const sockets: Socket[] = []
  const sent: Record<string, unknown>[] = []
  const afters: string[] = []
  let timer: (() => void) | null = null
  let nonces = 0
  const world = {
    clock: 1000,
    open(after: string) {
      afters.push(after)
      const socket: Socket = {
        send: (t) => void sent.push(JSON.parse(t) as Record<string, unknown>),
        close: () => undefined,
        onopen: null,
        onmessage: null,
        onclose: null,
      }
      sockets.push(socket)
      return socket
    },
    later(_: number, then: () => void) {
      timer = then
      return () => (timer = null)
    },
    random: () => 1,
    now: () => world.clock,
    soon: () => undefined,
    nonce: () => `n${++nonces}`,
  }
  const room = new Room(world)
  const says = (...messages: ServerMessage[]) => {
    for (const m of messages) sockets.at(-1)!.onmessage?.({ data: JSON.stringify(m) })
    room.flush()
  }
  const opens = (...messages: ServerMessage[]) => {
    sockets.at(-1)!.onopen?.(undefined as never)
    says(...messages)
  }
  const history = (lines: LineData[] = [], over = {}): ServerMessage => ({
    type: 'history',
    lines,
    complete: true,
    ...over,
  })
  opens(first, history())
  return {
    room,
    world,
    sent,
    afters,
    says,
    opens,
    history,
    breaks: (code = 1006) => sockets.at(-1)!.onclose?.({ code }),
    returns: () => timer?.(),
    texts: () =>
      room.entries.map((e) =>
        e.kind === 'line' ? (e.gone ? `(${e.gone})` : e.data.text) : e.what,
      ),
  }
}
const message = (l: LineData): ServerMessage => ({ type: 'message', ...l })

test('what is said is there once, after a drop too', () => {
  const m = made()
  m.says(message(line(1)), message(line(2)), message(line(2)))
  m.breaks()
  expect(m.room.link).toBe('down')
  m.returns()
  expect(m.afters).toEqual(['', 'l00002'])
  m.opens(hello(), m.history([line(1), line(2), line(3), line(4)]))
  m.says({ type: 'delete', ids: ['l00001'] })
  m.says(message(line(4)), message(line(5)))
  expect(m.texts()).toEqual(['(deleted)', 'line 2', 'line 3', 'line 4', 'line 5'])
  expect(m.room.link).toBe('open')
})

test('a line that another server had first takes its place', () => {
  const m = made()
  m.says(message(line(1)), message(line(3)))
  m.breaks()
  m.returns()
  m.opens(hello(), m.history([line(2), line(3)]))
  expect(m.texts()).toEqual(['line 1', 'line 2', 'line 3'])
})

test('where more was missed than comes, it is said', () => {
  const m = made()
  m.says(message(line(1)))
  m.breaks()
  m.returns()
  m.opens(hello(), m.history([line(2)], { complete: false }))
  expect(m.texts()).toContain('missed')
  expect(made().texts(), 'on a first visit nothing was').toEqual([])
})

test('memory is bounded, and what fell out of it does not come back', () => {
  const m = made()
  for (let i = 0; i < KEPT + 100; i++) m.says(message(line(i)))
  expect(m.room.entries).toHaveLength(KEPT)
  expect(m.texts()[0]).toBe('line 100')
  m.says(message(line(50)))
  expect(m.texts().at(-1)).toBe(`line ${KEPT + 99}`)
  expect(m.room.find('l00050')).toBe(null)
})

test('deletions, purges and bans act on what is there, and on no more', () => {
  const m = made(hello('moderator'))
  m.says(message(line(1)), message(line(2, 'eve')), message(line(3, 'eve')), message(line(4)))
  m.says({ type: 'pin', line: line(2, 'eve') })
  m.says({ type: 'delete', ids: ['l00001', 'l09999'] })
  m.says({ type: 'delete', userId: 'u-eve', before: 1002 })
  expect(m.texts()).toEqual(['(deleted)', '(deleted)', 'line 3', 'line 4'])
  expect(m.room.pin).toBe(null)
  m.says(message(line(5, 'eve')), { type: 'ban', userId: 'u-eve', name: 'eve', until: null })
  expect(m.texts().slice(2)).toEqual(['(banned)', 'line 4', '(banned)', 'banned'])
  m.says(message(line(6)), { type: 'delete', before: 1005 })
  expect(m.texts().slice(3)).toEqual(['(deleted)', '(banned)', 'banned', 'line 6'])
})

test('one’s own line waits until the room has it, whatever comes first', () => {
  const m = made()
  expect(m.room.say('hello')).toBe(true)
  expect(m.sent).toEqual([{ type: 'message', text: 'hello', nonce: 'n1' }])
  m.says({ type: 'ack', nonce: 'n1', id: 'l00001' })
  expect(m.room.pending).toHaveLength(1)
  m.says(message(line(1, 'ann', 'hello')))
  expect(m.room.pending).toEqual([])
  m.room.say('again')
  m.says(message(line(2, 'ann', 'again')))
  expect(m.room.pending).toEqual([])
  m.says({ type: 'ack', nonce: 'n2', id: 'l00002' })
  m.room.say('/me waves')
  m.says(message({ ...line(3, 'ann', 'waves'), action: true }))
  expect(m.room.pending).toEqual([])
})

test('what comes late has its place among the rest', () => {
  const m = made()
  m.says(message(line(1)), message(line(9000)))
  m.says(message(line(2)), message(line(9001)))
  expect(m.texts()).toEqual(['line 1', 'line 2', 'line 9000', 'line 9001'])
  m.says(message(line(8999)))
  expect(m.texts().at(-1)).toBe('line 8999')
})

test('what is refused stays, with the reason', () => {
  const m = made()
  m.room.say('a')
  m.room.say('b')
  m.room.say('c')
  m.says(
    { type: 'refused', nonce: 'n1', code: 'duplicate', text: 'Twice.' },
    { type: 'held', nonce: 'n2' },
    { type: 'slowmode', nonce: 'n3', waitMs: 4000 },
  )
  expect(m.room.pending.map((p) => [p.state, p.code])).toEqual([
    ['refused', 'duplicate'],
    ['held', ''],
    ['refused', 'slowmode'],
  ])
  expect(m.room.waitUntil).toBe(5000)
  m.room.forget('n1')
  expect(m.room.pending).toHaveLength(2)
})

test('commands are no lines, and their answers are shown', () => {
  const m = made()
  m.room.say('/slow 5')
  m.room.say('//slow')
  expect(m.room.pending.map((p) => p.text)).toEqual(['//slow'])
  m.says({ type: 'refused', nonce: 'n1', code: 'command', text: 'No.' })
  expect(m.texts()).toEqual(['notice'])
  m.says(message(line(1, 'ann', '/slow')))
  expect(m.room.pending).toEqual([])
})

test('what was under way when the connection broke is found again, or lost', () => {
  const m = made()
  m.room.say('arrived')
  m.room.say('not')
  m.breaks()
  expect(m.room.say('nobody hears')).toBe(false)
  m.returns()
  m.opens(hello(), m.history([line(1, 'ann', 'arrived')]))
  expect(m.room.pending.map((p) => [p.text, p.state])).toEqual([['not', 'lost']])
})

test('slow mode makes everybody wait but who keeps order', () => {
  for (const [role, until] of [
    ['viewer', 6000],
    ['moderator', 0],
  ] as const) {
    const m = made(hello(role, { mode: { ...MODE, slowMs: 5000 } }))
    m.room.say('a')
    m.says({ type: 'ack', nonce: 'n1', id: 'l1' })
    expect(m.room.waitUntil, role).toBe(until)
  }
})

test('the room’s state follows what is told', () => {
  const m = made()
  m.says(
    { type: 'mode', mode: { ...MODE, emoteOnly: true }, maxLength: 200, rules: 'Be kind.' },
    { type: 'viewers', count: 12 },
    { type: 'live', state: 'live', broadcastId: 'b', at: 1 },
    { type: 'live', state: 'interrupted', broadcastId: 'b', at: 2 },
    { type: 'live', state: 'live', broadcastId: 'b', at: 3 },
    { type: 'live', state: 'ended', broadcastId: 'b', at: 4 },
    { type: 'sub', name: 'cat', displayName: 'Cat', more: 2 },
    { type: 'you', you: null, maySpeak: false, why: 'signin', until: 0 },
    { type: 'emote', counts: { '❤️': 3 } },
    { type: 'log', id: 'g1', at: 5, actor: 'mona', act: 'ban', target: 'eve', details: '' },
    { type: 'later' } as unknown as ServerMessage,
  )
  expect(m.room.mode.emoteOnly).toBe(true)
  expect([m.room.maxLength, m.room.rules]).toEqual([200, 'Be kind.'])
  expect(m.room.viewers).toBe(12)
  expect(m.texts()).toEqual(['live', 'ended', 'sub'])
  expect(m.room.standing.why).toBe('signin')
  expect(m.room.burst).toEqual({ '❤️': 3 })
  expect([m.room.acted?.act, m.room.acted?.target]).toEqual(['ban', 'eve'])
})

test('a vote is remembered for its poll', () => {
  const m = made()
  m.room.choose(0)
  expect(m.sent).toEqual([])
  const poll = { id: 'p', question: 'q', options: [], endsAt: 9, ended: false, total: 0 }
  m.says({ type: 'poll', poll })
  m.room.choose(1)
  expect(m.sent).toEqual([{ type: 'vote', pollId: 'p', option: 1 }])
  expect(m.room.vote).toEqual({ poll: 'p', option: 1 })
})

test('what waits for a moderator comes and goes', () => {
  const m = made(hello('moderator'))
  m.says(
    { type: 'review', line: line(1), why: 'word' },
    { type: 'review', line: line(1), why: 'word' },
    { type: 'review', line: line(2), why: 'link' },
    { type: 'reviewed', id: 'l00001', allowed: true },
  )
  expect(m.room.review.map((r) => r.line.id)).toEqual(['l00002'])
})

test('who may not read any more is not asked again', () => {
  const m = made()
  m.breaks(4003)
  expect(m.room.link).toBe('shut')
})
