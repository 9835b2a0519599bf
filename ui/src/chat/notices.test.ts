import { afterEach, beforeEach, expect, test } from 'vitest'
import { fill } from '../lib/strings'
import { de } from '../lib/strings/de'
import { chat as german } from '../lib/strings/de/chat'
import { chat as english } from '../lib/strings/en/chat'
import { server } from '../lib/strings/en/server'
import { noticeOf } from './notices'
import { words } from './words'

beforeEach(() => {
  fill(de)
  Object.assign(words, german)
})
afterEach(() => {
  fill(server)
  Object.assign(words, english)
})

test('answers are said by their codes', () => {
  const timeout = { code: 'done', command: 'timeout', name: 'eve', durationMs: 600_000 }
  expect(noticeOf({ ...timeout, text: 'eve may not speak for 10m0s.' })).toEqual({
    text: 'eve darf hier nicht schreiben, 10 Minuten lang.',
    lang: undefined,
  })
  const help = noticeOf({ code: 'help', text: 'Commands.', commands: ['ban', 'unban'] })
  expect(help.text).toMatch(/: \/ban \/unban\.$/)
})

test('what is refused has the words of the chat, or those of the API', () => {
  const said = (code: string) => noticeOf({ code, text: 'No.' })
  expect(said('unknown').text).toBe(german.answers['unknown']?.({}))
  expect(said('banned').text).toBe(german.refused['banned'])
  expect(said('forbidden')).toEqual({ text: de.refusals['forbidden'], lang: undefined })
  expect(said('bad_filter').text).toMatch(/Der Server sagt: No\.$/)
})

test('what has no words is the sentence of the server, in its language', () => {
  const text = 'It danced.'
  for (const told of [
    { code: 'done', text },
    { code: 'done', command: 'dance', text },
    { code: 'done', command: 'constructor', text },
    { code: 'toString', text },
  ])
    expect(noticeOf(told)).toEqual({ text, lang: 'en' })
})

test('in English the server has the word', () => {
  fill(server)
  Object.assign(words, english)
  const text = 'The chat is cleared.'
  expect(noticeOf({ code: 'done', command: 'clear', text })).toEqual({ text, lang: 'en' })
  expect(noticeOf({ code: 'duplicate', text }).text).toBe(english.refused['duplicate'])
})
