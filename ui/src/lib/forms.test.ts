import { expect, test } from 'vitest'
import { changesOf, rebase } from './changes'
import { nameTrouble } from './channelname'
import { languageName, languages } from './languages'

test('the rule for names', () => {
  for (const good of ['abc', 'a-b', 'Demo_1', '007', 'x'.repeat(64)])
    expect(nameTrouble(good)).toBeNull()
  expect(nameTrouble('')).toBeNull()
  expect(nameTrouble('ab')).toBe('short')
  expect(nameTrouble('x'.repeat(65))).toBe('long')
  for (const odd of ['a b', 'café', 'a.b', '@abc']) expect(nameTrouble(odd)).toBe('letters')
  for (const edge of ['-abc', 'abc_', '___']) expect(nameTrouble(edge)).toBe('ends')
})

test('what changed in a form', () => {
  const saved = { title: 'One', tags: ['a'], mature: false }
  expect(changesOf(saved, { ...saved, tags: ['a'] })).toEqual({})
  expect(changesOf(saved, { title: 'Two', tags: ['a', 'b'], mature: false })).toEqual({
    title: 'Two',
    tags: ['a', 'b'],
  })
})

test('what was typed outlives what somebody else changed', () => {
  const before = { title: 'One', tags: ['a'], mature: false }
  const draft = { ...before, title: 'Mine' }
  const now = { title: 'Theirs', tags: ['b'], mature: true }
  expect(rebase(before, draft, now)).toEqual({ title: 'Mine', tags: ['b'], mature: true })
})

test('languages', () => {
  expect(languageName('pt-BR', 'en')).toBe('Brazilian Portuguese')
  expect(languageName('not a tag', 'en')).toBe('not a tag')
  const names = languages('gsw', 'en')
  expect(names.find((l) => l.tag === 'gsw')?.name).toBe('Swiss German')
  expect(names.map((l) => l.name)).toEqual(
    names.map((l) => l.name).toSorted((a, b) => a.localeCompare(b, 'en')),
  )
})
