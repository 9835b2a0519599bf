// One rendition on its way from the server into its SourceBuffer: the
// playlist as last seen, the place in it, and the pieces under way.

import { decodeTime, trackInfo, type TrackInfo } from './boxes'
import { piecesFrom, type Piece } from './cursor'
import { AppendError, type TrackBuffer } from './mse'
import { nextPosition, parseMedia, reloadUrl, type MediaPlaylist, type Position } from './playlist'
import { fetchBytes, fetchText, HttpError, type Traffic } from './request'
import { Backoff, sleep } from './retry'

type Bytes = Uint8Array<ArrayBuffer>

/** Pieces that are fetched at the same time; they are appended in order. */
const PARALLEL = 4
const MEDIA_TIMEOUT_MS = 10_000
const PLAYLIST_TIMEOUT_MS = 8000
/** How often a piece is asked for before the session starts afresh. */
const TRIES = 4

/** What a feed tells and asks of its session. */
export interface FeedHost {
  readonly signal: AbortSignal
  readonly traffic: Traffic
  /** A piece of so many bytes came, at `at` of performance's clock, and is about to be appended. */
  arrived(feed: Feed, piece: Piece, bytes: number, at: number): void
  /** More is buffered. */
  appended(): void
  /** The media time before which nothing needs to be kept. */
  keepFrom(): number
  /** The feed cannot go on. */
  fail(err: unknown): void
}

/** Bytes and when they had come: how long they wait for a SourceBuffer is not the network's fault. */
interface Fetched {
  bytes: Bytes
  at: number
}

/** The session must start again from the multivariant playlist. */
export class Restart extends Error {}

/** Fetches one rendition. Made by a session, ends with the host's signal. */
export class Feed {
  playlist: MediaPlaylist
  /** Media time minus PROGRAM-DATE-TIME, in seconds, once a piece was read. */
  offset: number | null = null
  readonly kind: 'video' | 'audio'
  #host: FeedHost
  #buffer: TrackBuffer | null = null
  #at: Position = { msn: 0, part: 0 }
  #map: { uri: string; info: TrackInfo } | null = null
  #waiting: { piece: Piece; media: Promise<Fetched>; init: Promise<Fetched> | null }[] = []
  #planned: Piece[] = []
  #plannedMap: string | null = null
  #pumping: Promise<void> | null = null

  constructor(kind: 'video' | 'audio', playlist: MediaPlaylist, host: FeedHost) {
    this.kind = kind
    this.playlist = playlist
    this.#host = host
  }

  /** Fetches a rendition's playlist for the first time and makes its feed. */
  static async open(kind: 'video' | 'audio', url: string, host: FeedHost): Promise<Feed> {
    const text = await fetchText(url, host.traffic, host.signal, { ms: PLAYLIST_TIMEOUT_MS })
    return new Feed(kind, parseMedia(text, url), host)
  }

  /** Begins to fetch media from `at` on; what comes goes into `buffer` once that is known. */
  start(at: Position): void {
    this.#at = at
    this.#plan()
  }

  /** Gives the feed the buffer that its media goes into. */
  attach(buffer: TrackBuffer): void {
    this.#buffer = buffer
    this.#pump()
  }

  /** Loads the playlist again: with `wait`, once the next part is there; else as it is after `known`. */
  async reload(how: { wait: true } | { known: Position }): Promise<void> {
    const { playlist } = this
    const host = this.#host
    const waits = 'wait' in how
    const url = reloadUrl(playlist.url, waits ? nextPosition(playlist) : how.known)
    const ms = waits ? playlist.targetDuration * 3000 + 3000 : PLAYLIST_TIMEOUT_MS
    const text = await fetchText(url, host.traffic, host.signal, { ms, waits })
    this.playlist = parseMedia(text, playlist.url)
    this.#plan()
  }

  /** Whether `at`, from another rendition's report, is news to this one. */
  lacks(at: Position): boolean {
    const next = nextPosition(this.playlist)
    return at.msn > next.msn || (at.msn === next.msn && at.part >= next.part)
  }

  /** Resolves when all that the playlist offered was appended. */
  async drained(): Promise<void> {
    while (this.#pumping || this.#waiting.length > 0) {
      this.#host.signal.throwIfAborted()
      await this.#pumping
    }
  }

  #plan(): void {
    const { pieces, next, lost } = piecesFrom(this.playlist, this.#at)
    if (lost) {
      this.#host.fail(new Restart('fell behind the window'))
      return
    }
    this.#at = next
    this.#planned.push(...pieces.filter((p) => !p.gap))
    this.#pump()
  }

  /** Keeps PARALLEL pieces under way, and appends those that came in order. */
  #pump(): void {
    while (this.#waiting.length < PARALLEL && this.#planned.length > 0) {
      const piece = this.#planned.shift() as Piece
      let init: Promise<Fetched> | null = null
      if (piece.map !== this.#plannedMap) {
        this.#plannedMap = piece.map
        init = this.#get(piece.map)
        init.catch(() => undefined) // told where it is awaited
      }
      const media = this.#get(piece.uri)
      media.catch(() => undefined)
      this.#waiting.push({ piece, media, init })
    }
    if (this.#buffer && !this.#pumping && this.#waiting.length > 0) {
      this.#pumping = this.#append(this.#buffer).then(
        () => {
          this.#pumping = null
          this.#pump() // for what was planned in between
        },
        (err: unknown) => this.#host.fail(err), // #pumping stays: this feed is over
      )
    }
  }

  async #append(buffer: TrackBuffer): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const { piece } = next
      if (next.init) await this.#initialise(buffer, piece.map, (await next.init).bytes)
      const { bytes, at } = await next.media
      this.#waiting.shift()
      this.#pump()
      const time = this.#map && decodeTime(bytes, this.#map.info.timescale)
      if (time !== null) this.offset = time - piece.start
      this.#host.arrived(this, piece, bytes.length, at)
      await buffer.append(bytes, () => this.#host.keepFrom())
      this.#host.signal.throwIfAborted()
      this.#host.appended()
    }
  }

  async #initialise(buffer: TrackBuffer, uri: string, init: Bytes): Promise<void> {
    const info = trackInfo(init)
    if (!info) throw new AppendError('an initialisation segment cannot be read')
    // Another codec needs other SourceBuffers: that is a new session.
    if (this.#map && this.#map.info.entry !== info.entry) throw new Restart('the codec changed')
    this.#map = { uri, info }
    await buffer.append(init, () => this.#host.keepFrom())
  }

  /** One piece of media, asked for again when the network fails. */
  async #get(url: string): Promise<Fetched> {
    const { signal, traffic } = this.#host
    const backoff = new Backoff()
    for (;;) {
      try {
        const bytes = await fetchBytes(url, traffic, signal, MEDIA_TIMEOUT_MS)
        return { bytes, at: performance.now() }
      } catch (err) {
        if (signal.aborted) throw err
        if (err instanceof HttpError && err.gone) throw new Restart('media is gone')
        if (backoff.tries >= TRIES - 1) throw err
        await sleep(backoff.next(), signal)
      }
    }
  }
}
