// Going live: the page for the encoder, and how the stream is.

import type { stream as english } from '../en/stream'
import { formsOf } from '../forms'

const { plural, count } = formsOf('de')

export const stream: typeof english = {
  stream: {
    offAir: 'Du bist nicht live',
    waiting: 'Warten auf deinen Encoder …',
    waitingHelp: 'Sobald dein Stream ankommt, steht es hier.',
    opening: 'Dein Encoder ist da. Gleich kommt das erste Bild …',
    live: 'Du bist live',
    interrupted: 'Die Verbindung zu deinem Encoder ist abgerissen',
    interruptedHelp: (clock: string) =>
      `Deine Zuschauer warten. Starte den Encoder wieder: Ist er innerhalb von ${clock} zurück, geht die Sendung weiter.`,
    interruptedSoon:
      'Deine Zuschauer warten. Starte den Encoder wieder, und die Sendung geht weiter.',
    watch: 'Sehen, was Zuschauer sehen',
    play: 'Hier abspielen',
    playStop: 'Hier nicht mehr abspielen',
    titleChange: 'Titel ändern',
    theirs: {
      offAir: 'Nicht live',
      offAirHelp: 'Sobald der Kanal live ist, steht es hier.',
      opening: 'Der Encoder ist da. Gleich kommt das erste Bild …',
      live: 'Live',
      interrupted: 'Die Verbindung zum Encoder ist abgerissen',
      interruptedHelp: (clock: string) =>
        `Die Zuschauer warten. Ist der Encoder innerhalb von ${clock} zurück, geht die Sendung weiter.`,
      interruptedSoon: 'Die Zuschauer warten auf den Encoder.',
    },
    banned:
      'Gesperrt: Dieser Kanal darf nicht live gehen. Das haben Moderatoren der Seite entschieden; schreib ihnen.',
    stop: 'Sendung beenden',
    stopTitle: 'Diese Sendung beenden?',
    stopHelp:
      'Sie endet für alle, die zusehen, und der Encoder wird getrennt. Ein Encoder, der sich von selbst neu verbindet, beginnt eine neue: Halte ihn auch dort an.',
    uptime: 'Live seit',
    picture: 'Bild',
    sound: 'Ton',
    noPicture: 'Keines',
    noSound: 'Keiner',
    bitrate: 'Bitrate',
    pictureText: (w: number, h: number, fps: string) => `${w} × ${h}${fps ? `, ${fps} fps` : ''}`,
    soundText: (khz: string, channels: number) =>
      `${khz} kHz, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${count(channels)} Kanäle`}`,
    obs: 'In OBS',
    obsHelp:
      'Einstellungen → Stream. Wähle als Plattform „Benutzerdefiniert …“ und fülle diese beiden Felder aus.',
    server: 'Server',
    serverHelp: 'In OBS heißt das Feld „Server“, in anderen Encodern „RTMP-URL“.',
    noRtmp: 'Dieser Server nimmt kein RTMP an. Frag seinen Admin, wie man hier sendet.',
    key: 'Streamschlüssel',
    keyHelp: 'Wer ihn hat, kann auf deinem Kanal live gehen. Lass ihn nie im Bild sein.',
    keyNew:
      'Eben angelegt. Wenn du diese Seite verlässt, wird er nicht noch einmal gezeigt: Füge ihn in deinen Encoder ein.',
    keyNone: 'Dein Kanal hat noch keinen Streamschlüssel.',
    keySome: (n: number) =>
      plural(n, {
        one: 'Dein Kanal hat einen Streamschlüssel. Gezeigt wurde er, als er angelegt wurde; nimm ihn, oder lege einen neuen an.',
        other: `Dein Kanal hat ${count(n)} Streamschlüssel. Gezeigt wurden sie, als sie angelegt wurden; nimm einen davon, oder lege einen neuen an.`,
      }),
    keyMake: 'Streamschlüssel anlegen',
    keyLabel: 'Für OBS',
    keysManage: 'Alle Streamschlüssel',
    settings: 'Was gut funktioniert',
    settingsList: [
      ['Ausgabe → Keyframeintervall', '2 s'],
      ['Ausgabe → Qualitätsregulierungsmethode', 'CBR'],
      ['Ausgabe → Bitrate', '4500 Kbps für 1080p mit 30 fps, 6000 mit 60 fps'],
      ['Ausgabe → Audiobitrate', '160 Kbps'],
    ],
    other: 'Mit ffmpeg',
    otherHelp: 'Setze deinen Streamschlüssel an die Stelle von STREAM_KEY.',
    otherKey: 'Dein neuer Streamschlüssel steht schon darin.',
    ffmpeg: 'ffmpeg-Befehl',
    ffmpegLine: (target: string) =>
      `ffmpeg -re -i FILE -c:v libx264 -preset veryfast -b:v 4500k -maxrate 4500k -bufsize 9000k -g 60 -pix_fmt yuv420p -c:a aac -b:a 160k -f flv "${target}"`,
    phone: 'Mit dem Handy',
    phoneHelp:
      'Apps, die mit RTMP streamen, wie Larix oder Prism, fragen nach einer Adresse. Lies diese mit der Kamera des Handys vom Bildschirm ab und füge sie ein.',
    phoneNone: 'Lege oben einen Streamschlüssel an: Dann steht seine Adresse hier als QR-Code.',
    phoneShow: 'QR-Code zeigen',
    phoneHide: 'QR-Code verbergen',
    phoneSecret: 'Dein Streamschlüssel steckt darin. Lass ihn nie im Bild sein.',
    phoneCode: 'QR-Code der Adresse mit deinem Streamschlüssel',
    keyPlaceholder: 'STREAM_KEY',
    hidden: 'verborgen',
  },
  health: {
    title: 'Wie es deinem Stream geht',
    looking: 'Dein Stream wird untersucht. Das dauert ein paar Sekunden …',
    healthy: 'Alles sieht gut aus',
    hints: 'Alles funktioniert. Das ginge noch besser:',
    found: (n: number) =>
      plural(n, {
        one: 'Eine Sache stimmt nicht:',
        other: `${count(n)} Dinge, die du ansehen solltest:`,
      }),
    away: 'Warten auf deinen Encoder',
    severities: {
      bad: 'Deine Zuschauer merken es',
      poor: 'Schlechter, als es sein könnte',
      hint: 'Ein Hinweis',
    },
    since: (ago: string) => `Begann ${ago}`,
    bitrate: 'Bitrate',
    frameRate: 'Bildrate',
    keyFrames: 'Keyframeintervall',
    sound: 'Lautstärke',
    fps: (n: string) => `${n} fps`,
    seconds: (n: string) => `${n} s`,
    dB: (n: number) => `${String(n).replace('-', '−')} dB`,
    silent: 'still',
    none: 'Noch nichts',
    unmeasured: 'Nicht gemessen: Dafür braucht der Server ffmpeg',
    now: (value: string) => `jetzt ${value},`,
    between: (min: string, max: string, span: string) =>
      min === max ? `${min} seit ${span}` : `${min} bis ${max} in ${span}`,
    span: (seconds: number) =>
      seconds < 120 ? `${seconds} s` : `${count(Math.round(seconds / 60))} Minuten`,
  },
}
