// What this browser can play, and which tracks of a variant that makes.

import type { Variant } from './playlist'

/** One rendition to be fetched into a SourceBuffer of its own. */
export interface TrackSpec {
  kind: 'video' | 'audio'
  mime: string
  url: string
}

/** A MediaSource or, on phones that have only that, a ManagedMediaSource. */
export type MediaSourceClass = typeof MediaSource

/** The browser's Media Source Extensions, null when it has none. */
export function mediaSourceClass(): MediaSourceClass | null {
  const w = globalThis as { ManagedMediaSource?: MediaSourceClass; MediaSource?: MediaSourceClass }
  return w.MediaSource ?? w.ManagedMediaSource ?? null
}

const isAudio = (codec: string): boolean => /^(mp4a|opus|ac-3|ec-3|flac)/i.test(codec)

/** The tracks of a variant, its main rendition first. */
export function tracksOf(v: Variant): TrackSpec[] {
  const audio = v.codecs.filter(isAudio)
  const video = v.codecs.filter((c) => !isAudio(c))
  const list = (codecs: string[]) => `codecs="${codecs.join(',')}"`
  if (video.length === 0) {
    return [{ kind: 'audio', mime: `audio/mp4; ${list(audio)}`, url: v.audio ?? v.url }]
  }
  if (v.audio === null || audio.length === 0) {
    return [{ kind: 'video', mime: `video/mp4; ${list([...video, ...audio])}`, url: v.url }]
  }
  return [
    { kind: 'video', mime: `video/mp4; ${list(video)}`, url: v.url },
    { kind: 'audio', mime: `audio/mp4; ${list(audio)}`, url: v.audio },
  ]
}

/** The tracks of the best variant of which `supports` says that all can be played; null when there is none. */
export function bestTracks(
  variants: Variant[],
  supports: (mime: string) => boolean,
): TrackSpec[] | null {
  const byBandwidth = [...variants].sort((a, b) => b.bandwidth - a.bandwidth)
  for (const v of byBandwidth) {
    if (v.codecs.length === 0) continue
    const tracks = tracksOf(v)
    if (tracks.every((t) => supports(t.mime))) return tracks
  }
  return null
}
