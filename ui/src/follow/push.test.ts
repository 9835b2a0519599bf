import { expect, test } from 'vitest'
import { sameKey } from './push'

test('a subscription is known by the key that it was made with', () => {
  const bytes = new Uint8Array([4, 251, 255, 62]).buffer
  expect(sameKey(bytes, 'BPv_Pg')).toBe(true)
  expect(sameKey(bytes, 'BPv_Pw')).toBe(false)
  expect(sameKey(null, 'BPv_Pg')).toBe(false)
})
