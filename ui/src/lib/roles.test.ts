import { expect, test } from 'vitest'
import type { Me } from './api'
import { decides, moderatesOnly } from './roles'

const me = (role: Me['role'], place?: Me['channels'][number]['place']) =>
  ({
    role,
    channels: place ? [{ name: 'demo', title: '', place, live: false }] : [],
  }) as unknown as Me

test('who moderates a channel and does no more', () => {
  for (const [who, only] of [
    [me('user', 'moderator'), true],
    [me('user', 'editor'), false],
    [me('user', 'member'), false],
    [me('user'), false],
    [me('moderator'), true],
    [me('moderator', 'owner'), false],
    [me('moderator', 'member'), true],
    [me('admin'), false],
  ] as const)
    expect(moderatesOnly(who, 'demo'), JSON.stringify(who)).toBe(only)
})

test('who decides what may be on the site', () => {
  expect([null, undefined, me('user', 'owner'), me('moderator'), me('admin')].map(decides)).toEqual(
    [false, false, false, true, true],
  )
})
