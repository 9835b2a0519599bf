// Which pieces of a playlist to fetch: where to join a stream, and what comes
// next after what was fetched. Pure.

import { endOf, type MediaPlaylist, type Position, type Segment } from './playlist'

/** One thing to fetch and append. Times are PROGRAM-DATE-TIME, in seconds. */
export interface Piece {
  uri: string
  map: string
  msn: number
  /** It is one of its segment's parts, not the whole. */
  isPart: boolean
  start: number
  /** From its segment's start to its own. */
  into: number
  duration: number
  gap: boolean
  /** It is the first one after a discontinuity. */
  discontinuity: boolean
}

/** Where to start, and from which moment on pictures are wanted. */
export interface Join {
  at: Position
  start: number
}

/**
 * The last place, not after the date `latest` if there is such a one, at which
 * decoding can start: an INDEPENDENT part, else a segment's start. Null when
 * the playlist holds nothing yet.
 */
export function joinPoint(pl: MediaPlaylist, latest = Infinity): Join | null {
  let best: Join | null = null
  for (const start of starts(pl)) {
    best = start
    if (start.start <= latest) break
  }
  return best
}

/** The places at which decoding can start, the newest first. */
function* starts(pl: MediaPlaylist): Generator<Join> {
  for (let i = pl.segments.length - 1; i >= 0; i--) {
    const s = pl.segments[i]
    if (!s || s.gap) continue
    for (let p = s.parts.length - 1; p >= 0; p--) {
      const part = s.parts[p]
      if (part?.independent && !part.gap) yield { at: { msn: s.msn, part: p }, start: part.start }
    }
    if (s.uri !== null && (pl.independentSegments || s.parts.length === 0)) {
      yield { at: { msn: s.msn, part: 0 }, start: s.start }
    }
  }
}

/** The piece of a rendition in which every frame is a start (sound) that holds `time`. */
export function pieceAt(pl: MediaPlaylist, time: number): Position {
  for (const s of pl.segments) {
    if (s.start + s.duration <= time) continue
    const p = s.parts.findIndex((part) => part.start + part.duration > time)
    return { msn: s.msn, part: Math.max(p, 0) }
  }
  const last = pl.segments.at(-1)
  return { msn: last ? last.msn : 0, part: last ? last.parts.length : 0 }
}

/**
 * What the playlist offers from `at` on, and where to go on afterwards. `lost`
 * is true when the playlist has already let go of `at`.
 */
export function piecesFrom(
  pl: MediaPlaylist,
  at: Position,
): { pieces: Piece[]; next: Position; lost: boolean } {
  const first = pl.segments[0]
  if (first && first.msn > at.msn) return { pieces: [], next: at, lost: true }
  const pieces: Piece[] = []
  let next = at
  for (const s of pl.segments) {
    if (s.msn < next.msn) continue
    const from = s.msn === next.msn ? next.part : 0
    // A whole segment is one request where its parts would be many.
    const whole = from === 0 || s.parts.length === 0 ? wholePiece(s) : null
    if (whole) pieces.push(whole)
    else pieces.push(...partPieces(s, from))
    next = s.uri !== null ? { msn: s.msn + 1, part: 0 } : { msn: s.msn, part: s.parts.length }
  }
  return { pieces, next, lost: false }
}

/** A segment as one piece; null while it is being made, and when it has no initialisation segment. */
export function wholePiece(s: Segment): Piece | null {
  if (s.uri === null || s.map === null) return null
  const { msn, uri, map, start, duration, gap, discontinuity } = s
  return { uri, map, msn, isPart: false, start, into: 0, duration, gap, discontinuity }
}

/** Without an initialisation segment there is nothing to fetch: a gap. */
function partPieces(s: Segment, from: number): Piece[] {
  const { msn, map } = s
  if (map === null) return []
  return s.parts.slice(from).map((part, i) => ({
    ...{ uri: part.uri, map, msn, isPart: true, start: part.start, into: part.start - s.start },
    ...{ duration: part.duration, gap: s.gap || part.gap },
    discontinuity: s.discontinuity && from + i === 0,
  }))
}

/** Dates that differ by less are the same one, rounded. */
const SAME = 0.1

/**
 * The first segment that has another date than the one that was taken under
 * its number: the server was started again and numbers anew what it had told
 * last and lost. Null when there is none.
 */
export function firstRetold(pl: MediaPlaylist, taken: ReadonlyMap<number, number>): number | null {
  const retold = pl.segments.find((s) => Math.abs((taken.get(s.msn) ?? s.start) - s.start) > SAME)
  return retold ? retold.msn : null
}

/** When the playlist's next part should be complete, as PROGRAM-DATE-TIME in seconds. */
export function due(pl: MediaPlaylist): number {
  return endOf(pl) + pl.partTarget
}
