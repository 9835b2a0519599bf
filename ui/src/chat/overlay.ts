// Loads Overlay.svelte with chat's words.

import Overlay from './Overlay.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof Overlay }> {
  await speakChat()
  return { default: Overlay }
}
