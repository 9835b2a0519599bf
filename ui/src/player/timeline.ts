// Between the clock on the wall and the time of the media. Media time runs on
// through a discontinuity, PROGRAM-DATE-TIME jumps there: so one is had from
// the other by the segments' durations, from one whose media time is known.

import type { MediaPlaylist, Segment } from './playlist'

/** One rendition's two times. All are in seconds. */
export class Timeline {
  #anchor: { msn: number; time: number } | null = null

  /** The media of segment `msn` begins at `time`. */
  note(msn: number, time: number): void {
    this.#anchor = { msn, time }
  }

  /** The media time at which the list begins with something that can be shown; null while it is not known. */
  start(pl: MediaPlaylist): number | null {
    return this.#segments(pl).find(({ segment }) => !segment.gap)?.time ?? null
  }

  /** The media time of the moment `date`. */
  media(pl: MediaPlaylist, date: number): number | null {
    const all = this.#segments(pl)
    const at = all.findLast(({ segment }) => segment.start <= date) ?? all[0]
    return at ? at.time + (date - at.segment.start) : null
  }

  /** The moment at which what lies at `time` was on air. */
  date(pl: MediaPlaylist, time: number): number | null {
    const all = this.#segments(pl)
    const at = all.findLast((s) => s.time <= time) ?? all[0]
    return at ? at.segment.start + (time - at.time) : null
  }

  /** The list's segments with the media time at which each begins. */
  #segments(pl: MediaPlaylist): { segment: Segment; time: number }[] {
    const anchor = this.#anchor
    const known = pl.segments.findIndex((s) => s.msn === anchor?.msn)
    if (!anchor || known < 0) return []
    const before = pl.segments.slice(0, known).reduce((sum, s) => sum + s.duration, 0)
    let time = anchor.time - before
    return pl.segments.map((segment) => {
      const at = { segment, time }
      time += segment.duration
      return at
    })
  }
}
