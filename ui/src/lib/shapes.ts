// The forms of a channel's settings: which fields each shows, and what changed
// fields ask of the server. Numbers are as they are typed; an empty one is as
// the server is set. Pure.

import type { Shape } from './managed.svelte'
import type { ChannelSettings } from './manage'

const GB = 1e9

const typed = (n: number | null) => (n === null ? '' : String(n))

const list = (text: string, between: RegExp) =>
  text
    .split(between)
    .map((s) => s.trim())
    .filter(Boolean)

/** Nothing typed stands for the server's own setting, which the API says by a number of its own. */
const number = (text: string, none: number) => (text.trim() === '' ? none : Number(text))

/** What viewers read. */
export const WORDS = {
  fields: (s) => ({
    title: s.title,
    description: s.description,
    category: s.category,
    tags: s.tags.join(', '),
    language: s.language,
    mature: s.mature,
  }),
  change: ({ tags, ...rest }) => ({
    ...rest,
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
  }),
} satisfies Shape<{
  title: string
  description: string
  category: string
  /** With commas between. */
  tags: string
  language: string
  mature: boolean
}>

/** The tags that a text with commas names. */
export const tagsOf = (text: string): string[] => list(text, /,/)

/** When it means to be on air. */
export const SCHEDULE = {
  fields: (s) => ({ schedule: s.schedule.map((t) => ({ ...t })) }),
  change: (changed) => changed,
} satisfies Shape<{ schedule: ChannelSettings['schedule'] }>

/** What is kept. */
export const RECORDING = {
  fields: (s) => ({
    recorded: s.recorded,
    retention_days: typed(s.retention_days),
    retention_gb: typed(s.retention_bytes === null ? null : s.retention_bytes / GB),
    clips: s.clips === 'signed_in',
  }),
  change: ({ retention_days, retention_gb, clips, ...rest }) => ({
    ...rest,
    ...(retention_days === undefined ? {} : { retention_days: number(retention_days, 0) }),
    ...(retention_gb === undefined
      ? {}
      : { retention_bytes: Math.round(number(retention_gb, 0) * GB) }),
    ...(clips === undefined ? {} : { clips: clips ? 'signed_in' : 'nobody' }),
  }),
} satisfies Shape<{
  recorded: boolean
  retention_days: string
  retention_gb: string
  /** Viewers may make them. */
  clips: boolean
}>

/** What happens when the encoder goes, or another comes. */
export const ENCODER = {
  fields: (s) => ({ reconnect_seconds: typed(s.reconnect_seconds), takeover: s.takeover }),
  change: ({ reconnect_seconds, ...rest }) => ({
    ...rest,
    ...(reconnect_seconds === undefined
      ? {}
      : { reconnect_seconds: number(reconnect_seconds, -1) }),
  }),
} satisfies Shape<{ reconnect_seconds: string; takeover: ChannelSettings['takeover'] }>

/** Who may watch, and on whose pages. */
export const ACCESS = {
  fields: (s) => ({
    visibility: s.visibility,
    password: '',
    embedding: s.embedding,
    embed_sites: s.embed_sites.join('\n'),
  }),
  change: ({ password, embed_sites, ...rest }, all) => ({
    ...rest,
    // What was typed before another visibility was chosen is not meant any more.
    ...(password && all.visibility === 'password' ? { password } : {}),
    ...(embed_sites === undefined ? {} : { embed_sites: sitesOf(embed_sites) }),
  }),
} satisfies Shape<{
  visibility: ChannelSettings['visibility']
  /** For viewers; the server keeps what was set to itself. */
  password: string
  embedding: ChannelSettings['embedding']
  /** A line each. */
  embed_sites: string
}>

/** The sites that a text names, a line each. */
export const sitesOf = (text: string): string[] => list(text, /\s+/)

/** The first of `sites` that is no site's address; undefined when all are. */
export function wrongSite(sites: string[]): string | undefined {
  return sites.find((site) => {
    if (!URL.canParse(site)) return true
    const { protocol, pathname, search, hash, username } = new URL(site)
    return !/^https?:$/.test(protocol) || pathname !== '/' || Boolean(search || hash || username)
  })
}
