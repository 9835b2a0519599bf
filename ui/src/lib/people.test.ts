import { expect, test } from 'vitest'
import { deviceOf } from './agent'
import { expiryAfter, hasExpired } from './expiry'

const GECKO = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko) '

test('devices in words, by what browsers call themselves', () => {
  const of = (system: string, rest: string) => deviceOf(`Mozilla/5.0 (${system}) ${WEBKIT}${rest}`)
  expect(deviceOf(GECKO)).toBe('Firefox on Windows')
  expect(of('X11; Linux x86_64', 'Chrome/140.0 Safari/537.36')).toBe('Chrome on Linux')
  expect(of('Windows NT 10.0', 'Chrome/140.0 Safari/537.36 Edg/140.0')).toBe('Edge on Windows')
  expect(of('Linux; Android 15', 'SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36')).toBe(
    'Samsung Internet on Android',
  )
  const iphone = 'iPhone; CPU iPhone OS 18_0 like Mac OS X'
  expect(of(iphone, 'Version/18.0 Mobile/15E148 Safari/604.1')).toBe('Safari on iPhone')
  expect(of(iphone, 'CriOS/140.0 Mobile/15E148 Safari/604.1')).toBe('Chrome on iPhone')
  expect(of('Macintosh; Intel Mac OS X 10_15_7', 'Version/18.0 Safari/605.1')).toBe('Safari on Mac')
  expect(deviceOf('curl/8.9.1')).toBe('curl')
  expect(deviceOf('Dalvik/2.1.0 (Linux; U; Android 14)')).toBe('Android')
  expect(deviceOf('')).toBe('Unknown device')
})

test('until when', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  expect(expiryAfter('30', now)).toEqual({ expires_at: '2026-12-21T12:00:00.000Z' })
  expect(expiryAfter('never', now)).toEqual({})
  expect(hasExpired('2026-11-21T12:00:00Z', now)).toBe(true)
  expect(hasExpired('2026-11-21T12:00:01Z', now)).toBe(false)
  expect(hasExpired(null, now)).toBe(false)
})
