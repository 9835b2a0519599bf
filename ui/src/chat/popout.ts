// Loads PopOut.svelte with chat's words.

import PopOut from './PopOut.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof PopOut }> {
  await speakChat()
  return { default: PopOut }
}
