// Was der Server auf Befehle antwortet, nach dem Namen des Befehls und nach dem
// Code der Antwort.

import type { Answer } from '../en/chat'
import { formsOf } from '../forms'
import { chatCommands } from './chatcommands'

const { plural, count } = formsOf('de')

const UNITS = [
  { ms: 86_400_000, one: '1 Tag', many: 'Tage' },
  { ms: 3_600_000, one: '1 Stunde', many: 'Stunden' },
  { ms: 60_000, one: '1 Minute', many: 'Minuten' },
  { ms: 1000, one: '1 Sekunde', many: 'Sekunden' },
]

/** Wie lange etwas dauert, in der größten Einheit, in der es aufgeht. */
function length(ms: number): string {
  const unit = UNITS.find((u) => ms > 0 && ms % u.ms === 0) ?? UNITS[3]
  if (!unit) return ''
  const n = ms / unit.ms
  return plural(n, { one: unit.one, other: `${count(n)} ${unit.many}` })
}

/** Wie ein Befehl benutzt wird; was der Server sagt, wo er hier keine Worte hat. */
const usageOf = (command: string, usage: string) => {
  const uses: Readonly<Record<string, { use: string }>> = chatCommands
  if (command === 'delete') return '/delete ID' // IDs zeigen die Seiten nicht
  return Object.hasOwn(uses, command) ? uses[command]?.use : usage
}

const released: Answer = ({ name = '' }) => `${name} darf wieder schreiben.`

export const done: Readonly<Record<string, Answer>> = {
  timeout: ({ name = '', durationMs = 0 }) =>
    `${name} darf hier nicht schreiben, ${length(durationMs)} lang.`,
  untimeout: released,
  ban: ({ name = '' }) => `${name} darf hier nicht mehr schreiben.`,
  unban: released,
  delete: () => 'Die Nachricht ist gelöscht.',
  purge: ({ name = '' }) => `Die Nachrichten von ${name} sind weg.`,
  clear: () => 'Der Chat ist geleert.',
  slow: ({ durationMs = 0 }) =>
    durationMs > 0
      ? `Zwischen zwei Nachrichten wartet man jetzt ${length(durationMs)}.`
      : 'Zwischen zwei Nachrichten wartet man nicht mehr.',
  slowoff: () => 'Zwischen zwei Nachrichten wartet man nicht mehr.',
  followers: ({ durationMs = 0 }) =>
    durationMs > 0
      ? `Schreiben darf nur, wer dem Kanal schon ${length(durationMs)} folgt.`
      : 'Schreiben darf nur, wer dem Kanal folgt.',
  followersoff: () => 'Schreiben dürfen alle, ob sie folgen oder nicht.',
  members: () => 'Schreiben dürfen nur Mitglieder.',
  membersoff: () => 'Schreiben dürfen alle, ob Mitglied oder nicht.',
  emoteonly: () => 'Senden lassen sich nur noch Emotes.',
  emoteonlyoff: () => 'Text lässt sich wieder senden.',
  links: ({ value }) => (value === 'off' ? 'Links sind nicht erlaubt.' : 'Links sind erlaubt.'),
  pin: () => 'Das ist angeheftet.',
  unpin: () => 'Nichts ist mehr angeheftet.',
  poll: () => 'Die Umfrage hat begonnen.',
  endpoll: () => 'Die Umfrage ist vorbei.',
  mod: ({ name = '' }) => `${name} ist jetzt Moderator.`,
  unmod: ({ name = '' }) => `${name} ist nicht mehr Moderator.`,
}

export const answers: Readonly<Record<string, Answer>> = {
  help: ({ commands = [] }) =>
    `/me Text sagt, was du tust. Eine Nachricht, die mit // beginnt, sagt einen Schrägstrich. Moderatoren haben auch: ${commands.map((c) => `/${c}`).join(' ')}.`,
  unknown: () => 'Damit kann der Server nichts anfangen.',
  command: ({ command = '', usage }) =>
    usage
      ? `So wird es benutzt: ${usageOf(command, usage)}`
      : `Den Befehl /${command} gibt es nicht. Welche es gibt, sagt /help.`,
}
