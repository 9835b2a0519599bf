import { expect, test } from 'vitest'
import type { Socket } from './connection'
import { watch } from './watch'

test('what moderators do is heard of, and read anew after the connection broke', () => {
  const sockets: Socket[] = []
  const timers: (() => void)[] = []
  const heard: unknown[] = []
  const stop = watch(
    {
      open() {
        const socket: Socket = {
          send: () => undefined,
          close: () => heard.push('closed'),
          onopen: null,
          onmessage: null,
          onclose: null,
        }
        sockets.push(socket)
        return socket
      },
      later: (_, then) => (timers.push(then), () => undefined),
      random: () => 1,
    },
    {
      onback: () => heard.push('back'),
      onact: ({ act, target }) => heard.push([act, target]),
      onreview: ({ line, why }) => heard.push([line.id, why]),
      onreviewed: (id) => heard.push(id),
    },
  )
  const says = (m: object) => sockets.at(-1)!.onmessage?.({ data: JSON.stringify(m) })
  says({ type: 'hello' })
  says({ type: 'message', id: 'l0' })
  says({ type: 'log', id: 'g1', at: 1, actor: 'mona', act: 'ban', target: 'eve', details: '' })
  says({ type: 'review', line: { id: 'l1' }, why: 'word' })
  says({ type: 'reviewed', id: 'l1', allowed: true })
  expect(heard).toEqual(['back', ['ban', 'eve'], ['l1', 'word'], 'l1'])
  sockets[0]!.onclose?.({ code: 1006 })
  timers.shift()!()
  says({ type: 'hello' })
  stop()
  expect(heard.slice(4)).toEqual(['back', 'closed'])
})
