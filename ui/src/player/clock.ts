// The server's clock as seen from here, for telling latency.

import { serverInfo } from '../lib/api'

/** Reads of which the quickest counts. */
const READS = 4

/** Knows by how much the server's clock is ahead of this device's. */
export class ServerClock {
  #offset: number | null = null

  /** Asks the server a few times; the quickest answer is the truest. Failures leave what was known. */
  async measure(signal: AbortSignal): Promise<void> {
    let best = Infinity
    for (let i = 0; i < READS && !signal.aborted; i++) {
      const sent = performance.now()
      const at = Date.now()
      try {
        const { now } = await serverInfo(signal)
        const trip = performance.now() - sent
        if (now === undefined || trip >= best) continue
        best = trip
        this.#offset = now - (at + trip / 2)
      } catch {
        return
      }
    }
  }

  /** The server's time in milliseconds, null while it is not known. */
  now(): number | null {
    return this.#offset === null ? null : Date.now() + this.#offset
  }
}
