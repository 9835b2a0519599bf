import { describe, expect, test } from 'vitest'
import { firstRetold, joinPoint, pieceAt, piecesFrom } from './cursor'
import {
  attributes,
  bare,
  endOf,
  nextPosition,
  parseMedia,
  parseMultivariant,
  reloadUrl,
} from './playlist'

const BASE = 'http://host/live/demo/b1/video.m3u8?v=abc'

const LIVE = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.606
#EXT-X-PART-INF:PART-TARGET=0.202
#EXT-X-MEDIA-SEQUENCE:10
#EXT-X-MAP:URI="/media/b1/video/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.000Z
#EXTINF:2.00000,
/media/b1/video/10.m4s
#EXT-X-PART:DURATION=1.00000,URI="/media/b1/video/11.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=1.00000,URI="/media/b1/video/11.1.m4s"
#EXTINF:2.00000,
/media/b1/video/11.m4s
#EXT-X-PART:DURATION=0.20000,URI="/media/b1/video/12.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.20000,URI="/media/b1/video/12.1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="/media/b1/video/12.2.m4s"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=12,LAST-PART=1
`
const T0 = Date.parse('2026-11-21T10:00:00Z') / 1000

describe('media playlist', () => {
  const pl = parseMedia(LIVE, BASE)

  test('reads what the engine needs', () => {
    expect(pl).toMatchObject({ targetDuration: 4, partTarget: 0.202, canBlock: true, dated: true })
    expect(pl.segments.map((s) => [s.msn, s.uri, s.parts.length])).toEqual([
      [10, 'http://host/media/b1/video/10.m4s', 0],
      [11, 'http://host/media/b1/video/11.m4s', 2],
      [12, null, 2],
    ])
    expect(pl.segments[1]?.start).toBe(T0 + 2)
    expect(pl.segments[1]?.parts[1]?.start).toBe(T0 + 3)
    expect(endOf(pl)).toBeCloseTo(T0 + 4.4, 6)
    expect(pl.reports.get('http://host/live/demo/b1/audio.m3u8')).toEqual({ msn: 12, part: 1 })
  })

  test('asks for the part that comes next, and keeps the viewing', () => {
    expect(nextPosition(pl)).toEqual({ msn: 12, part: 2 })
    expect(reloadUrl(BASE, nextPosition(pl))).toBe(`${BASE}&_HLS_msn=12&_HLS_part=2`)
    expect(bare(BASE)).toBe('http://host/live/demo/b1/video.m3u8')
  })

  test('after a whole segment the next one begins', () => {
    const whole = LIVE.split('#EXT-X-PART:DURATION=0.2')[0] as string
    expect(nextPosition(parseMedia(whole, BASE))).toEqual({ msn: 12, part: 0 })
  })

  test('a discontinuity takes the init section and the date that stand before it', () => {
    const more = `${LIVE.split('#EXT-X-PART:DURATION=0.2')[0]}#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/media/b1/video/init2.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:09.500Z
#EXT-X-PART:DURATION=0.20000,URI="/media/b1/video/12.0.m4s",INDEPENDENT=YES
#EXT-X-ENDLIST`
    const p = parseMedia(more, BASE)
    const last = p.segments.at(-1)
    expect(last).toMatchObject({ map: 'http://host/media/b1/video/init2.mp4', start: T0 + 9.5 })
    expect(p.segments[0]?.map).toBe('http://host/media/b1/video/init.mp4')
    expect(p.segments.map((s) => s.discontinuity)).toEqual([false, false, true])
    const { pieces } = piecesFrom(p, { msn: 11, part: 1 })
    expect(pieces.map((piece) => [piece.msn, piece.isPart, piece.discontinuity])).toEqual([
      [11, true, false],
      [12, true, true],
    ])
    expect(p.ended).toBe(true)
  })

  test('what is no playlist is an error', () => {
    expect(() => parseMedia('<html>', BASE)).toThrow('not a playlist')
    expect(() => parseMultivariant('', BASE)).toThrow('not a playlist')
  })
})

test('multivariant: variants with their audio, the default one first', () => {
  const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="other",URI="b1/other.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main, loud",DEFAULT=YES,URI="b1/audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
b1/video.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.4d001e"
b1/small.m3u8
`
  expect(parseMultivariant(text, 'http://host/live/demo/index.m3u8')).toEqual([
    {
      url: 'http://host/live/demo/b1/video.m3u8',
      bandwidth: 2000,
      codecs: ['avc1.64001f', 'mp4a.40.2'],
      audio: 'http://host/live/demo/b1/audio.m3u8',
    },
    {
      url: 'http://host/live/demo/b1/small.m3u8',
      bandwidth: 1000,
      codecs: ['avc1.4d001e'],
      audio: null,
    },
  ])
})

test('attributes: quoted commas and equal signs belong to their value', () => {
  const a = attributes('#EXT-X-MEDIA:NAME="a,b=c",DEFAULT=YES,N=1.5')
  expect([...a]).toEqual([
    ['NAME', 'a,b=c'],
    ['DEFAULT', 'YES'],
    ['N', '1.5'],
  ])
})

describe('cursor', () => {
  const pl = parseMedia(LIVE, BASE)

  test('joins at the last independent part', () => {
    expect(joinPoint(pl)).toEqual({ at: { msn: 12, part: 0 }, start: T0 + 4 })
  })

  test('joins earlier where more must be ahead, and at the oldest when nothing is early enough', () => {
    expect(joinPoint(pl, T0 + 3.9)).toEqual({ at: { msn: 11, part: 0 }, start: T0 + 2 })
    expect(joinPoint(pl, T0 - 1)?.at).toEqual({ msn: 10, part: 0 })
  })

  test('tells a list that goes on from one that stands still', () => {
    expect(pl.hinted).toBe(true)
    expect(parseMedia(LIVE.replace(/#EXT-X-PRELOAD.*\n/, ''), BASE).hinted).toBe(false)
  })

  test('joins a list without parts at its last segment, and an empty one nowhere', () => {
    const plain = LIVE.split('#EXT-X-PART:')[0] as string
    expect(joinPoint(parseMedia(plain, BASE))?.at).toEqual({ msn: 10, part: 0 })
    expect(joinPoint(parseMedia('#EXTM3U', BASE))).toBeNull()
  })

  test('takes whole segments where it can, parts where it must', () => {
    const { pieces, next } = piecesFrom(pl, { msn: 11, part: 1 })
    expect(pieces.map((p) => p.uri.split('/').at(-1))).toEqual(['11.1.m4s', '12.0.m4s', '12.1.m4s'])
    expect(next).toEqual({ msn: 12, part: 2 })
    const whole = piecesFrom(pl, { msn: 10, part: 0 }).pieces
    expect(whole.map((p) => p.uri.split('/').at(-1))).toEqual([
      '10.m4s',
      '11.m4s',
      '12.0.m4s',
      '12.1.m4s',
    ])
  })

  test('going on from where it stopped fetches nothing twice', () => {
    const { next } = piecesFrom(pl, { msn: 12, part: 0 })
    expect(piecesFrom(pl, next).pieces).toEqual([])
  })

  test('knows when the window has moved past it', () => {
    expect(piecesFrom(pl, { msn: 9, part: 3 }).lost).toBe(true)
  })

  test('gaps are told as such, and what has no init section is skipped', () => {
    const gap = LIVE.replace('#EXTINF:2.00000,\n/media/b1/video/10', '#EXT-X-GAP\n$&')
    expect(piecesFrom(parseMedia(gap, BASE), { msn: 10, part: 0 }).pieces[0]?.gap).toBe(true)
    const bareGap = LIVE.replace(/#EXT-X-MAP.*\n/, '')
    expect(piecesFrom(parseMedia(bareGap, BASE), { msn: 10, part: 0 })).toMatchObject({
      pieces: [],
      next: { msn: 12, part: 2 },
    })
  })

  test('sees that the server numbers anew what it had told before', () => {
    const taken = new Map(pl.segments.map((s) => [s.msn, s.start]))
    expect(firstRetold(pl, taken)).toBeNull()
    expect(firstRetold(pl, new Map([[9, T0 - 2]]))).toBeNull()
    // Segment 12 was lost with the server, and is another one now.
    const again = LIVE.replace(
      '#EXT-X-PART:DURATION=0.20000,URI="/media/b1/video/12.0',
      '#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:30Z\n$&',
    )
    expect(firstRetold(parseMedia(again, BASE), taken)).toBe(12)
  })

  test('sound starts with the part that holds the moment', () => {
    expect(pieceAt(pl, T0 + 3.5)).toEqual({ msn: 11, part: 1 })
    expect(pieceAt(pl, T0 + 4.25)).toEqual({ msn: 12, part: 1 })
    expect(pieceAt(pl, T0 + 99)).toEqual({ msn: 12, part: 2 })
  })
})
