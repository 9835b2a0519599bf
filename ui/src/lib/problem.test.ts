import { expect, test } from 'vitest'
import { fieldErrors, problemOf } from './problem'

const answer = (status: number, body: unknown) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })

test('a refusal is told in the words of the server', async () => {
  const err = await problemOf(
    answer(403, {
      title: 'Forbidden',
      status: 403,
      code: 'wrong_password',
      detail: 'It is wrong.',
    }),
  )
  expect([err.status, err.code, err.message, err.fields]).toEqual([
    403,
    'wrong_password',
    'It is wrong.',
    {},
  ])
})

test('an answer that is none of the API has its status', async () => {
  for (const body of ['<h1>Bad gateway</h1>', 'null', '"text"', '']) {
    const err = await problemOf(answer(502, body))
    expect([err.status, err.code, err.message]).toEqual([502, '', '502'])
  }
})

test('what is wrong with a field is told by the field', async () => {
  const err = await problemOf(
    answer(422, {
      code: 'invalid',
      detail: 'Validation failed.',
      errors: [
        { location: 'body.tags[3]', message: 'expected length <= 40' },
        { location: 'body.name', message: 'expected string' },
        { location: 'body.name', message: 'another' },
        { location: 'query.limit', message: 'expected number' },
      ],
    }),
  )
  expect(err.fields).toEqual({ tags: 'Expected length <= 40.', name: 'Expected string.' })
  const has = new Set(['name', 'password'])
  expect(fieldErrors(err, {}, has)).toEqual({ name: 'Expected string.' })
  expect(fieldErrors(err, {}, new Set(['other']))).toEqual({})
})

test('a code names its field, if the form has it', async () => {
  const err = await problemOf(answer(409, { code: 'user_taken', detail: 'Taken.' }))
  expect(fieldErrors(err, {}, new Set(['name']))).toEqual({ name: 'Taken.' })
  expect(fieldErrors(err, { user_taken: 'login' }, new Set(['login']))).toEqual({ login: 'Taken.' })
  expect(fieldErrors(err, {}, new Set(['password']))).toEqual({})
  expect(fieldErrors(new Error('offline'), {}, new Set(['name']))).toEqual({})
})
