// Loads Side.svelte with chat's words.

import Side from './Side.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof Side }> {
  await speakChat()
  return { default: Side }
}
