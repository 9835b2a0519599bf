// The part of the API that tells what the server keeps.
import { body, client, type List } from './api'
import type { components } from './api.gen'

type Schemas = components['schemas']

export type Disk = Schemas['Disk']
export type Kept = Schemas['Kept']
export type Limits = Schemas['Limits']
export type Retention = Schemas['Retention']
export type ChannelStorage = Schemas['ChannelStorage']

export const channelStorage = (cursor: string | null): Promise<List<ChannelStorage>> =>
  body(
    client.GET('/api/v1/admin/storage/channels', { params: { query: cursor ? { cursor } : {} } }),
  )

export const changeLimits = async (limits: Limits): Promise<void> => {
  await client.PUT('/api/v1/admin/limits', { body: limits })
}

/** All that recordings and clips take. */
export const keptBytes = (k: Kept): number => k.recording_bytes + k.clip_bytes + k.picture_bytes
