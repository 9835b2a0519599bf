// A channel's weekly times, as moments in the viewer's own time zone.

import { spoken } from './language'

/** A time of the week at which a channel means to be on air. */
export interface Showtime {
  /** 0 is Sunday. */
  day: number
  /** 24 hours, such as 20:30, in the zone. */
  start: string
  minutes: number
  /** Of the IANA database, such as Europe/Berlin. */
  zone: string
  title: string
}

/** One of them that is on now or comes. */
export interface Occasion {
  start: Date
  end: Date
  title: string
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** What clocks in a zone show at a moment, as if that were UTC. */
function wallClock(at: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(at)
  const n = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((p) => p.type === type)?.value ?? 0)
  return Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second'))
}

/**
 * The moment at which clocks in a zone show `wall`, given as if it were UTC. A
 * time that the change to summer time leaves out is that much later.
 */
export function momentOf(wall: number, zone: string): number {
  const offset = (at: number) => wallClock(at, zone) - Math.floor(at / 1000) * 1000
  const guess = wall - offset(wall)
  const better = wall - offset(guess)
  return offset(better) === offset(guess) ? better : Math.max(guess, better)
}

/** The next occasion of each time, those on now first, soonest first. A zone that the browser does not know is left out. */
export function upcoming(schedule: Showtime[], now: Date): Occasion[] {
  return schedule
    .flatMap((t) => next(t, now.getTime()) ?? [])
    .sort((a, b) => a.start.getTime() - b.start.getTime())
}

function next(time: Showtime, now: number): Occasion | null {
  const [hours = NaN, minutes = NaN] = time.start.split(':').map(Number)
  let wall: number
  try {
    wall = wallClock(now, time.zone)
  } catch {
    return null
  }
  const today = new Date(wall)
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate())
  const days = (time.day - today.getUTCDay() + 7) % 7
  // Last week's may still be on: it can begin before midnight.
  for (const week of [-1, 0, 1]) {
    const wanted = midnight + (days + week * 7) * DAY_MS + (hours * 60 + minutes) * MINUTE_MS
    const start = momentOf(wanted, time.zone)
    const end = start + time.minutes * MINUTE_MS
    if (end > now) return { start: new Date(start), end: new Date(end), title: time.title }
  }
  return null
}

/** The zone that the browser is in. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

/** All zones that the browser knows, with `also` when it is none of them. */
export function zones(also: string[] = []): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...also])].sort()
}

/** The days of the week in the viewer's language, Sunday first. */
export function dayNames(locale = spoken.locale): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })
  // 4 January 1970 was a Sunday.
  return Array.from({ length: 7 }, (_, i) => format.format(new Date((3 + i) * DAY_MS)))
}

/** An occasion as the viewer says it: "Saturday 21 November, 20:30–22:00". */
export function occasionText(o: Occasion, locale = spoken.locale, zone?: string): string {
  const where = zone ? { timeZone: zone } : {}
  const clock = { hour: '2-digit', minute: '2-digit', ...where } as const
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const
  // A range of both dates is long when one ends after midnight, and says no more.
  const start = new Intl.DateTimeFormat(locale, { ...day, ...clock }).format(o.start)
  return `${start}–${new Intl.DateTimeFormat(locale, clock).format(o.end)}`
}
