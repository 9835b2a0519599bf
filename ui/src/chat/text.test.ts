import { expect, test } from 'vitest'
import { lengthOf, oneLine, piecesOf, type Piece } from './text'

const told = (text: string, more: Partial<Parameters<typeof piecesOf>[0]> = {}) =>
  piecesOf({ text, ...more }).map((p: Piece) => {
    if (p.kind === 'link') return `<${p.text}>${p.text === p.href ? '' : ` ${p.href}`}`
    return p.kind === 'text' ? p.text : `${p.kind}:${p.text}`
  })

test('links are those of the web', () => {
  expect(told('see https://a.test/x?y=1.')).toEqual(['see ', '<https://a.test/x?y=1>', '.'])
  expect(told('(https://a.test/b_(c))!')).toEqual(['(', '<https://a.test/b_(c)>', ')!'])
  expect(told('HTTP://A.test')).toEqual(['<HTTP://A.test> http://a.test/'])
  expect(told('“https://a.test”')).toEqual(['“', '<https://a.test> https://a.test/', '”'])
  for (const none of [
    'javascript:alert(1)',
    'data:text/html,<b>',
    'https://',
    'https://user:pw@evil.test/',
    'https://good.test@evil.test/',
    'xhttp://a.test',
    'ftp://a.test',
    '//a.test',
    'mailto:a@b.test',
  ])
    expect(told(none), none).toEqual([none])
})

test('markup is text', () => {
  for (const text of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '&lt;b&gt;'])
    expect(told(text)).toEqual([text])
  expect(told('https://a.test/"onmouseover="x')).toEqual(['<https://a.test/>', '"onmouseover="x'])
})

test('names that the server knows are marked', () => {
  expect(told('hi @Bob, not @eve or a@bob.test', { mentions: ['bob'] })).toEqual([
    'hi ',
    'mention:@Bob',
    ', not @eve or a@bob.test',
  ])
  expect(told('@bob@bob @bob', { mentions: ['bob'] })).toEqual([
    'mention:@bob',
    '@bob ',
    'mention:@bob',
  ])
  expect(told('https://a.test/@bob', { mentions: ['bob'] })).toEqual(['<https://a.test/@bob>'])
})

test('emotes stand where the server says, if that is in the text', () => {
  const at = (start: number, end: number, id = 'e') => ({ code: 'hi', id, start, end })
  expect(told('😀 :hi: :hi:', { emotes: [at(8, 12), at(3, 7)] })).toEqual([
    '😀 ',
    'emote::hi:',
    ' ',
    'emote::hi:',
  ])
  expect(told('ab', { emotes: [at(1, 5), at(1, 1), at(-2, 1), at(0, 1)] })).toEqual([
    'emote:a',
    'b',
  ])
  expect(told('abcd', { emotes: [at(0, 3), at(2, 4)] }), 'none in another').toEqual([
    'emote:abc',
    'd',
  ])
})

test('all of a text is there, in order', () => {
  const text = 'a https://b.test, @bob :hi: @bob) (http://c.test) ::'
  const all = piecesOf({
    text,
    mentions: ['bob'],
    emotes: [{ code: 'hi', id: 'x', start: 23, end: 27 }],
  })
  expect(all.map((p) => p.text).join('')).toBe(text)
})

test('a text is measured as the server does and sent in one line', () => {
  expect(lengthOf('a😀é')).toBe(3)
  expect(oneLine(' a\r\n  b\nc ')).toBe('a b c')
})
