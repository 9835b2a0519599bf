// The channels that who is signed in follows, for the rail and the front page:
// one list for both, kept fresh while somebody looks at it.

import { session } from '../lib/me.svelte'
import { following, type Followed } from './api'

const EVERY_MS = 60_000
/** As many as a rail has room for, and a front page shows. */
const MOST = 30

class FollowedChannels {
  items = $state.raw<Followed[]>([])
  /** It is known. */
  ready = $state(false)
  #of: string | undefined
  #users = 0
  #timer: ReturnType<typeof setInterval> | undefined

  readonly live = $derived(this.items.filter((f) => f.channel.live))

  /** Keeps the list fresh until what is returned is called. */
  watch(): () => void {
    if (++this.#users === 1) {
      this.#timer = setInterval(() => !document.hidden && void this.refresh(), EVERY_MS)
      document.addEventListener('visibilitychange', this.#seen)
    }
    void this.refresh()
    return () => {
      if (--this.#users > 0) return
      clearInterval(this.#timer)
      document.removeEventListener('visibilitychange', this.#seen)
    }
  }

  #seen = () => !document.hidden && void this.refresh()

  async refresh(): Promise<void> {
    const who = session.me?.id
    if (who !== this.#of) {
      this.#of = who
      this.items = []
      this.ready = false
    }
    if (!who) return
    try {
      const { items } = await following(null, MOST)
      if (this.#of !== who) return
      this.items = items
      this.ready = true
    } catch {
      // What was known stays; it is asked again.
    }
  }
}

export const followed = new FollowedChannels()
