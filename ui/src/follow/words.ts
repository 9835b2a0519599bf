// The words of following, which come with what needs them. Filled in by
// `speakFollow`, before the first component that reads them is made.

import { spoken } from '../lib/language'
import { follow as english } from '../lib/strings/en/follow'

export type FollowWords = typeof english

export const words: FollowWords = { ...english }

/** Has them in the language of the pages; English, should its words not come. */
export async function speakFollow(): Promise<void> {
  if (spoken.language !== 'de') return
  try {
    Object.assign(words, (await import('../lib/strings/de/follow')).follow)
  } catch {
    // English is there.
  }
}
