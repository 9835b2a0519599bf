// Webhooks: what programs are told, and how that went. Comes with their pages: see
// webhooks/words.ts.

import type { hooks as english } from '../en/hooks'
import { formsOf } from '../forms'

const { plural, count } = formsOf('de')

export const hooks: typeof english = {
  title: 'Webhooks',
  lead: 'Lass eigene Programme wissen, wenn auf diesem Kanal etwas geschieht: Jedes bekommt eine signierte HTTP-Anfrage.',
  leadSite:
    'Lass eigene Programme wissen, wenn auf irgendeinem Kanal etwas geschieht: Jedes bekommt eine signierte HTTP-Anfrage.',
  none: 'Noch keiner. Ein Webhook kann zum Beispiel in einen Chat schreiben, wenn eine Sendung beginnt, oder eine Aufzeichnung holen, wenn sie fertig ist.',
  make: 'Webhook anlegen',
  url: 'Adresse',
  urlHelp: 'Wohin die Anfragen gehen. Ereignisse werden mit POST geschickt, als JSON.',
  urlPlain:
    'Mit http:// kann jeder auf dem Weg mitlesen, was geschickt wird. Nimm https://, wo es geht.',
  events: 'Wovon er erfährt',
  noEvents: 'Wähle mindestens eines.',
  types: {
    'broadcast.started': { label: 'Eine Sendung beginnt', help: '' },
    'broadcast.interrupted': { label: 'Eine Sendung verliert ihren Encoder', help: '' },
    'broadcast.resumed': { label: 'Eine Sendung geht weiter', help: '' },
    'broadcast.ended': { label: 'Eine Sendung endet', help: '' },
    'recording.ready': { label: 'Eine Aufzeichnung ist fertig', help: '' },
    'clip.made': { label: 'Ein Clip wird gemacht', help: '' },
    'key.new_address': {
      label: 'Ein Streamschlüssel wird von einer neuen Adresse benutzt',
      help: 'Aus einem Netz, aus dem er in den letzten 90 Tagen nicht benutzt wurde.',
    },
    'report.made': { label: 'Jemand meldet etwas', help: '' },
  },
  ping: 'Ein Test',
  secret: 'Geheimnis',
  secretTitle: 'Das Geheimnis des Webhooks',
  secretHelp:
    'Damit prüft dein Programm die Signaturen. Es wird nur dieses eine Mal gezeigt: Kopiere es jetzt. Ist es verloren, erzeuge ein neues.',
  delivered: (ago: string) => `Zugestellt ${ago}`,
  failing: (ago: string) => `Kommt nicht an: begann ${ago}`,
  quiet: 'Noch nichts geschickt',
  disabled: 'Deaktiviert',
  disabledFor: {
    gone: 'Er wurde deaktiviert, weil er geantwortet hat, dass er keine Ereignisse mehr will (410).',
    failing:
      'Er wurde deaktiviert, weil tagelang nichts ankam. Aktiviere ihn wieder, wenn er geht: Was noch wartet, wird dann geschickt.',
  },
  test: 'Testen',
  testNamed: (host: string) => `${host} testen`,
  testArrived: 'Der Test ist angekommen.',
  testFailed: 'Der Test ist nicht angekommen.',
  answered: (status: number) => `Die Antwort war ${status}.`,
  failed: {
    redirect: ({ status }) =>
      `Die Antwort war eine Weiterleitung (${status}), und solchen wird nicht gefolgt. Gib die Adresse an, auf die sie führt.`,
    gone: () => 'Die Antwort war 410: Er will keine Ereignisse mehr.',
    status: ({ status }) => `Die Antwort war ${status}.`,
    private_address: ({ detail }) =>
      `Nicht aufgerufen: ${detail} ist keine öffentliche Adresse, und solche ruft dieser Server nicht auf.`,
    certificate: ({ detail }) => `Seinem Zertifikat ist nicht zu trauen: ${detail}.`,
    timeout: ({ detail }) => `In ${detail} Sekunden kam keine Antwort.`,
    name_not_found: () => 'Sein Name ist nicht zu finden.',
    connection_refused: () => 'Er hat die Verbindung abgelehnt.',
    connection_closed: () => 'Er hat die Verbindung ohne Antwort beendet.',
    unreachable: ({ detail }) => `Er war nicht zu erreichen: ${detail}.`,
  },
  took: (time: string) => `Nach ${time}`,
  answer: 'Seine Antwort',
  log: 'Protokoll',
  logNamed: (host: string) => `Protokoll von ${host}`,
  noLog: 'In den letzten 7 Tagen wurde nichts dieser Art geschickt.',
  show: 'Zeigen',
  refresh: 'Auffrischen',
  states: {
    all: 'Alle',
    waiting: 'Wartet',
    delivered: 'Zugestellt',
    failed: 'Aufgegeben',
  },
  nextAt: (time: string) => `nächster Versuch ${time}`,
  tries: (n: number) =>
    plural(n, {
      one: '1 Versuch, und was geschickt wird',
      other: `${count(n)} Versuche, und was geschickt wird`,
    }),
  body: 'Was geschickt wird',
  redeliver: 'Noch einmal schicken',
  redeliverNamed: (n: number) => `Noch einmal schicken: Nummer ${n}`,
  edit: 'Ändern',
  editNamed: (host: string) => `${host} ändern`,
  enable: 'Aktivieren',
  enableNamed: (host: string) => `${host} aktivieren`,
  disable: 'Deaktivieren',
  disableNamed: (host: string) => `${host} deaktivieren`,
  rotate: 'Neues Geheimnis',
  rotateNamed: (host: string) => `Neues Geheimnis für ${host}`,
  rotateTitle: (host: string) => `Ein neues Geheimnis für ${host} erzeugen?`,
  rotateText:
    '24 Stunden lang ist mit beiden signiert, was geschickt wird, damit dein Programm wechseln kann. Danach taugt das alte nichts mehr.',
  remove: 'Entfernen',
  removeNamed: (host: string) => `${host} entfernen`,
  removeTitle: (host: string) => `Den Webhook zu ${host} entfernen?`,
  removeText: 'Er erfährt nichts mehr, und sein Protokoll ist auch weg.',
  format: 'Form',
  formats: {
    standard: 'Für ein Programm: signiertes JSON',
    discord: 'Eine Nachricht auf Discord',
    matrix: 'Eine Nachricht in einem Matrix-Raum',
  },
  discordUrl: 'Adresse des Discord-Webhooks',
  discordHelp:
    'In Discord: Einstellungen des Kanals → Integrationen → Webhooks → Webhook-URL kopieren.',
  server: 'Heimserver',
  serverHelp: 'Wo der Matrix-Nutzer sein Konto hat.',
  room: 'Raum-ID',
  roomHelp: 'Sie beginnt mit ! und steht in den Einstellungen des Raums unter Erweitert.',
  token: 'Zugangs-Token',
  tokenHelp:
    'Von einem Matrix-Nutzer, der im Raum ist: am besten einem nur dafür. Es wird aufgehoben und nie wieder gezeigt.',
  tokenKept: 'Leer bleibt das, das es gibt.',
}
