// The pieces of one rendition on their way from the server into its
// SourceBuffer: some are under way at a time, and are appended in order.

import { decodeTime, trackInfo, type TrackInfo } from './boxes'
import type { Piece } from './cursor'
import { AppendError, type TrackBuffer } from './mse'
import { fetchBytes, HttpError, type Traffic } from './request'
import { Backoff, sleep } from './retry'

type Bytes = Uint8Array<ArrayBuffer>

/** Pieces that are fetched at the same time. */
const PARALLEL = 4
const TIMEOUT_MS = 10_000
/** How often a part is asked for before its whole segment is waited for. */
const PART_TRIES = 3

/** The session must start again from the multivariant playlist. */
export class Restart extends Error {}

/** The server does not have a piece, or does not give it. */
class Missing extends Restart {}

/** What an intake tells and asks of its feed. */
export interface IntakeHost {
  readonly signal: AbortSignal
  readonly traffic: Traffic
  /** A piece came, at `at` of performance's clock; its media begins at `time`, if that can be read. Resolves when it may be appended. */
  arrived(piece: Piece, bytes: number, at: number, time: number | null): Promise<void>
  /** More is buffered. */
  appended(): void
  /** The media time before which nothing needs to be kept. */
  keepFrom(): number
  /** Segment `msn` in one piece, once it is complete; null when there is nothing of it any more. */
  whole(msn: number): Promise<Piece | null>
  /** The intake cannot go on. */
  fail(err: unknown): void
}

/** Bytes and when they had come: how long they wait for a SourceBuffer is not the network's fault. */
interface Fetched {
  bytes: Bytes
  at: number
}

interface UnderWay {
  piece: Piece
  media: Promise<Fetched>
  init: Promise<Fetched> | null
}

/** Fetches and appends what it is given. Ends with the host's signal. */
export class Intake {
  #host: IntakeHost
  #buffer: TrackBuffer | null = null
  #track: TrackInfo | null = null
  #underWay: UnderWay[] = []
  #planned: Piece[] = []
  #plannedMap: string | null = null
  #pumping: Promise<void> | null = null
  /** The segment of which a part did not come: it is taken whole. */
  #spoilt: number | null = null

  constructor(host: IntakeHost) {
    this.#host = host
  }

  /** Gives the buffer that the media goes into. */
  attach(buffer: TrackBuffer): void {
    this.#buffer = buffer
    this.#pump()
  }

  /** Takes pieces, in order. */
  add(pieces: Piece[]): void {
    this.#planned.push(...pieces.filter((p) => !p.gap && p.msn !== this.#spoilt))
    this.#pump()
  }

  /** Leaves what was not yet asked for of segment `msn` and later ones. */
  dropFrom(msn: number): void {
    this.#planned = this.#planned.filter((p) => p.msn < msn)
  }

  /** Resolves when all that was added is appended. */
  async drained(): Promise<void> {
    while (this.#pumping || this.#underWay.length > 0) {
      this.#host.signal.throwIfAborted()
      await this.#pumping
    }
  }

  #pump(): void {
    while (this.#underWay.length < PARALLEL && this.#planned.length > 0) {
      const piece = this.#planned.shift() as Piece
      let init: Promise<Fetched> | null = null
      if (piece.map !== this.#plannedMap) {
        this.#plannedMap = piece.map
        init = this.#get(piece.map)
        init.catch(() => undefined) // told where it is awaited
      }
      const media = this.#get(piece.uri, piece.isPart ? PART_TRIES : Infinity)
      media.catch(() => undefined)
      this.#underWay.push({ piece, media, init })
    }
    if (this.#buffer && !this.#pumping && this.#underWay.length > 0) {
      this.#pumping = this.#append(this.#buffer).then(
        () => {
          this.#pumping = null
          this.#pump() // for what was planned in between
        },
        (err: unknown) => this.#host.fail(err), // #pumping stays: this intake is over
      )
    }
  }

  async #append(buffer: TrackBuffer): Promise<void> {
    const host = this.#host
    for (let next = this.#underWay[0]; next; next = this.#underWay[0]) {
      if (next.init) await this.#initialise(buffer, (await next.init).bytes)
      const came = await this.#come(next)
      this.#underWay.shift()
      this.#pump()
      if (!came) continue
      const { piece, bytes, at } = came
      const time = this.#track && decodeTime(bytes, this.#track.timescale)
      await host.arrived(piece, bytes.length, at, time)
      await buffer.append(bytes, () => host.keepFrom())
      host.signal.throwIfAborted()
      host.appended()
    }
  }

  /** What is under way, or in place of a part that does not come its whole segment; null when that is nothing. */
  async #come(one: UnderWay): Promise<(Fetched & { piece: Piece }) | null> {
    const { msn, isPart } = one.piece
    try {
      return { piece: one.piece, ...(await one.media) }
    } catch (err) {
      if (!(err instanceof Missing) || !isPart) throw err
    }
    this.#spoilt = msn
    this.#underWay = this.#underWay.filter((u) => u === one || u.piece.msn !== msn)
    this.#planned = this.#planned.filter((p) => p.msn !== msn)
    const piece = await this.#host.whole(msn)
    if (!piece) this.#spoilt = null // what comes under this number is another segment
    return piece && !piece.gap ? { piece, ...(await this.#get(piece.uri)) } : null
  }

  async #initialise(buffer: TrackBuffer, init: Bytes): Promise<void> {
    const track = trackInfo(init)
    if (!track) throw new AppendError('an initialisation segment cannot be read')
    // Another codec needs other SourceBuffers: that is a new session.
    if (this.#track && this.#track.entry !== track.entry) throw new Restart('the codec changed')
    this.#track = track
    await buffer.append(init, () => this.#host.keepFrom())
  }

  /** Bytes, asked for again when the network or the server fails. */
  async #get(url: string, tries = Infinity): Promise<Fetched> {
    const { signal, traffic } = this.#host
    const backoff = new Backoff()
    for (;;) {
      try {
        const bytes = await fetchBytes(url, traffic, signal, TIMEOUT_MS)
        return { bytes, at: performance.now() }
      } catch (err) {
        if (signal.aborted) throw err
        const http = err instanceof HttpError ? err : null
        if (http?.refused) throw http
        if (http?.gone || backoff.tries >= tries - 1) throw new Missing('media is gone')
        await sleep(backoff.next(http?.retryAfter ?? null), signal)
      }
    }
  }
}
