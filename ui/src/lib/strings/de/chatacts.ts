// Was in einem Chat getan wurde, nach dem Namen dessen, der es tat.

import type { chatActs as english } from '../en/chatacts'

export const chatActs: typeof english = {
  timeout: 'hat eine Weile stummgeschaltet:',
  ban: 'hat gebannt:',
  unban: 'lässt wieder schreiben:',
  delete: 'hat eine Nachricht gelöscht von',
  purge: 'hat alle Nachrichten gelöscht von',
  clear: 'hat alle Nachrichten gelöscht',
  settings: 'hat geändert, was im Chat erlaubt ist',
  pin: 'hat eine Nachricht angeheftet',
  unpin: 'hat Angeheftetes gelöst',
  poll: 'hat eine Umfrage begonnen',
  endpoll: 'hat die Umfrage beendet',
  mod: 'hat zum Moderator gemacht:',
  unmod: 'hat die Moderation genommen:',
  filters: 'hat die Filter des Chats geändert',
  allow: 'hat eine Nachricht durchgelassen von',
  drop: 'hat eine Nachricht abgelehnt von',
  'emote.add': 'hat ein Emote hinzugefügt',
  'emote.remove': 'hat ein Emote entfernt',
}
