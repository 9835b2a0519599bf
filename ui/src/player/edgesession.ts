// One stay at the live edge: from the multivariant playlist to the end of the
// stream or to the first trouble that only a new stay can mend.
//
// Requests that wait on the server: one for the whole player, because HTTP/1.1
// has six connections for all tabs together. It is the reload of the
// rendition whose next part is due first; the answer's rendition reports tell
// what is known of the others, and that is then there to be had at once.

import { bestTracks, type MediaSourceClass, type TrackSpec } from './codecs'
import { due, joinPoint, pieceAt, type Piece } from './cursor'
import { EdgeController } from './edge'
import type { EngineInfo, HandOverReason } from './engine'
import { Feed, type FeedHost, type Reload } from './feed'
import { Restart } from './intake'
import { AppendError, Source } from './mse'
import { Playhead } from './playhead'
import { bare, endOf, parseMultivariant } from './playlist'
import { fetchText, HttpError, Traffic } from './request'
import { Backoff, sleep } from './retry'

/** What is kept behind the playhead, and how far it may grow before it is cut, in seconds. */
const KEEP = 30
const TRIM_AT = 45
/** A rendition that is later than the others by this many seconds is silent: nobody waits for it. */
const SILENT = 1
/** What came before the join or in its rush, in seconds of media, tells nothing of the network's jitter. */
const JOIN_RUSH = 1
/** From the join to the first picture decoders take about so long, and the edge goes on meanwhile. */
const STARTING = 0.15
/** Opening, the server holds the first request up to 10 s. */
const OPENING_TIMEOUT_MS = 15_000
/** A reload that failed for this long is worth telling. */
const TELL_AFTER_MS = 1000
/** A reload that waits and brings nothing new is not asked again sooner. */
const IDLE_MS = 1000
/** With less than this ahead the picture stands, or is about to. */
const DRY = 0.05

/** Another engine must go on. */
export class HandOver extends Error {
  constructor(
    readonly reason: HandOverReason,
    readonly programTime: number | null = null,
  ) {
    super(reason)
  }
}

/** What a stay needs, and whom it tells. */
export interface StayOptions {
  video: HTMLVideoElement
  url: string
  sourceClass: MediaSourceClass
  margin: number
  traffic: Traffic
  /** The stay follows another one, so that what the browser keeps may be out of date. */
  again: boolean
  /** Another source is on the element, or enough is buffered to begin. */
  ready(): void
  /** The element's source is about to be replaced. */
  replacing(): void
  /** The playlists are had again (as yet without a picture, or with one), or are not. */
  state(state: 'connecting' | 'playing' | 'reconnecting'): void
  /** Playing stopped for want of media that was there to be had; told when it goes on. */
  stalled(): void
}

/** One stay at the edge. Made, run once, and closed. */
export class EdgeSession implements FeedHost {
  readonly traffic: Traffic
  readonly controller: EdgeController
  #o: StayOptions
  #abort = new AbortController()
  #feeds: Feed[] = []
  #source: Source | null = null
  #playhead: Playhead | null = null
  #want = 0 // PROGRAM-DATE-TIME of the first picture that is wanted
  #joined = 0 // PROGRAM-DATE-TIME of the newest media at the join
  #begun = false
  #standing = false
  #outage = false // of the encoder or the server, since the picture moved last
  #codecs = ''
  #recent: { bytes: number; piece: Piece; kind: string }[] = []

  constructor(options: StayOptions) {
    this.#o = options
    this.traffic = options.traffic
    this.controller = new EdgeController(options.margin)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get stalls(): number {
    return this.#playhead?.stalls ?? 0
  }

  /** Plays until the stream ends; rejects with the first trouble. */
  async run(): Promise<void> {
    await this.#join()
    await this.#follow()
    await Promise.all(this.#feeds.map((f) => f.drained()))
    this.#source?.end()
    if (!this.#begun) this.#begin()
  }

  /** Ends the stay: run rejects with `err`. */
  fail(err: unknown): void {
    this.#abort.abort(err)
  }

  /** Lets go of everything but the picture. */
  close(): void {
    this.#abort.abort(new Error('closed'))
    this.#playhead?.stop()
    this.#source?.close()
  }

  goLive(): void {
    this.#playhead?.goLive()
  }

  get distrustCache(): boolean {
    return this.#o.again
  }

  arrived(feed: Feed, piece: Piece, bytes: number, at: number): void {
    if (feed === this.#lead) {
      if (!this.#playhead) this.#place(feed)
      if (piece.discontinuity) this.#cameBack()
      const end = piece.start + piece.duration
      if (end > this.#joined + JOIN_RUSH) this.controller.arrived(at, end)
    }
    this.#recent.push({ bytes, piece, kind: feed.kind })
    if (this.#recent.length > 60) this.#recent.shift()
  }

  /** After an outage the first part alone would play at once, and out; a margin comes first, as at the join. */
  toGather(feed: Feed, piece: Piece): number {
    const ahead = this.#playhead?.ahead ?? 0
    const dry = this.#begun && piece.discontinuity && ahead < DRY
    return dry && feed === this.#lead ? this.#enough(feed) : 0
  }

  /** The encoder is back, or is another one. */
  #cameBack(): void {
    this.#outage = true
    this.controller.renew()
    this.#playhead?.forbear()
  }

  /** The picture moves, for the first time or again. */
  #playing(): void {
    if (this.#standing && this.#outage) this.controller.forgive()
    else if (this.#standing) this.#o.stalled()
    this.#standing = this.#outage = false
  }

  /** What is ahead of the first picture when playing begins. */
  #enough(lead: Feed): number {
    return this.#o.margin + lead.playlist.partTarget * 0.9
  }

  keepFrom(): number {
    return Math.max(0, this.#o.video.currentTime - KEEP / 3)
  }

  get #lead(): Feed | undefined {
    return this.#feeds[0]
  }

  async #join(): Promise<void> {
    const { url, video, sourceClass, margin } = this.#o
    const text = await fetchText(url, this.traffic, this.signal, { ms: OPENING_TIMEOUT_MS })
    const tracks = bestTracks(parseMultivariant(text, url), (m) => sourceClass.isTypeSupported(m))
    if (!tracks) throw new HandOver('no-codec')
    this.#codecs = tracks.map((t) => t.mime.replace(/^.*codecs="|"$/g, '')).join(', ')
    const opening = this.#open(tracks)
    opening.catch(() => undefined) // told where it is awaited
    const feeds = await Promise.all(tracks.map((t) => Feed.open(t.kind, t.url, this)))
    const lead = feeds[0] as Feed
    for (const { playlist: p } of feeds) {
      if (!p.ended && !(p.canBlock && p.dated && p.partTarget > 0))
        throw new HandOver('not-low-latency')
    }
    const end = Math.min(...feeds.map((f) => endOf(f.playlist)))
    // A part after the newest one the margin is left when the next comes.
    const enough = end - margin - lead.playlist.partTarget
    // Where nothing more comes for now, decoders must have enough to show a picture.
    const stands = !lead.playlist.hinted
    const join = joinPoint(lead.playlist, stands ? enough : Infinity)
    if (!join) throw new Restart('nothing to play yet')
    this.#want = Math.max(join.start, stands ? enough : enough + STARTING)
    this.#joined = endOf(lead.playlist)
    this.#feeds = feeds
    lead.start(join.at)
    for (const f of feeds.slice(1)) f.start(pieceAt(f.playlist, this.#want))
    const source = await opening
    const decode = () => this.fail(new AppendError(video.error?.message ?? 'cannot decode'))
    video.addEventListener('error', decode, { signal: this.signal })
    video.addEventListener('playing', () => this.#playing(), { signal: this.signal })
    const { buffers } = source
    feeds.forEach((f, i) => f.attach(buffers[i] as (typeof buffers)[number]))
  }

  async #open(tracks: TrackSpec[]): Promise<Source> {
    const { video, sourceClass } = this.#o
    this.#o.replacing()
    this.#source = await Source.open(video, sourceClass, tracks, this.signal)
    return this.#source
  }

  /** Puts the playhead where the first picture is wanted, before there is one. */
  #place(lead: Feed): void {
    const { video } = this.#o
    this.#playhead = new Playhead(video, this.controller, {
      stalled: () => (this.#standing = true),
      beyond: (time) => this.fail(new HandOver('rewind', this.#programTime(time))),
      edge: () => this.#edge(),
      offered: () => Math.max(...this.#feeds.map((f) => f.offered)),
      lost: () => {
        this.#o.stalled() // several of them, and another engine goes on
        this.fail(new Restart('play stands still'))
      },
    })
    const playhead = this.#playhead
    const target = Math.max(0, lead.timeline.media(lead.playlist, this.#want) ?? 0)
    const first = () => {
      // With nothing buffered the element would refuse to seek at all.
      this.#source?.seekable(target, target + lead.playlist.targetDuration)
      playhead.seek(target)
    }
    const { signal } = this
    // Before the element has its tracks a seek would be forgotten.
    if (video.readyState > 0) first()
    else video.addEventListener('loadedmetadata', first, { signal, once: true })
  }

  async #follow(): Promise<void> {
    let idle = false
    for (;;) {
      const open = this.#feeds.filter((f) => !f.playlist.ended)
      if (open.length === 0) return
      const next = nextDue(open, idle)
      const asked = performance.now()
      idle = !(await this.#reload(next, 'next'))
      await Promise.all(
        open.map((f) => {
          const known = next.playlist.reports.get(bare(f.playlist.url))
          return f !== next && known && f.lacks(known) ? this.#reload(f, { known }) : null
        }),
      )
      const rest = asked + IDLE_MS - performance.now()
      if (idle && rest > 0) await sleep(rest, this.signal)
    }
  }

  /** A reload that outlives failures of the network and of the server; tells whether it brought something new. */
  async #reload(feed: Feed, how: Reload): Promise<boolean> {
    const backoff = new Backoff()
    const since = performance.now()
    for (;;) {
      try {
        // After a failure the first question is how things stand now.
        const news = await feed.reload(backoff.tries > 0 ? 'now' : how)
        this.#o.state(this.#begun ? 'playing' : 'connecting')
        return news || backoff.tries > 0
      } catch (err) {
        this.signal.throwIfAborted()
        const http = err instanceof HttpError ? err : null
        if (http?.refused) throw http
        // 400 is a list that does not reach as far any more as it did.
        if (http?.gone && http.status !== 400) throw new Restart('the playlist is gone')
        this.#outage = true
        if (performance.now() - since > TELL_AFTER_MS) this.#o.state('reconnecting')
        await sleep(backoff.next(http?.retryAfter ?? null), this.signal)
      }
    }
  }

  /** More is buffered: begin, trim, and tell how far can be sought. */
  appended(): void {
    const { video } = this.#o
    const playhead = this.#playhead
    const lead = this.#lead
    if (!playhead || !lead || !this.#source?.attached) return
    playhead.tick()
    if (!this.#begun && playhead.reach >= this.#enough(lead)) this.#begin()
    const { buffered, currentTime } = video
    if (buffered.length > 0) {
      const first = buffered.start(0)
      if (currentTime - first > TRIM_AT) {
        for (const b of this.#source.buffers) {
          b.removeBefore(currentTime - KEEP).catch((err: unknown) => this.fail(err))
        }
      }
      const start = lead.timeline.start(lead.playlist) ?? first
      this.#source.seekable(Math.max(0, start), buffered.end(buffered.length - 1))
    }
  }

  #begin(): void {
    this.#begun = true
    this.#o.state('playing')
    this.#o.ready()
  }

  /** The media time of the live edge: a margin before the end of what is there. */
  #edge(): number | null {
    const { buffered } = this.#o.video
    const lead = this.#lead
    if (buffered.length === 0 || !lead) return null
    const end = buffered.end(buffered.length - 1)
    const room = this.controller.margin + lead.playlist.partTarget
    return Math.max(buffered.start(buffered.length - 1), end - room)
  }

  #programTime(time: number): number | null {
    const lead = this.#lead
    return lead ? lead.timeline.date(lead.playlist, time) : null
  }

  info(): EngineInfo {
    const programTime = this.#programTime(this.#o.video.currentTime)
    const edge = this.#edge()
    return {
      programTime,
      behind: edge === null ? null : Math.max(0, edge - this.#o.video.currentTime),
      margin: this.controller.margin,
      jitter: this.controller.jitter,
      bitrate: this.#bitrate(),
      codecs: this.#codecs,
      requests: this.traffic.requests,
      waiting: this.traffic.waiting,
    }
  }

  #bitrate(): number | null {
    let bits = 0
    for (const kind of new Set(this.#recent.map((r) => r.kind))) {
      const mine = this.#recent.filter((r) => r.kind === kind)
      const seconds = mine.reduce((sum, r) => sum + r.piece.duration, 0)
      if (seconds > 0) bits += (mine.reduce((sum, r) => sum + r.bytes, 0) * 8) / seconds
    }
    return bits > 0 ? bits : null
  }
}

/** The rendition whose next part is due first. While nothing comes it is the leading one: it may return alone. */
function nextDue(open: Feed[], idle: boolean): Feed {
  if (idle) return open[0] as Feed
  const latest = Math.max(...open.map((f) => due(f.playlist)))
  return open
    .filter((f) => due(f.playlist) > latest - SILENT)
    .reduce((a, b) => (due(b.playlist) < due(a.playlist) ? b : a))
}
