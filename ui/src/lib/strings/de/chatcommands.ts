// Was im Chat hinter einem Schrägstrich stehen kann.

import type { chat as english } from '../en/chat'

export const chatCommands: (typeof english)['commands'] = {
  timeout: { use: '/timeout Name [10m] [Grund]', help: 'Jemanden eine Weile stummschalten' },
  untimeout: { use: '/untimeout Name', help: 'Wieder schreiben lassen' },
  ban: { use: '/ban Name [Grund]', help: 'Jemanden dauerhaft stummschalten' },
  unban: { use: '/unban Name', help: 'Es aufheben' },
  purge: { use: '/purge Name', help: 'Alles löschen, was jemand schrieb' },
  slow: { use: '/slow [Sekunden]', help: 'Eine Nachricht alle so viele Sekunden' },
  slowoff: { use: '/slowoff', help: 'Wieder ohne Warten' },
  followers: { use: '/followers [10m]', help: 'Nur Follower, seit so langer Zeit' },
  followersoff: { use: '/followersoff', help: 'Wieder alle' },
  members: { use: '/members', help: 'Nur Mitglieder' },
  membersoff: { use: '/membersoff', help: 'Wieder alle' },
  emoteonly: { use: '/emoteonly', help: 'Nur Emotes' },
  emoteonlyoff: { use: '/emoteonlyoff', help: 'Wieder Worte' },
  links: { use: '/links on|off', help: 'Links erlauben, oder nicht' },
  pin: { use: '/pin Text', help: 'Eine Nachricht anheften' },
  unpin: { use: '/unpin', help: 'Angeheftetes lösen' },
  poll: { use: '/poll "f" "a" "b" [60s]', help: 'Eine Umfrage beginnen' },
  endpoll: { use: '/endpoll', help: 'Die Umfrage beenden' },
  clear: { use: '/clear', help: 'Alle Nachrichten löschen' },
  mod: { use: '/mod Name', help: 'Jemanden zum Moderator machen' },
  unmod: { use: '/unmod Name', help: 'Die Moderation nehmen' },
  me: { use: '/me Text', help: 'Sagen, was du tust' },
  help: { use: '/help', help: 'Die Befehle auflisten' },
}
