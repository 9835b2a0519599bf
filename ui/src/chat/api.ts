// The part of the API that is about chat.
import { ApiError, type List } from '../lib/api'
import { problemOf } from '../lib/problem'
import type { EmoteAt, LineData } from './protocol'

/** What is asked for is there by then, or never. */
const TIMEOUT_MS = 20_000
/** A picture by a slow connection. */
const PICTURE_TIMEOUT_MS = 75_000

/** The largest picture for an emote that the server takes. */
export const EMOTE_BYTES = 512 << 10
export const EMOTE_TYPES = ['image/png', 'image/gif', 'image/webp', 'image/jpeg']

export interface Emote {
  id: string
  code: string
  url: string
  animated: boolean
  site: boolean
}

export interface ChatSettings {
  slow_ms: number
  followers_ms: number
  members_only: boolean
  emote_only: boolean
  links: boolean
  closed: boolean
  duplicates: boolean
  members_read_only: boolean
  max_length: number
  rules: string
  recent_on_join: number
}

export interface Restriction {
  name: string
  display_name: string
  until: string | null
  reason: string
  by: string
  at: string
  appeal: string
  appealed_at: string | null
}

export interface OwnRestriction {
  channel: string
  until: string | null
  reason: string
  appeal: string
}

export interface Filter {
  id: string
  kind: 'word' | 'regex'
  text: string
  act: 'refuse' | 'hold'
}

export interface LogEntry {
  id: string
  at: string
  by: string
  act: string
  target: string
  detail: string
}

/** A line as the API tells it. */
interface Row {
  id: string
  at: string
  broadcast_id?: string
  media_ms?: number
  user: { id: string; name: string; display_name: string; color: string; badges: string[] }
  text: string
  reply_to?: { id: string; name: string; text: string }
  mentions?: string[]
  emotes?: EmoteAt[]
  action?: boolean
  deleted?: boolean
}

/** A line as the socket tells it. */
export const lineOf = ({ at, media_ms, user, reply_to, ...rest }: Row): LineData => ({
  ...rest,
  at: Date.parse(at),
  ...(media_ms === undefined ? {} : { mediaMs: media_ms }),
  user: { ...user, displayName: user.display_name },
  ...(reply_to ? { replyTo: reply_to } : {}),
})

export interface UserCard {
  user: Row['user']
  lines: Row[]
  restriction: Restriction | null
  log: LogEntry[]
}

type Query = Record<string, string | number | null | undefined>

async function ask<T>(
  method: string,
  path: string,
  { body, query = {}, raw }: { body?: unknown; query?: Query; raw?: Blob } = {},
): Promise<T> {
  const url = new URL(`/api/v1${path}`, location.href)
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined) url.searchParams.set(key, String(value))
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' }
  const answer = await fetch(url, {
    method,
    headers: raw
      ? { 'Content-Type': 'application/octet-stream', Accept: 'application/json' }
      : { ...json, Accept: 'application/json' },
    body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    signal: AbortSignal.timeout(raw ? PICTURE_TIMEOUT_MS : TIMEOUT_MS),
  })
  if (!answer.ok) throw await problemOf(answer)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

const e = encodeURIComponent
const of = (channel: string) => `/channels/${e(channel)}/chat`
const items = async <T>(answer: Promise<{ items: T[] }>) => (await answer).items

export const readEmotes = (channel: string): Promise<Emote[]> =>
  items(ask('GET', `/channels/${e(channel)}/emotes`))

/** Why a room cannot be read; null when it can. */
export async function whyNot(channel: string): Promise<ApiError | null> {
  try {
    await ask('GET', `${of(channel)}/messages`, { query: { limit: 1 } })
    return null
  } catch (err) {
    return err instanceof ApiError ? err : null
  }
}

export const deleteLine = (channel: string, id: string): Promise<void> =>
  ask('DELETE', `${of(channel)}/messages/${e(id)}`)

export const purge = (channel: string, user: string): Promise<void> =>
  ask('DELETE', `${of(channel)}/messages`, { query: { user } })

export const userCard = (channel: string, user: string): Promise<UserCard> =>
  ask('GET', `${of(channel)}/users/${e(user)}`)

export const restrictions = (channel: string, cursor: string | null): Promise<List<Restriction>> =>
  ask('GET', `${of(channel)}/restrictions`, { query: { cursor } })

/** Keeps somebody from speaking, for so long; null is for good. */
export const restrict = (
  channel: string,
  user: string,
  minutes: number | null,
  reason: string,
): Promise<void> => {
  const until = minutes === null ? null : new Date(Date.now() + minutes * 60_000).toISOString()
  return ask('PUT', `${of(channel)}/restrictions/${e(user)}`, { body: { until, reason } })
}

export const lift = (channel: string, user: string): Promise<void> =>
  ask('DELETE', `${of(channel)}/restrictions/${e(user)}`)

export const ownRestriction = async (channel: string): Promise<OwnRestriction | null> => {
  const all = await items(ask<{ items: OwnRestriction[] }>('GET', '/me/restrictions'))
  return all.find((r) => r.channel === channel) ?? null
}

export const appeal = (channel: string, text: string): Promise<void> =>
  ask('POST', `/me/restrictions/${e(channel)}/appeal`, { body: { text } })

export const readSettings = (channel: string): Promise<ChatSettings> =>
  ask('GET', `${of(channel)}/settings`)
export const saveSettings = (channel: string, settings: ChatSettings): Promise<ChatSettings> =>
  ask('PUT', `${of(channel)}/settings`, { body: settings })

export const readFilters = (channel: string): Promise<Filter[]> =>
  items(ask('GET', `${of(channel)}/filters`))
export const saveFilters = (channel: string, filters: Omit<Filter, 'id'>[]): Promise<Filter[]> =>
  items(ask('PUT', `${of(channel)}/filters`, { body: { items: filters } }))

export const readReview = async (channel: string): Promise<{ line: LineData; why: string }[]> => {
  const all = await items(
    ask<{ items: { line: Row; why: string }[] }>('GET', `${of(channel)}/review`),
  )
  return all.map(({ line, why }) => ({ line: lineOf(line), why }))
}
export const review = (channel: string, id: string, allow: boolean): Promise<void> =>
  ask('POST', `${of(channel)}/review/${e(id)}`, { body: { allow } })

export const readLog = (channel: string, cursor: string | null): Promise<List<LogEntry>> =>
  ask('GET', `${of(channel)}/log`, { query: { cursor } })

export const pin = (channel: string, id: string): Promise<void> =>
  ask('PUT', `${of(channel)}/pin`, { body: { id } })
export const unpin = (channel: string): Promise<void> => ask('DELETE', `${of(channel)}/pin`)

export const makePoll = (
  channel: string,
  question: string,
  options: string[],
  seconds: number,
): Promise<void> => ask('POST', `${of(channel)}/poll`, { body: { question, options, seconds } })
export const endPoll = (channel: string): Promise<void> => ask('DELETE', `${of(channel)}/poll`)

/** Adds an emote to a channel's, or to the site's where `channel` is empty. */
export const addEmote = (channel: string, code: string, picture: File): Promise<Emote> =>
  ask('POST', setOf(channel), { raw: picture, query: { code } })
export const removeEmote = (channel: string, id: string): Promise<void> =>
  ask('DELETE', `${setOf(channel)}/${e(id)}`)
export const siteEmotes = (): Promise<Emote[]> => items(ask('GET', setOf('')))
const setOf = (channel: string) => (channel ? `/channels/${e(channel)}/emotes` : '/admin/emotes')

export const setColor = (color: string): Promise<void> =>
  ask('PUT', '/me/color', { body: { color } })

export const follow = (channel: string): Promise<void> => ask('PUT', `/me/following/${e(channel)}`)

/** What was said in a recording, or a clip, from one media time to before another. */
export const readReplay = async (
  kind: 'broadcasts' | 'clips',
  id: string,
  fromMs: number,
  toMs: number,
): Promise<LineData[]> => {
  const query = { from_ms: Math.floor(fromMs), to_ms: Math.ceil(toMs), limit: 500 }
  return (await items(ask<{ items: Row[] }>('GET', `/${kind}/${e(id)}/chat`, { query }))).map(
    lineOf,
  )
}
