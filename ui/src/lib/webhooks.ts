// The part of the API by which people have other programs told of what happens.
import { body, client, type List } from './api'
import type { components } from './api.gen'

type Schemas = components['schemas']

export type Webhook = Schemas['Webhook']
export type NewWebhook = Schemas['NewWebhook']
export type Delivery = Schemas['Delivery']
export type EventType = Webhook['events'][number]
export type Format = Webhook['format']
export type DeliveryState = Delivery['state']

/** What a channel's webhooks can be told of, in the order in which people read it. */
export const CHANNEL_EVENTS: readonly EventType[] = [
  'broadcast.started',
  'broadcast.interrupted',
  'broadcast.resumed',
  'broadcast.ended',
  'recording.ready',
  'clip.made',
  'key.new_address',
]
export const SITE_EVENTS: readonly EventType[] = [...CHANNEL_EVENTS, 'report.made']

/** What somebody wants of a webhook. */
export interface HookOrder {
  url: string
  events: string[]
  format: Format
  /** Of matrix; none: as it is. */
  token?: string
}

/** What the server says of a field. */
export const CODES = {
  bad_webhook_url: 'url',
  private_webhook_url: 'url',
  bad_webhook_events: 'events',
  bad_webhook_format: 'format',
  bad_matrix_url: 'url',
  bad_matrix_token: 'token',
} as const

const at = (webhook: string) => ({ params: { path: { webhook } } })

/** The webhooks of a channel, or the site's where the name is empty. */
export const webhooks = async (channel: string): Promise<Webhook[]> => {
  const query = channel ? { channel } : {}
  return (await body(client.GET('/api/v1/webhooks', { params: { query } }))).items
}

/** Makes a webhook, of which the secret is in this answer alone. */
export const makeWebhook = (channel: string, order: HookOrder): Promise<NewWebhook> =>
  body(client.POST('/api/v1/webhooks', { body: { ...(channel ? { channel } : {}), ...order } }))

export const changeWebhook = (
  id: string,
  change: Schemas['ChangeWebhookInputBody'],
): Promise<Webhook> => body(client.PATCH('/api/v1/webhooks/{webhook}', { ...at(id), body: change }))

export const removeWebhook = async (id: string): Promise<void> => {
  await client.DELETE('/api/v1/webhooks/{webhook}', at(id))
}

/** Another secret, which is in this answer alone. */
export const rotateWebhook = (id: string): Promise<NewWebhook> =>
  body(client.POST('/api/v1/webhooks/{webhook}/rotate', at(id)))

/** Sends a ping now. */
export const testWebhook = (id: string): Promise<Delivery> =>
  body(client.POST('/api/v1/webhooks/{webhook}/test', at(id)))

/** What a webhook was told, newest first, a page at a time. */
export const deliveries = (
  webhook: string,
  state: DeliveryState | '',
  cursor: string | null,
): Promise<List<Delivery>> =>
  body(
    client.GET('/api/v1/webhooks/{webhook}/deliveries', {
      params: {
        path: { webhook },
        query: { ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) },
      },
    }),
  )

export const redeliver = (webhook: string, sequence: number): Promise<Delivery> =>
  body(
    client.POST('/api/v1/webhooks/{webhook}/deliveries/{sequence}/redeliver', {
      params: { path: { webhook, sequence } },
    }),
  )

const ROOM = /^(https?:\/\/[^/]+)\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message$/

/** The address at which messages to a room of Matrix are sent. */
export const matrixUrl = (server: string, room: string): string => {
  const at = /^https?:/i.test(server) ? server : `https://${server}`
  return `${at.replace(/\/+$/, '')}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message`
}

/** The homeserver and the room of such an address. */
export function roomOf(url: string): { server: string; room: string } {
  const m = ROOM.exec(url)
  return m?.[1] && m[2]
    ? { server: m[1], room: decodeURIComponent(m[2]) }
    : { server: '', room: '' }
}

/** How an address is called where it is short of room. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
