// A resource that a page shows and keeps fresh while somebody looks at it.

import { ApiError } from './api'

/** Asks `read` now and every `everyMs` while the page is visible. Made in a component's effect, stopped at its end. */
export class Poll<T> {
  data = $state<T | null>(null)
  /** The last answer was an error; data then still holds what was known before. */
  error = $state<Error | null>(null)
  #read: (signal: AbortSignal) => Promise<T>
  #everyMs: number
  #abort = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #busy = false

  constructor(read: (signal: AbortSignal) => Promise<T>, everyMs: number) {
    this.#read = read
    this.#everyMs = everyMs
    document.addEventListener('visibilitychange', () => !document.hidden && this.refresh(), {
      signal: this.#abort.signal,
    })
    this.refresh()
  }

  /** Asks now, unless an answer is under way. */
  refresh(): void {
    clearTimeout(this.#timer)
    if (!this.#busy) void this.#ask()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#abort.abort()
  }

  /** Nothing is known under that address. */
  get missing(): boolean {
    return this.error instanceof ApiError && this.error.status === 404
  }

  /** What was known under that address was taken down. */
  get takenDown(): boolean {
    return this.error instanceof ApiError && this.error.code === 'taken_down'
  }

  async #ask(): Promise<void> {
    const { signal } = this.#abort
    this.#busy = true
    try {
      this.data = await this.#read(signal)
      this.error = null
    } catch (err) {
      if (!signal.aborted) this.error = err instanceof Error ? err : new Error(String(err))
    } finally {
      this.#busy = false
    }
    if (signal.aborted || document.hidden) return
    this.#timer = setTimeout(() => this.refresh(), this.#everyMs)
  }
}
