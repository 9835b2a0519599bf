// Chat's own words, which come with chat. Filled in by `speakChat`, before the
// first of its components is made.

import { spoken } from '../lib/language'
import { chat as english } from '../lib/strings/en/chat'

export type ChatWords = typeof english

export const words: ChatWords = { ...english }

/** Has chat speak the language of the pages; English, should its words not come. */
export async function speakChat(): Promise<void> {
  if (spoken.language !== 'de') return
  try {
    Object.assign(words, (await import('../lib/strings/de/chat')).chat)
  } catch {
    // English is there.
  }
}
