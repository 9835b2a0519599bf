import { expect, test } from 'vitest'
import { ApiError } from './problem'
import { Viewing, type Access } from './viewing.svelte'

function setUp(access: Access, signedIn: boolean) {
  const asked: (string | undefined)[] = []
  const say = { error: null as Error | null, given: 0 }
  const viewing = new Viewing({
    ask: async (password) => {
      asked.push(password)
      if (say.error) throw say.error
      return `/~${++say.given}`
    },
    signedIn: () => signedIn,
    access: () => access,
  })
  return { viewing, asked, say }
}

const no = (status: number) => new ApiError(status, 'It is another one.')

test('nobody who is known is asked for the password at once', async () => {
  const { viewing, asked, say } = setUp('password', false)
  await viewing.open()
  expect([viewing.door, asked]).toEqual(['password', []])
  say.error = no(403)
  await viewing.enter('wrong')
  expect([viewing.door, viewing.refusal]).toEqual(['password', 'It is another one.'])
  say.error = null
  await viewing.enter('right')
  expect([viewing.door, viewing.addresses, viewing.refusal]).toEqual(['open', '/~1', ''])
  expect(asked).toEqual(['wrong', 'right'])
})

test('who is signed in is asked for it only when that is not enough', async () => {
  const { viewing, asked, say } = setUp('password', true)
  await viewing.open()
  expect([viewing.door, asked]).toEqual(['open', [undefined]])
  const other = setUp('password', true)
  other.say.error = no(403)
  await other.viewing.open()
  expect([other.viewing.door, other.viewing.refusal]).toEqual(['password', ''])
  expect(say.given).toBe(1)
})

test('members only', async () => {
  const stranger = setUp('members', false)
  await stranger.viewing.open()
  expect([stranger.viewing.door, stranger.asked]).toEqual(['sign-in', []])
  const known = setUp('members', true)
  known.say.error = no(403)
  await known.viewing.open()
  expect(known.viewing.door).toBe('members')
})

test('a viewing that lapsed is opened again, once', async () => {
  const { viewing, asked } = setUp('password', false)
  await viewing.enter('word')
  viewing.playing()
  await viewing.refused()
  expect([viewing.door, viewing.addresses]).toEqual(['open', '/~2'])
  await viewing.refused() // and was refused before a picture moved
  expect([viewing.door, viewing.addresses]).toEqual(['password', null])
  await viewing.open()
  expect([viewing.door, asked]).toEqual(['password', ['word', 'word']])
})

test('a lapse much later is again the first one', async () => {
  const { viewing } = setUp('password', false)
  await viewing.enter('word')
  for (let i = 0; i < 3; i++) {
    await viewing.refused()
    viewing.playing()
  }
  expect([viewing.door, viewing.addresses]).toEqual(['open', '/~4'])
})

test('trouble is not taken for a refusal', async () => {
  const { viewing, say } = setUp('password', false)
  say.error = new TypeError('failed to fetch')
  await viewing.enter('word')
  expect(viewing.door).toBe('trouble')
  say.error = null
  await viewing.open() // with the word that was typed
  expect([viewing.door, viewing.addresses]).toEqual(['open', '/~1'])
})
