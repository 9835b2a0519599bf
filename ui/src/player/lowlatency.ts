// The engine of the live edge: stays there, comes back after trouble, sleeps
// when nobody watches, and gives way to hls.js when it does not do well.

import type { MediaSourceClass } from './codecs'
import { EdgeSession, HandOver } from './edgesession'
import type { Engine, EngineHost, EngineInfo } from './engine'
import { AppendError } from './mse'
import { HttpError, Traffic } from './request'
import { Backoff, sleep } from './retry'

/** So many stalls within so long, and a deeper buffer serves the viewer better. */
const STALLS = 3
const WITHIN_MS = 60_000
/** So many refusals of media within as long, and another engine may do better. */
const APPEND_ERRORS = 2
/** A pause longer than this is the general engine's business. */
const PAUSE_MS = 25_000

/** The reason of an abort because nobody watches. */
class Asleep extends Error {}

/** What the engine needs. */
export interface LowLatencyOptions {
  video: HTMLVideoElement
  url: string
  sourceClass: MediaSourceClass
  /** The buffer to keep on a calm network, in seconds. */
  margin: number
  host: EngineHost
}

/** Plays the live edge of a multivariant playlist. */
export class LowLatencyEngine implements Engine {
  readonly name = 'low-latency'
  #o: LowLatencyOptions
  #life = new AbortController()
  #traffic = new Traffic()
  #session: EdgeSession | null = null
  #asleep = false
  #woken: (() => void) | null = null
  #stalls: number[] = []
  #appendErrors: number[] = []
  #pause: ReturnType<typeof setTimeout> | undefined
  #backoff = new Backoff()

  constructor(options: LowLatencyOptions) {
    this.#o = options
  }

  start(): void {
    const { signal } = this.#life
    const { video } = this.#o
    video.addEventListener('pause', () => this.#paused(), { signal })
    video.addEventListener('play', () => clearTimeout(this.#pause), { signal })
    void this.#run()
  }

  destroy(): void {
    clearTimeout(this.#pause)
    this.#life.abort(new Error('destroyed'))
    this.#session?.close()
    this.#woken?.()
  }

  goLive(): void {
    this.#session?.goLive()
  }

  sleep(): void {
    this.#asleep = true
    this.#session?.fail(new Asleep())
  }

  wake(): void {
    this.#asleep = false
    this.#woken?.()
  }

  info(): EngineInfo {
    const none = { programTime: null, behind: null, margin: null, jitter: null, bitrate: null }
    const { requests, waiting } = this.#traffic
    return this.#session?.info() ?? { ...none, codecs: null, requests, waiting }
  }

  async #run(): Promise<void> {
    const { signal } = this.#life
    const { host } = this.#o
    for (let again = false; !signal.aborted; again = true) {
      if (this.#asleep) await this.#wakeUp()
      const session = new EdgeSession({
        ...this.#o,
        traffic: this.#traffic,
        again,
        ready: () => host.ready(),
        replacing: () => host.replacing(),
        state: (now) => {
          if (now === 'playing') this.#backoff.reset()
          host.state(now)
        },
        stalled: () => this.#stalled(),
      })
      this.#session = session
      try {
        await session.run()
        host.state('ended')
        return
      } catch (err) {
        if (signal.aborted) return
        // What ended the session is the cause; what followed from it is not.
        const cause: unknown = session.signal.aborted ? session.signal.reason : err
        if (!(await this.#recover(cause))) return
      } finally {
        session.close()
      }
    }
  }

  /** Prepares for another session; false when there will be none. */
  async #recover(cause: unknown): Promise<boolean> {
    const { host } = this.#o
    if (cause instanceof Asleep) return true
    if (cause instanceof AppendError) {
      this.#appendErrors = andNow(this.#appendErrors)
      if (this.#appendErrors.length >= APPEND_ERRORS) {
        host.handOver('append-errors', null)
        return false
      }
    }
    if (cause instanceof HandOver) {
      host.handOver(cause.reason, cause.programTime)
      return false
    }
    const http = cause instanceof HttpError ? cause : null
    if (http?.refused) {
      host.refused()
      return false
    }
    if (http?.gone) host.state('off-air')
    else if (this.#backoff.tries > 0) host.state('reconnecting')
    try {
      await sleep(this.#backoff.next(http?.retryAfter ?? null), this.#life.signal)
    } catch {
      return false // destroyed
    }
    return true
  }

  async #wakeUp(): Promise<void> {
    this.#o.host.state('asleep')
    await new Promise<void>((resolve) => {
      this.#woken = resolve
    })
    this.#woken = null
    this.#o.host.state('connecting')
  }

  #stalled(): void {
    this.#stalls = andNow(this.#stalls)
    if (this.#stalls.length >= STALLS) this.#session?.fail(new HandOver('stalls'))
  }

  #paused(): void {
    clearTimeout(this.#pause)
    if (this.#o.video.ended) return
    const programTime = this.info().programTime
    this.#pause = setTimeout(() => {
      if (this.#o.video.paused && !this.#asleep) {
        this.#session?.fail(new HandOver('paused', programTime))
      }
    }, PAUSE_MS)
  }
}

/** The moments of `times` that still count, and this one. */
function andNow(times: number[]): number[] {
  const now = performance.now()
  return [...times.filter((t) => now - t < WITHIN_MS), now]
}
