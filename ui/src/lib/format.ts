// Numbers and times for people, as the language of the pages writes them.

import { spoken } from './language'

const pad = (n: number) => String(n).padStart(2, '0')

/** A length of time as a clock shows it: 0:07, 12:05, 1:02:03. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const h = Math.floor(s / 3600)
  const m = Math.floor((s % 3600) / 60)
  return h > 0 ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`
}

/** A number: "1,234.5". `digits` are those after the point, at least `least` of them. */
export function decimal(n: number, digits: number, least = 0): string {
  const fraction = { minimumFractionDigits: least, maximumFractionDigits: digits }
  return new Intl.NumberFormat(spoken.locale, fraction).format(n)
}

/** What stands before a number's fraction: "." or ",". */
export const point = (): string => decimal(0.5, 1).charAt(1)

const fixed = (n: number, digits: number) => decimal(n, digits, digits)

/** Seconds with a unit, to the millisecond below ten: "0.412 s"; "—" for null. */
export function seconds(value: number | null): string {
  return value === null ? '—' : `${fixed(value, Math.abs(value) < 10 ? 3 : 1)} s`
}

/** Bits a second with a unit; "—" for null. */
export function bitrate(bps: number | null): string {
  if (bps === null) return '—'
  return bps >= 1e6 ? `${fixed(bps / 1e6, 2)} Mbit/s` : `${decimal(bps / 1e3, 0)} kbit/s`
}

/** How long a file is, as file managers say it: "512 kB", "1.3 GB". */
export function fileSize(bytes: number): string {
  if (bytes >= 1e9) return `${fixed(bytes / 1e9, 1)} GB`
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** How long ago `then` was, in the largest fitting unit: "5 minutes ago", "yesterday". */
export function ago(then: Date, now: Date, locale = spoken.locale): string {
  const passed = (then.getTime() - now.getTime()) / 1000
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, size] of STEPS) {
    if (Math.abs(passed) >= size) return relative.format(Math.trunc(passed / size), unit)
  }
  return relative.format(0, 'second')
}

/** Names a broadcast without a title: "Sat 21 Nov, 14:05". */
export function dayAndTime(then: Date, locale = spoken.locale): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(then)
}

/** A day of the calendar: "21 Nov 2026". */
export function day(then: Date, locale = spoken.locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(then)
}

/** The time of day to the second: "14:05:10". */
export function timeOfDay(then: Date, locale = spoken.locale): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(then)
}

/** The exact time, for tooltips. */
export function exact(then: Date, locale = spoken.locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(then)
}
