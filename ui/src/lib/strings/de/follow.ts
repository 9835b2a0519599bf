// Following channels and being told of them.

import type { follow as english } from '../en/follow'
import { formsOf } from '../forms'

const { plural, count } = formsOf('de')

export const follow: typeof english = {
  follow: 'Folgen',
  following: 'Gefolgt',
  followNamed: (name: string) => `${name} folgen`,
  unfollowNamed: (name: string) => `Gefolgt: ${name}, nicht mehr folgen`,
  followers: (n: number) =>
    plural(n, { one: `${count(n)} Follower`, other: `${count(n)} Follower` }),
  blocked: 'Die Leute dieses Kanals haben dich blockiert.',
  bell: (name: string) => `Wie du von ${name} hörst`,
  bellLead: 'Wenn er live geht, sag es mir',
  ways: {
    page: 'In Seiten, die ich offen habe',
    push: 'In Browsern, die Benachrichtigungen zeigen',
    mail: 'Per E-Mail',
  },
  waysHelp: {
    page: 'Ein kurzer Hinweis in einer Ecke der Seite.',
    push: 'Auch wenn die Seite zu ist, in jedem Browser, in dem du das eingeschaltet hast.',
    mail: 'Ein Brief für jede Übertragung.',
  },
  noMail: 'Diese Seite verschickt keine E-Mails.',
  noAddress: 'Trag erst eine E-Mail-Adresse in deinem Profil ein.',
  notConfirmed: 'Briefe kommen erst, wenn du deine E-Mail-Adresse bestätigt hast.',
  choose: 'Für alle Kanäle wählen',
  page: {
    title: 'Gefolgte Kanäle',
    empty: 'Du folgst noch keinem Kanal',
    emptyHelp:
      'Drück bei einem Kanal, den du magst, auf Folgen: Dann steht er hier, und du hörst, wenn er live geht.',
    find: 'Sehen, was läuft',
    more: 'Mehr zeigen',
  },
  live: 'Kanäle, denen du folgst',
  rail: 'Kanäle, denen du folgst',
  railLive: (name: string) => `${name}, live`,
  all: 'Alle Kanäle, denen du folgst',
  isLive: (name: string) => `${name} ist live`,
  watch: 'Ansehen',
  dismiss: 'Schließen',
  toasts: 'Was gerade passiert ist',
  settings: {
    title: 'Benachrichtigungen',
    lead: 'Wenn ein Kanal live geht, dem ich folge, will ich es hören',
    help: 'Für einen einzelnen Kanal kannst du anders wählen, mit der Glocke neben Folgen.',
    saved: 'Gespeichert.',
    browserTitle: 'Dieser Browser',
    on: 'Dieser Browser zeigt Benachrichtigungen, auch wenn die Seite zu ist. Abmelden beendet das.',
    off: 'Dieser Browser zeigt keine Benachrichtigungen, während die Seite zu ist.',
    turnOn: 'Benachrichtigungen einschalten',
    turnOff: 'Ausschalten',
    checking: 'Moment…',
    insecure:
      'Browser zeigen Benachrichtigungen von Seiten, die über HTTPS erreicht werden; diese wird es nicht.',
    unsupported: 'Dieser Browser kennt keine Benachrichtigungen von Seiten.',
    homeScreen:
      'Leg die Seite auf iPhone und iPad auf den Home-Bildschirm (Teilen, dann Zum Home-Bildschirm) und schalte sie dort ein.',
    denied:
      'Diesem Browser wurde gesagt, dass er von dieser Seite keine Benachrichtigungen zeigen soll. Erlaube sie in den Einstellungen neben der Adresse und komm dann wieder.',
    dismissed:
      'Der Browser hat gefragt und keine Antwort bekommen. Versuch es noch einmal und erlaube Benachrichtigungen.',
    failed:
      'Der Browser erreicht seinen Push-Dienst nicht. Manche haben keinen, oder er ist ausgeschaltet: Sieh in seinen Einstellungen nach.',
    others: (n: number) =>
      plural(n, {
        one: 'Ein Browser von dir bekommt Bescheid.',
        other: `${count(n)} Browser von dir bekommen Bescheid.`,
      }),
  },
  unsubscribe: {
    title: 'Briefe',
    lead: (channel: string) => `Keine Briefe mehr, wenn ${channel} live geht?`,
    help: 'Du folgst weiter. Auf der Seite deines Kontos kannst du neu wählen.',
    one: (channel: string) => `Keine Briefe zu ${channel}`,
    all: 'Gar keine Briefe',
    doneOne: (channel: string) => `Du bekommst keine Briefe mehr zu ${channel}.`,
    doneAll: 'Du bekommst keine Briefe mehr zu Kanälen, denen du folgst.',
    bad: 'Dieser Link ist nicht vollständig',
    badHelp:
      'Kopier ihn noch einmal aus dem Brief, oder melde dich an und wähle auf der Seite deines Kontos.',
    toSettings: 'Wählen, wovon du hörst',
  },
  dashboard: {
    title: 'Follower',
    none: 'Diesem Kanal folgt noch niemand.',
    since: (ago: string) => `seit ${ago}`,
    block: 'Blockieren',
    blockNamed: (name: string) => `${name} blockieren`,
    blockTitle: (name: string) => `${name} blockieren?`,
    blockText: (name: string) =>
      `${name} folgt dem Kanal nicht mehr und kann ihm weder wieder folgen noch in seinem Chat sprechen. Beim Versuch steht das da. Zuschauen bleibt, wie es ist.`,
    blockFollowing: 'Vom Folgen ausschließen',
    isBlocked:
      'Blockiert: Die Person kann dem Kanal nicht folgen und in seinem Chat nicht schreiben.',
    blocks: 'Blockiert',
    blocksHelp: 'Sie können dem Kanal weder folgen noch in seinem Chat sprechen.',
    noBlocks: 'Niemand ist blockiert.',
    unblock: 'Freigeben',
    unblockNamed: (name: string) => `${name} freigeben`,
    add: 'Jemanden blockieren',
    name: 'Benutzername',
    nameHelp: 'So, wie er hinter dem @ steht.',
  },
}
