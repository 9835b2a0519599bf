import { describe, expect, test } from 'vitest'
import { parseMedia } from './playlist'
import { Timeline } from './timeline'

// The encoder was away from 10:00:04 to 10:00:34.
const pl = parseMedia(
  `#EXTM3U
#EXT-X-MEDIA-SEQUENCE:10
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00Z
#EXT-X-GAP
#EXTINF:2,
10.m4s
#EXTINF:2,
11.m4s
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:34Z
#EXTINF:2,
12.m4s
#EXT-X-PART:DURATION=0.2,URI="13.0.m4s"
`,
  'http://host/video.m3u8',
)
const T0 = Date.parse('2026-11-21T10:00:00Z') / 1000

describe('the time of the media and the time of day', () => {
  test('nothing is known before the first piece, nor from one that the list does not have', () => {
    const t = new Timeline()
    expect([t.start(pl), t.media(pl, T0), t.date(pl, 0)]).toEqual([null, null, null])
    t.note(99, 5)
    expect(t.date(pl, 5)).toBeNull()
  })

  for (const [msn, time] of [
    [11, 102],
    [12, 104],
    [13, 106],
  ] as const) {
    test(`media runs on through an outage, dates jump (known from segment ${msn})`, () => {
      const t = new Timeline()
      t.note(msn, time)
      expect(t.start(pl)).toBe(102)
      expect(t.date(pl, 103.5)).toBe(T0 + 3.5)
      expect(t.date(pl, 104.5)).toBe(T0 + 34.5)
      expect(t.date(pl, 106.1)).toBeCloseTo(T0 + 36.1, 6)
      expect(t.date(pl, 99)).toBe(T0 - 1)
      expect(t.media(pl, T0 + 3.5)).toBe(103.5)
      expect(t.media(pl, T0 + 35)).toBe(105)
    })
  }
})
