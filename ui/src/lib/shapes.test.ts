import { expect, test } from 'vitest'
import { changesOf } from './changes'
import type { ChannelSettings } from './manage'
import type { Shape } from './managed.svelte'
import { ACCESS, ENCODER, RECORDING, SCHEDULE, WORDS, wrongSite } from './shapes'

const settings: ChannelSettings = {
  name: 'demo',
  title: 'Demo',
  description: '',
  category: 'Talk',
  tags: ['one', 'two words'],
  language: 'en',
  mature: false,
  schedule: [{ day: 6, start: '20:30', minutes: 90, zone: 'Europe/Berlin', title: '' }],
  avatar: null,
  banner: null,
  offline: null,
  reconnect_seconds: null,
  takeover: 'newest',
  recorded: true,
  retention_days: 1.5,
  retention_bytes: 2_500_000_000,
  clips: 'signed_in',
  visibility: 'public',
  has_password: false,
  embedding: 'allowed',
  embed_sites: ['https://a.example', 'https://b.example'],
  banned: false,
  taken_down: false,
  place: 'owner',
}

/** What a form sends when its fields are changed so. */
function sent<F extends object>(
  shape: Shape<F>,
  typed: Partial<F>,
): ReturnType<Shape<F>['change']> {
  const all = { ...shape.fields(settings), ...typed }
  return shape.change(changesOf(shape.fields(settings), all), all)
}

test('what is not changed is not sent', () => {
  expect(sent(WORDS, {})).toEqual({})
  expect(sent(SCHEDULE, {})).toEqual({})
  expect(sent(RECORDING, {})).toEqual({})
  expect(sent(ENCODER, {})).toEqual({})
  expect(sent(ACCESS, {})).toEqual({})
})

test('words and tags', () => {
  expect(WORDS.fields(settings).tags).toBe('one, two words')
  expect(sent(WORDS, { title: 'Two', tags: ' a,, b c ,' })).toEqual({
    title: 'Two',
    tags: ['a', 'b c'],
  })
})

test('numbers, and none of them', () => {
  expect(RECORDING.fields(settings).retention_days).toBe('1.5')
  expect(sent(RECORDING, { retention_days: '' })).toEqual({ retention_days: 0 })
  expect(RECORDING.fields(settings).retention_gb).toBe('2.5')
  expect(sent(RECORDING, { retention_gb: '0.5' })).toEqual({ retention_bytes: 500_000_000 })
  expect(sent(RECORDING, { retention_gb: '', clips: false })).toEqual({
    retention_bytes: 0,
    clips: 'nobody',
  })
  expect(ENCODER.fields(settings).reconnect_seconds).toBe('')
  expect(sent(ENCODER, { reconnect_seconds: '90' })).toEqual({ reconnect_seconds: 90 })
  expect(sent(ENCODER, { reconnect_seconds: '0' })).toEqual({ reconnect_seconds: 0 })
})

test('a schedule is a copy', () => {
  const fields = SCHEDULE.fields(settings)
  fields.schedule[0]!.day = 1
  expect(settings.schedule[0]!.day).toBe(6)
  expect(sent(SCHEDULE, { schedule: [] })).toEqual({ schedule: [] })
})

test('who may watch', () => {
  expect(sent(ACCESS, { visibility: 'password', password: 'word' })).toEqual({
    visibility: 'password',
    password: 'word',
  })
  expect(sent(ACCESS, { visibility: 'members', password: 'word' })).toEqual({
    visibility: 'members',
  })
  expect(sent(ACCESS, { embed_sites: '\n https://c.example \n\n' })).toEqual({
    embed_sites: ['https://c.example'],
  })
})

test('addresses of sites', () => {
  expect(wrongSite(['https://a.example', 'http://b.example:8080/'])).toBeUndefined()
  for (const wrong of [
    'a.example',
    'ftp://a.example',
    'https://a.example/page',
    'https://u@a.example',
  ])
    expect(wrongSite(['https://a.example', wrong])).toBe(wrong)
})
