// The part of the API about clips, and about what becomes of recordings.
import { body, client, type Broadcast, type List } from './api'
import type { components } from './api.gen'

type Schemas = components['schemas']

export type Clip = Schemas['Clip']
export type ClipRequest = Schemas['ClipRequest']
export type ClipViewing = Schemas['ClipViewing']
export type Chapters = Schemas['Chapters']
export type Visibility = Broadcast['visibility']

const clipPath = (clip: string) => ({ path: { clip } })
const broadcastPath = (broadcast: string) => ({ path: { broadcast } })

/** The server waits for the end of a clip of what is on air to be recorded. */
export const makeClip = (broadcast: string, request: ClipRequest): Promise<Clip> =>
  body(
    client.POST('/api/v1/broadcasts/{broadcast}/clips', {
      params: broadcastPath(broadcast),
      body: request,
    }),
  )

/** One clip; an ApiError with status 404 when there is none, or none any more. */
export const readClip = (id: string, signal?: AbortSignal): Promise<Clip> =>
  body(client.GET('/api/v1/clips/{clip}', { params: clipPath(id), ...(signal ? { signal } : {}) }))

/** A channel's clips, or those of one of its broadcasts, newest first. */
export const channelClips = (
  channel: string,
  cursor: string | null,
  broadcast?: string,
): Promise<List<Clip>> =>
  body(
    client.GET('/api/v1/channels/{channel}/clips', {
      params: {
        path: { channel },
        query: {
          ...(cursor ? { cursor } : {}),
          ...(broadcast ? { broadcast, limit: 100 } : {}),
        },
      },
    }),
  )

export const renameClip = (id: string, title: string): Promise<Clip> =>
  body(client.PATCH('/api/v1/clips/{clip}', { params: clipPath(id), body: { title } }))

export const deleteClip = async (id: string): Promise<void> => {
  await client.DELETE('/api/v1/clips/{clip}', { params: clipPath(id) })
}

/** Begins a viewing of a clip. */
export const watchClip = (id: string, password: string | undefined): Promise<ClipViewing> =>
  body(
    client.POST('/api/v1/clips/{clip}/viewings', {
      params: clipPath(id),
      body: password === undefined ? {} : { password },
    }),
  )

export const chapters = (broadcast: string, signal?: AbortSignal): Promise<Chapters> =>
  body(
    client.GET('/api/v1/broadcasts/{broadcast}/chapters', {
      params: broadcastPath(broadcast),
      ...(signal ? { signal } : {}),
    }),
  )

/** Changes a broadcast; an empty visibility is its channel's. */
export const changeBroadcast = (
  id: string,
  change: { title?: string; visibility?: Visibility | '' },
): Promise<Broadcast> =>
  body(client.PATCH('/api/v1/broadcasts/{broadcast}', { params: broadcastPath(id), body: change }))

/** Deletes a recording, and its clips if they are to go too. */
export const deleteRecording = async (id: string, clips: boolean): Promise<void> => {
  await client.DELETE('/api/v1/broadcasts/{broadcast}', {
    params: { ...broadcastPath(id), query: { clips } },
  })
}
