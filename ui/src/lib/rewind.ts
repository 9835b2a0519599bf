// How far back one can go in what is on air.

import type { Live } from './api'

/** The list that reaches back, and how far it does. */
export interface Rewind {
  url: string
  /** When the broadcast began, in seconds since 1970; null while it opens. */
  since: number | null
  /** How much of its end can be had; null for all. */
  seconds: number | null
}

/** What a broadcast offers to those who rewind, at its own address or in a viewing at `url`; null when it offers nothing. */
export function rewindOf(live: Live, url = live.rewind): Rewind | null {
  if (!url) return null
  const since = live.started_at ? Date.parse(live.started_at) / 1000 : null
  return { url, since, seconds: live.rewind_seconds ?? null }
}

/** How many seconds before `now`, in seconds since 1970, the list begins. */
export function reach(rewind: Rewind | null, now: number): number {
  if (rewind?.since == null) return 0
  return Math.max(0, Math.min(now - rewind.since, rewind.seconds ?? Infinity))
}
