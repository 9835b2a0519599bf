// How somebody likes to see chat, kept in this browser.

const KEPT = 'rostrum.chat'

interface Kept {
  times: boolean
  large: boolean
  hidden: boolean
}

function kept(): Partial<Kept> {
  try {
    const said: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '{}')
    return said && typeof said === 'object' ? said : {}
  } catch {
    return {} // Storage may be forbidden.
  }
}

class Options {
  #kept = $state<Kept>({ times: false, large: false, hidden: false, ...kept() })

  get times(): boolean {
    return this.#kept.times
  }

  get large(): boolean {
    return this.#kept.large
  }

  /** The panel is folded away. */
  get hidden(): boolean {
    return this.#kept.hidden
  }

  set(change: Partial<Kept>): void {
    Object.assign(this.#kept, change)
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#kept))
    } catch {
      // Not kept, then.
    }
  }
}

export const options = new Options()
