// Every word that a person can read, in the language that was chosen. The words
// themselves are in strings/, a folder for each language.

import { en } from './strings/en'

/** What every language has to say: the shape of the English catalogue. */
export type Catalogue = typeof en

/**
 * The catalogue in use: English until another is filled in, which happens before
 * the first component is made (main.ts). So components may hold parts of it, and
 * modules must not: they read it when they need it.
 */
export const strings: Catalogue = { ...en }

/** Has `strings` speak another language from here on. */
export function fill(catalogue: Catalogue): void {
  Object.assign(strings, catalogue)
}
