import { expect, test } from 'vitest'
import { contrast, readable } from './color'

const GROUNDS = { light: ['#ffffff', '#eef0f4'], dark: ['#151821', '#1f2430'] } as const

test('a colour is read on every ground of its theme', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21)
  for (const theme of ['light', 'dark'] as const)
    for (const c of ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#808080'])
      for (const ground of GROUNDS[theme])
        expect(contrast(readable(c, '', theme), ground), `${c} on ${ground}`).toBeGreaterThan(4.5)
})

test('what can be read stays as it was chosen', () => {
  expect(readable('#1F3A93', '', 'light')).toBe('#1f3a93')
  expect(readable('#ffd166', '', 'dark')).toBe('#ffd166')
  expect(readable('#1f3a93', '', 'dark')).not.toBe('#1f3a93')
})

test('what is no colour gives one by the name, the same each time', () => {
  for (const none of ['', 'red', '#fff', 'url(x)', '#12345g', '#1234567'])
    expect(readable(none, 'alice', 'dark')).toBe(readable('', 'alice', 'dark'))
  const many = new Set([...'abcdefghij'].map((n) => readable('', n, 'dark')))
  expect(many.size).toBeGreaterThan(3)
})
