// The playhead at the live edge: steers the element's rate, steps over holes,
// counts stalls, and tells a viewer's seek from its own.

import type { EdgeController } from './edge'

const TICK_MS = 50
/** An element that stands this long with media ahead of it needs a push, … */
const STUCK_MS = 1000
/** … or this long in the middle of a seek. */
const SEEK_STUCK_MS = 2000
const ENOUGH = 0.3
/** An element that stands this long while the stream goes on will not move by waiting: */
const LOST_MS = 3000
/** by so many seconds the stream must have gone on meanwhile, … */
const WENT_ON = 1
/** … and when nothing new came for this long it is the stream that stands. */
const DRY_MS = 2000
/** A hole up to this long is stepped over. */
const HOLE = 1
/** A pause that leaves more than this ahead is a wish to see what was missed. */
const MISSED = 2
/** A viewer who seeks closer to the end than this wants the edge. */
const NEAR_EDGE = 1

/** What the playhead tells its session. */
export interface PlayheadHost {
  /** Playing stopped for want of media. */
  stalled(): void
  /** The viewer wants to see what is not buffered. */
  beyond(time: number): void
  /** The playhead is too far from the edge to catch up: go to `edge()`. */
  edge(): number | null
  /** Seconds of media that the stream has offered, whatever of it is buffered. */
  offered(): number
  /** Play stands still though the stream goes on. */
  lost(): void
}

/** Steers `video` until stop is called. */
export class Playhead {
  /** Whether the edge is followed; false after the viewer went back. */
  following = true
  stalls = 0
  #video: HTMLVideoElement
  #controller: EdgeController
  #host: PlayheadHost
  #timer: ReturnType<typeof setInterval>
  #listening = new AbortController()
  #ownSeek: number | null = null
  #played = false
  #paused = false // as of the last step
  #moved = { to: 0, at: 0 }
  #still = { at: -1, since: 0, offered: 0 }
  #news = { offered: 0, at: 0 }

  constructor(video: HTMLVideoElement, controller: EdgeController, host: PlayheadHost) {
    this.#video = video
    this.#controller = controller
    this.#host = host
    this.#timer = setInterval(() => this.tick(), TICK_MS)
    const { signal } = this.#listening
    video.addEventListener('waiting', () => this.#waiting(), { signal })
    video.addEventListener('seeking', () => this.#sought(), { signal })
    video.addEventListener('play', () => this.#resumed(), { signal })
    video.addEventListener('playing', () => (this.#played = true), { signal })
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#listening.abort()
    this.#video.playbackRate = 1
  }

  /** Seeks on the session's behalf. */
  seek(time: number): void {
    this.#ownSeek = time
    this.#controller.reset()
    this.#video.currentTime = time
  }

  /** Goes to the edge and follows it. */
  goLive(): void {
    this.following = true
    const edge = this.#host.edge()
    if (edge !== null) this.seek(edge)
  }

  /** Seconds buffered ahead of the playhead. */
  get ahead(): number {
    const { buffered, currentTime } = this.#video
    const i = rangeAt(buffered, currentTime)
    return i < 0 ? 0 : buffered.end(i) - currentTime
  }

  /** As much, counting what lies behind holes that are stepped over. */
  get reach(): number {
    const { buffered, currentTime } = this.#video
    let reach = 0
    let end = currentTime
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.end(i) <= end || buffered.start(i) - end > HOLE) continue
      reach += buffered.end(i) - Math.max(end, buffered.start(i))
      end = buffered.end(i)
    }
    return reach
  }

  /** One step; the timer calls it, and the session when media came. */
  tick(): void {
    const video = this.#video
    // The element moves as soon as it is told to, and its event comes after: a
    // step in between would leap to the edge.
    if (this.#paused && !video.paused) this.#resumed()
    this.#paused = video.paused
    this.#push()
    this.#watch()
    if (video.seeking && video.readyState > 0) {
      this.#stepOver()
      return
    }
    // It may stop some frames before the hole, too.
    const dry = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA
    if (this.ahead < (dry ? ENOUGH : 0.04)) this.#stepOver()
    if (video.paused || dry || !this.following) {
      this.#controller.reset()
      if (!this.following || video.paused) this.#rate(1)
      return
    }
    const advice = this.#controller.advise(performance.now(), this.ahead)
    if (advice.jump) this.goLive()
    else this.#rate(advice.rate)
  }

  /** What was missing is there again: the picture has as long to move as if it had just stopped. */
  forbear(): void {
    this.#still = {
      at: this.#video.currentTime,
      since: performance.now(),
      offered: this.#host.offered(),
    }
  }

  /**
   * An element that ran dry does not go on by itself now and then, or wants
   * more each time before it does (Chromium, for sound): another seek wakes it.
   */
  #push(): void {
    const { paused, seeking, currentTime } = this.#video
    const now = performance.now()
    if (paused || currentTime !== this.#moved.to || this.ahead < ENOUGH) {
      this.#moved = { to: currentTime, at: now }
    } else if (now - this.#moved.at > (seeking ? SEEK_STUCK_MS : STUCK_MS)) {
      this.#moved.at = now
      const edge = this.following ? this.#host.edge() : null
      this.seek(edge ?? currentTime + 0.01)
    }
  }

  /** Tells when waiting does not help any more: one rendition's media does not come, or is not taken. */
  #watch(): void {
    const { paused, currentTime } = this.#video
    const now = performance.now()
    const offered = this.#host.offered()
    if (offered !== this.#news.offered) this.#news = { offered, at: now }
    const dry = now - this.#news.at > DRY_MS
    if (paused || !this.following || dry || currentTime !== this.#still.at) {
      this.#still = { at: currentTime, since: now, offered }
    } else if (now - this.#still.since > LOST_MS && offered > this.#still.offered + WENT_ON) {
      this.#still.since = now
      this.#host.lost()
    }
  }

  #rate(rate: number): void {
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate
  }

  /** Where the playhead meets a hole with media behind it, goes on behind it. */
  #stepOver(): void {
    const { buffered, currentTime } = this.#video
    for (let i = 0; i < buffered.length; i++) {
      const start = buffered.start(i)
      if (start > currentTime && start - currentTime <= HOLE) {
        this.seek(start + 0.001)
        return
      }
    }
  }

  #waiting(): void {
    const video = this.#video
    if (!this.#played || video.seeking || video.paused || this.ahead > 0.2) return
    this.stalls++
    this.#controller.stalled(performance.now())
    this.#host.stalled()
  }

  #resumed(): void {
    if (this.#played && this.ahead > MISSED) this.following = false
  }

  #sought(): void {
    const { currentTime, buffered } = this.#video
    this.#controller.reset()
    if (this.#ownSeek !== null && Math.abs(currentTime - this.#ownSeek) < 0.05) {
      this.#ownSeek = null
      return
    }
    const edge = this.#host.edge()
    if (edge !== null && edge - currentTime < NEAR_EDGE) {
      this.following = true
      if (currentTime > edge) this.seek(edge)
    } else {
      this.following = false
      if (rangeAt(buffered, currentTime) < 0) this.#host.beyond(currentTime)
    }
  }
}

/** The index of the range that holds `time`, -1 without one. */
export function rangeAt(ranges: TimeRanges, time: number): number {
  for (let i = 0; i < ranges.length; i++) {
    // The last frame's end and the next one's start may differ by rounding.
    if (ranges.start(i) <= time + 0.01 && time < ranges.end(i) + 0.01) return i
  }
  return -1
}
