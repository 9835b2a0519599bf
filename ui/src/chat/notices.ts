// What the server says to people in chat, in the language of the page.

import { words } from './words'

/** The words for a code; the server's own where there are none. */
export function noticeOf(code: string, text: string): string {
  return (Object.hasOwn(words.refused, code) ? words.refused[code] : undefined) ?? text
}
