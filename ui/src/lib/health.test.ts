import { describe, expect, test } from 'vitest'
import { extremes, keyFrameIntervals, line, soundLevels, type Measures } from './health'

const measures = (over: Partial<Measures>): Measures => ({
  from: 0,
  video_bitrate: [],
  audio_bitrate: [],
  frame_rate: [],
  key_frame_interval: [],
  sound_level: [],
  silent: [],
  ...over,
})

describe('measures', () => {
  test('what was not measured is no value, and silence is one', () => {
    const m = measures({
      sound_level: [-1000, -20, -90, -1000],
      silent: [false, false, false, true],
    })
    expect(soundLevels(m)).toEqual([null, -20, -60, -60])
    expect(keyFrameIntervals(measures({ key_frame_interval: [0, 2, 2] }))).toEqual([null, 2, 2])
  })
  test('extremes', () => {
    expect(extremes([null, 3, 1, 2, null])).toEqual({ last: 2, min: 1, max: 3 })
    expect(extremes([null])).toBeNull()
    expect(extremes([])).toBeNull()
  })
})

describe('line', () => {
  test('goes from edge to edge', () => {
    expect(line([0, 5, 10], 100, 10, 0, 10)).toBe('M0 10L50 5L100 0')
  })
  test('has gaps, and shows what stands alone', () => {
    expect(line([1, null, 1, 1, null, 1], 100, 10, 0, 1)).toBe('M0 0h10M40 0L60 0M100 0h10')
  })
  test('keeps within the box', () => {
    expect(line([-5, 50], 10, 10, 0, 10)).toBe('M0 10L10 0')
    expect(line([3, 3], 10, 10, 3, 3)).toBe('M0 10L10 10')
    expect(line([], 10, 10, 0, 1)).toBe('')
    expect(line([1], 10, 10, 0, 1)).toBe('M0 0h0.5')
  })
})
