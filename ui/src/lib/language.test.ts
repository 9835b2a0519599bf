import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bitrate, dayAndTime, decimal, fileSize, point, ago } from './format'
import { languageFor, localeFor, speak, spoken } from './language'
import { ofClock, toClock } from './moment'
import { fill, strings } from './strings'
import { en } from './strings/en'

test('a choice counts, then what the browser asks for, then English', () => {
  expect(languageFor('de', ['en-GB'])).toBe('de')
  expect(languageFor('en', ['de'])).toBe('en')
  expect(languageFor(null, ['de-AT', 'en'])).toBe('de')
  expect(languageFor(null, ['fr-CA', 'DE-ch'])).toBe('de')
  expect(languageFor(null, ['fr', 'ja'])).toBe('en')
  expect(languageFor(null, [])).toBe('en')
  expect(languageFor('tlh', ['de'])).toBe('de') // of another release
  expect(languageFor('toString', [])).toBe('en')
})

test('numbers and times are those of the country', () => {
  expect(localeFor('de', ['en-GB', 'de-AT', 'de'])).toBe('de-AT')
  expect(localeFor('en', ['de-AT'])).toBe('en')
})

const page = { documentElement: { lang: 'en' } }

beforeEach(() => {
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { languages: ['de-DE', 'en'] })
})
afterEach(() => {
  vi.unstubAllGlobals()
  fill(en)
  Object.assign(spoken, { language: 'en', locale: 'en' })
})

test('the pages speak German to who reads it', async () => {
  const held = strings
  await speak()
  expect(page.documentElement.lang).toBe('de')
  expect(held.retry).toBe('Noch einmal versuchen')
  expect([decimal(1234.56, 1), point()]).toEqual(['1.234,6', ','])
  expect([bitrate(2_660_000), fileSize(1_340_000_000)]).toEqual(['2,66 Mbit/s', '1,3 GB'])
  expect([toClock(62.5), ofClock('1:02,5')]).toEqual(['1:02,5', 62.5])
  const [then, now] = [new Date('2026-11-21T12:00:00Z'), new Date('2026-11-21T12:05:00Z')]
  expect(ago(then, now)).toBe('vor 5 Minuten')
  expect(dayAndTime(then)).toMatch(/^Sa/)
  expect(strings.stream.keySome(1)).toMatch(/^Dein Kanal hat einen /)
  expect(strings.stream.keySome(1200)).toMatch(/^Dein Kanal hat 1\.200 /)
})
