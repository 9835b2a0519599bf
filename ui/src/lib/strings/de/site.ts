// The words around every page, the home page and the search.

import type { site as english } from '../en/site'
import { formsOf } from '../forms'

const { plural, count } = formsOf('de')

export const site: typeof english = {
  siteName: 'Rostrum',
  skip: 'Zum Inhalt springen',
  language: 'Sprache',
  theme: {
    label: 'Design',
    system: 'Design wie im System',
    light: 'Helles Design',
    dark: 'Dunkles Design',
  },
  openBanner: {
    private: 'Offener Modus: In diesem Netz kann jeder ohne Schlüssel auf jedem Kanal senden.',
    any: 'Offener Modus: Jeder kann ohne Schlüssel auf jedem Kanal senden.',
  },
  demoNote: 'Demo-Server',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copyFailed: 'Bitte von Hand markieren und kopieren',
  retry: 'Noch einmal versuchen',
  loading: 'Wird geladen …',
  more: 'Mehr zeigen',
  legal: { label: 'Rechtliches', terms: 'Nutzung', privacy: 'Datenschutz', imprint: 'Impressum' },
  takenDown: 'Das wurde gesperrt.',
  unreachable: 'Der Server ist nicht erreichbar.',
  unreachableHelp: 'Diese Seite versucht es von selbst weiter.',
  serverSaid: (sentence: string) => `Der Server antwortet: ${sentence}`,
  live: 'LIVE',
  interrupted: 'Unterbrochen',
  find: {
    label: 'Suche',
    bar: 'Suche auf der Seite',
    placeholder: 'Suchen',
    submit: 'Suchen',
    help: 'Kanäle nach Name, Titel, Kategorie oder Stichwort, Aufzeichnungen nach Titel.',
    title: (query: string) => `Suche: ${query}`,
    channels: 'Kanäle',
    found: (query: string) => `Das wurde zu ${query} gefunden.`,
    nothing: (query: string) => `Zu „${query}“ wurde nichts gefunden`,
    nothingHelp: 'Versuch es mit weniger oder kürzeren Wörtern: Der Anfang von jedem genügt.',
    categories: 'Kategorien',
    category: (name: string, live: number) => (live > 0 ? `${name}, ${count(live)} live` : name),
    noCategory: (name: string) => `Es gibt keinen Kanal zu ${name}`,
    noCategoryHelp: 'Vielleicht geht es in seinen Kanälen inzwischen um etwas anderes.',
  },
  liveNow: 'Jetzt live',
  latest: 'Neueste Aufzeichnungen',
  starting: 'beginnt gerade',
  watching: (n: number) => plural(n, { one: '1 schaut zu', other: `${count(n)} schauen zu` }),
  startedShort: (ago: string) => `Beginn ${ago}`,
  steps: {
    title: 'Noch ist nichts live',
    lead: 'In drei Schritten geht es los.',
    one: 'Lege einen Kanal und einen Streamschlüssel an',
    oneHelp: 'In deinem Dashboard. Der Schlüssel wird nur einmal gezeigt.',
    oneOpen: 'Denk dir einen Namen für den Kanal aus',
    oneOpenHelp:
      'Dieser Server ist im offenen Modus: Der Name, unter dem du sendest, wird zum Kanal.',
    two: 'Stell deinen Encoder ein',
    twoHelp:
      'OBS: Einstellungen → Stream → Benutzerdefiniert. Die Adresse kommt in „Server“, der Schlüssel in „Streamschlüssel“.',
    twoOpenHelp:
      'OBS: Einstellungen → Stream → Benutzerdefiniert. Die Adresse kommt in „Server“, der Name in „Streamschlüssel“.',
    three: 'Starte den Stream',
    threeHelp:
      'Eine Sekunde später ist das Bild hier. Zuschauer finden es unter /@ und dem Namen des Kanals.',
    address: 'RTMP-Adresse',
    dashboard: 'Zum Dashboard',
    noRtmp: 'Dieser Server nimmt kein RTMP an.',
  },
  notFound: {
    title: 'Diese Seite gibt es nicht',
    help: 'Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.',
  },
  toHome: 'Zur Startseite',
}
