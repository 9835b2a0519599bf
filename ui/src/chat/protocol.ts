// What chat's server and its clients say to each other (docs/chat.md). Pure.

export type Role = 'viewer' | 'member' | 'moderator' | 'owner' | 'admin'
/** Why somebody may not speak; nothing when they may. */
export type Why =
  '' | 'signin' | 'banned' | 'timeout' | 'followers' | 'members' | 'unverified' | 'closed'

export interface Speaker {
  id: string
  name: string
  displayName: string
  /** As it was chosen, #rrggbb; empty when it was not. */
  color: string
  badges: string[]
}

export interface Reply {
  id: string
  name: string
  text: string
}

/** An emote in a line, by its place in the text in UTF-16 units. */
export interface EmoteAt {
  code: string
  id: string
  start: number
  end: number
}

/** A line as the server tells it. */
export interface LineData {
  id: string
  at: number
  broadcastId?: string
  /** Of the broadcast. */
  mediaMs?: number
  user: Speaker
  text: string
  replyTo?: Reply | null
  mentions?: string[] | null
  emotes?: EmoteAt[] | null
  /** It tells what somebody does: /me. */
  action?: boolean
}

/** What a room allows. */
export interface Mode {
  slowMs: number
  /** -1: anybody; 0: any follower; else who has followed for that long. */
  followersMs: number
  membersOnly: boolean
  emoteOnly: boolean
  links: boolean
  closed: boolean
  duplicates: boolean
}

export interface PollData {
  id: string
  question: string
  options: { text: string; votes: number }[]
  endsAt: number
  ended: boolean
  total: number
}

export type You = Speaker & { role: Role }

/** What is told of oneself, at the beginning and when it changes. */
export interface Standing {
  you: You | null
  maySpeak: boolean
  why: Why
  /** Of a ban or a time-out, in the moderator's words. */
  reason?: string
  /** Until when, in milliseconds since 1970; 0: for good, or nobody knows. */
  until: number
}

/** What a moderator did. */
export interface Acted {
  id: string
  at: number
  actor: string
  act: string
  target: string
  details: string
}

export type Broadcaster = 'live' | 'interrupted' | 'ended'

/** What the server tells one person: a code, an English sentence, and what that is made of. */
export interface Told {
  code: string
  text: string
  /** The command that it is about. */
  command?: string
  /** How that is used, where it was used otherwise. */
  usage?: string
  /** Whom the command was about, and for how long. */
  name?: string
  durationMs?: number
  /** What it was given, of a few words: on, off. */
  value?: string
  /** All that moderators have. */
  commands?: string[]
}

export type ServerMessage =
  | (Standing & {
      type: 'hello'
      channel: string
      mode: Mode
      maxLength: number
      viewers: number | null
      live: { broadcastId: string; at: number } | null
      pin: LineData | null
      poll: PollData | null
      /** Where the emotes are. */
      emotes: string
      reactions: string[]
      /** Shown to who speaks for the first time. */
      rules: string
    })
  | { type: 'history'; lines: LineData[]; complete: boolean }
  | ({ type: 'message' } & LineData)
  | { type: 'ack'; nonce: string; id: string }
  | { type: 'held'; nonce: string }
  | ({ type: 'refused'; nonce?: string } & Told)
  | { type: 'slowmode'; waitMs: number; nonce?: string }
  /** Lines by their ids, or of somebody, or all, up to a time. */
  | { type: 'delete'; ids?: string[]; userId?: string; before?: number }
  | { type: 'ban'; userId: string; name: string; until: number | null }
  | { type: 'unban'; userId: string; name: string }
  | ({ type: 'you' } & Standing)
  | { type: 'mode'; mode: Mode; maxLength: number; rules: string }
  | { type: 'pin'; line: LineData | null }
  | { type: 'poll'; poll: PollData | null }
  | { type: 'emote'; counts: Record<string, number> }
  | { type: 'sub'; name: string; displayName: string; more?: number }
  | { type: 'viewers'; count: number }
  | { type: 'live'; state: Broadcaster; broadcastId: string; at: number }
  | ({ type: 'notice' } & Told)
  | { type: 'review'; line: LineData; why: string }
  | { type: 'reviewed'; id: string; allowed: boolean }
  | ({ type: 'log' } & Acted)

export type ClientMessage =
  | { type: 'message'; text: string; replyTo?: string; nonce: string }
  | { type: 'react'; emote: string }
  | { type: 'vote'; pollId: string; option: number }

/** How the server closes a connection, where that says what to do. */
export const CLOSED = { goingAway: 1001, tooSlow: 4001, mayNotRead: 4003 } as const

/** What a text message of the server says; null for what is none. Types that are not known are the caller's to skip. */
export function parse(text: string): ServerMessage | null {
  try {
    const said: unknown = JSON.parse(text)
    const typed = typeof said === 'object' && said !== null && 'type' in said
    return typed && typeof said.type === 'string' ? (said as ServerMessage) : null
  } catch {
    return null
  }
}

/** Where a channel's chat is, as a WebSocket's address beside `page`. */
export function addressOf(
  channel: string,
  page: string,
  {
    after = '',
    viewing = '',
    history,
  }: { after?: string; viewing?: string; history?: number | undefined } = {},
): string {
  const url = new URL(`/api/v1/channels/${encodeURIComponent(channel)}/chat`, page)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (after) url.searchParams.set('after', after)
  if (history !== undefined) url.searchParams.set('history', String(history))
  if (viewing) url.searchParams.set('viewing', viewing)
  return url.href
}

const RANKS: Record<Role, number> = { viewer: 0, member: 1, moderator: 2, owner: 3, admin: 4 }

/** Somebody keeps order here. */
export const moderates = (you: You | null | undefined): boolean =>
  you !== null && you !== undefined && RANKS[you.role] >= RANKS.moderator
/** Somebody has the channel. */
export const owns = (you: You | null | undefined): boolean =>
  you !== null && you !== undefined && RANKS[you.role] >= RANKS.owner
