// Every word that a person can read, in the language that was chosen. The words
// themselves are in strings/, a folder for each language.

import { en } from './strings/en'
import type { desk } from './strings/en/desk'

/** What every language has to say: the shape of the English catalogue. */
export type Catalogue = typeof en & typeof desk

/**
 * The catalogue in use: English until another is filled in, which happens before
 * the first component is made (main.ts). So components may hold parts of it, and
 * modules must not: they read it when they need it.
 */
export const strings = { ...en } as Catalogue // the rest comes with its pages: lib/desk.ts

/** Has `strings` speak another language from here on, or say more in the one that it speaks. */
export function fill(catalogue: Partial<Catalogue>): void {
  Object.assign(strings, catalogue)
}
