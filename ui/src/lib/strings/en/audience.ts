// How many watch, for who broadcasts.

import { formsOf } from '../forms'

const { plural, count } = formsOf('en')

export const audience = {
  audience: {
    title: 'Viewers',
    show: 'Viewers',
    showOf: (name: string) => `Viewers of ${name}`,
    none: 'Nobody watched this live.',
    noneYet: 'Nobody watches yet.',
    now: 'Watching now',
    peak: 'At most at once',
    average: 'On average',
    viewings: 'Viewings',
    watched: 'Watched together',
    graph: 'Viewers over time',
    span: (minutes: number) =>
      minutes < 120
        ? plural(minutes, { one: 'one minute', other: `${count(minutes)} minutes` })
        : `${count(Math.round(minutes / 60))} hours`,
    quality: 'How it played',
    players: (n: number) =>
      plural(n, {
        one: 'One player on this site told. Others count as viewers only.',
        other: `${count(n)} players on this site told. Others count as viewers only.`,
      }),
    startup: 'First picture after',
    latency: 'Behind you by',
    below: (time: string) => `less than ${time}`,
    more: 'more than can be told',
    stalls: 'Stalls',
    stalled: 'Time stalled',
  },
}
