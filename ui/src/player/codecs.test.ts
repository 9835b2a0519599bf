import { expect, test } from 'vitest'
import { bestTracks, tracksOf } from './codecs'
import type { Variant } from './playlist'

const variant = (over: Partial<Variant>): Variant => ({
  url: 'v',
  bandwidth: 1,
  codecs: ['avc1.64001f', 'mp4a.40.2'],
  audio: 'a',
  ...over,
})

test('picture and sound apart, together, and each alone', () => {
  expect(tracksOf(variant({}))).toEqual([
    { kind: 'video', mime: 'video/mp4; codecs="avc1.64001f"', url: 'v' },
    { kind: 'audio', mime: 'audio/mp4; codecs="mp4a.40.2"', url: 'a' },
  ])
  expect(tracksOf(variant({ audio: null })).map((t) => t.mime)).toEqual([
    'video/mp4; codecs="avc1.64001f,mp4a.40.2"',
  ])
  expect(tracksOf(variant({ audio: null, codecs: ['avc1.64001f'] }))).toHaveLength(1)
  expect(tracksOf(variant({ audio: null, codecs: ['opus'] }))).toEqual([
    { kind: 'audio', mime: 'audio/mp4; codecs="opus"', url: 'v' },
  ])
})

test('the best variant that can be played in all its parts', () => {
  const small = variant({ url: 'small' })
  const large = variant({ url: 'large', bandwidth: 9, codecs: ['hvc1.1.6.L93.90', 'mp4a.40.2'] })
  const noHevc = (mime: string) => !mime.includes('hvc1')
  expect(bestTracks([small, large], () => true)?.[0]?.url).toBe('large')
  expect(bestTracks([small, large], noHevc)?.[0]?.url).toBe('small')
  expect(bestTracks([large], noHevc)).toBeNull()
  expect(bestTracks([], () => true)).toBeNull()
})
