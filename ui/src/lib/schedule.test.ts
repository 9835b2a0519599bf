import { expect, test } from 'vitest'
import { dayNames, momentOf, occasionText, upcoming, zones } from './schedule'

const iso = (d: Date) => d.toISOString().slice(0, 16)
const show = (over: object) => ({
  day: 6,
  start: '20:30',
  minutes: 90,
  zone: 'Europe/Berlin',
  title: '',
  ...over,
})

test('a time of the week in its own zone, summer and winter', () => {
  const [winter] = upcoming([show({})], new Date('2026-11-17T12:00:00Z'))
  expect([iso(winter!.start), iso(winter!.end)]).toEqual(['2026-11-21T19:30', '2026-11-21T21:00'])
  const [summer] = upcoming([show({})], new Date('2026-07-17T12:00:00Z'))
  expect(iso(summer!.start)).toBe('2026-07-18T18:30')
})

test('one that is on now comes first, also past midnight and past the week', () => {
  const late = show({ day: 6, start: '23:00', minutes: 180, zone: 'UTC', title: 'late' })
  const noon = show({ day: 0, start: '12:00', minutes: 30, zone: 'UTC', title: 'noon' })
  const sunday = new Date('2026-11-22T01:30:00Z')
  expect(upcoming([noon, late], sunday).map((o) => [o.title, iso(o.start)])).toEqual([
    ['late', '2026-11-21T23:00'],
    ['noon', '2026-11-22T12:00'],
  ])
  const after = new Date('2026-11-22T02:00:00Z')
  expect(upcoming([late], after).map((o) => iso(o.start))).toEqual(['2026-11-28T23:00'])
})

test('the day is that of the zone', () => {
  // It is Monday in Auckland while it is Sunday at noon UTC.
  const t = show({ day: 1, start: '09:00', minutes: 60, zone: 'Pacific/Auckland' })
  expect(iso(upcoming([t], new Date('2026-11-22T12:00:00Z'))[0]!.start)).toBe('2026-11-22T20:00')
})

test('clocks that are changed', () => {
  const at = (wall: string) => iso(new Date(momentOf(Date.parse(wall), 'Europe/Berlin')))
  expect(at('2026-03-29T01:30Z')).toBe('2026-03-29T00:30')
  expect(at('2026-03-29T02:30Z')).toBe('2026-03-29T01:30') // left out: it is 03:30 then
  expect(at('2026-03-29T03:30Z')).toBe('2026-03-29T01:30')
  expect(at('2026-10-25T01:30Z')).toBe('2026-10-24T23:30')
  expect(at('2026-10-25T03:30Z')).toBe('2026-10-25T02:30')
})

test('what cannot be is left out', () => {
  const now = new Date('2026-11-17T12:00:00Z')
  expect(upcoming([show({ zone: 'Mars/Olympus' })], now)).toEqual([])
})

test('words', () => {
  expect(dayNames('en')[0]).toBe('Sunday')
  expect(dayNames('de')[6]).toBe('Samstag')
  expect(zones(['Old/Name'])).toContain('Old/Name')
  expect(zones()).toContain('Europe/Berlin')
  const [o] = upcoming([show({})], new Date('2026-11-17T12:00:00Z'))
  // Other versions of the locale's data set other spaces and words between.
  expect(occasionText(o!, 'en-GB', 'UTC')).toMatch(/^Saturday.+21 November.+19:30–21:00$/)
})
