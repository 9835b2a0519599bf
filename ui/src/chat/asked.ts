// What a dialog of chat is about.
import type { Line } from './line.svelte'
import type { Speaker } from './protocol'

export type Asked =
  | { what: 'line' | 'report'; line: Line }
  | { what: 'user'; user: Speaker }
  | { what: 'options' | 'poll' }
