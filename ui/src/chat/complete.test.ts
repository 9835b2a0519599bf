import { expect, test } from 'vitest'
import { completionAt, put, type Stock } from './complete'

const stock: Stock = {
  names: ['bob', 'Bea', 'alice'],
  emotes: [
    { code: 'smile', url: '/s' },
    { code: 'bigsmile', url: '/b' },
  ],
  commands: [
    { name: 'slow', use: '/slow [seconds]', help: 'h' },
    { name: 'slowoff', use: '/slowoff', help: 'h' },
    { name: 'me', use: '/me text', help: 'h' },
  ],
}
const labels = (text: string, caret = text.length) =>
  completionAt(text, caret, stock)?.choices.map((c) => c.label) ?? null

test('names after an at', () => {
  expect(labels('@')).toEqual(['@bob', '@Bea', '@alice'])
  expect(labels('hi @b')).toEqual(['@bob', '@Bea'])
  expect(labels('hi @b there', 5)).toEqual(['@bob', '@Bea'])
  expect(labels('a@b')).toBe(null)
  expect(labels('@zz')).toBe(null)
})

test('emotes after a colon, those that begin so first', () => {
  expect(labels(':s')).toEqual([':smile:', ':bigsmile:'])
  expect(labels('at 10:s')).toBe(null)
  expect(labels(':')).toBe(null)
})

test('commands where a line begins', () => {
  expect(labels('/')).toEqual(['/slow [seconds]', '/slowoff', '/me text'])
  expect(labels('/slow')).toEqual(['/slow [seconds]', '/slowoff'])
  expect(labels('//')).toBe(null)
  expect(labels('x /s')).toBe(null)
  expect(labels('/slow 3')).toBe(null)
})

test('a choice is put where it was typed, with one space after it', () => {
  const text = 'hi @b there'
  const found = completionAt(text, 5, stock)!
  expect(put(text, found, found.choices[1]!)).toEqual(['hi @Bea there', 8])
  const emote = completionAt(':bi', 3, stock)!
  expect(put(':bi', emote, emote.choices[0]!)).toEqual([':bigsmile: ', 11])
})
