// The controller of the live edge: keeps the least buffer of the last moments
// at a margin by playing a little faster, never slower. Pure: the clock is
// handed in, in milliseconds; media times are in seconds.
//
// Margin 0.15 s stalled in 0 of 10 joins, 0.10 s in 2–4, so a lower latency
// comes from smaller parts and never from a thinner margin.

/** How long troughs of the buffer are remembered: several parts. */
const WINDOW_MS = 1200
/** How long the arrival of parts is remembered. */
const ARRIVALS_MS = 12_000
/** So many arrivals make one that is late an exception. */
const FORGIVING = 20
/** A stall widens the margin by this much, … */
const STALL_STEP = 0.1
/** … up to this much in all, … */
const STALL_MAX = 0.6
/** … and each such calm time takes a step back. */
const CALM_MS = 20_000
/** What is later than this was an interruption, which no margin bridges. */
const JITTER_MAX = 0.5
/** Above the spread of arrivals, what a decoder needs ahead of it. */
const DECODER = 0.1
/** Beyond this, catching up by speed would take too long. */
const JUMP = 3

interface Sample {
  at: number
  value: number
}

/** What to do now: the rate to play at, and whether to seek to the edge instead. */
export interface Advice {
  rate: number
  jump: boolean
}

/** Decides how fast to play, from what it is told of buffer and arrivals. */
export class EdgeController {
  #base: number
  #penalty = 0
  #calmSince = 0
  #since: number | null = null
  #rate = 1
  #levels: Sample[] = []
  #arrivals: Sample[] = []

  /** `base` is the margin, in seconds, on a network without jitter. */
  constructor(base: number) {
    this.#base = base
  }

  /** Forgets the buffer's past: after a seek, a pause, a stall. */
  reset(): void {
    this.#since = null
    this.#levels = []
    this.#rate = 1
  }

  /** A part that ends at `end` has come. */
  arrived(now: number, end: number): void {
    this.#arrivals.push({ at: now, value: now / 1000 - end })
    drop(this.#arrivals, now - ARRIVALS_MS)
  }

  /** Playing stopped for want of media. */
  stalled(now: number): void {
    this.#penalty = Math.min(this.#penalty + STALL_STEP, STALL_MAX)
    this.#calmSince = now
    this.reset()
  }

  /** The last stall was an outage's, which no margin bridges. */
  forgive(): void {
    this.#penalty = Math.max(0, this.#penalty - STALL_STEP)
  }

  /** The encoder is another from here on: when its parts come says nothing with those of the last one. */
  renew(): void {
    this.#arrivals = []
    this.reset()
  }

  /**
   * By how much the latest parts of the last seconds came later than the usual
   * one. A single one is forgiven: had it mattered, a stall would have told.
   */
  get jitter(): number {
    const delays = this.#arrivals.map((a) => a.value).sort((a, b) => a - b)
    if (delays.length < 3) return 0
    const usual = delays[delays.length >> 1] ?? 0
    return (delays.at(delays.length < FORGIVING ? -1 : -2) ?? usual) - usual
  }

  /** The buffer that is kept, in seconds. */
  get margin(): number {
    return Math.max(this.#base, Math.min(this.jitter, JITTER_MAX) + DECODER) + this.#penalty
  }

  /** The least buffer of the last moments, or null before a whole window was seen. */
  least(now: number): number | null {
    if (this.#since === null || now - this.#since < WINDOW_MS) return null
    return Math.min(...this.#levels.map((l) => l.value))
  }

  /** Takes the buffer ahead of the playhead, in seconds, while playing. */
  advise(now: number, ahead: number): Advice {
    this.#since ??= now
    this.#levels.push({ at: now, value: ahead })
    drop(this.#levels, now - WINDOW_MS)
    if (this.#penalty > 0 && now - this.#calmSince > CALM_MS) {
      this.#penalty = Math.max(0, this.#penalty - STALL_STEP)
      this.#calmSince = now
    }
    const least = this.least(now)
    if (least === null) return { rate: 1, jump: ahead > JUMP + this.margin }
    const over = least - this.margin
    if (over > JUMP) return { rate: 1, jump: true }
    // Two thresholds for each step, so that the rate does not flutter.
    if (over > 0.08) this.#rate = 1.1
    else if (over > 0.03 && this.#rate < 1.05) this.#rate = 1.05
    else if (over < 0.04 && this.#rate > 1.05) this.#rate = 1.05
    if (over <= 0.005) this.#rate = 1
    return { rate: this.#rate, jump: false }
  }
}

function drop(samples: Sample[], before: number): void {
  while (samples[0] && samples[0].at < before) samples.shift()
}
