import { expect, test } from 'vitest'
import type { LineData } from './protocol'
import { REPLAY_LINES } from './api'
import { Replay } from './replay.svelte'

const line = (mediaMs: number, n = 0): LineData => ({
  id: `${mediaMs}-${n}`,
  at: mediaMs,
  mediaMs,
  user: { id: 'u', name: 'u', displayName: 'u', color: '', badges: [] },
  text: `at ${mediaMs}`,
})

/** A replay of those lines, with what was asked for. */
function of(lines: LineData[]) {
  const asked: [number, number][] = []
  const state = { fails: false, clock: 0 }
  const replay = new Replay(
    async (from, to) => {
      asked.push([from, to])
      await Promise.resolve()
      if (state.fails) throw new Error('no')
      return lines.filter((l) => l.mediaMs! >= from && l.mediaMs! < to).slice(0, REPLAY_LINES)
    },
    () => state.clock,
  )
  const settle = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve()
  }
  return {
    replay,
    asked,
    state,
    async at(ms: number) {
      replay.at(ms)
      await settle()
      return replay.lines.map((l) => l.data.mediaMs)
    },
  }
}

const every = (step: number, until: number) =>
  Array.from({ length: until / step }, (_, i) => line(i * step))

test('lines appear when the picture is there, and not before', async () => {
  const r = of([line(1000), line(2000), line(2500)])
  expect(await r.at(0)).toEqual([])
  expect(r.replay.phase).toBe('ready')
  expect(await r.at(999)).toEqual([])
  expect(await r.at(2000)).toEqual([1000, 2000])
  expect(await r.at(2600)).toEqual([1000, 2000, 2500])
  expect(await r.at(1500)).toEqual([1000])
  expect(r.asked, 'all of it in one page').toHaveLength(1)
})

test('playing on, pages come ahead of the picture, and nothing twice', async () => {
  const r = of(every(1000, 600_000))
  for (let ms = 0; ms < 500_000; ms += 250) await r.at(ms)
  expect(await r.at(500_000)).toEqual(
    every(1000, 501_000)
      .map((l) => l.mediaMs)
      .slice(-300),
  )
  expect(r.asked.length).toBeLessThan(10)
  for (const [i, [from]] of r.asked.entries()) if (i > 0) expect(from).toBe(r.asked[i - 1]![1])
})

test('seeking far asks for what was said before, once', async () => {
  const r = of(every(1000, 3_600_000))
  await r.at(0)
  const shown = await r.at(1_800_000)
  expect(shown.at(-1)).toBe(1_800_000)
  expect(shown[0]).toBe(1_680_000)
  expect(r.asked).toHaveLength(2)
  expect((await r.at(60_000)).at(-1)).toBe(60_000)
})

test('an answer from before a jump is not shown', async () => {
  const r = of(every(1000, 3_600_000))
  r.replay.at(0)
  const shown = await r.at(2_000_000)
  expect(shown[0]).toBe(1_880_000)
})

test('many lines at once are all there, also of one time', async () => {
  const crowd = Array.from({ length: REPLAY_LINES * 3 }, (_, i) =>
    line(5000 + Math.floor(i / 100), i),
  )
  const r = of(crowd)
  await r.at(0)
  const shown = await r.at(6000)
  expect(shown).toHaveLength(300)
  expect(shown.at(-1)).toBe(5014)
})

test('a failure is tried again, after a while', async () => {
  const r = of([line(10)])
  r.state.fails = true
  await r.at(20)
  expect(r.replay.phase).toBe('failed')
  await r.at(21)
  expect(r.asked).toHaveLength(1)
  r.state.fails = false
  r.state.clock = 6000
  expect(await r.at(22)).toEqual([10])
  expect(r.replay.phase).toBe('ready')
})
