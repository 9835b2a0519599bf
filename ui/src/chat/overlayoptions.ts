// What the address of an overlay asks for. Pure.

export interface OverlayOptions {
  /** Of letters, in pixels. */
  size: number
  /** Lines go after so many seconds; 0: they stay. */
  fade: number
  badges: boolean
  /** So many lines at most. */
  lines: number
  side: 'left' | 'right'
}

const within = (text: string | null, usual: number, least: number, most: number) => {
  const n = text === null || text.trim() === '' ? NaN : Number(text)
  return Number.isFinite(n) ? Math.min(most, Math.max(least, n)) : usual
}

/** The options of a query; what makes no sense is as if it were not there. */
export function overlayOptions(query: string): OverlayOptions {
  const q = new URLSearchParams(query)
  return {
    size: within(q.get('size'), 28, 12, 96),
    fade: within(q.get('fade'), 0, 0, 3600),
    badges: !['0', 'off', 'no'].includes(q.get('badges') ?? ''),
    lines: Math.round(within(q.get('lines'), 20, 1, 100)),
    side: q.get('align') === 'right' ? 'right' : 'left',
  }
}
