// Colours of names: what somebody chose, made lighter or darker until it can be
// read on its ground. Pure.

type Rgb = [number, number, number]

/** The grounds on which names stand, in the light and the dark theme: all of them have to do. */
const GROUNDS: Record<'light' | 'dark', Rgb[]> = {
  light: [of('#ffffff'), of('#eef0f4')],
  dark: [of('#151821'), of('#1f2430')],
}
/** The least contrast of text to its ground (WCAG 2.2, 1.4.3). */
const LEAST = 4.5
/** For who chose none. */
const USUAL = [
  '#d64545',
  '#c2603a',
  '#9a6b00',
  '#4e8a2f',
  '#00857a',
  '#1f7fc4',
  '#5b63d6',
  '#9348c4',
  '#c23c8c',
]

function of(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

const toHex = (c: Rgb) => `#${c.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`

/** WCAG 2.2, relative luminance. */
function luminance(c: Rgb): number {
  const [r, g, b] = c.map((v) => {
    const s = v / 255
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  return contrastOf(of(a), of(b))
}

function contrastOf(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

const mix = (c: Rgb, to: number, part: number) => c.map((v) => v + (to - v) * part) as Rgb

const known = new Map<string, string>()
/** More colours than this are not kept: somebody makes them up. */
const KEPT = 2000

/** The colour nearest to `color` that can be read in the theme. What is no colour gives one by `name`. */
export function readable(color: string, name: string, theme: 'light' | 'dark'): string {
  const wanted = /^#[0-9a-f]{6}$/i.test(color) ? color : usual(name)
  const key = theme + wanted
  let found = known.get(key)
  if (!found) {
    if (known.size >= KEPT) known.clear()
    known.set(key, (found = nearest(of(wanted), theme)))
  }
  return found
}

function nearest(color: Rgb, theme: 'light' | 'dark'): string {
  const goes = (part: number) => {
    const c = of(toHex(mix(color, theme === 'light' ? 0 : 255, part)))
    return GROUNDS[theme].every((ground) => contrastOf(c, ground) >= LEAST)
  }
  if (goes(0)) return toHex(color)
  let [no, yes] = [0, 1]
  while (yes - no > 0.01) {
    const part = (no + yes) / 2
    if (goes(part)) yes = part
    else no = part
  }
  return toHex(mix(color, theme === 'light' ? 0 : 255, yes))
}

/** One of a few, the same each time. */
function usual(name: string): string {
  let sum = 0
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0
  return USUAL[sum % USUAL.length] as string
}
