// Carries out what keys ask for, on a video element.

import type { KeyAction } from './keys'
import type { PlayerSession } from './session.svelte'

/** A frame of a stream whose rate is not known. */
const FRAME = 1 / 30

/** What commands act on. */
export interface CommandTarget {
  video: HTMLVideoElement
  session: PlayerSession
  toggleFullscreen(): void
  /** Gives the picture the page, or takes it back; false where there is nothing to take it from. */
  toggleTheatre(): boolean
}

/** Does `action`; false when there was nothing to do, so that the key stays the browser's. */
export function perform(
  action: KeyAction,
  { video, session, toggleFullscreen, toggleTheatre }: CommandTarget,
): boolean {
  switch (action.do) {
    case 'play':
      if (video.paused) void video.play().catch(() => undefined)
      else video.pause()
      return true
    case 'fullscreen':
      toggleFullscreen()
      return true
    case 'theatre':
      return toggleTheatre()
    case 'mute':
      if (video.muted) session.unmute()
      else video.muted = true
      return true
    case 'captions':
      return toggleCaptions(video)
    case 'live':
      session.goLive()
      return session.source.live
    case 'volume':
      video.volume = Math.min(1, Math.max(0, video.volume + action.by))
      return true
    case 'seek':
      if (session.source.live) return session.seekTo(session.behind - action.by)
      return seek(video, video.currentTime + action.by)
    case 'frame':
      return video.paused && seek(video, video.currentTime + action.by * FRAME)
    case 'jump': {
      if (session.source.live) return session.seekTo(session.reach * (1 - action.to))
      const [start, end] = range(video)
      return seek(video, start + (end - start) * action.to)
    }
  }
}

function range({ seekable }: HTMLVideoElement): [number, number] {
  return seekable.length > 0 ? [seekable.start(0), seekable.end(seekable.length - 1)] : [0, 0]
}

function seek(video: HTMLVideoElement, to: number): boolean {
  const [start, end] = range(video)
  if (end <= start) return false
  video.currentTime = Math.min(end, Math.max(start, to))
  return true
}

/** Shows the first captions, or hides what is shown; false when the stream has none. */
function toggleCaptions(video: HTMLVideoElement): boolean {
  const tracks = [...video.textTracks].filter(
    (t) => t.kind === 'captions' || t.kind === 'subtitles',
  )
  const [first] = tracks
  if (!first) return false
  const shown = tracks.some((t) => t.mode === 'showing')
  for (const t of tracks) t.mode = 'disabled'
  if (!shown) first.mode = 'showing'
  return true
}
