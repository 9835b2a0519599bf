import { expect, test } from 'vitest'
import { cutOf, liveAxis, recordedAxis, wrongWithCut } from './cut'
import { ofClock, ofMoment, toClock, toMoment } from './moment'

test('a place in an address', () => {
  expect(toMoment(90.7)).toBe('1m30s')
  expect(toMoment(3723)).toBe('1h2m3s')
  expect(toMoment(3600)).toBe('1h0m0s')
  expect(toMoment(7)).toBe('7s')
  for (const s of [0, 7, 60, 90, 3599, 3600, 3723]) expect(ofMoment(toMoment(s))).toBe(s)
  expect(ofMoment('90')).toBe(90)
  expect(ofMoment('2m')).toBe(120)
  expect(ofMoment('1m30')).toBe(90)
  for (const none of [null, '', 'x', '-3', '1s2m']) expect(ofMoment(none), String(none)).toBeNull()
})

test('a place as it is typed', () => {
  expect(toClock(83.44)).toBe('1:23.4')
  expect(toClock(59.97)).toBe('1:00.0')
  expect(toClock(3723.4)).toBe('1:02:03.4')
  for (const s of [0, 9.5, 83.4, 3723.4]) expect(ofClock(toClock(s))).toBeCloseTo(s, 5)
  expect(ofClock('12')).toBe(12)
  expect(ofClock('1:02,5')).toBe(62.5)
  for (const none of ['', 'a', '1:', ':5', '1:2:3:4', '-1']) expect(ofClock(none)).toBeNull()
})

test('what a clip can be', () => {
  expect(wrongWithCut({ from: 10, to: 20 })).toBe('')
  expect(wrongWithCut({ from: 10, to: 10.5 })).not.toBe('')
  expect(wrongWithCut({ from: 20, to: 10 })).not.toBe('')
  expect(wrongWithCut({ from: 0, to: 181 })).not.toBe('')
})

test('a clip of a recording is told by its media time', () => {
  const axis = recordedAxis(4000, 3600)
  expect(axis.order({ from: 10.04, to: 20 })).toEqual({ start_ms: 14040, end_ms: 24000 })
  expect(cutOf(axis, 100)).toEqual({ from: 100, to: 130 })
  expect(cutOf(axis, 3590)).toEqual({ from: 3570, to: 3600 })
})

test('a clip of what is live is told by the clock', () => {
  const axis = liveAxis(1_700_000_000)
  expect(axis.order({ from: -30, to: 0 })).toEqual({
    start_at: '2023-11-14T22:12:50.000Z',
    end_at: '2023-11-14T22:13:20.000Z',
  })
  expect(cutOf(axis, 0)).toEqual({ from: -30, to: 0 })
  expect(axis.parse(axis.text(-12.5))).toBe(-12.5)
  expect(axis.parse('5')).toBe(-5)
})
