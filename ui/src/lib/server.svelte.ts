// What the server says of itself: its name, who may sign up, whether it waits
// for its first admin. Every page shares one answer.

import { serverInfo } from './api'
import { Poll } from './poll.svelte'
import { strings } from './strings'

const EVERY_MS = 60_000

/** The name as the server wrote it into the page, so that it stands at once. */
const written = document.querySelector<HTMLMetaElement>('meta[property="og:site_name"]')?.content

export const server = new Poll(serverInfo, EVERY_MS)

/** What the site calls itself. */
export const siteName = (): string => server.data?.name || written || strings.siteName
