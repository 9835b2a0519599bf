// The general engine: hls.js, for recordings, for rewinding, for deep buffers
// and whenever the engine of the live edge is in trouble. Loaded when needed.

import type Hls from 'hls.js'
import type { ErrorData, LevelDetails } from 'hls.js'
import type { Engine, EngineHost, EngineInfo } from './engine'
import { Backoff, sleep } from './retry'

/** In target durations: how far inside the playlist's window it is safe to start. */
const WINDOW_MARGIN = 1.5

/** What the engine needs. */
export interface HlsOptions {
  video: HTMLVideoElement
  url: string
  live: boolean
  /** Where to begin: a PROGRAM-DATE-TIME in seconds; null is the edge, or a recording's start. */
  programTime: number | null
  host: EngineHost
}

/** Plays a multivariant playlist with hls.js. */
export class HlsEngine implements Engine {
  readonly name = 'hls.js'
  #o: HlsOptions
  #life = new AbortController()
  #hls: Hls | null = null
  #backoff = new Backoff()
  #start: number | null
  #recovered = 0

  constructor(options: HlsOptions) {
    this.#o = options
    this.#start = options.programTime
  }

  start(): void {
    void this.#load()
  }

  destroy(): void {
    this.#life.abort(new Error('destroyed'))
    this.#hls?.destroy()
    this.#hls = null
  }

  goLive(): void {
    const edge = this.#hls?.liveSyncPosition
    if (edge != null) this.#o.video.currentTime = edge
  }

  sleep(): void {
    this.#hls?.stopLoad()
    this.#o.host.state('asleep')
  }

  wake(): void {
    this.#hls?.startLoad()
    this.goLive()
    this.#o.host.state('playing')
  }

  info(): EngineInfo {
    const hls = this.#hls
    const level = hls?.levels[hls.currentLevel]
    const date = hls?.playingDate
    const edge = hls?.liveSyncPosition ?? null
    const { video, live } = this.#o
    return {
      programTime: live && date ? date.getTime() / 1000 : null,
      behind: live && edge !== null ? Math.max(0, edge - video.currentTime) : null,
      margin: null,
      jitter: null,
      bitrate: level ? level.averageBitrate || level.bitrate || null : null,
      codecs: level ? [level.videoCodec, level.audioCodec].filter(Boolean).join(', ') : null,
      requests: null,
      waiting: null,
    }
  }

  async #load(): Promise<void> {
    const { signal } = this.#life
    const { video, url, host } = this.#o
    let Hls: typeof import('hls.js').default
    try {
      ;({ default: Hls } = await import('hls.js'))
    } catch {
      if (!signal.aborted) host.state('failed')
      return
    }
    if (signal.aborted) return
    const hls = new Hls({
      lowLatencyMode: true,
      // A worker would be a blob: script, which the page's policy forbids; and
      // fragmented MP4 needs no remuxing worth one.
      enableWorker: false,
      backBufferLength: 90,
      maxLiveSyncPlaybackRate: 1.05,
    })
    this.#hls = hls
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      this.#backoff.reset()
      host.state('playing')
      this.#seekToStart(hls.latestLevelDetails)
    })
    hls.on(Hls.Events.MANIFEST_PARSED, () => host.ready())
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (data.fatal) void this.#recover(Hls, data)
    })
    video.addEventListener('ended', () => host.state('ended'), { signal })
    hls.loadSource(url)
    hls.attachMedia(video)
  }

  /** To the moment at which the other engine left; after hls.js took its own place, which is the edge. */
  #seekToStart(details: LevelDetails | null): void {
    const first = details?.fragments[0]
    if (this.#start === null || !first?.programDateTime) return
    const inside = this.#start - first.programDateTime / 1000
    // What lies at the window's very start is gone before it can be shown.
    const safe = WINDOW_MARGIN * (details?.targetduration ?? 0)
    this.#start = null
    this.#o.video.currentTime = first.start + Math.max(inside, safe)
  }

  async #recover(Hls: typeof import('hls.js').default, data: ErrorData): Promise<void> {
    const { host, live, url } = this.#o
    const hls = this.#hls
    if (!hls) return
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) {
      if (this.#recovered++ < 3) hls.recoverMediaError()
      else host.state('failed')
      return
    }
    const gone = data.response?.code === 404 || data.response?.code === 410
    if (gone && !live) {
      host.state('gone')
      return
    }
    host.state(gone ? 'off-air' : 'reconnecting')
    try {
      await sleep(this.#backoff.next(gone ? 2 : null), this.#life.signal)
    } catch {
      return // destroyed
    }
    hls.loadSource(url)
  }
}
