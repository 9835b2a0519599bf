// Requests for playlists and media: bounded in time, and with errors that say
// whether trying again may help.

import { retryAfter } from './retry'

/** The server answered with something else than success. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: number | null,
  ) {
    super(`answered ${status}`)
  }

  /** Whoever asks may not have it, or not any longer. */
  get refused(): boolean {
    return this.status === 401 || this.status === 403
  }

  /** What was asked for is not there, and asking again for the same will not bring it. */
  get gone(): boolean {
    return this.status === 404 || this.status === 410 || this.status === 400
  }
}

/** How much traffic a player made: shown in its statistics. */
export class Traffic {
  requests = 0
  bytes = 0
  /** Requests that wait on the server right now. Never more than one. */
  waiting = 0
}

/** How a playlist is asked for: `waits` says that the server may hold the request, `noStore` that the browser's cache is not asked. */
export interface Asking {
  ms: number
  waits?: boolean
  noStore?: boolean
}

/** The text of a playlist. */
export async function fetchText(
  url: string,
  traffic: Traffic,
  signal: AbortSignal,
  { ms, waits = false, noStore = false }: Asking,
): Promise<string> {
  traffic.waiting += waits ? 1 : 0
  try {
    const answer = await get(url, traffic, signal, ms, noStore ? 'no-store' : 'default')
    const text = await answer.text()
    traffic.bytes += text.length
    return text
  } finally {
    traffic.waiting -= waits ? 1 : 0
  }
}

/** The bytes of a piece of media. */
export async function fetchBytes(
  url: string,
  traffic: Traffic,
  signal: AbortSignal,
  ms: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await get(url, traffic, signal, ms)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  traffic.bytes += bytes.length
  return bytes
}

async function get(
  url: string,
  traffic: Traffic,
  signal: AbortSignal,
  ms: number,
  cache: RequestCache = 'default',
): Promise<Response> {
  traffic.requests++
  const limited = AbortSignal.any([signal, AbortSignal.timeout(ms)])
  const answer = await fetch(url, { signal: limited, cache })
  if (!answer.ok) {
    await answer.body?.cancel()
    throw new HttpError(answer.status, retryAfter(answer.headers.get('Retry-After')))
  }
  return answer
}
