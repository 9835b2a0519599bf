// One rendition at the live edge: the playlist as last seen and the place in it.

import { firstRetold, piecesFrom, wholePiece, type Piece } from './cursor'
import { Intake, Restart } from './intake'
import type { TrackBuffer } from './mse'
import {
  endOf,
  nextPosition,
  parseMedia,
  reloadUrl,
  type MediaPlaylist,
  type Position,
} from './playlist'
import { fetchText, type Traffic } from './request'
import { sleep } from './retry'
import { Timeline } from './timeline'

const PLAYLIST_TIMEOUT_MS = 8000
/** Media that comes back is held at most so long, for enough of it to play on evenly. */
const GATHER_MS = 1000

/** What a feed tells and asks of its session. */
export interface FeedHost {
  readonly signal: AbortSignal
  readonly traffic: Traffic
  /** What the browser keeps may be from an earlier life of the server. */
  readonly distrustCache: boolean
  /** A piece of so many bytes came, at `at` of performance's clock, and is about to be appended. */
  arrived(feed: Feed, piece: Piece, bytes: number, at: number): void
  /** How many seconds must be listed from a piece on before it is appended. */
  toGather(feed: Feed, piece: Piece): number
  /** More is buffered. */
  appended(): void
  /** The media time before which nothing needs to be kept. */
  keepFrom(): number
  /** The feed cannot go on. */
  fail(err: unknown): void
}

/** How to ask for the playlist: once its next part is there, as it is after `known`, or as it is. */
export type Reload = 'next' | 'now' | { known: Position }

/** Follows one rendition. Made by a session, ends with the host's signal. */
export class Feed {
  playlist: MediaPlaylist
  readonly kind: 'video' | 'audio'
  /** Where the media lies in time; knows nothing before the first piece. */
  readonly timeline = new Timeline()
  /** Seconds of media that the playlist offered since the start. */
  offered = 0
  #host: FeedHost
  #intake: Intake
  #at: Position = { msn: 0, part: 0 }
  #taken = new Map<number, number>() // dates of the segments that pieces were taken from, by number
  #asked: Position = { msn: -1, part: 0 } // the furthest part that was waited for
  #news: (() => void)[] = []

  constructor(kind: 'video' | 'audio', playlist: MediaPlaylist, host: FeedHost) {
    this.kind = kind
    this.playlist = playlist
    this.#host = host
    this.#intake = new Intake({
      signal: host.signal,
      traffic: host.traffic,
      arrived: (piece, bytes, at, time) => this.#arrived(piece, bytes, at, time),
      appended: () => host.appended(),
      keepFrom: () => host.keepFrom(),
      whole: (msn) => this.#whole(msn),
      fail: (err) => host.fail(err),
    })
  }

  /** Fetches a rendition's playlist for the first time and makes its feed. */
  static async open(kind: 'video' | 'audio', url: string, host: FeedHost): Promise<Feed> {
    const text = await fetchText(url, host.traffic, host.signal, { ms: PLAYLIST_TIMEOUT_MS })
    return new Feed(kind, parseMedia(text, url), host)
  }

  /** Begins to fetch media from `at` on; what comes goes into a buffer once that is attached. */
  start(at: Position): void {
    this.#at = at
    this.#plan()
  }

  /** Gives the feed the buffer that its media goes into. */
  attach(buffer: TrackBuffer): void {
    this.#intake.attach(buffer)
  }

  /** Loads the playlist again; tells whether there is more of it now. */
  async reload(how: Reload): Promise<boolean> {
    const { playlist } = this
    const host = this.#host
    const before = nextPosition(playlist)
    const waits = how === 'next'
    const want = waits ? before : how === 'now' ? null : how.known
    const text = await fetchText(
      want ? reloadUrl(playlist.url, want) : playlist.url,
      host.traffic,
      host.signal,
      {
        ms: waits ? playlist.targetDuration * 3000 + 3000 : PLAYLIST_TIMEOUT_MS,
        waits,
        // What was asked for before was answered before, and maybe otherwise.
        noStore: host.distrustCache || (want !== null && !isAfter(want, this.#asked)),
      },
    )
    if (want && isAfter(want, this.#asked)) this.#asked = want
    this.playlist = parseMedia(text, playlist.url)
    this.#plan()
    return this.playlist.ended || isAfter(nextPosition(this.playlist), before)
  }

  /** Whether `at`, from another rendition's report, is news to this one. */
  lacks(at: Position): boolean {
    return !isAfter(nextPosition(this.playlist), at)
  }

  /** Resolves when all that the playlist offered was appended. */
  drained(): Promise<void> {
    return this.#intake.drained()
  }

  #plan(): void {
    const retold = firstRetold(this.playlist, this.#taken)
    if (retold !== null) {
      this.#at = { msn: retold, part: 0 }
      this.#intake.dropFrom(retold)
    }
    const { pieces, next, lost } = piecesFrom(this.playlist, this.#at)
    if (lost) {
      this.#host.fail(new Restart('fell behind the window'))
      return
    }
    this.#at = next
    this.#remember(pieces)
    this.#intake.add(pieces)
    const waiting = this.#news
    this.#news = []
    for (const tell of waiting) tell()
  }

  #remember(pieces: Piece[]): void {
    const first = this.playlist.segments[0]?.msn ?? 0
    for (const msn of this.#taken.keys()) if (msn < first) this.#taken.delete(msn)
    for (const p of pieces) {
      this.#taken.set(p.msn, p.start - p.into)
      this.offered += p.duration
    }
  }

  async #arrived(piece: Piece, bytes: number, at: number, time: number | null): Promise<void> {
    if (time !== null) this.timeline.note(piece.msn, time - piece.into)
    this.#host.arrived(this, piece, bytes, at)
    const enough = this.#host.toGather(this, piece)
    if (enough > 0) await this.#gather(piece.start + enough)
  }

  /** Resolves when media is listed up to the date `end`, or has been waited for long enough. */
  async #gather(end: number): Promise<void> {
    const late = sleep(GATHER_MS, this.#host.signal).then(() => true)
    late.catch(() => undefined) // told where the session ends
    while (endOf(this.playlist) < end && !this.playlist.ended) {
      if (await Promise.race([late, this.#more()])) return
    }
  }

  /** Segment `msn` in one piece, once it is listed as complete. */
  async #whole(msn: number): Promise<Piece | null> {
    for (;;) {
      const segment = this.playlist.segments.find((s) => s.msn === msn)
      const piece = segment ? wholePiece(segment) : null
      if (piece) return piece
      if (!isAfter(nextPosition(this.playlist), { msn, part: 0 })) {
        this.#at = { msn, part: 0 } // the server has lost it and will use its number again
        return null
      }
      if (!segment) throw new Restart('fell behind the window')
      await this.#more()
    }
  }

  /** Resolves to false with the next playlist. */
  #more(): Promise<boolean> {
    return new Promise((resolve) => this.#news.push(() => resolve(false)))
  }
}

function isAfter(a: Position, b: Position): boolean {
  return a.msn > b.msn || (a.msn === b.msn && a.part > b.part)
}
