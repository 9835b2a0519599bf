// Loads ReplayChat.svelte with chat's words.

import ReplayChat from './ReplayChat.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof ReplayChat }> {
  await speakChat()
  return { default: ReplayChat }
}
