// What a line's text is made of: words, links, names and emotes. Pure: what
// comes out is shown as text, never as HTML.

import type { LineData } from './protocol'

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; name: string }
  | { kind: 'emote'; text: string; id: string }

const LINK = /\bhttps?:\/\/[^\s<>"]+/gi
const MENTION = /(^|[^\w@/])@([A-Za-z0-9_-]{1,64})/g
/** What ends a sentence, not an address. */
const AFTER_LINK = /[.,;:!?'"»”’…]+$/

/** The pieces of a text, in order. */
export function piecesOf(line: Pick<LineData, 'text' | 'mentions' | 'emotes'>): Piece[] {
  const { text } = line
  const pieces: Piece[] = []
  let at = 0
  for (const emote of [...(line.emotes ?? [])].sort((a, b) => a.start - b.start)) {
    // What does not fit the text is not an emote.
    if (emote.start < at || emote.end > text.length || emote.end <= emote.start) continue
    pieces.push(...links(text.slice(at, emote.start), line.mentions ?? []))
    pieces.push({ kind: 'emote', text: text.slice(emote.start, emote.end), id: emote.id })
    at = emote.end
  }
  pieces.push(...links(text.slice(at), line.mentions ?? []))
  return pieces
}

function* links(text: string, mentions: readonly string[]): Generator<Piece> {
  let at = 0
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const whole = endOf(found)
    const href = addressOf(whole)
    if (!href) continue
    yield* names(text.slice(at, index), mentions)
    yield { kind: 'link', text: whole, href }
    at = index + whole.length
  }
  yield* names(text.slice(at), mentions)
}

/** An address without what closes the sentence or the bracket around it. */
function endOf(found: string): string {
  let link = found.replace(AFTER_LINK, '')
  while (link.endsWith(')') && count(link, '(') < count(link, ')'))
    link = link.slice(0, -1).replace(AFTER_LINK, '')
  return link
}

const count = (text: string, char: string) => text.split(char).length - 1

/** What a link leads to; null for what is none of the web, or says who somebody is to be. */
function addressOf(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, href, username, password, hostname } = new URL(text)
  const web = protocol === 'http:' || protocol === 'https:'
  return web && hostname && !username && !password ? href : null
}

function* names(text: string, mentions: readonly string[]): Generator<Piece> {
  let at = 0
  if (mentions.length > 0) {
    for (const { 0: found, 1: before = '', 2: name = '', index } of text.matchAll(MENTION)) {
      if (!mentions.some((m) => m.toLowerCase() === name.toLowerCase())) continue
      const start = index + before.length
      if (start > at) yield { kind: 'text', text: text.slice(at, start) }
      yield { kind: 'mention', text: found.slice(before.length), name: name.toLowerCase() }
      at = index + found.length
    }
  }
  if (at < text.length) yield { kind: 'text', text: text.slice(at) }
}

/** How long a text is as the server counts it. */
export const lengthOf = (text: string): number => [...text].length

/** A text as it is sent: one line. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()
