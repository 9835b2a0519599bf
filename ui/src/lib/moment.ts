// Places in a recording as people and addresses write them.

import { point } from './format'

const pad = (n: number, to: number) => String(n).padStart(to, '0')

/** A time as an address has it: "1h2m3s", "90s". */
export function toMoment(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return `${h ? `${h}h` : ''}${h || m ? `${m}m` : ''}${s % 60}s`
}

/** The seconds of such a time, or of a bare number; null for what is none. */
export function ofMoment(text: string | null): number | null {
  if (!text) return null
  const m = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?$/.exec(text)
  if (!m || text === '') return null
  return Number(m[1] ?? 0) * 3600 + Number(m[2] ?? 0) * 60 + Number(m[3] ?? 0)
}

/** A time to the tenth of a second, to be typed: "1:02:03.4". */
export function toClock(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10)
  const [h, m] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60]
  const s = `${pad(Math.floor(tenths / 10) % 60, 2)}${point()}${tenths % 10}`
  return h ? `${h}:${pad(m, 2)}:${s}` : `${m}:${s}`
}

/** The seconds of a time that was typed; null for what is none. */
export function ofClock(text: string): number | null {
  const m = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:[.,]\d{1,3})?)$/.exec(text.trim())
  if (!m?.[3]) return null
  return Number(m[1] ?? 0) * 3600 + Number(m[2] ?? 0) * 60 + Number(m[3].replace(',', '.'))
}
