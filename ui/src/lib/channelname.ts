// The rule for a channel's name that a person chooses. Pure. The server has
// the last word: what is reserved or taken only it knows.

/** The least and the most characters of a name. */
export const SHORTEST = 3
export const LONGEST = 64

/** What is wrong with a name; null when it can be one. */
export type NameTrouble = 'short' | 'long' | 'letters' | 'ends' | null

/** Checks a name as it is typed; A–Z counts as a–z. An empty one is not wrong yet. */
export function nameTrouble(name: string): NameTrouble {
  if (name === '') return null
  if (!/^[a-z0-9_-]+$/i.test(name)) return 'letters'
  if (name.length < SHORTEST) return 'short'
  if (name.length > LONGEST) return 'long'
  return /^[_-]|[_-]$/.test(name) ? 'ends' : null
}
