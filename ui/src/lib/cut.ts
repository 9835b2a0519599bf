// What is cut out of a broadcast for a clip: two places on an axis, which is a
// recording's time, or the time before a moment of what is live.

import type { ClipRequest } from './clips'
import { decimal } from './format'
import { ofClock, toClock } from './moment'
import { strings } from './strings'

/** Two places, in seconds of an axis. */
export interface Cut {
  from: number
  to: number
}

/** Where a cut lies. */
export interface Axis {
  live: boolean
  /** From where to where it reaches, in seconds. */
  first: number
  last: number
  /** A place in words that can be typed too. */
  text(at: number): string
  /** The place that was typed; null for what is none. */
  parse(text: string): number | null
  /** How a clip of it is asked for. */
  order(cut: Cut): Pick<ClipRequest, 'start_ms' | 'end_ms' | 'start_at' | 'end_at'>
}

export const SHORTEST = 1
export const LONGEST = 180
/** How long a clip is before somebody says otherwise. */
const USUAL = 30

const ms = (seconds: number) => Math.round(seconds * 1000)

/** A recording's time, which begins at `begins` milliseconds of the media time. */
export const recordedAxis = (begins: number, length: number): Axis => ({
  live: false,
  first: 0,
  last: length,
  text: toClock,
  parse: ofClock,
  order: ({ from, to }) => ({ start_ms: Math.max(0, ms(from) + begins), end_ms: ms(to) + begins }),
})

/** A recording that grows, of which at `position` lies what was on air at `date`. */
export const growingAxis = (position: number, date: number): Axis => ({
  ...recordedAxis(0, Math.max(position, position + Date.now() / 1000 - date)),
  order: ({ from, to }) => wallClock(date - position, { from, to }),
})

/** The seconds before `now`, which are negative. */
export const liveAxis = (now: number): Axis => ({
  live: true,
  first: -LONGEST,
  last: 0,
  text: (at) => (at === 0 ? '0' : `−${decimal(-at, 1)}`),
  parse(text) {
    const n = Number(text.trim().replace(/^[−-]/, '').replace(',', '.'))
    return text.trim() === '' || !Number.isFinite(n) || n === 0
      ? n === 0 && text.trim()
        ? 0
        : null
      : -n
  },
  order: (cut) => wallClock(now, cut),
})

function wallClock(zero: number, { from, to }: Cut) {
  const at = (s: number) => new Date(ms(zero + s)).toISOString()
  return { start_at: at(from), end_at: at(to) }
}

/** What is cut before anybody chose: what comes next in a recording, the newest of what is live. */
export function cutOf(axis: Axis, at: number): Cut {
  if (axis.live) return { from: Math.max(axis.first, axis.last - USUAL), to: axis.last }
  const to = Math.min(axis.last, at + USUAL)
  return { from: Math.max(axis.first, to - USUAL), to }
}

/** What is wrong with a cut, in words; empty when nothing is. */
export function wrongWithCut({ from, to }: Cut): string {
  const s = strings.clips
  if (to <= from) return s.backward
  if (to - from < SHORTEST) return s.short
  return to - from > LONGEST ? s.long : ''
}
