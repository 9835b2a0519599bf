// HLS playlists as data (RFC 8216bis): what the low-latency engine needs of
// them and no more. Pure: no requests, no clock.

/** One partial segment. `start` is its PROGRAM-DATE-TIME in seconds. */
export interface Part {
  uri: string
  duration: number
  start: number
  independent: boolean
  gap: boolean
}

/** One segment. `uri` is null while it is still being made. */
export interface Segment {
  msn: number
  uri: string | null
  map: string | null
  duration: number
  start: number
  gap: boolean
  /** The encoder, or its settings, are others from here on (RFC 8216bis 4.4.4.3). */
  discontinuity: boolean
  parts: Part[]
}

/** A media playlist. All addresses are absolute, all times in seconds. */
export interface MediaPlaylist {
  url: string
  targetDuration: number
  partTarget: number
  canBlock: boolean
  dated: boolean
  independentSegments: boolean
  ended: boolean
  /** More is announced: without a hint, and not ended, the list stands still and so does its encoder. */
  hinted: boolean
  segments: Segment[]
  reports: Map<string, Position>
}

/** A part's place: the number of its segment and its index therein. */
export interface Position {
  msn: number
  part: number
}

/** One variant of a multivariant playlist with its audio rendition, if apart. */
export interface Variant {
  url: string
  bandwidth: number
  codecs: string[]
  audio: string | null
}

/** The attributes of a tag (RFC 8216bis 4.2), quotes removed. */
export function attributes(text: string): Map<string, string> {
  const out = new Map<string, string>()
  for (const m of text.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g)) {
    out.set(m[1] as string, m[2] ?? m[3] ?? '')
  }
  return out
}

const number = (text: string | undefined): number => {
  const n = Number(text)
  return text !== undefined && Number.isFinite(n) ? n : 0
}

/** Parses a multivariant playlist; throws when `text` is not one. */
export function parseMultivariant(text: string, url: string): Variant[] {
  const lines = playlistLines(text)
  const audio = new Map<string, string>()
  const variants: (Variant & { group: string | undefined })[] = []
  let pending: Map<string, string> | null = null
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MEDIA:')) {
      const a = attributes(line)
      const uri = a.get('URI')
      const group = a.get('GROUP-ID') ?? ''
      if (a.get('TYPE') === 'AUDIO' && uri && (!audio.has(group) || a.get('DEFAULT') === 'YES')) {
        audio.set(group, new URL(uri, url).href)
      }
    } else if (line.startsWith('#EXT-X-STREAM-INF:')) {
      pending = attributes(line)
    } else if (!line.startsWith('#') && pending) {
      variants.push({
        url: new URL(line, url).href,
        bandwidth: number(pending.get('BANDWIDTH')),
        codecs: (pending.get('CODECS') ?? '').split(',').flatMap((c) => c.trim() || []),
        audio: null,
        group: pending.get('AUDIO'),
      })
      pending = null
    }
  }
  return variants.map(({ group, ...v }) => ({ ...v, audio: audio.get(group ?? '') ?? null }))
}

/** Parses a media playlist; throws when `text` is not one. */
export function parseMedia(text: string, url: string): MediaPlaylist {
  const pl: MediaPlaylist = {
    url,
    targetDuration: 0,
    partTarget: 0,
    canBlock: false,
    dated: false,
    independentSegments: false,
    ended: false,
    hinted: false,
    segments: [],
    reports: new Map(),
  }
  let msn = 0
  let map: string | null = null
  let clock = 0 // PROGRAM-DATE-TIME of the segment that is being read
  let open: Segment | null = null
  let discontinuity = false // before the segment that comes next
  const segment = (): Segment =>
    (open ??= {
      ...{ msn, uri: null, map, duration: 0, start: clock, gap: false, parts: [] },
      discontinuity,
    })

  for (const line of playlistLines(text)) {
    const colon = line.indexOf(':')
    const tag = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1)
    switch (tag) {
      case '#EXT-X-TARGETDURATION':
        pl.targetDuration = number(value)
        break
      case '#EXT-X-MEDIA-SEQUENCE':
        msn = number(value)
        break
      case '#EXT-X-PART-INF':
        pl.partTarget = number(attributes(value).get('PART-TARGET'))
        break
      case '#EXT-X-SERVER-CONTROL':
        pl.canBlock = attributes(value).get('CAN-BLOCK-RELOAD') === 'YES'
        break
      case '#EXT-X-INDEPENDENT-SEGMENTS':
        pl.independentSegments = true
        break
      case '#EXT-X-ENDLIST':
        pl.ended = true
        break
      case '#EXT-X-PRELOAD-HINT':
        pl.hinted = true
        break
      case '#EXT-X-MAP': {
        const uri = attributes(value).get('URI')
        map = uri ? new URL(uri, url).href : null
        break
      }
      case '#EXT-X-PROGRAM-DATE-TIME': {
        const ms = Date.parse(value)
        if (Number.isFinite(ms)) {
          clock = ms / 1000
          pl.dated = true
        }
        break
      }
      case '#EXT-X-DISCONTINUITY':
        discontinuity = true // an EXT-X-MAP may follow, so the segment is not begun yet
        break
      case '#EXT-X-GAP':
        segment().gap = true
        break
      case '#EXT-X-PART': {
        const a = attributes(value)
        const s = segment()
        const part: Part = {
          uri: new URL(a.get('URI') ?? '', url).href,
          duration: number(a.get('DURATION')),
          start: s.start + s.duration,
          independent: a.get('INDEPENDENT') === 'YES',
          gap: a.get('GAP') === 'YES',
        }
        s.parts.push(part)
        s.duration += part.duration
        break
      }
      case '#EXTINF':
        segment().duration = number(value.split(',')[0])
        break
      case '#EXT-X-RENDITION-REPORT': {
        const a = attributes(value)
        const uri = a.get('URI')
        if (uri) {
          pl.reports.set(bare(new URL(uri, url).href), {
            msn: number(a.get('LAST-MSN')),
            part: number(a.get('LAST-PART')),
          })
        }
        break
      }
      default: {
        if (line.startsWith('#')) break
        const s = segment()
        s.uri = new URL(line, url).href
        pl.segments.push(s)
        clock = s.start + s.duration
        msn++
        open = null
        discontinuity = false
      }
    }
  }
  if (open) pl.segments.push(open)
  return pl
}

/** The PROGRAM-DATE-TIME, in seconds, at which the playlist ends. */
export function endOf(pl: MediaPlaylist): number {
  const last = pl.segments.at(-1)
  return last ? last.start + last.duration : 0
}

/** The first part that the playlist does not have yet. */
export function nextPosition(pl: MediaPlaylist): Position {
  const last = pl.segments.at(-1)
  if (!last) return { msn: 0, part: 0 }
  return last.uri === null
    ? { msn: last.msn, part: last.parts.length }
    : { msn: last.msn + 1, part: 0 }
}

/** The address of a reload that waits for `at` (RFC 8216bis 6.2.5.2). */
export function reloadUrl(url: string, at: Position): string {
  const u = new URL(url)
  u.searchParams.set('_HLS_msn', String(at.msn))
  u.searchParams.set('_HLS_part', String(at.part))
  return u.href
}

/** The playlist's address without its query, by which reports are found. */
export function bare(url: string): string {
  const u = new URL(url)
  return u.origin + u.pathname
}

function playlistLines(text: string): string[] {
  const lines = text.split(/\r?\n/).flatMap((l) => l.trim() || [])
  if (lines[0] !== '#EXTM3U') throw new Error('not a playlist')
  return lines
}
