// What was said while a recording was on air, in step with its picture. Lines
// are fetched in pages, some time ahead of the picture.

import { REPLAY_LINES } from './api'
import { Line } from './line.svelte'
import type { LineData } from './protocol'

/** So much before the picture is shown, when somebody has sought there. */
const BEHIND_MS = 120_000
/** So far ahead of the picture lines are there. */
const AHEAD_MS = 30_000
/** What one page asks for. */
const PAGE_MS = 90_000
/** So many lines are shown. */
const SHOWN = 300
/** So many are kept. */
const KEPT = 5000
const RETRY_MS = 5000

/** Reads the lines from one media time to before another, oldest first. */
export type ReadLines = (fromMs: number, toMs: number) => Promise<LineData[]>

export class Replay {
  /** What has been said until now. */
  lines = $state.raw<Line[]>([])
  phase = $state<'loading' | 'ready' | 'failed'>('loading')
  /** Counts how often the picture jumped to what was not known. */
  jumps = $state(0)
  #read: ReadLines
  #now: () => number
  /** All lines that are known, by their media time: whole from `#from` to `#to`. */
  #known: Line[] = []
  #from = 0
  #to = 0
  #at = -1
  #asking = false
  #failedAt = -Infinity

  constructor(read: ReadLines, now: () => number = Date.now) {
    this.#read = read
    this.#now = now
  }

  /** The picture is at a media time, in milliseconds. */
  at(ms: number): void {
    const first = this.#at < 0
    this.#at = ms
    // What lies a little ahead of what is known is fetched with what is between.
    if (first || ms < this.#from || ms > this.#to + BEHIND_MS) this.#leap(ms)
    else if (ms + AHEAD_MS > this.#to) void this.#more()
    this.#show()
  }

  #leap(ms: number): void {
    this.jumps++
    this.#asking = false
    this.#failedAt = -Infinity
    this.#known = []
    this.#from = this.#to = Math.max(0, ms - BEHIND_MS)
    this.phase = 'loading'
    void this.#more()
  }

  async #more(): Promise<void> {
    if (this.#asking || this.#now() - this.#failedAt < RETRY_MS) return
    this.#asking = true
    const jump = this.jumps
    const from = this.#to
    // After a jump all that belongs to it comes at once.
    const to = Math.max(from + PAGE_MS, this.#at + AHEAD_MS)
    try {
      const page = await this.#read(from, to)
      if (jump !== this.jumps) return
      this.#take(page, to)
      this.phase = 'ready'
    } catch {
      if (jump !== this.jumps) return
      this.#failedAt = this.#now()
      this.phase = 'failed'
    }
    this.#asking = false
    this.#show()
    // A page that was full may not reach to where the picture is.
    if (this.phase === 'ready' && this.#at + AHEAD_MS > this.#to) void this.#more()
  }

  #take(page: LineData[], to: number): void {
    const ids = new Set(this.#known.slice(-REPLAY_LINES).map((l) => l.data.id))
    const fresh = page.filter((l) => !ids.has(l.id))
    this.#known.push(...fresh.map((l) => new Line(l)))
    const last = page.at(-1)?.mediaMs ?? to
    // A full page ends with its last line, beside which others of the same time may be.
    const full = page.length >= REPLAY_LINES
    this.#to = full ? (fresh.length > 0 ? last : last + 1) : to
    if (this.#known.length <= KEPT) return
    this.#known = this.#known.slice(-KEPT)
    this.#from = timeOf(this.#known[0])
  }

  #show(): void {
    const end = upTo(this.#known, this.#at)
    const begin = Math.max(0, end - SHOWN)
    const [first, last] = [this.#known[begin], this.#known[end - 1]]
    const same =
      this.lines.length === end - begin &&
      (end === begin || (this.lines[0] === first && this.lines.at(-1) === last))
    if (!same) this.lines = this.#known.slice(begin, end)
  }
}

const timeOf = (line: Line | undefined): number => line?.data.mediaMs ?? 0

/** How many of the lines, which are in order, are not after a time. */
function upTo(lines: readonly Line[], ms: number): number {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeOf(lines[middle]) <= ms) low = middle + 1
    else high = middle
  }
  return low
}
