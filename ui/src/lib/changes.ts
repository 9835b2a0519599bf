// What of a form differs from what the server has. Pure.

/** The fields of `draft` whose values are not those of `saved`; lists and objects are compared by content. */
export function changesOf<T extends object>(saved: T, draft: T): Partial<T> {
  const changes: Partial<T> = {}
  for (const key of Object.keys(draft) as (keyof T)[]) {
    if (!same(saved[key], draft[key])) changes[key] = draft[key]
  }
  return changes
}

export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/**
 * A draft after somebody else changed what it was made from: what was changed
 * in the draft stays, the rest is as the server has it now.
 */
export function rebase<T extends object>(before: T, draft: T, now: T): T {
  return { ...now, ...changesOf(before, draft) }
}
