// How a live player tells the server how it plays. Its viewing's id is random,
// made anew for each player, and kept nowhere: it rides on the player's
// playlists, so that one viewer is counted once.

import type { PlayerStats } from './stats'

/** The first word comes early, so that short viewings count; then there is one in each period. */
const FIRST_MS = 5000
const EVERY_MS = 20_000

/** What is told; sums are since the player began. */
export interface Word {
  viewing: string
  startup_ms: number
  stalls: number
  stalled_ms: number
  played_ms: number
  latency_ms: number
  height: number
  ended: boolean
}

/** A viewing's id: 128 random bits. */
export function newViewing(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** `url` with the id of a viewing in its query. */
export function inViewing(url: string, viewing: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}v=${viewing}`
}

/** Sums up how a player plays, and tells of it until it is stopped. */
export class Beacon {
  readonly viewing = newViewing()
  #address: string
  #stats: () => PlayerStats
  #played = 0
  #stalled = 0
  #last = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #life = new AbortController()

  /** Tells of a broadcast; `stats` are those of its player. */
  constructor(broadcast: string, stats: () => PlayerStats) {
    this.#address = `/api/v1/broadcasts/${encodeURIComponent(broadcast)}/beacon`
    this.#stats = stats
  }

  start(): void {
    const again = () => {
      void this.#send(false)
      this.#timer = setTimeout(again, EVERY_MS)
    }
    this.#timer = setTimeout(again, FIRST_MS)
    const { signal } = this.#life
    addEventListener('pagehide', () => this.#bye(), { signal })
  }

  /** Called often: the picture moves, or stands for want of media. */
  tick(now: number, moving: boolean, stalled: boolean): void {
    const passed = this.#last === 0 ? 0 : Math.min(now - this.#last, 2000)
    this.#last = now
    if (moving) this.#played += passed
    else if (stalled) this.#stalled += passed
  }

  stop(): void {
    clearTimeout(this.#timer)
    if (this.#life.signal.aborted) return
    this.#life.abort()
    this.#bye()
  }

  word(ended: boolean): Word {
    const stats = this.#stats()
    const whole = (n: number | null) => Math.max(0, Math.round(n ?? 0))
    return {
      viewing: this.viewing,
      startup_ms: Math.min(whole(stats.startup), 600_000),
      stalls: stats.stalls,
      stalled_ms: whole(this.#stalled),
      played_ms: whole(this.#played),
      latency_ms: whole(stats.latency === null ? null : stats.latency * 1000),
      height: stats.height,
      ended,
    }
  }

  async #send(ended: boolean): Promise<void> {
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify(this.word(ended))
    // Nobody waits for it, and one that is lost is said again with the next.
    await fetch(this.#address, { method: 'POST', headers, body, keepalive: true }).catch(() => null)
  }

  #bye(): void {
    void this.#send(true)
  }
}
