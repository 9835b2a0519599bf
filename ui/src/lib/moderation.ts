// The part of the API by which things are reported, and by which moderators answer.
import { body, client, type List } from './api'
import type { components } from './api.gen'

type Schemas = components['schemas']

export type Report = Schemas['Report']
export type Takedown = Schemas['Takedown']
export type OnAir = Schemas['OnAir']
export type Ban = Schemas['Ban']
export type Kind = Report['kind']
export type Reason = Report['reason']

const after = (cursor: string | null) => ({ params: { query: cursor ? { cursor } : {} } })

/** Tells the moderators of something. `target` is a channel's name or an id. */
export const report = async (
  kind: Kind,
  target: string,
  reason: Reason,
  words: string,
): Promise<void> => {
  await client.POST('/api/v1/reports', { body: { kind, target, reason, words } })
}

export const reports = (cursor: string | null): Promise<List<Report>> =>
  body(client.GET('/api/v1/admin/reports', after(cursor)))

export const dismiss = async (report: string): Promise<void> => {
  await client.POST('/api/v1/admin/reports/{report}/dismiss', { params: { path: { report } } })
}

export const takedowns = (cursor: string | null): Promise<List<Takedown>> =>
  body(client.GET('/api/v1/admin/takedowns', after(cursor)))

export const takeDown = (kind: Kind, target: string, reason: Reason): Promise<Takedown> =>
  body(client.POST('/api/v1/admin/takedowns', { body: { kind, target, reason } }))

export const undo = async (takedown: string): Promise<void> => {
  await client.DELETE('/api/v1/admin/takedowns/{takedown}', { params: { path: { takedown } } })
}

export const onAir = async (signal?: AbortSignal): Promise<OnAir[]> =>
  (await body(client.GET('/api/v1/admin/live', signal ? { signal } : {}))).items

export const bans = (cursor: string | null): Promise<List<Ban>> =>
  body(client.GET('/api/v1/admin/bans', after(cursor)))

export const stop = async (channel: string): Promise<void> => {
  await client.POST('/api/v1/channels/{channel}/stop', { params: { path: { channel } } })
}

export const ban = async (channel: string): Promise<void> => {
  await client.PUT('/api/v1/admin/bans/{channel}', { params: { path: { channel } } })
}

export const unban = async (channel: string): Promise<void> => {
  await client.DELETE('/api/v1/admin/bans/{channel}', { params: { path: { channel } } })
}
