// How channels and recordings are found.

import { body, client, type Broadcast, type Channel, type List } from './api'
import type { components } from './api.gen'

export type Category = components['schemas']['Category']

/** What was found. */
export interface Found {
  channels: Channel[]
  recordings: List<Broadcast>
}

/** Public channels and recordings that have all words of a text, or words that begin so. */
export const search = async (q: string, cursor: string | null): Promise<Found> => {
  const { channels, recordings } = await body(
    client.GET('/api/v1/search', { params: { query: { q, ...(cursor ? { cursor } : {}) } } }),
  )
  return { channels, recordings: { items: recordings.items, next: recordings.next } }
}

/** What public channels are about, the categories with most channels first. */
export const categories = async (signal?: AbortSignal): Promise<Category[]> =>
  (await body(client.GET('/api/v1/categories', signal ? { signal } : {}))).items

/** The public channels of a category, by name. */
export const channelsOf = (category: string, cursor: string | null): Promise<List<Channel>> =>
  body(
    client.GET('/api/v1/categories/{category}/channels', {
      params: { path: { category }, ...(cursor ? { query: { cursor } } : {}) },
    }),
  )

/** The address of a search. */
export const searchPath = (q: string): string => `/search?q=${encodeURIComponent(q.trim())}`

/** The address of a category's page. */
export const categoryPath = (name: string): string => `/category/${encodeURIComponent(name)}`
