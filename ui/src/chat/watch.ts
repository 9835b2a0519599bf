// What moderators of a channel do and what waits for them, as they hear of it:
// for a page that shows no chat.

import { Connection, type World } from './connection'
import type { Acted, LineData } from './protocol'

/** What a watch tells. */
export interface Watched {
  /** It may have missed something: what is shown is to be read anew. */
  onback(): void
  onact(entry: Acted): void
  onreview(held: { line: LineData; why: string }): void
  onreviewed(id: string): void
}

/** Begins to watch; what it returns ends that. */
export function watch(world: World, on: Watched): () => void {
  const connection = new Connection(world, {
    onmessage(m) {
      if (m.type === 'hello') on.onback()
      else if (m.type === 'log') on.onact(m)
      else if (m.type === 'review') on.onreview({ line: m.line, why: m.why })
      else if (m.type === 'reviewed') on.onreviewed(m.id)
    },
    ondown: () => undefined, // it comes back by itself
    onshut: () => undefined, // the other parts of the page say what is wrong
  })
  return () => connection.stop()
}
