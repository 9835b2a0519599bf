// A player as the page around it can use it.

/** What is played on the page's player. Times are in seconds. */
export interface Playing {
  /** Where in a recording the picture is. */
  position(): number
  /** When the picture was on air, since 1970; null when that is not known. */
  programTime(): number | null
  /** Shows what lies at a place of a recording. */
  seek(position: number): void
  /** Shows what was on air at a moment: of what is live. */
  seekTo(programTime: number): void
  play(): void
  /** Calls `then` with each picture that is shown, and at the end, until what comes back is called. */
  watch(then: () => void): () => void
}

/** Of a video element, all but what takes a session. */
export function playingOf(
  video: HTMLVideoElement,
  session: { programTime(): number | null; seekTo(behind: number): boolean },
): Playing {
  return {
    position: () => video.currentTime,
    programTime: () => session.programTime(),
    seek: (position) => (video.currentTime = Math.max(0, position)),
    seekTo(moment) {
      session.seekTo(Math.max(0, Date.now() / 1000 - moment))
    },
    play: () => void video.play().catch(() => undefined), // the play button is there for it
    watch: (then) => watch(video, then),
  }
}

function watch(video: HTMLVideoElement, then: () => void): () => void {
  const over = new AbortController()
  const { signal } = over
  video.addEventListener('ended', then, { signal })
  // Browsers that tell of each picture are exact; the others tell four times a second.
  if (!('requestVideoFrameCallback' in video)) {
    ;(video as HTMLVideoElement).addEventListener('timeupdate', then, { signal })
    return () => over.abort()
  }
  let next = 0
  const each = () => {
    next = video.requestVideoFrameCallback(each)
    then()
  }
  next = video.requestVideoFrameCallback(each)
  signal.addEventListener('abort', () => video.cancelVideoFrameCallback(next))
  return () => over.abort()
}
