// A list that a page shows piece by piece.

import type { List } from './api'

/** Reads the beginning at once, and the rest when it is asked for. */
export class Paged<T> {
  items = $state<T[]>([])
  phase = $state<'loading' | 'ready' | 'failed'>('loading')
  error = $state<Error | null>(null)
  #next = $state<string | null>(null)
  #read: (cursor: string | null) => Promise<List<T>>
  #turn = 0 // of reading: an older answer that comes later is not shown

  constructor(read: (cursor: string | null) => Promise<List<T>>) {
    this.#read = read
    void this.#load(null)
  }

  /** There is more behind what is shown. */
  get hasMore(): boolean {
    return this.phase === 'ready' && this.#next !== null
  }

  /** It is known that the list is empty. */
  get empty(): boolean {
    return this.phase === 'ready' && this.items.length === 0 && this.#next === null
  }

  /** Goes on, also after a failure. */
  more(): void {
    if (this.phase !== 'loading') void this.#load(this.#next)
  }

  /** Reads the beginning anew. What is shown stays until it is there. */
  again(): Promise<void> {
    return this.#load(null)
  }

  async #load(cursor: string | null): Promise<void> {
    const turn = ++this.#turn
    this.phase = 'loading'
    try {
      const page = await this.#read(cursor)
      if (turn !== this.#turn) return
      this.items = cursor === null ? page.items : [...this.items, ...page.items]
      this.#next = page.next
      this.error = null
      this.phase = 'ready'
    } catch (err) {
      if (turn !== this.#turn) return
      this.error = err instanceof Error ? err : new Error(String(err))
      this.phase = 'failed'
    }
  }
}

/** A list that the API gives whole, as one that is paged. */
export const whole = async <T>(all: Promise<{ items: T[] }>): Promise<List<T>> => ({
  items: (await all).items,
  next: null,
})
