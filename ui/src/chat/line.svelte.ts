// What the panel shows, one under the other: lines that people said, and notes
// of what happened.

import type { LineData, Told } from './protocol'
import { piecesOf, type Piece } from './text'

/** Why a line is not shown any more. */
export type Gone = '' | 'deleted' | 'banned'

/** A line, of which what was said stays the same and whether it is shown does not. */
export class Line {
  readonly kind = 'line'
  readonly data: LineData
  gone = $state<Gone>('')
  #pieces: Piece[] | null = null

  constructor(data: LineData) {
    this.data = data
  }

  get key(): string {
    return this.data.id
  }

  get pieces(): Piece[] {
    return (this.#pieces ??= piecesOf(this.data))
  }
}

/** Something that happened in the room. */
export type Happened =
  | { what: 'live' | 'ended' | 'missed' | 'banned' | 'unbanned'; name: string }
  | { what: 'sub'; name: string; more: number }
  | { what: 'notice'; told: Told }

export type Note = Happened & { readonly kind: 'note'; readonly key: string; readonly at: number }

export type Entry = Line | Note

/** A line of one's own, until the room has it. */
export interface Pending {
  nonce: string
  text: string
  at: number
  replyTo: Line | null
  /** The server has it under this id; empty before. */
  id: string
  state: 'sent' | 'held' | 'refused' | 'lost'
  /** Why it was refused. */
  code: string
  reason: string
}
