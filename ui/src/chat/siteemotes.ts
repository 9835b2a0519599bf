// Loads SiteEmotes.svelte with chat's words.

import SiteEmotes from './SiteEmotes.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof SiteEmotes }> {
  await speakChat()
  return { default: SiteEmotes }
}
