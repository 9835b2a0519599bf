// The server's JSON API, by the client that is generated from its description:
// "npm run api" makes api.gen.ts of docs/openapi.json. Answers are trusted to
// have the described shape.
import createClient from 'openapi-fetch'
import type { components, paths } from './api.gen'
import { ApiError, problemOf } from './problem'

export { ApiError }

type Schemas = components['schemas']

export type ServerInfo = Schemas['ServerInfo']
export type Channel = Schemas['Channel']
export type Live = NonNullable<Schemas['Live']>
export type Rendition = Schemas['Rendition']
export type Broadcast = Schemas['Broadcast']
export type ChannelViewing = Schemas['ChannelViewing']
export type BroadcastViewing = Schemas['BroadcastViewing']
export type Download = Schemas['Download']
export type Me = Schemas['Me']
export type Session = Schemas['Session']
export type Token = Schemas['Token']
export type NewToken = Schemas['NewToken']
export type Passkey = Schemas['Passkey']
export type Identity = Schemas['Identity']
export type User = Schemas['User']
export type Invitation = Schemas['Invitation']
export type SiteSettings = Schemas['SiteSettings']
export type Status = Schemas['Status']
export type Act = Schemas['Act']

/** A page of a list, and where the next begins. */
export interface List<T> {
  items: T[]
  next: string | null
}

const READ_TIMEOUT_MS = 10_000
/** Longer: who gave up on a change would not know whether it was made, and passwords wait in line. */
const WRITE_TIMEOUT_MS = 30_000

/** Told when the server says that nobody is signed in, or not any more. */
const strangers = new Set<() => void>()

/** Calls `then` each time that an answer says: sign in first. */
export function onSignedOut(then: () => void): void {
  strangers.add(then)
}

/**
 * Asks the API. Every refusal is thrown as an ApiError, so that `data` of what
 * comes back is there; `body` takes it out.
 */
export const client = createClient<paths>({
  // A Request needs a whole address where there is no page, as in tests.
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  cache: 'no-store',
  headers: { Accept: 'application/json' },
  fetch: (request) => {
    const limit = AbortSignal.timeout(request.method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS)
    return fetch(request, { signal: AbortSignal.any([request.signal, limit]) })
  },
})

client.use({
  async onResponse({ response }) {
    if (response.ok) return
    if (response.status === 401) for (const then of strangers) then()
    throw await problemOf(response)
  },
})

/** The body of an answer. */
export async function body<T>(
  answer: Promise<{ data?: T | undefined }>,
): Promise<Exclude<T, undefined>> {
  return (await answer).data as Exclude<T, undefined>
}

/** How a part of a list is asked for. */
const after = (cursor: string | null) => (cursor ? { query: { cursor } } : {})
/** With what a request may be given up; an absent one is left out. */
const until = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

export const serverInfo = (signal?: AbortSignal): Promise<ServerInfo> =>
  body(client.GET('/api/v1/server', until(signal)))

/** Channels that are on air. */
export const liveChannels = (signal?: AbortSignal): Promise<List<Channel>> =>
  body(client.GET('/api/v1/live', until(signal)))

/** One channel; an ApiError with status 404 when there is none of that name. */
export const channel = (name: string, signal?: AbortSignal): Promise<Channel> =>
  body(
    client.GET('/api/v1/channels/{channel}', {
      params: { path: { channel: name } },
      ...until(signal),
    }),
  )

/** A channel's broadcasts, newest first. */
export const channelBroadcasts = (
  name: string,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<List<Broadcast>> =>
  body(
    client.GET('/api/v1/channels/{channel}/broadcasts', {
      params: { path: { channel: name }, ...after(cursor) },
      ...until(signal),
    }),
  )

/** Broadcasts of all channels, newest first. */
export const broadcasts = (cursor: string | null, signal?: AbortSignal): Promise<List<Broadcast>> =>
  body(client.GET('/api/v1/broadcasts', { params: after(cursor), ...until(signal) }))

export const broadcast = (id: string, signal?: AbortSignal): Promise<Broadcast> =>
  body(
    client.GET('/api/v1/broadcasts/{broadcast}', {
      params: { path: { broadcast: id } },
      ...until(signal),
    }),
  )

/** The MP4 files of a recording: one, or as many as its codecs changed. */
export const downloads = async (id: string, signal?: AbortSignal): Promise<Download[]> => {
  const params = { path: { broadcast: id } }
  const all = client.GET('/api/v1/broadcasts/{broadcast}/downloads', { params, ...until(signal) })
  return (await body(all)).items
}

/** By what right a viewing is asked for, beside being signed in. */
const right = (password: string | undefined) => (password === undefined ? {} : { password })

/** Begins a viewing of what a channel has on air. */
export const watchChannel = (name: string, password: string | undefined): Promise<ChannelViewing> =>
  body(
    client.POST('/api/v1/channels/{channel}/viewings', {
      params: { path: { channel: name } },
      body: right(password),
    }),
  )

/** Begins a viewing of a recording. */
export const watchBroadcast = (
  id: string,
  password: string | undefined,
): Promise<BroadcastViewing> =>
  body(
    client.POST('/api/v1/broadcasts/{broadcast}/viewings', {
      params: { path: { broadcast: id } },
      body: right(password),
    }),
  )
