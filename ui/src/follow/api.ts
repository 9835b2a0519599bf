// The part of the API by which people follow channels and choose how they hear.
import { body, client, type List } from '../lib/api'
import type { components } from '../lib/api.gen'
import { said } from '../lib/language'

type Schemas = components['schemas']

export type Follow = Schemas['Follow']
export type Followed = Schemas['Followed']
export type Ways = Schemas['Ways']
export type Way = keyof Ways
export type Notifications = Schemas['Notifications']
export type PushSubscribed = Schemas['PushSubscription']
export type Follower = Schemas['Follower']
export type Blocked = Schemas['Blocked']

export const WAYS = ['page', 'push', 'mail'] as const

const at = (channel: string) => ({ params: { path: { channel } } })
const after = (cursor: string | null) => (cursor ? { cursor } : {})

export const following = (cursor: string | null, limit = 24): Promise<List<Followed>> =>
  body(client.GET('/api/v1/me/following', { params: { query: { ...after(cursor), limit } } }))

export const followOf = (channel: string): Promise<Follow> =>
  body(client.GET('/api/v1/me/following/{channel}', at(channel)))

export const follow = (channel: string): Promise<Follow> =>
  body(client.PUT('/api/v1/me/following/{channel}', { ...at(channel), ...said() }))

export const unfollow = async (channel: string): Promise<void> => {
  await client.DELETE('/api/v1/me/following/{channel}', at(channel))
}

export const setWays = (channel: string, ways: Ways): Promise<Follow> =>
  body(client.PUT('/api/v1/me/following/{channel}/notify', { ...at(channel), body: ways }))

export const notifications = (): Promise<Notifications> =>
  body(client.GET('/api/v1/me/notifications'))

export const setNotifications = (
  ways: Pick<Notifications, 'page' | 'push' | 'mail'>,
): Promise<Notifications> => body(client.PUT('/api/v1/me/notifications', { ...said(), body: ways }))

export const pushSubscriptions = async (): Promise<PushSubscribed[]> =>
  (await body(client.GET('/api/v1/me/push'))).items

export const subscribePush = (sub: Schemas['SubscribePushInputBody']): Promise<PushSubscribed> =>
  body(client.POST('/api/v1/me/push', { ...said(), body: sub }))

export const unsubscribePush = async (id: string): Promise<void> => {
  await client.DELETE('/api/v1/me/push/{subscription}', { params: { path: { subscription: id } } })
}

export const followers = (channel: string, cursor: string | null): Promise<List<Follower>> =>
  body(
    client.GET('/api/v1/channels/{channel}/followers', {
      params: { path: { channel }, query: after(cursor) },
    }),
  )

export const blocks = (channel: string, cursor: string | null): Promise<List<Blocked>> =>
  body(
    client.GET('/api/v1/channels/{channel}/blocks', {
      params: { path: { channel }, query: after(cursor) },
    }),
  )

const user = (channel: string, name: string) => ({
  params: { path: { channel, user: name.replace(/^@/, '') } },
})

export const block = async (channel: string, name: string): Promise<void> => {
  await client.PUT('/api/v1/channels/{channel}/blocks/{user}', user(channel, name))
}

export const unblock = async (channel: string, name: string): Promise<void> => {
  await client.DELETE('/api/v1/channels/{channel}/blocks/{user}', user(channel, name))
}

/** Which channel the letters are about that a link ends. */
export const lettersOf = (token: string): Promise<Schemas['Letters']> =>
  body(client.GET('/api/v1/unsubscribe', { params: { query: { token } } }))

export const endLetters = async (token: string, all: boolean): Promise<void> => {
  await client.POST('/api/v1/unsubscribe', { body: { token, all } })
}
