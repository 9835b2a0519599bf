// A viewing of what is not for everybody: opened by a password or by who is
// signed in, and opened again when it lapsed. The password stays in memory.

import { ApiError } from './problem'

/** What stands where the player would: nothing when it is open. */
export type Door = 'open' | 'opening' | 'password' | 'sign-in' | 'members' | 'trouble'

/** What a viewer has to show: a password, or a place in the channel. */
export type Access = 'open' | 'password' | 'members'

/** What a viewing asks of its page. */
export interface ViewingHost<T> {
  /** Asks the server for a viewing; the password is left out when there is none. */
  ask(password: string | undefined): Promise<T>
  /** Who watches is signed in. */
  signedIn(): boolean
  /** What it takes. */
  access(): Access
}

/** After so many refusals in a row of a viewing that was just opened, the viewer is asked again. */
const TRIES = 1

/** The viewing of one page, with the addresses that it opens. */
export class Viewing<T> {
  door = $state<Door>('opening')
  /** The server's sentence about what was tried; empty: nothing was. */
  refusal = $state('')
  /** What is to be played, once it is open. */
  addresses = $state.raw<T | null>(null)
  busy = $state(false)
  #host: ViewingHost<T>
  #password: string | undefined
  #tries = 0

  constructor(host: ViewingHost<T>) {
    this.#host = host
  }

  /** Opens it if that takes nothing of the viewer, else says what it takes. */
  open(): Promise<void> {
    if (this.#host.signedIn() || this.#password !== undefined) return this.#ask()
    this.#shut()
    return Promise.resolve()
  }

  /** Opens it with a password. */
  enter(password: string): Promise<void> {
    this.#password = password
    return this.#ask()
  }

  /** The media were refused: it lapsed, or the viewer may not watch any longer. */
  refused(): Promise<void> {
    if (this.#tries++ < TRIES) return this.#ask()
    this.#password = undefined
    this.addresses = null
    this.#shut()
    return Promise.resolve()
  }

  /** The picture moves. */
  playing(): void {
    this.#tries = 0
  }

  /** Another viewing by the same right, for another player. */
  another(): Promise<T> {
    return this.#host.ask(this.#password)
  }

  /** Says what it takes. */
  #shut(): void {
    if (this.#host.access() === 'password') this.door = 'password'
    else this.door = this.#host.signedIn() ? 'members' : 'sign-in'
  }

  async #ask(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.refusal = ''
    const password = this.#password
    if (!this.addresses && password === undefined) this.door = 'opening'
    try {
      this.addresses = await this.#host.ask(password)
      this.door = 'open'
    } catch (err) {
      this.#failed(err, password)
    } finally {
      this.busy = false
    }
  }

  #failed(err: unknown, password: string | undefined): void {
    const refused = err instanceof ApiError && err.status >= 400 && err.status < 500
    this.addresses = null
    if (!refused) {
      this.door = 'trouble'
      return
    }
    if (password !== undefined) {
      this.refusal = err.message
      // Who has tried too often had the right one, maybe.
      if (err.status !== 429) this.#password = undefined
    }
    this.#shut()
  }
}
