// One source on one video element: chooses the engine, changes it when it
// must, keeps what the viewer chose, and holds the state that the controls
// show. Components read it and call it; they decide nothing.

import { reach, type Rewind } from '../lib/rewind'
import { Beacon, inViewing } from './beacon'
import { mediaSourceClass } from './codecs'
import { ServerClock } from './clock'
import type { Engine, EngineHost, EngineName, EngineState, HandOverReason } from './engine'
import { HeldPicture } from './held'
import { HlsEngine } from './hlsengine'
import { LowLatencyEngine } from './lowlatency'
import { NativeEngine } from './nativeengine'
import { rangeAt } from './playhead'
import { MARGIN, prefs, type LatencyMode } from './prefs'
import type { PlayerStats } from './stats'

/** What is played. */
export interface PlayerSource {
  live: boolean
  /** Which is live; left out, nobody is told how it plays. */
  broadcast?: string | undefined
  url: string
}

/** Where in it an engine begins; what is null is the edge, or a recording's start. */
interface Start {
  /** PROGRAM-DATE-TIME, in seconds. */
  programTime?: number | null
  /** Seconds before the edge. */
  behind?: number | null
  /** Seconds of a recording. */
  position?: number | null
}

/** A page that nobody sees or hears sleeps after this long. */
const SLEEP_AFTER_MS = 5000
const TICK_MS = 250
/** A picture that has not moved for this long stands. */
const STANDS_MS = 500
/** Further behind the edge than this is behind for people, too. */
const BEHIND = 2
const CLOCK_AFTER_MS = 2500
/** Who seeks this close to the edge wants the edge. */
const NEAR_EDGE = 1.5
/** For so long a place that was sought is shown before the engine is there. */
const SEEK_MS = 15_000
/** Within this many seconds of it the engine is there. */
const THERE = 5
/** With these there is no picture to wait for. */
const WITHOUT: EngineState[] = ['off-air', 'ended', 'gone', 'refused', 'failed']

/** Plays a source on `video`, which `canvas` lies before, from start to destroy. */
export class PlayerSession {
  engine = $state<EngineName | null>(null)
  status = $state<EngineState>('connecting')
  /** Whole seconds behind the edge; 0 at the edge. */
  behind = $state(0)
  /** The picture moves, or did a moment ago. */
  moving = $state(false)
  /** The browser let the player begin without sound only. */
  needsUnmute = $state(false)
  latencyMode = $state<LatencyMode>(prefs.latency)
  rate = $state(1)
  /** How many seconds one can go back from the edge. */
  reach = $state(0)
  /** The list that reaches back, as far as the server has told of it. */
  rewind = $state.raw<Rewind | null>(null)
  /** The moment of the edge, in seconds since 1970. */
  edgeTime = $state(Date.now() / 1000)

  source: PlayerSource
  #video: HTMLVideoElement
  #held: HeldPicture
  #current: Engine | null = null
  #generation = 0
  #wantsPlay = true
  #life = new AbortController()
  #clock = new ServerClock()
  #ticker: ReturnType<typeof setInterval> | undefined
  #sleepTimer: ReturnType<typeof setTimeout> | undefined
  #asleep = false
  #handedOver: HandOverReason | null = null
  #stalls = 0
  #began = 0
  #startup: number | null = null
  #playing = false
  #moved = { to: 0, at: -Infinity }
  #beacon: Beacon | null = null
  /** The picture stands for want of media. */
  #starved = false
  #sought: { behind: number; until: number } | null = null

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement, source: PlayerSource) {
    this.#video = video
    this.#held = new HeldPicture(video, canvas)
    this.source = source
    if (source.live && source.broadcast)
      this.#beacon = new Beacon(source.broadcast, () => this.stats)
  }

  /** Begins, with a recording at so many seconds of it. */
  start(position: number | null = null): void {
    const video = this.#video
    const { signal } = this.#life
    const on = (event: string, then: () => void) => video.addEventListener(event, then, { signal })
    video.volume = prefs.volume
    video.muted = prefs.muted
    on('volumechange', () => this.#volumeChanged())
    on('play', () => (this.#wantsPlay = true))
    on('pause', () => this.#paused())
    on('playing', () => ((this.#playing = true), (this.#starved = false)))
    on('emptied', () => (this.#playing = false))
    on('seeking', () => (this.#playing = false))
    on('waiting', () => this.#waiting())
    on('ratechange', () => {
      if (!this.source.live) this.rate = video.playbackRate
    })
    if (this.source.live) {
      document.addEventListener('visibilitychange', () => this.#visibility(), { signal })
    }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    this.#began = performance.now()
    this.#firstPicture()
    this.#use(this.#firstChoice(), { position })
    this.#beacon?.start()
    if (this.source.live) {
      const timer = setTimeout(() => void this.#clock.measure(signal), CLOCK_AFTER_MS)
      signal.addEventListener('abort', () => clearTimeout(timer))
      if (document.hidden) this.#sleep()
    }
  }

  destroy(): void {
    clearInterval(this.#ticker)
    this.#beacon?.stop()
    clearTimeout(this.#sleepTimer)
    this.#life.abort(new Error('destroyed'))
    this.#current?.destroy()
    this.#video.removeAttribute('src')
    this.#video.load()
  }

  /** When what is shown was on air, in seconds since 1970; null when that is not known. */
  programTime(): number | null {
    return this.#current?.info().programTime ?? null
  }

  /** To the live edge, and playing. */
  goLive(): void {
    if (!this.source.live) return
    this.#wantsPlay = true
    this.#sought = null
    if (this.#byViewer && this.engine !== 'low-latency') {
      this.#handedOver = null
      this.#use(this.#firstChoice())
    } else {
      this.#current?.goLive()
      this.#play()
    }
    this.behind = 0
  }

  /** To `behind` seconds before the live edge; false when that is not known yet. */
  seekTo(behind: number): boolean {
    const { source, reach } = this
    const video = this.#video
    const info = this.#current?.info()
    if (!source.live) return false
    const from = this.#sought?.behind ?? info?.behind ?? null
    if (from === null) return false
    if (behind < NEAR_EDGE) {
      this.goLive()
      return true
    }
    const to = Math.min(behind, Math.max(reach, from))
    this.behind = Math.round(to)
    this.#sought = { behind: to, until: performance.now() + SEEK_MS }
    const at = info?.behind == null ? null : video.currentTime + info.behind - to
    if (at !== null && this.#has(at)) video.currentTime = at
    else this.#rewindTo(to, info?.programTime ?? null, info?.behind ?? null)
    return true
  }

  /** Whether the engine in use can show what lies at `time` by itself. */
  #has(time: number): boolean {
    const { buffered, seekable } = this.#video
    if (this.engine === 'low-latency') return rangeAt(buffered, time) >= 0
    return this.#rewound || rangeAt(seekable, time) >= 0
  }

  /** To what only the list that reaches back has. */
  #rewindTo(behind: number, programTime: number | null, from: number | null): void {
    const date = programTime === null ? this.edgeTime : programTime + (from ?? 0)
    this.#handedOver = 'rewind'
    if (mediaSourceClass()) this.#use('hls.js', { programTime: date - behind })
    else this.#use('native', { behind })
  }

  get #byViewer(): boolean {
    return this.#handedOver === 'rewind' || this.#handedOver === 'paused'
  }

  /** The engine plays the list that reaches back. */
  get #rewound(): boolean {
    return this.#byViewer && this.rewind !== null && this.engine !== 'low-latency'
  }

  /** The same media are at another address now: goes on there. */
  relocate(url: string): void {
    if (url === this.source.url) return
    const { programTime = null } = this.#current?.info() ?? {}
    const position = this.#video.currentTime
    this.source = { ...this.source, url }
    if (!this.source.live) this.#use(this.#firstChoice(), { position })
    else if (this.#byViewer) this.#use(this.engine ?? 'hls.js', { programTime })
    else {
      this.#handedOver = null
      this.#use(this.#firstChoice())
    }
  }

  /** Other tracks are at the same address now: load them afresh, at the edge. */
  tracksChanged(before: string, now: string): void {
    const sound = /\baudio\//.test(now)
    const heard = /mp4a|opus/i.test(this.#current?.info().codecs ?? '')
    // While a broadcast opens the server lists no tracks yet, and the engine
    // waits with it: what it then loads is complete as a rule.
    if (now === '' || (before === '' && sound === heard)) return
    if (this.engine !== 'native')
      this.#use(this.engine === 'hls.js' ? 'hls.js' : this.#firstChoice())
  }

  /** The broadcaster was away and is back: what was not to be had meanwhile may be now. */
  broadcasterBack(): void {
    if (this.#handedOver !== 'not-low-latency') return
    this.#handedOver = null
    this.#use(this.#firstChoice())
  }

  /** Seconds until `time` by the server's clock, as far as that is known. */
  secondsUntil(time: string): number {
    return (Date.parse(time) - (this.#clock.now() ?? Date.now())) / 1000
  }

  setLatency(mode: LatencyMode): void {
    prefs.latency = mode
    this.latencyMode = mode
    this.#handedOver = null
    this.#use(this.#firstChoice())
  }

  setRate(rate: number): void {
    this.#video.playbackRate = rate
  }

  unmute(): void {
    this.#video.muted = false
    if (this.#video.volume === 0) this.#video.volume = 0.5
    this.#play()
  }

  get stats(): PlayerStats {
    const video = this.#video
    const info = this.#current?.info()
    const quality = video.getVideoPlaybackQuality()
    const now = this.#clock.now()
    const programTime = info?.programTime ?? null
    const i = rangeAt(video.buffered, video.currentTime)
    return {
      engine: this.engine,
      state: this.status,
      latency: now !== null && programTime !== null ? now / 1000 - programTime : null,
      behind: info?.behind ?? null,
      buffer: i < 0 ? 0 : video.buffered.end(i) - video.currentTime,
      margin: info?.margin ?? null,
      jitter: info?.jitter ?? null,
      rate: video.playbackRate,
      stalls: this.#stalls,
      startup: this.#startup,
      dropped: quality.droppedVideoFrames,
      decoded: quality.totalVideoFrames,
      bitrate: info?.bitrate ?? null,
      width: video.videoWidth,
      height: video.videoHeight,
      codecs: info?.codecs ?? null,
      requests: info?.requests ?? null,
      waiting: info?.waiting ?? null,
    }
  }

  #firstChoice(): EngineName {
    if (!mediaSourceClass()) return 'native'
    return this.source.live && this.latencyMode !== 'smooth' ? 'low-latency' : 'hls.js'
  }

  #use(name: EngineName, { programTime = null, behind = null, position = null }: Start = {}): void {
    this.#held.hold()
    this.#current?.destroy()
    const video = this.#video
    const { live } = this.source
    const back = this.#byViewer && name !== 'low-latency' ? this.rewind?.url : null
    const list = back ? new URL(back, this.source.url).href : this.source.url
    const url = this.#beacon ? inViewing(list, this.#beacon.viewing) : list
    const host = this.#host()
    const sourceClass = mediaSourceClass()
    this.engine = name
    this.status = 'connecting'
    if (name === 'low-latency' && sourceClass) {
      const margin = MARGIN[this.latencyMode === 'balanced' ? 'balanced' : 'lowest']
      this.#current = new LowLatencyEngine({ video, url, sourceClass, margin, host })
    } else if (name === 'hls.js') {
      this.#current = new HlsEngine({ video, url, live, programTime, position, host })
    } else {
      this.#current = new NativeEngine({ video, url, live, behind, position, host })
    }
    this.#current.start()
    if (this.#asleep) this.#current.sleep()
  }

  /** The host of the engine that is in use; one that was replaced is not heard any more. */
  #host(): EngineHost {
    const mine = ++this.#generation
    const isCurrent = () => mine === this.#generation && !this.#life.signal.aborted
    const state = (s: EngineState) => {
      if (!isCurrent()) return
      if (this.status !== s) this.status = s
      if (WITHOUT.includes(s)) this.#held.release()
    }
    return {
      state,
      ready: () => {
        if (isCurrent() && this.#wantsPlay) this.#play()
      },
      replacing: () => {
        if (isCurrent()) this.#held.hold()
      },
      handOver: (reason: HandOverReason, programTime: number | null) => {
        if (!isCurrent()) return
        this.#handedOver = reason
        this.#use('hls.js', { programTime })
      },
      refused: () => state('refused'),
      unavailable: () => {
        if (!isCurrent()) return
        state(this.source.live ? 'reconnecting' : 'failed')
        const byItself = this.#handedOver === 'stalls' || this.#handedOver === 'append-errors'
        if (!byItself) return
        // The engine that is here already does better than none.
        this.#handedOver = null
        this.#use(this.#firstChoice())
      },
    }
  }

  /** Plays, without sound if the browser wants a gesture first. */
  #play(): void {
    const video = this.#video
    video.play().catch((err: unknown) => {
      if (!(err instanceof DOMException) || err.name !== 'NotAllowedError' || video.muted) return
      this.needsUnmute = true
      video.muted = true
      // Refused even so: the play button is there for it.
      video.play().catch(() => undefined)
    })
  }

  #paused(): void {
    // The end pauses, and so do browsers that save power in hidden pages;
    // neither is the viewer's wish.
    if (!this.#video.ended && !document.hidden) this.#wantsPlay = false
  }

  #waiting(): void {
    const { seeking, paused, buffered, currentTime } = this.#video
    const i = rangeAt(buffered, currentTime)
    const ahead = i < 0 ? 0 : buffered.end(i) - currentTime
    if (!this.#playing || seeking || paused || ahead >= 0.2) return
    this.#stalls++
    this.#starved = true
  }

  #volumeChanged(): void {
    const { volume, muted } = this.#video
    if (!muted) this.needsUnmute = false
    if (this.needsUnmute) return // muted by the browser's rule, not by choice
    prefs.volume = volume
    prefs.muted = muted
  }

  #visibility(): void {
    clearTimeout(this.#sleepTimer)
    if (!document.hidden) this.#wake()
    else if (this.#unheard()) this.#sleepTimer = setTimeout(() => this.#sleep(), SLEEP_AFTER_MS)
  }

  #unheard(): boolean {
    const { muted, volume, paused } = this.#video
    return muted || volume === 0 || paused
  }

  #sleep(): void {
    const inPicture = document.pictureInPictureElement === this.#video
    if (!document.hidden || !this.#unheard() || inPicture) return
    this.#asleep = true
    this.#current?.sleep()
  }

  #wake(): void {
    if (!this.#asleep) return
    this.#asleep = false
    this.#current?.wake()
  }

  #tick(): void {
    const { currentTime, paused } = this.#video
    const now = performance.now()
    if (currentTime !== this.#moved.to && !paused) this.#moved = { to: currentTime, at: now }
    this.moving = now - this.#moved.at < STANDS_MS
    this.#beacon?.tick(now, this.moving, this.#starved && !paused)
    if (this.source.live) this.#place(now)
  }

  /** How far behind the edge the picture is, and how far it could be. */
  #place(now: number): void {
    const info = this.#current?.info()
    const clock = (this.#clock.now() ?? Date.now()) / 1000
    const { seekable, currentTime } = this.#video
    const behind = info?.behind ?? null
    const known = reach(this.rewind, clock)
    const had =
      behind === null || seekable.length === 0 ? 0 : behind + currentTime - seekable.start(0)
    // A list that is loaded knows better than the clock.
    this.reach = this.#rewound && had > 0 ? had : Math.max(known, had)
    if (info?.programTime != null && behind !== null) this.edgeTime = info.programTime + behind
    else if (known > 0) this.edgeTime = clock
    const sought = this.#sought
    const there = sought && behind !== null && Math.abs(behind - sought.behind) < THERE
    if (there || (sought && now > sought.until)) this.#sought = null
    if (this.#sought) return // it is shown already
    this.behind = behind !== null && behind > BEHIND ? Math.round(behind) : 0
  }

  #firstPicture(): void {
    const video = this.#video
    const seen = () => (this.#startup ??= performance.now() - this.#began)
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(seen)
    else (video as HTMLVideoElement).addEventListener('loadeddata', seen, { once: true })
  }
}
