// The words of webhooks, which come with their pages.

import { spoken } from '../lib/language'
import { hooks as english } from '../lib/strings/en/hooks'

export type HookWords = typeof english

export const words: HookWords = { ...english }

/** Has them in the language of the pages; English, should its words not come. */
export async function speakHooks(): Promise<void> {
  if (spoken.language !== 'de') return
  try {
    Object.assign(words, (await import('../lib/strings/de/hooks')).hooks)
  } catch {
    // English is there.
  }
}
