import { expect, test } from 'vitest'
import { Connection, type Socket } from './connection'
import { addressOf, parse, type ServerMessage } from './protocol'

/** A connection to nobody, whose time and sockets are the test's. */
function made(random = 1) {
  const sockets: (Socket & { sent: string[]; closed: number | null; after: string })[] = []
  const timers: { ms: number; then: () => void }[] = []
  const said: ServerMessage[] = []
  const downs: number[] = []
  let shut = 0
  const c = new Connection(
    {
      open(after) {
        const socket = {
          after,
          sent: [] as string[],
          closed: null as number | null,
          send: (t: string) => void socket.sent.push(t),
          close: (code: number) => void (socket.closed = code),
          onopen: null,
          onmessage: null,
          onclose: null,
        }
        sockets.push(socket)
        return socket
      },
      later(ms, then) {
        const timer = { ms, then }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
      random: () => random,
    },
    {
      onmessage: (m) => said.push(m),
      ondown: (tries) => downs.push(tries),
      onshut: () => shut++,
    },
  )
  const now = () => sockets.at(-1)!
  return {
    c,
    sockets,
    timers,
    said,
    downs,
    shut: () => shut,
    opens() {
      now().onopen?.(undefined as never)
      now().onmessage?.({ data: '{"type":"hello"}' })
    },
    closes: (code = 1006) => now().onclose?.({ code }),
    passes: () => timers.shift()!.then(),
  }
}

test('what the server says is passed on, and what is none of its words is not', () => {
  const m = made()
  expect(m.c.send({ type: 'react', emote: '❤️' })).toBe(false)
  m.opens()
  for (const data of ['nonsense', '[]', '{"type":1}', 'null', new ArrayBuffer(1)])
    m.sockets[0]!.onmessage?.({ data })
  expect(m.said).toEqual([{ type: 'hello' }])
  expect(m.c.send({ type: 'react', emote: '❤️' })).toBe(true)
  expect(m.sockets[0]!.sent).toEqual(['{"type":"react","emote":"❤️"}'])
})

test('it comes back from where it was, later each time', () => {
  const m = made()
  m.opens()
  m.c.last = 'x7'
  m.closes()
  expect(m.c.open).toBe(false)
  const waits = []
  for (let i = 0; i < 8; i++) {
    waits.push(m.timers[0]!.ms)
    m.passes()
    expect(m.sockets.at(-1)!.after).toBe('x7')
    m.closes()
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  expect(m.downs).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9])
  m.passes()
  m.opens()
  m.closes()
  expect(m.timers[0]!.ms, 'after it was there it begins anew').toBe(1000)
})

test('not all come back at the same moment', () => {
  const waits = [0, 0.5, 1].map((random) => {
    const m = made(random)
    m.opens()
    m.closes()
    return m.timers[0]!.ms
  })
  expect(waits).toEqual([500, 750, 1000])
})

test('who was too slow comes back at once, after a restart within seconds, who may not read never', () => {
  const m = made()
  m.opens()
  m.closes(4001)
  expect(m.timers[0]!.ms).toBeLessThan(500)
  m.passes()
  m.closes(4001)
  expect(m.timers[0]!.ms, 'not at once for ever').toBeGreaterThanOrEqual(1000)
  m.passes()
  m.opens()
  m.closes(1001)
  expect(m.timers[0]!.ms).toBe(3000)
  m.passes()
  m.opens()
  m.closes(4003)
  expect(m.timers).toEqual([])
  expect(m.shut()).toBe(1)
  m.c.again()
  expect(m.sockets).toHaveLength(4)
})

test('it connects anew for somebody else, and ends', () => {
  const m = made()
  m.opens()
  const first = m.sockets[0]!
  m.c.again()
  expect(first.closed).toBe(1000)
  expect(first.onclose).toBe(null)
  expect(m.sockets).toHaveLength(2)
  m.closes()
  m.c.stop()
  expect(m.timers, 'no try is left').toEqual([])
})

test('addresses and words', () => {
  expect(addressOf('a b', 'https://x.test/@a')).toBe('wss://x.test/api/v1/channels/a%20b/chat')
  expect(addressOf('a', 'http://x.test:81/', { after: 'i&d', viewing: '~t' })).toBe(
    'ws://x.test:81/api/v1/channels/a/chat?after=i%26d&viewing=%7Et',
  )
  expect(parse('{"type":"x"}')).toEqual({ type: 'x' })
})
