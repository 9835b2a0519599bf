// How many watch a broadcast, or watched it.
import { body, client } from './api'
import type { components } from './api.gen'
import type { Values } from './health'

export type Audience = components['schemas']['Audience']

/** An ApiError with status 403 to who does not look after the channel. */
export const audience = (broadcast: string, signal?: AbortSignal): Promise<Audience> =>
  body(
    client.GET('/api/v1/broadcasts/{broadcast}/audience', {
      params: { path: { broadcast } },
      ...(signal ? { signal } : {}),
    }),
  )

/** The points as a line of equal steps; where nobody watched it is 0. */
export function averages(a: Audience): Values {
  const first = a.points[0]
  if (!first) return []
  const values: number[] = []
  for (const p of a.points) {
    const step = Math.round((Date.parse(p.at) - Date.parse(first.at)) / a.interval_ms)
    while (values.length < step) values.push(0)
    values.push(p.average)
  }
  return values
}

/**
 * The value below which half of what was counted lies, by the stretches that it
 * was counted in: the upper end of the one in the middle. Null when nothing was
 * counted, Infinity when it lies in the stretch that has no end.
 */
export function median(stretches: Audience['quality']['startup']): number | null {
  const all = stretches.reduce((sum, s) => sum + s.value, 0)
  let below = 0
  for (const s of stretches) {
    below += s.value
    if (all > 0 && below * 2 >= all) return s.below_ms ?? Infinity
  }
  return null
}
