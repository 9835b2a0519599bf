// Who is signed in, in this tab and, by word from the others, in all of them.

import { body, client, onSignedOut, type Me } from './api'
import { router } from './router.svelte'

/** What tabs tell each other: that somebody else is signed in, or nobody. */
type Word = 'changed' | 'gone'

class Session {
  /** Null: nobody. Undefined: not known yet. */
  me = $state<Me | null | undefined>(undefined)
  /** Who was signed in when the server said that nobody is: the session has ended by itself. */
  lapsed = $state<Me | null>(null)
  /** Why it is not known: the server cannot be asked. */
  error = $state<Error | null>(null)
  #tabs = new BroadcastChannel('rostrum.me')
  #asked: Promise<void> | null = null

  constructor() {
    this.#tabs.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data === 'gone') this.#set(null)
      else void this.refresh()
    }
    onSignedOut(() => this.#set(null, this.me ?? this.lapsed))
  }

  /** Asks the server, unless an answer is under way. */
  refresh(): Promise<void> {
    this.#asked ??= this.#ask().finally(() => (this.#asked = null))
    return this.#asked
  }

  /** Somebody has signed in, or changed what is known of them. */
  is(me: Me): void {
    this.#set(me)
    this.#tell('changed')
  }

  /** Ends the session and goes home. */
  async signOut(): Promise<void> {
    await client.DELETE('/api/v1/sessions/current')
    router.go('/') // first: a page that is for nobody else sends who is nobody to sign in
    this.#set(null)
    this.#tell('gone')
  }

  #tell(word: Word): void {
    this.#tabs.postMessage(word)
  }

  #set(me: Me | null, lapsed: Me | null = null): void {
    this.me = me
    this.lapsed = lapsed
    this.error = null
  }

  async #ask(): Promise<void> {
    try {
      this.#set(await body(client.GET('/api/v1/me')))
    } catch (err) {
      // Nobody: that was told to onSignedOut.
      if (this.me !== null) this.error = err instanceof Error ? err : new Error(String(err))
    }
  }
}

export const session = new Session()
