// The part of the API that is about chat.
import { ApiError, body, client, type List } from '../lib/api'
import type { components } from '../lib/api.gen'
import { problemOf } from '../lib/problem'
import type { LineData } from './protocol'

type Schemas = components['schemas']

export type Emote = Schemas['Emote']
export type ChatSettings = Schemas['ChatSettings']
export type Restriction = NonNullable<Schemas['ChatRestriction']>
export type Filter = Schemas['Filter']
export type NewFilter = Schemas['NewFilter']
export type LogEntry = Schemas['Entry']
export type UserCard = Schemas['ChatUser']
export type Held = Schemas['ChatReview']

/** A picture by a slow connection. */
const PICTURE_TIMEOUT_MS = 75_000

/** The largest picture for an emote that the server takes. */
export const EMOTE_BYTES = 512 << 10
export const EMOTE_TYPES = ['image/png', 'image/gif', 'image/webp', 'image/jpeg']

/** The most lines of a replay that are asked for at once. */
export const REPLAY_LINES = 500

const of = (channel: string) => ({ path: { channel } })
const ofUser = (channel: string, user: string) => ({ params: { path: { channel, user } } })
const ofLine = (channel: string, line: string) => ({ path: { channel, line } })
const page = (channel: string, cursor: string | null) => ({
  params: { ...of(channel), query: cursor ? { cursor } : {} },
})
/** With what is watched where it takes a password. */
const inViewing = (viewing: string) => (viewing ? { viewing } : {})

/** Emotes as they are shown: for who wants no motion those that move stand still. */
const shown = (all: Emote[]): Emote[] =>
  matchMedia('(prefers-reduced-motion: reduce)').matches
    ? all.map((e) => ({ ...e, url: e.still }))
    : all

/** Where emotes are read that the channel alone may not show. */
export interface Within {
  broadcast?: string
  clip?: string
  viewing?: string
}

export async function readEmotes(channel: string, within: Within = {}): Promise<Emote[]> {
  const query = Object.fromEntries(Object.entries(within).filter(([, v]) => v))
  const params = { ...of(channel), query }
  return shown((await body(client.GET('/api/v1/channels/{channel}/emotes', { params }))).items)
}

/** Why a room cannot be read; null when it can, or nobody says why. */
export async function whyNot(channel: string, viewing: string): Promise<ApiError | null> {
  try {
    await client.GET('/api/v1/channels/{channel}/chat/messages', {
      params: { ...of(channel), query: { limit: 1, ...inViewing(viewing) } },
    })
    return null
  } catch (err) {
    return err instanceof ApiError ? err : null
  }
}

export const deleteLine = async (channel: string, line: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/chat/messages/{line}', {
    params: ofLine(channel, line),
  })
}

/** Deletes all that somebody said. */
export const purge = async (channel: string, user: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/chat/messages', {
    params: { ...of(channel), query: { user } },
  })
}

export const userCard = (channel: string, user: string): Promise<UserCard> =>
  body(client.GET('/api/v1/channels/{channel}/chat/users/{user}', ofUser(channel, user)))

export const restrictions = (channel: string, cursor: string | null): Promise<List<Restriction>> =>
  body(
    client.GET('/api/v1/channels/{channel}/chat/restrictions', page(channel, cursor)),
  ) as Promise<List<Restriction>>

/** Keeps somebody from speaking, for so long; null is for good. */
export const restrict = async (
  channel: string,
  user: string,
  minutes: number | null,
  reason: string,
): Promise<void> => {
  const until = minutes === null ? null : new Date(Date.now() + minutes * 60_000).toISOString()
  await client.PUT('/api/v1/channels/{channel}/chat/restrictions/{user}', {
    ...ofUser(channel, user),
    body: { until, reason },
  })
}

export const lift = async (channel: string, user: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/chat/restrictions/{user}', ofUser(channel, user))
}

/** What keeps who asks from speaking in a channel; null when nothing does. */
export const ownRestriction = async (channel: string): Promise<Restriction | null> => {
  const { items } = await body(client.GET('/api/v1/me/restrictions'))
  return items.find((r) => r?.channel === channel) ?? null
}

export const appeal = async (channel: string, text: string): Promise<void> => {
  await client.POST('/api/v1/me/restrictions/{channel}/appeal', {
    params: of(channel),
    body: { text },
  })
}

export const readSettings = (channel: string): Promise<ChatSettings> =>
  body(client.GET('/api/v1/channels/{channel}/chat/settings', { params: of(channel) }))

export const saveSettings = (channel: string, settings: ChatSettings): Promise<ChatSettings> =>
  body(
    client.PUT('/api/v1/channels/{channel}/chat/settings', {
      params: of(channel),
      body: settings,
    }),
  )

export const readFilters = async (channel: string): Promise<Filter[]> =>
  (await body(client.GET('/api/v1/channels/{channel}/chat/filters', { params: of(channel) }))).items

export const saveFilters = async (channel: string, items: NewFilter[]): Promise<Filter[]> => {
  const put = client.PUT('/api/v1/channels/{channel}/chat/filters', {
    params: of(channel),
    body: { items },
  })
  return (await body(put)).items
}

export const readReview = async (channel: string): Promise<Held[]> =>
  (await body(client.GET('/api/v1/channels/{channel}/chat/review', { params: of(channel) }))).items

export const review = async (channel: string, line: string, allow: boolean): Promise<void> => {
  await client.POST('/api/v1/channels/{channel}/chat/review/{line}', {
    params: ofLine(channel, line),
    body: { allow },
  })
}

export const readLog = (channel: string, cursor: string | null): Promise<List<LogEntry>> =>
  body(client.GET('/api/v1/channels/{channel}/chat/log', page(channel, cursor)))

export const pin = async (channel: string, id: string): Promise<void> => {
  await client.PUT('/api/v1/channels/{channel}/chat/pin', { params: of(channel), body: { id } })
}

export const unpin = async (channel: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/chat/pin', { params: of(channel) })
}

export const makePoll = async (
  channel: string,
  question: string,
  options: string[],
  seconds: number,
): Promise<void> => {
  await client.POST('/api/v1/channels/{channel}/chat/poll', {
    params: of(channel),
    body: { question, options, duration_ms: seconds * 1000 },
  })
}

export const endPoll = async (channel: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/chat/poll', { params: of(channel) })
}

export const siteEmotes = async (): Promise<Emote[]> =>
  shown((await body(client.GET('/api/v1/admin/emotes'))).items)

/**
 * Adds an emote to a channel's, or to the site's where `channel` is empty. The
 * client of the rest would give a slow connection up.
 */
export async function addEmote(channel: string, code: string, picture: File): Promise<Emote> {
  const set = channel ? `channels/${encodeURIComponent(channel)}` : 'admin'
  const answer = await fetch(`/api/v1/${set}/emotes?code=${encodeURIComponent(code)}`, {
    method: 'POST',
    body: picture,
    headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
    signal: AbortSignal.timeout(PICTURE_TIMEOUT_MS),
  })
  if (!answer.ok) throw await problemOf(answer)
  const [made] = shown([(await answer.json()) as Emote])
  return made as Emote
}

export const removeEmote = async (channel: string, emote: string): Promise<void> => {
  if (!channel) await client.DELETE('/api/v1/admin/emotes/{emote}', { params: { path: { emote } } })
  else
    await client.DELETE('/api/v1/channels/{channel}/emotes/{emote}', {
      params: { path: { channel, emote } },
    })
}

export const setColor = async (color: string): Promise<void> => {
  await client.PUT('/api/v1/me/color', { body: { color } })
}

/** What was said in a recording, or a clip, from one media time to before another. */
export const readReplay = async (
  kind: 'broadcasts' | 'clips',
  id: string,
  fromMs: number,
  toMs: number,
  viewing: string,
): Promise<LineData[]> => {
  const query = {
    from_ms: Math.floor(fromMs),
    to_ms: Math.ceil(toMs),
    limit: REPLAY_LINES,
    ...inViewing(viewing),
  }
  const answer =
    kind === 'clips'
      ? client.GET('/api/v1/clips/{clip}/chat', { params: { path: { clip: id }, query } })
      : client.GET('/api/v1/broadcasts/{broadcast}/chat', {
          params: { path: { broadcast: id }, query },
        })
  return (await body(answer)).items
}
