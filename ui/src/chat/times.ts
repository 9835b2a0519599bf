// Times as chat writes them.

import { spoken } from '../lib/language'

let written: Intl.DateTimeFormat | null = null

/** The time of day to the minute: "14:05". One format for all lines, which are many. */
export function timeOf(then: Date): string {
  written ??= new Intl.DateTimeFormat(spoken.locale, { hour: '2-digit', minute: '2-digit' })
  return written.format(then)
}
