// What an encoder sends and cannot be carried, in the language of the pages.
import type { components } from './api.gen'
import { sayOr, type Said } from './said'
import { strings } from './strings'

export type NotCarried = components['schemas']['NotCarried']

/** The server's sentence for a code without words. */
export function sayNotCarried(n: NotCarried): Said {
  const words = Object.hasOwn(strings.notCarried, n.code) ? strings.notCarried[n.code] : undefined
  return sayOr(words?.(n), n.text)
}
