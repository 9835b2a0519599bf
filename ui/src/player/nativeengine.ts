// The browser's own HLS, where there are no Media Source Extensions.

import type { Engine, EngineHost, EngineInfo } from './engine'
import { Backoff, sleep } from './retry'

/** Plays a playlist by giving its address to the element. */
export class NativeEngine implements Engine {
  readonly name = 'native'
  #video: HTMLVideoElement
  #url: string
  #live: boolean
  #host: EngineHost
  #behind: number | null
  #position: number | null
  #life = new AbortController()
  #backoff = new Backoff()

  /** `behind` is how many seconds before the edge it begins, `position` where a recording goes on; null is where the browser begins. */
  constructor(o: {
    video: HTMLVideoElement
    url: string
    live: boolean
    behind: number | null
    position?: number | null
    host: EngineHost
  }) {
    this.#video = o.video
    this.#url = o.url
    this.#live = o.live
    this.#host = o.host
    this.#behind = o.behind
    this.#position = o.position ?? null
  }

  start(): void {
    const { signal } = this.#life
    const on = (event: string, then: () => void) =>
      this.#video.addEventListener(event, then, { signal })
    on('playing', () => {
      this.#backoff.reset()
      this.#host.state('playing')
    })
    on('loadedmetadata', () => this.#seekToStart())
    on('ended', () => this.#host.state('ended'))
    on('error', () => void this.#recover())
    this.#load()
  }

  destroy(): void {
    this.#life.abort(new Error('destroyed'))
    this.#video.removeAttribute('src')
    this.#video.load()
  }

  goLive(): void {
    const { seekable } = this.#video
    if (seekable.length > 0) this.#video.currentTime = seekable.end(seekable.length - 1)
  }

  sleep(): void {
    this.#host.state('asleep') // the browser sees to its own requests
  }

  wake(): void {
    this.#host.state('playing')
    this.goLive()
  }

  info(): EngineInfo {
    const { seekable, currentTime } = this.#video
    const end = seekable.length > 0 ? seekable.end(seekable.length - 1) : null
    const start = (this.#video as { getStartDate?: () => Date }).getStartDate?.().getTime()
    return {
      programTime: start && Number.isFinite(start) ? start / 1000 + currentTime : null,
      behind: this.#live && end !== null ? Math.max(0, end - currentTime) : null,
      margin: null,
      jitter: null,
      bitrate: null,
      codecs: null,
      requests: null,
      waiting: null,
    }
  }

  #load(): void {
    this.#video.src = this.#url
    this.#host.ready()
  }

  #seekToStart(): void {
    const { seekable } = this.#video
    if (this.#position !== null) this.#video.currentTime = this.#position
    this.#position = null
    if (this.#behind === null || seekable.length === 0) return
    const last = seekable.length - 1
    this.#video.currentTime = Math.max(seekable.start(0), seekable.end(last) - this.#behind)
    this.#behind = null
  }

  async #recover(): Promise<void> {
    // The element says that it failed, and not at what.
    if (await this.#isRefused()) {
      this.#host.refused()
      return
    }
    if (this.#life.signal.aborted) return
    this.#host.state(this.#live ? 'reconnecting' : 'gone')
    if (!this.#live) return
    try {
      await sleep(this.#backoff.next(1), this.#life.signal)
    } catch {
      return // destroyed
    }
    this.#load()
  }

  async #isRefused(): Promise<boolean> {
    try {
      const { status, body } = await fetch(this.#url, { signal: this.#life.signal })
      await body?.cancel()
      return status === 401 || status === 403
    } catch {
      return false // destroyed, or no answer, which is no refusal
    }
  }
}
