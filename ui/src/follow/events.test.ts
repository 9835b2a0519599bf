import { expect, test, vi } from 'vitest'

vi.mock('../lib/me.svelte', () => ({ session: { me: null, refresh: () => undefined } }))
vi.mock('./followed.svelte', () => ({ followed: { refresh: () => undefined } }))

const { pauseMs, read } = await import('./events.svelte')

test('what the server says is read, and what is unknown is nothing', () => {
  const live = { type: 'live', channel: 'show', title: 'Show', broadcastId: 'b1' }
  expect(read(JSON.stringify(live))).toEqual({ ...live, broadcastTitle: '', at: 0 })
  for (const said of ['', 'null', '1', '[]', '{', '{"type":"hello"}', '{"type":"live"}', 7, null])
    expect(read(said)).toBeNull()
})

test('who cannot come back waits longer each time, and no longer than a minute', () => {
  expect([0, 1, 2, 3].map(pauseMs)).toEqual([1000, 2000, 4000, 8000])
  expect(pauseMs(1000)).toBe(60_000)
})
