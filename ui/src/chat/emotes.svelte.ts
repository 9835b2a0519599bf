// The emotes that can stand in lines: the channel's and the site's.

import { readEmotes, type Emote, type Within } from './api'

export class Emotes {
  items = $state.raw<Emote[]>([])
  #byId = $derived(new Map(this.items.map((e) => [e.id, e])))
  #at = ''

  /** Reads them, unless they are those that are there. */
  async load(channel: string, at: string, within: Within = {}): Promise<void> {
    if (at === this.#at) return
    this.#at = at
    try {
      this.items = await readEmotes(channel, within)
    } catch {
      this.#at = '' // lines show what was typed in place of pictures
    }
  }

  of(id: string): Emote | undefined {
    return this.#byId.get(id)
  }
}
