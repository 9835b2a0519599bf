import type { Rendition } from './api'

/**
 * A word that changes when a stream gets or loses a track, so that a player
 * loads it afresh. What changes within a track the engines see for themselves.
 */
export function tracksKey(renditions: Pick<Rendition, 'name'>[] | null): string {
  const tracks = (renditions ?? []).map((r) => r.name)
  return tracks.sort().join(' ')
}
