// What the player's keys do. Pure: the component carries it out.

/** What a key asks for. */
export type KeyAction =
  | { do: 'play' | 'fullscreen' | 'theatre' | 'mute' | 'captions' | 'live' }
  | { do: 'seek' | 'volume' | 'frame'; by: number }
  | { do: 'jump'; to: number }

const SEEK = 5
const VOLUME = 0.05

/** The action of a key, null for keys that are not the player's. Chords are the browser's. */
export function keyAction(e: {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}): KeyAction | null {
  if (e.ctrlKey || e.metaKey || e.altKey) return null
  if (/^[0-9]$/.test(e.key)) return { do: 'jump', to: Number(e.key) / 10 }
  switch (e.key.toLowerCase()) {
    case ' ':
    case 'k':
      return { do: 'play' }
    case 'f':
      return { do: 'fullscreen' }
    case 't':
      return { do: 'theatre' }
    case 'm':
      return { do: 'mute' }
    case 'c':
      return { do: 'captions' }
    case 'l':
      return { do: 'live' }
    case 'arrowleft':
      return { do: 'seek', by: -SEEK }
    case 'arrowright':
      return { do: 'seek', by: SEEK }
    case 'arrowup':
      return { do: 'volume', by: VOLUME }
    case 'arrowdown':
      return { do: 'volume', by: -VOLUME }
    case ',':
      return { do: 'frame', by: -1 }
    case '.':
      return { do: 'frame', by: 1 }
  }
  return null
}

/** Whether the element under focus has its own use for the key. */
export function belongsToElement(target: Element | null, key: string): boolean {
  if (!target) return false
  const tag = target.tagName.toLowerCase()
  // The player's keys do what arrows do on its own range, and more.
  if (tag === 'input' && (target as HTMLInputElement).type === 'range')
    return /^(Home|End|Page)/.test(key)
  if (tag === 'input' || tag === 'textarea' || tag === 'select') return true
  if ((target as HTMLElement).isContentEditable) return true
  if (/range$/.test(tag)) return key.startsWith('Arrow') || /^[0-9]$/.test(key)
  const pressable = tag === 'button' || tag === 'a' || /^media-.*-button$/.test(tag)
  return pressable && (key === ' ' || key === 'Enter')
}
