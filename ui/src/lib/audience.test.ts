import { expect, test } from 'vitest'
import { averages, median, type Audience } from './audience'

test('minutes that nobody watched are zero in the line', () => {
  const at = (minute: number) => `2026-11-01T12:0${minute}:00Z`
  const points = [
    { at: at(0), average: 2.5, peak: 3 },
    { at: at(3), average: 1, peak: 1 },
  ]
  expect(averages({ interval_ms: 60_000, points } as Audience)).toEqual([2.5, 0, 0, 1])
  expect(averages({ interval_ms: 60_000, points: [] as typeof points } as Audience)).toEqual([])
})

test('the median is the end of the stretch that the middle lies in', () => {
  const counted = (...values: number[]) =>
    values.map((value, i) => ({ value, below_ms: i < values.length - 1 ? (i + 1) * 100 : null }))
  expect(median(counted(0, 0, 0))).toBeNull()
  expect(median([])).toBeNull()
  expect(median(counted(1, 1, 0))).toBe(100)
  expect(median(counted(1, 2, 0))).toBe(200)
  expect(median(counted(0, 0, 4))).toBe(Infinity)
})
