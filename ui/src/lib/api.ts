// The server's JSON API, typed by hand and thin: one function a resource.
// Answers are trusted to have the server's own shape.

/** What a server says of itself. */
export interface ServerInfo {
  name: string
  version: string
  /** Who may publish without a key: nobody, local addresses, anyone. */
  open: '' | 'private' | 'any'
  demo: boolean
  rtmp: { url: string }
  /** The server's clock in milliseconds since 1970. */
  now?: number
}

/** One track of a stream. */
export interface Rendition {
  name: string
  kind: 'video' | 'audio'
  codecs: string
  width?: number
  height?: number
  frame_rate?: number
  sample_rate?: number
  channels?: number
  bitrate?: number
}

/** A channel's broadcast while it is on air. */
export interface Live {
  broadcast: string
  state: 'opening' | 'live' | 'interrupted'
  /** Null while opening. */
  started_at: string | null
  /** Since when the encoder is away, and until when it can come back; null unless interrupted. */
  interrupted_at?: string | null
  reconnect_until?: string | null
  hls: string
  /** HLS that reaches back rewind_seconds, or to the beginning when those are null. */
  rewind?: string
  rewind_seconds?: number | null
  plain?: string
  preview?: string
  renditions: Rendition[] | null
  /** Sentences about media that the encoder sends and that cannot be carried. */
  notices: string[] | null
}

/** A permanent public address. */
export interface Channel {
  name: string
  title: string
  live: Live | null
}

/** One time on air. */
export interface Broadcast {
  id: string
  channel: string
  state: 'opening' | 'live' | 'interrupted' | 'ended' | 'archived' | 'discarded' | 'failed'
  /** When the encoder was let in. */
  created_at: string
  /** When it was on air; null before. */
  started_at: string | null
  ended_at: string | null
  end_reason?: string
  duration_ms: number
  recorded: boolean
  hls: string
}

/** An MP4 file that a recording can be had in. */
export interface Download {
  part: number
  url: string
  duration_ms: number
  bytes: number
}

/** A page of a list. */
export interface List<T> {
  items: T[]
  next: string | null
}

/** The server refused, with its own sentence where it gave one (RFC 9457). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail)
  }
}

const TIMEOUT_MS = 10_000

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  const answer = await fetch(`/api/v1${path}`, {
    headers: { Accept: 'application/json' },
    cache: 'no-store',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  })
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string }
    throw new ApiError(answer.status, problem.detail ?? problem.title ?? answer.statusText)
  }
  return (await answer.json()) as T
}

const list = async <T>(path: string, signal?: AbortSignal): Promise<List<T>> => {
  const { items, next } = await get<{ items: T[] | null; next: string | null }>(path, signal)
  return { items: items ?? [], next: next || null }
}

const after = (cursor: string | null) => (cursor ? `?cursor=${encodeURIComponent(cursor)}` : '')

export const serverInfo = (signal?: AbortSignal) => get<ServerInfo>('/server', signal)

/** Channels that are on air. */
export const liveChannels = (signal?: AbortSignal) => list<Channel>('/live', signal)

/** One channel; an ApiError with status 404 when there is none of that name. */
export const channel = (name: string, signal?: AbortSignal) =>
  get<Channel>(`/channels/${encodeURIComponent(name)}`, signal)

/** A channel's broadcasts, newest first. */
export const channelBroadcasts = (name: string, cursor: string | null, signal?: AbortSignal) =>
  list<Broadcast>(`/channels/${encodeURIComponent(name)}/broadcasts${after(cursor)}`, signal)

/** Broadcasts of all channels, newest first. */
export const broadcasts = (cursor: string | null, signal?: AbortSignal) =>
  list<Broadcast>(`/broadcasts${after(cursor)}`, signal)

export const broadcast = (id: string, signal?: AbortSignal) =>
  get<Broadcast>(`/broadcasts/${encodeURIComponent(id)}`, signal)

/** The MP4 files of a recording: one, or as many as its codecs changed. */
export const downloads = async (id: string, signal?: AbortSignal): Promise<Download[]> =>
  (await get<{ items: Download[] }>(`/broadcasts/${encodeURIComponent(id)}/downloads`, signal))
    .items
