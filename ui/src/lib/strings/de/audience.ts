// Wie viele zusehen, für die, die senden.

import type { audience as english } from '../en/audience'
import { formsOf } from '../forms'

const { plural, count } = formsOf('de')

export const audience: typeof english = {
  audience: {
    title: 'Zuschauer',
    show: 'Zuschauer',
    showOf: (name: string) => `Zuschauer von ${name}`,
    none: 'Niemand hat das live gesehen.',
    noneYet: 'Noch sieht niemand zu.',
    now: 'Sehen gerade zu',
    peak: 'Höchstens zugleich',
    average: 'Im Mittel',
    viewings: 'Aufrufe',
    watched: 'Zusammen gesehen',
    graph: 'Zuschauer im Verlauf',
    span: (minutes: number) =>
      minutes < 120
        ? plural(minutes, { one: 'eine Minute', other: `${count(minutes)} Minuten` })
        : `${count(Math.round(minutes / 60))} Stunden`,
    quality: 'Wie es lief',
    players: (n: number) =>
      plural(n, {
        one: 'Ein Player dieser Seite hat berichtet. Andere zählen nur als Zuschauer.',
        other: `${count(n)} Player dieser Seite haben berichtet. Andere zählen nur als Zuschauer.`,
      }),
    startup: 'Erstes Bild nach',
    latency: 'Hinter dir um',
    below: (time: string) => `weniger als ${time}`,
    more: 'mehr, als sich sagen lässt',
    stalls: 'Aussetzer',
    stalled: 'Zeit in Aussetzern',
  },
}
