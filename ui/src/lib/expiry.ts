// Until when something is good. Pure.

const DAY_MS = 86_400_000

/** What the API takes for "after so many days"; nothing for what lasts. */
export function expiryAfter(days: string, now: Date): { expires_at?: string } {
  const n = Number(days)
  return n > 0 ? { expires_at: new Date(now.getTime() + n * DAY_MS).toISOString() } : {}
}

/** It has passed. */
export function hasExpired(at: string | null, now: Date): boolean {
  return at !== null && Date.parse(at) <= now.getTime()
}
