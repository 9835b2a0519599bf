// Loads ChatPage.svelte with chat's words.

import ChatPage from './ChatPage.svelte'
import { speakChat } from './words'

export async function load(): Promise<{ default: typeof ChatPage }> {
  await speakChat()
  return { default: ChatPage }
}
