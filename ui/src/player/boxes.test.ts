import { expect, test } from 'vitest'
import { decodeTime, trackInfo } from './boxes'

type Bytes = Uint8Array<ArrayBuffer>

function box(type: string, ...bodies: (number[] | Bytes)[]): Bytes {
  const size = 8 + bodies.reduce((n, b) => n + b.length, 0)
  const head = [size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255]
  return Uint8Array.from(
    [head, [...type].map((c) => c.charCodeAt(0)), ...bodies].flatMap((b) => [...b]),
  )
}

const u32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]
const init = (version: 0 | 1, timescale: number): Bytes => {
  const times = version === 1 ? 16 : 8
  const mdhd = box(
    'mdhd',
    [version, 0, 0, 0],
    Array(times).fill(0),
    u32(timescale),
    Array(8).fill(0),
  )
  const stsd = box('stsd', u32(0), u32(1), box('avc1', Array(8).fill(0)))
  const mdia = box('mdia', mdhd, box('minf', box('stbl', stsd)))
  return Uint8Array.from([...box('ftyp', u32(0)), ...box('moov', box('trak', mdia))])
}
const fragment = (version: 0 | 1, time: number): Bytes => {
  const t = version === 1 ? [...u32(Math.floor(time / 2 ** 32)), ...u32(time % 2 ** 32)] : u32(time)
  return box('moof', box('mfhd', u32(0)), box('traf', box('tfdt', [version, 0, 0, 0], t)))
}

test('timescale and coding of an initialisation segment, in both versions', () => {
  expect(trackInfo(init(0, 48_000))).toEqual({ timescale: 48_000, entry: 'avc1' })
  expect(trackInfo(init(1, 90_000))).toEqual({ timescale: 90_000, entry: 'avc1' })
})

test('decode time, beyond 32 bits too', () => {
  expect(decodeTime(fragment(0, 90_000), 90_000)).toBe(1)
  expect(decodeTime(fragment(1, 90_000 * 100_000), 90_000)).toBe(100_000)
})

test('what is cut short or lies about its size is null, at every length', () => {
  const whole = fragment(1, 90_000)
  for (let n = 0; n < whole.length; n++) expect(decodeTime(whole.slice(0, n), 90_000)).toBeNull()
  const head = init(0, 48_000)
  for (let n = 0; n < head.length; n++) expect(trackInfo(head.slice(0, n))).toBeNull()
  expect(decodeTime(Uint8Array.from([0, 0, 0, 0, ...whole.slice(4)]), 90_000)).toBeNull()
})
