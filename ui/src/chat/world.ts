// The world as a browser gives it to a room.

import type { Socket } from './connection'
import { addressOf } from './protocol'
import type { RoomWorld } from './room.svelte'

/** The screen is drawn anew for lines this often at most, however many come. */
const DRAWN_MS = 100

/**
 * `viewing` is the token of the viewing in which the channel is watched; empty: it takes none.
 * `history` is how many lines of before are wanted; left out: as many as the channel gives.
 */
export function browserWorld(
  channel: string,
  viewing: () => string = () => '',
  history?: number,
): RoomWorld {
  let waiting = false
  let drawn = 0
  return {
    open: (after) =>
      new WebSocket(
        addressOf(channel, location.href, { after, viewing: viewing(), history }),
      ) as unknown as Socket,
    later(ms, then) {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    now: Date.now,
    soon(then) {
      if (waiting) return
      waiting = true
      const draw = () => {
        waiting = false
        drawn = performance.now()
        then()
      }
      setTimeout(draw, Math.max(0, DRAWN_MS - (performance.now() - drawn)))
    },
    nonce: () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`,
  }
}
