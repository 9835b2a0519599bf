// What the server says to people in chat, in the language of the page.

import { refusalOf } from '../lib/problem'
import { sayOr, type Said } from '../lib/said'
import type { Told } from './protocol'
import { words } from './words'

/** What is kept under a name, and not what every object has. */
const own = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined

/** The words for what was told; the server's own sentence where there are none. */
export function noticeOf(told: Told): Said {
  const { code, text } = told
  const answer = code === 'done' ? own(words.done, told.command ?? '') : own(words.answers, code)
  return sayOr(own(words.refused, code) ?? answer?.(told) ?? refusalOf(code, text), text)
}
