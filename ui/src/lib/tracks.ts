import type { Rendition } from './api'

/** A word that changes when the tracks of a stream do, so that a player loads it afresh. */
export function tracksKey(renditions: Rendition[] | null): string {
  const tracks = (renditions ?? []).map((r) => `${r.name}=${r.codecs}`)
  return tracks.sort().join(' ')
}
