// The part of the API by which people manage their channels.
import { body, client, type List } from './api'
import type { components } from './api.gen'
import { problemOf } from './problem'

type Schemas = components['schemas']

export type ChannelSettings = Schemas['ChannelSettings']
export type ChannelChange = Schemas['ChannelChange']
export type Key = Schemas['Key']
export type NewKey = Schemas['NewKey']
export type Member = Schemas['Member']
export type Place = Member['place']
export type PictureKind = 'avatar' | 'banner' | 'offline'

/** The largest picture that the server takes. */
export const PICTURE_BYTES = 8 << 20
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

/** 8 MB by a slow connection. */
const PICTURE_TIMEOUT_MS = 75_000

/** What is known of a channel, and by which sign its next change says that it knew. */
export interface Versioned {
  settings: ChannelSettings
  etag: string
}

const at = (channel: string) => ({ path: { channel } })

async function versioned(
  answer: Promise<{ data?: ChannelSettings; response: Response }>,
): Promise<Versioned> {
  const { data, response } = await answer
  return { settings: data as ChannelSettings, etag: response.headers.get('ETag') ?? '' }
}

/** Makes a channel, whose owner is who asks. */
export const makeChannel = (name: string): Promise<ChannelSettings> =>
  body(client.POST('/api/v1/channels', { body: { name } }))

/** What may be changed of a channel; an ApiError with status 403 to who may not. */
export const readSettings = (channel: string): Promise<Versioned> =>
  versioned(client.GET('/api/v1/channels/{channel}/settings', { params: at(channel) }))

/** Changes a channel; an ApiError with the code "changed" when somebody else did since `etag`. */
export const changeChannel = (
  channel: string,
  etag: string,
  change: ChannelChange,
): Promise<Versioned> =>
  versioned(
    client.PATCH('/api/v1/channels/{channel}', {
      params: { ...at(channel), header: { 'If-Match': etag } },
      body: change,
    }),
  )

/** Gives a channel a picture. The client of the rest would give a slow connection up. */
export async function putPicture(
  channel: string,
  kind: PictureKind,
  picture: File,
): Promise<Versioned> {
  const response = await fetch(`/api/v1/channels/${encodeURIComponent(channel)}/pictures/${kind}`, {
    method: 'PUT',
    body: picture,
    headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
    signal: AbortSignal.timeout(PICTURE_TIMEOUT_MS),
  })
  if (!response.ok) throw await problemOf(response)
  return versioned(response.json().then((data) => ({ data: data as ChannelSettings, response })))
}

export const removePicture = async (channel: string, kind: PictureKind): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/pictures/{kind}', {
    params: { path: { channel, kind } },
  })
}

/** A channel's stream keys, valid ones first. */
export const streamKeys = async (channel: string): Promise<Key[]> => {
  const all = client.GET('/api/v1/channels/{channel}/keys', { params: at(channel) })
  return (await body(all)).items
}

/** Makes a stream key, of which the text is in this answer alone. `expires` is ISO 8601, or null: never. */
export const makeKey = (channel: string, label: string, expires: string | null): Promise<NewKey> =>
  body(
    client.POST('/api/v1/channels/{channel}/keys', {
      params: at(channel),
      body: { label, ...(expires ? { expires_at: expires } : {}) },
    }),
  )

const key = (channel: string, id: string) => ({ params: { path: { channel, key: id } } })

/** Puts a new key in the place of one, which is revoked. */
export const rotateKey = (channel: string, id: string): Promise<NewKey> =>
  body(client.POST('/api/v1/channels/{channel}/keys/{key}/rotate', key(channel, id)))

export const revokeKey = async (channel: string, id: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/keys/{key}', key(channel, id))
}

/** Who has a place in a channel, by name, a page at a time. */
export const members = (channel: string, cursor: string | null): Promise<List<Member>> =>
  body(
    client.GET('/api/v1/channels/{channel}/members', {
      params: { ...at(channel), query: { limit: 100, ...(cursor ? { cursor } : {}) } },
    }),
  )

const member = (channel: string, user: string) => ({ path: { channel, user } })

export const setMember = async (channel: string, user: string, place: Place): Promise<void> => {
  await client.PUT('/api/v1/channels/{channel}/members/{user}', {
    params: member(channel, user),
    body: { place },
  })
}

export const removeMember = async (channel: string, user: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/members/{user}', {
    params: member(channel, user),
  })
}
