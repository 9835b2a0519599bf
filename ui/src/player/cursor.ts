// Which pieces of a playlist to fetch: where to join a stream, and what comes
// next after what was fetched. Pure.

import { endOf, type MediaPlaylist, type Position } from './playlist'

/** One thing to fetch and append. Times are PROGRAM-DATE-TIME, in seconds. */
export interface Piece {
  uri: string
  map: string
  start: number
  duration: number
  gap: boolean
}

/** Where to start, and from which moment on pictures are wanted. */
export interface Join {
  at: Position
  start: number
}

/**
 * The last place at which decoding can start: an INDEPENDENT part, else a
 * segment's start. Null when the playlist holds nothing yet.
 */
export function joinPoint(pl: MediaPlaylist): Join | null {
  for (let i = pl.segments.length - 1; i >= 0; i--) {
    const s = pl.segments[i]
    if (!s || s.gap) continue
    for (let p = s.parts.length - 1; p >= 0; p--) {
      const part = s.parts[p]
      if (part?.independent && !part.gap) return { at: { msn: s.msn, part: p }, start: part.start }
    }
    if (s.uri !== null && (pl.independentSegments || s.parts.length === 0)) {
      return { at: { msn: s.msn, part: 0 }, start: s.start }
    }
  }
  return null
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
    const { map } = s
    // A whole segment is one request where its parts would be many. Without
    // an initialisation segment there is nothing to fetch: a gap.
    if (map !== null && s.uri !== null && (from === 0 || s.parts.length === 0)) {
      pieces.push({ uri: s.uri, map, start: s.start, duration: s.duration, gap: s.gap })
    } else if (map !== null) {
      for (const part of s.parts.slice(from)) pieces.push({ ...part, map, gap: s.gap || part.gap })
    }
    next = s.uri !== null ? { msn: s.msn + 1, part: 0 } : { msn: s.msn, part: s.parts.length }
  }
  return { pieces, next, lost: false }
}

/** When the playlist's next part should be complete, as PROGRAM-DATE-TIME in seconds. */
export function due(pl: MediaPlaylist): number {
  return endOf(pl) + pl.partTarget
}
