// A room as its page has it: what was said, what may be done, and what is one's
// own and under way. It is told what the server says, and says it to no screen.

import { Connection, type World } from './connection'
import { Line, type Entry, type Happened, type Pending } from './line.svelte'
import {
  moderates,
  type Acted,
  type Broadcaster,
  type LineData,
  type Mode,
  type PollData,
  type ServerMessage,
  type Standing,
  type Told,
} from './protocol'

/** So many entries are kept in memory. */
export const KEPT = 1500
/** So many ids are known again, beyond the lines that are kept. */
const IDS = 4 * KEPT
/** Clocks of two machines differ. */
const SKEW_MS = 5000
/** A line that is older by more than this than the last has its place further up. */
const LATE_MS = 5000
/** People who are offered after an @. */
const NAMES = 200

const OPEN: Mode = {
  slowMs: 0,
  followersMs: -1,
  membersOnly: false,
  emoteOnly: false,
  links: true,
  closed: false,
  duplicates: true,
}

export interface RoomWorld extends World {
  now(): number
  /** Calls `then` soon, once for all that comes until then. */
  soon(then: () => void): void
  nonce(): string
}

export class Room {
  entries = $state.raw<Entry[]>([])
  pending = $state.raw<Pending[]>([])
  link = $state<'connecting' | 'open' | 'down' | 'shut'>('connecting')
  /** So many tries to connect have failed in a row. */
  tries = $state(0)
  standing = $state.raw<Standing>({ you: null, maySpeak: false, why: '', until: 0 })
  mode = $state.raw<Mode>(OPEN)
  maxLength = $state(500)
  viewers = $state<number | null>(null)
  broadcaster = $state<Broadcaster | null>(null)
  pin = $state.raw<Line | null>(null)
  poll = $state.raw<PollData | null>(null)
  /** The option that was voted for here, by the poll. */
  vote = $state.raw<{ poll: string; option: number } | null>(null)
  emotes = $state('')
  reactions = $state.raw<string[]>([])
  rules = $state('')
  /** Reactions of the last second; another object each time. */
  burst = $state.raw<Record<string, number>>({})
  /** Not before then may one speak again. */
  waitUntil = $state(0)
  /** What waits for a moderator. */
  review = $state.raw<{ line: LineData; why: string }[]>([])
  /** What a moderator did last; moderators hear of it. */
  acted = $state.raw<Acted | null>(null)
  /** Counts what was said since the page is there, for who reads by ear. */
  said = $state(0)
  /** What was there before the page is in. */
  settled = $state(false)
  #world: RoomWorld
  #connection: Connection
  #ids = new Map<string, Line | null>()
  #fresh: Entry[] = []
  #notes = 0
  #recovering = false
  /** What has come belongs further up. */
  #late = false

  constructor(world: RoomWorld) {
    this.#world = world
    this.#connection = new Connection(world, {
      onmessage: (m) => this.#take(m),
      ondown: (tries) => this.#down(tries),
      onshut: () => (this.link = 'shut'),
    })
  }

  get moderates(): boolean {
    return moderates(this.standing.you)
  }

  /** Who has spoken, the latest first. */
  get names(): string[] {
    const names = new Set<string>()
    for (let i = this.entries.length - 1; i >= 0 && names.size < NAMES; i--) {
      const entry = this.entries[i]
      if (entry?.kind === 'line' && !entry.gone) names.add(entry.data.user.name)
    }
    return [...names]
  }

  /** Says something; false when there is nobody to say it to. */
  say(text: string, replyTo: Line | null = null): boolean {
    const nonce = this.#world.nonce()
    const reply = replyTo ? { replyTo: replyTo.data.id } : {}
    if (!this.#connection.send({ type: 'message', text, nonce, ...reply })) return false
    const command = text.startsWith('/') && !/^\/(\/|me\s)/.test(text)
    if (command) return true
    const at = this.#world.now()
    const sent = { nonce, text, at, replyTo, id: '', state: 'sent', code: '', reason: '' } as const
    this.pending = [...this.pending, sent]
    return true
  }

  react(emote: string): void {
    this.#connection.send({ type: 'react', emote })
  }

  choose(option: number): void {
    if (!this.poll || !this.#connection.send({ type: 'vote', pollId: this.poll.id, option })) return
    this.vote = { poll: this.poll.id, option }
  }

  /** Takes back what did not arrive. */
  forget(nonce: string): void {
    this.pending = this.pending.filter((p) => p.nonce !== nonce)
  }

  /** A line of the room that is still there. */
  find(id: string): Line | null {
    return this.#ids.get(id) ?? null
  }

  /** What somebody has said here, as far as it is known. */
  linesOf(userId: string): Line[] {
    return this.entries.filter((e): e is Line => e.kind === 'line' && e.data.user.id === userId)
  }

  /** Who asks is somebody else now. */
  reconnect(): void {
    this.link = 'connecting'
    this.#recovering = this.#connection.last !== ''
    this.#connection.again()
  }

  stop(): void {
    this.#connection.stop()
  }

  /** Shows what has come; the world calls it soon after. */
  flush(): void {
    if (this.#fresh.length === 0) return
    const all = [...this.entries, ...this.#fresh]
    this.#fresh = []
    // Servers that could not reach each other tell later what was said there.
    if (this.#late) all.sort((a, b) => timeOf(a) - timeOf(b))
    this.#late = false
    this.entries = all.length > KEPT ? all.slice(-KEPT) : all
    if (all.length > KEPT) this.#dropped(all.slice(0, -KEPT))
  }

  #dropped(entries: Entry[]): void {
    for (const { key } of entries) if (this.#ids.has(key)) this.#ids.set(key, null)
    const surplus = this.#ids.size - IDS
    if (surplus <= 0) return
    for (const [id] of [...this.#ids].slice(0, surplus)) this.#ids.delete(id)
  }

  #down(tries: number): void {
    this.link = 'down'
    this.tries = tries
    this.#recovering = this.#connection.last !== ''
  }

  #take(m: ServerMessage): void {
    switch (m.type) {
      case 'message':
        return this.#said(m)
      case 'emote':
        this.burst = { ...m.counts }
        return
      case 'viewers':
        this.viewers = m.count
        return
    }
    this.flush()
    switch (m.type) {
      case 'hello':
        return this.#hello(m)
      case 'history':
        return this.#history(m.lines, m.complete)
      case 'ack':
        return this.#acked(m.nonce, m.id)
      case 'held':
        return this.#mark(m.nonce, { state: 'held' })
      case 'refused':
        return this.#refused(m.nonce, m)
      case 'slowmode':
        this.waitUntil = this.#world.now() + m.waitMs
        return this.#mark(m.nonce, { state: 'refused', code: 'slowmode' })
      case 'delete':
        return this.#delete(m)
      case 'ban':
        return this.#banned(m.userId, m.name)
      case 'unban':
        if (this.moderates) this.#note({ what: 'unbanned', name: m.name })
        return
      case 'you':
        this.standing = standingOf(m)
        return
      case 'mode':
        this.mode = m.mode
        this.maxLength = m.maxLength
        this.rules = m.rules
        return
      case 'pin':
        this.pin = m.line && new Line(m.line)
        return
      case 'poll':
        this.poll = m.poll
        return
      case 'sub':
        return this.#note({ what: 'sub', name: m.displayName || m.name, more: m.more ?? 0 })
      case 'live':
        return this.#live(m.state)
      case 'notice':
        return this.#note({ what: 'notice', told: m })
      case 'log':
        this.acted = m
        return
      case 'review':
        if (!this.review.some((r) => r.line.id === m.line.id))
          this.review = [...this.review, { line: m.line, why: m.why }]
        return
      case 'reviewed':
        this.review = this.review.filter((r) => r.line.id !== m.id)
    }
  }

  #hello(m: Extract<ServerMessage, { type: 'hello' }>): void {
    this.link = 'open'
    this.tries = 0
    this.standing = standingOf(m)
    this.mode = m.mode
    this.maxLength = m.maxLength
    this.viewers = m.viewers
    this.broadcaster = m.live ? 'live' : null
    this.pin = m.pin && new Line(m.pin)
    this.poll = m.poll
    this.emotes = m.emotes
    this.reactions = m.reactions
    this.rules = m.rules
    if (!this.moderates) this.review = []
  }

  #history(lines: LineData[], complete: boolean): void {
    const fresh = lines.filter((l) => !this.#ids.has(l.id))
    // Between what was there and what is there now something is missing.
    if (this.#recovering && !complete) this.#note({ what: 'missed', name: '' })
    this.#recovering = false
    for (const data of fresh) this.#add(data)
    this.flush()
    // What came in while the connection broke lies between lines that were there.
    if (fresh.length < this.entries.length) this.entries = sorted(this.entries)
    const you = this.standing.you?.id
    this.pending = this.pending
      .filter((p) => !lines.some((l) => isIt(l, p, you)))
      .map((p) => (p.state === 'sent' ? { ...p, state: 'lost' as const } : p))
    this.settled = true
  }

  #said(data: LineData): void {
    if (this.#ids.has(data.id)) return
    const last = this.entries.at(-1)
    if (last && timeOf(last) > data.at + LATE_MS) this.#late = true
    this.#add(data)
    this.said++
    const own = this.pending.find((p) => isIt(data, p, this.standing.you?.id))
    if (own) this.forget(own.nonce)
    this.#world.soon(() => this.flush())
  }

  #add(data: LineData): void {
    const line = new Line(data)
    this.#ids.set(data.id, line)
    this.#fresh.push(line)
    if (data.id > this.#connection.last) this.#connection.last = data.id
  }

  #note(happened: Happened): void {
    const key = `note-${++this.#notes}`
    this.#fresh.push({ ...happened, kind: 'note', key, at: this.#world.now() })
    this.flush()
  }

  #acked(nonce: string, id: string): void {
    const slow = !this.moderates && this.mode.slowMs
    if (slow) this.waitUntil = Math.max(this.waitUntil, this.#world.now() + slow)
    if (this.#ids.has(id)) this.forget(nonce)
    else this.#mark(nonce, { id })
  }

  #refused(nonce: string | undefined, told: Told): void {
    const own = this.pending.some((p) => p.nonce === nonce)
    if (own) this.#mark(nonce, { state: 'refused', code: told.code, reason: told.text })
    else this.#note({ what: 'notice', told })
  }

  #mark(nonce: string | undefined, change: Partial<Pending>): void {
    this.pending = this.pending.map((p) => (p.nonce === nonce ? { ...p, ...change } : p))
  }

  #delete({ ids, userId, before = Infinity }: Extract<ServerMessage, { type: 'delete' }>): void {
    if (ids) this.#remove((line) => ids.includes(line.data.id), 'deleted')
    else
      this.#remove(
        ({ data }) => (!userId || data.user.id === userId) && data.at <= before,
        'deleted',
      )
  }

  #banned(userId: string, name: string): void {
    this.#remove(({ data }) => data.user.id === userId, 'banned')
    if (this.moderates) this.#note({ what: 'banned', name })
  }

  #remove(which: (line: Line) => boolean, why: 'deleted' | 'banned'): void {
    for (const entry of this.entries)
      if (entry.kind === 'line' && !entry.gone && which(entry)) entry.gone = why
    if (this.pin && which(this.pin)) this.pin = null
  }

  #live(state: Broadcaster): void {
    const before = this.broadcaster
    this.broadcaster = state
    if (state === 'live' && before !== 'live' && before !== 'interrupted')
      this.#note({ what: 'live', name: '' })
    if (state === 'ended' && before !== 'ended') this.#note({ what: 'ended', name: '' })
  }
}

const timeOf = (e: Entry) => (e.kind === 'line' ? e.data.at : e.at)

/** A line is the one that was sent. */
function isIt(line: LineData, own: Pending, you: string | undefined): boolean {
  if (own.id) return own.id === line.id
  const spoken = own.text.replace(/^\/(me\s+|(?=\/))/, '')
  return line.user.id === you && line.text === spoken && line.at >= own.at - SKEW_MS
}

/** Entries by their time, those of the same time as they were. */
function sorted(entries: Entry[]): Entry[] {
  return entries.every((e, i) => i === 0 || timeOf(entries[i - 1] as Entry) <= timeOf(e))
    ? entries
    : [...entries].sort((a, b) => timeOf(a) - timeOf(b))
}

const standingOf = ({ you, maySpeak, why, reason = '', until }: Standing): Standing => ({
  you,
  maySpeak,
  why,
  reason,
  until,
})
