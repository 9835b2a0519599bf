import { describe, expect, test } from 'vitest'
import { EdgeController } from './edge'

const PART = 0.2
const TICK = 50

/** A player on paper: parts of 0.2 s come on time plus `late(i)` seconds, and are played at the advised rate. */
function play(c: EdgeController, seconds: number, start: number, late: (part: number) => number) {
  let now = 0
  let buffer = start
  let next = 0
  let stalls = 0
  const rates: number[] = []
  const least: number[] = []
  let jumps = 0
  for (; now < seconds * 1000; now += TICK) {
    while ((next + 1) * PART * 1000 + late(next) * 1000 <= now) {
      buffer += PART
      c.arrived(now, ++next * PART)
    }
    const { rate, jump } = c.advise(now, buffer)
    if (jump) {
      jumps++
      buffer = 0.35
      c.reset()
    }
    rates.push(rate)
    buffer -= (rate * TICK) / 1000
    if (buffer < 0) {
      stalls++
      buffer = 0
      c.stalled(now)
    }
    least.push(buffer)
  }
  return { stalls, rates, jumps, least: Math.min(...least.slice(-40)) }
}

describe('the controller of the edge', () => {
  test('brings the least buffer to the margin and never plays slower than 1', () => {
    const c = new EdgeController(0.15)
    const { stalls, rates, least } = play(c, 30, 1.5, () => 0)
    expect(stalls).toBe(0)
    expect(Math.min(...rates)).toBe(1)
    expect(Math.max(...rates)).toBe(1.1)
    expect(least).toBeGreaterThan(0.05)
    expect(least).toBeLessThan(0.2)
    expect(rates.slice(-100).every((r) => r <= 1.05)).toBe(true)
  })

  test('does nothing before it has seen a whole window', () => {
    const { rates } = play(new EdgeController(0.15), 1.1, 2, () => 0)
    expect(new Set(rates)).toEqual(new Set([1]))
  })

  test('jitter widens the margin by what it is', () => {
    const calm = new EdgeController(0.15)
    play(calm, 20, 0.5, () => 0)
    expect(calm.margin).toBeCloseTo(0.15, 1)
    const rough = new EdgeController(0.15)
    const { stalls } = play(rough, 60, 1, (i) => (i % 5 === 0 ? 0.3 : 0))
    expect(rough.margin).toBeGreaterThan(0.3)
    expect(rough.margin).toBeLessThan(0.6)
    expect(stalls).toBe(0)
  })

  test('a stall widens the margin, calm narrows it again', () => {
    const c = new EdgeController(0.15)
    c.stalled(0)
    c.stalled(10)
    expect(c.margin).toBeCloseTo(0.35)
    for (let now = 20; now < 60_000; now += TICK) c.advise(now, 0.35)
    expect(c.margin).toBeCloseTo(0.15)
  })

  test('an outage widens it not at all', () => {
    const c = new EdgeController(0.15)
    play(c, 20, 1, (i) => (i % 5 === 0 ? 0.3 : 0))
    c.stalled(20_000)
    expect(c.margin).toBeGreaterThan(0.4)
    c.forgive()
    c.renew()
    expect(c.margin).toBeCloseTo(0.15)
    c.forgive() // there is nothing to forgive
    expect(c.margin).toBeCloseTo(0.15)
  })

  test('stalls widen it only so far', () => {
    const c = new EdgeController(0.15)
    for (let i = 0; i < 50; i++) c.stalled(i)
    expect(c.margin).toBeCloseTo(0.75)
  })

  test('far behind the edge it jumps instead of hurrying', () => {
    const { jumps, least } = play(new EdgeController(0.15), 10, 6, () => 0)
    expect(jumps).toBe(1)
    expect(least).toBeLessThan(0.5)
  })
})
