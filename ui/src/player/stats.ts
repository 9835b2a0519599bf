// The player's statistics: what the overlay shows and what tests and
// measuring tools read.

import type { EngineName, EngineState } from './engine'

/**
 * A snapshot of the player. Times are in seconds, null where not known.
 *
 * The element with the attribute `data-player` carries it as its property
 * `stats`, and `data-engine` and `data-state` beside it:
 *
 *     document.querySelector('[data-player]').stats.latency
 */
export interface PlayerStats {
  engine: EngineName | null
  state: EngineState
  /** From the picture's arrival at the server to the screen; the playlist's clock against the server's. */
  latency: number | null
  /** Behind the newest picture that could be shown. */
  behind: number | null
  /** Buffered ahead of the picture. */
  buffer: number
  margin: number | null
  jitter: number | null
  rate: number
  /** Stops for want of media since the player began. */
  stalls: number
  /** From the player's start to its first picture, in milliseconds. */
  startup: number | null
  dropped: number
  decoded: number
  bitrate: number | null
  width: number
  height: number
  codecs: string | null
  requests: number | null
  /** Requests that the server holds right now. */
  waiting: number | null
}

/** The element that carries the statistics. */
export interface PlayerElement extends HTMLElement {
  readonly stats: PlayerStats
}
