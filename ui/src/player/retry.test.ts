import { describe, expect, test } from 'vitest'
import { Backoff, retryAfter, sleep } from './retry'

describe('backoff', () => {
  test('doubles from a quarter of a second, stays below two, and starts over after success', () => {
    const b = new Backoff(() => 0.5)
    expect([1, 2, 3, 4, 5].map(() => b.next())).toEqual([250, 500, 1000, 1600, 1600])
    b.reset()
    expect(b.next()).toBe(250)
  })

  test('is spread by a fifth to either side', () => {
    expect(new Backoff(() => 0).next()).toBe(200)
    expect(new Backoff(() => 1).next()).toBeCloseTo(300)
    const latest = new Backoff(() => 1)
    expect(Math.max(...[1, 2, 3, 4, 5].map(() => latest.next()))).toBeLessThan(2000)
  })

  test('waits at least as long as the server asks, up to a minute', () => {
    expect(new Backoff(() => 0.5).next(2)).toBe(2000)
    expect(new Backoff(() => 0.5).next(0)).toBe(250)
    expect(new Backoff(() => 0.5).next(86_400)).toBe(60_000)
  })
})

test('Retry-After in seconds; anything else is none', () => {
  expect(retryAfter('2')).toBe(2)
  expect(retryAfter(null)).toBeNull()
  expect(retryAfter('Sat, 21 Nov 2026 10:00:00 GMT')).toBeNull()
  expect(retryAfter('-1')).toBeNull()
})

test('sleep ends early, with the reason, when it is aborted', async () => {
  const a = new AbortController()
  const asleep = sleep(60_000, a.signal)
  a.abort(new Error('enough'))
  await expect(asleep).rejects.toThrow('enough')
  await expect(sleep(1, a.signal)).rejects.toThrow('enough')
  await sleep(1, new AbortController().signal)
})
