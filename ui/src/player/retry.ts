// When to try again.

const FIRST_MS = 250
const MOST_MS = 1600

/** Delays that double from 0.25 s and stay below 2 s, each spread by a fifth so that viewers do not return as one. */
export class Backoff {
  #tries = 0
  #random: () => number

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** How many delays were handed out since the last success. */
  get tries(): number {
    return this.#tries
  }

  /** The next delay in milliseconds. `asked` is the server's Retry-After in seconds, which stands as a floor up to a minute. */
  next(asked: number | null = null): number {
    const base = Math.min(FIRST_MS * 2 ** Math.min(this.#tries++, 16), MOST_MS)
    const spread = base * (0.8 + 0.4 * this.#random())
    return asked === null ? spread : Math.max(spread, Math.min(asked, 60) * 1000)
  }

  /** It worked: the next delay is a short one again. */
  reset(): void {
    this.#tries = 0
  }
}

/** The seconds that a Retry-After header asks for, null without one. Dates are not used by our server. */
export function retryAfter(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null
  return Number(header)
}

/** Waits; rejects with the signal's reason when it is aborted first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
