// What somebody may do by a role or a place; the server decides, this shows it.
import type { Me } from './api'

/** Somebody may stop what a channel has on air and see how it is, and change nothing of it. */
export function moderatesOnly(me: Me, channel: string): boolean {
  const place = me.channels.find((c) => c.name === channel)?.place
  if (place === 'moderator') return true
  return me.role === 'moderator' && place !== 'owner' && place !== 'editor'
}

/** Somebody decides what may be on the site. */
export const decides = (me: Me | null | undefined): boolean =>
  me?.role === 'admin' || me?.role === 'moderator'
