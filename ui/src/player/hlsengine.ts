// The general engine: hls.js, for recordings, for rewinding, for deep buffers
// and whenever the engine of the live edge is in trouble. Loaded when needed.

import type Hls from 'hls.js'
import type { ErrorData, LevelDetails } from 'hls.js'
import type { Engine, EngineHost, EngineInfo } from './engine'
import { Backoff, sleep } from './retry'

/** In target durations: how far inside the playlist's window it is safe to start. */
const WINDOW_MARGIN = 1.5

/** So many times the decoder is started afresh before the stream is loaded anew. */
const RECOVERIES = 3

/** What the engine needs. */
export interface HlsOptions {
  video: HTMLVideoElement
  url: string
  live: boolean
  /** Where to begin: a PROGRAM-DATE-TIME in seconds; null is the edge, or a recording's start. */
  programTime: number | null
  /** Where a recording goes on, in seconds of it; null is its start. */
  position?: number | null
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
  #waiting = false // before the next attempt

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
      programTime: date ? date.getTime() / 1000 : null,
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
    const library = await this.#library()
    if (!library || signal.aborted) return
    const hls = new library({
      lowLatencyMode: true,
      // A worker would be a blob: script, which the page's policy forbids; and
      // fragmented MP4 needs no remuxing worth one.
      enableWorker: false,
      backBufferLength: 90,
      maxLiveSyncPlaybackRate: 1.05,
      startPosition: this.#o.position ?? -1,
    })
    this.#hls = hls
    hls.on(library.Events.FRAG_BUFFERED, () => {
      this.#backoff.reset()
      host.state('playing')
      this.#seekToStart(hls.latestLevelDetails)
    })
    hls.on(library.Events.MANIFEST_PARSED, () => host.ready())
    hls.on(library.Events.ERROR, (_, data) => {
      if (data.fatal) void this.#recover(library, data)
    })
    video.addEventListener('ended', () => host.state('ended'), { signal })
    hls.loadSource(url)
    hls.attachMedia(video)
  }

  /** The code, as soon as the server gives it; null when it is not wanted any more. */
  async #library(): Promise<typeof Hls | null> {
    for (;;) {
      try {
        return (await import('hls.js')).default
      } catch {
        if (this.#life.signal.aborted) return null
        this.#o.host.unavailable()
      }
      try {
        await sleep(this.#backoff.next(), this.#life.signal)
      } catch {
        return null // destroyed
      }
    }
  }

  /** To the moment at which the other engine left; after hls.js took its own place, which is the edge. */
  #seekToStart(details: LevelDetails | null): void {
    const start = this.#start
    const first = details?.fragments[0]
    if (start === null || !first?.programDateTime) return
    // Dates jump where the broadcaster was away; the media's time does not.
    const dated = (f: typeof first) => (f.programDateTime ?? Infinity) / 1000
    const at = details?.fragments.findLast((f) => dated(f) <= start) ?? first
    // What lies at the window's very start is gone before it can be shown.
    const safe = first.start + WINDOW_MARGIN * (details?.targetduration ?? 0)
    this.#start = null
    this.#o.video.currentTime = Math.max(at.start + start - dated(at), safe)
  }

  async #recover(library: typeof Hls, data: ErrorData): Promise<void> {
    const { host, live, url } = this.#o
    const hls = this.#hls
    if (!hls) return
    if (data.type === library.ErrorTypes.MEDIA_ERROR && this.#recovered++ < RECOVERIES) {
      hls.recoverMediaError()
      return
    }
    if (data.response?.code === 401 || data.response?.code === 403) {
      hls.stopLoad()
      host.refused()
      return
    }
    const gone = data.response?.code === 404 || data.response?.code === 410
    const network = data.type === library.ErrorTypes.NETWORK_ERROR
    if (!live && (gone || !network)) {
      host.state(gone ? 'gone' : 'failed')
      return
    }
    if (this.#waiting) return // picture and sound fail one after the other
    host.state(gone ? 'off-air' : network ? 'reconnecting' : 'failed')
    this.#waiting = true
    try {
      await sleep(this.#backoff.next(gone ? 1 : null), this.#life.signal)
    } catch {
      return // destroyed
    }
    this.#waiting = false
    // Going on keeps the last picture; what is not there must be found anew.
    const goesOn = network && !gone && hls.levels.length > 0
    if (goesOn) hls.startLoad()
    else hls.loadSource(url)
  }
}
