import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Beacon, inViewing, newViewing, type Word } from './beacon'
import type { PlayerStats } from './stats'

const stats = { startup: 240.4, stalls: 1, latency: 0.7, height: 720 } as PlayerStats
let told: { address: string; word: Word }[]

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('fetch', (address: string, init: { body: string }) => {
    told.push({ address, word: JSON.parse(init.body) as Word })
    return Promise.reject(new Error('the server is away'))
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a player tells how it plays, in time, and says good-bye once', () => {
  const beacon = new Beacon('b/1', () => stats)
  beacon.start()
  beacon.tick(1000, true, false)
  beacon.tick(1250, true, false)
  beacon.tick(1500, false, true)
  beacon.tick(1750, false, false) // paused
  beacon.tick(60_000, true, false) // the computer slept
  vi.advanceTimersByTime(5000)
  expect(told).toHaveLength(1)
  expect(told[0]).toEqual({
    address: '/api/v1/broadcasts/b%2F1/beacon',
    word: {
      viewing: beacon.viewing,
      startup_ms: 240,
      stalls: 1,
      stalled_ms: 250,
      played_ms: 2250,
      latency_ms: 700,
      height: 720,
      ended: false,
    },
  })
  vi.advanceTimersByTime(40_000)
  expect(told).toHaveLength(3)
  beacon.stop()
  beacon.stop()
  vi.advanceTimersByTime(60_000)
  expect(told.map((t) => t.word.ended)).toEqual([false, false, false, true])
})

test('what is not known is 0', () => {
  const none = { startup: null, stalls: 0, latency: null, height: 0 } as PlayerStats
  const word = new Beacon('b', () => none).word(false)
  expect(word).toMatchObject({ startup_ms: 0, latency_ms: 0, height: 0, played_ms: 0 })
})

test('ids are for playlists, and no two are the same', () => {
  expect(newViewing()).toMatch(/^[0-9a-f]{32}$/)
  expect(newViewing()).not.toBe(newViewing())
  expect(inViewing('https://h/live/a/index.m3u8', 'x')).toBe('https://h/live/a/index.m3u8?v=x')
  expect(inViewing('/list?a=1', 'x')).toBe('/list?a=1&v=x')
})
