// What the doctor finds, and what to do about it. Settings have the names that
// OBS gives them in German.

import type { Figures, server as english } from '../en/server'

const format = (digits: number) => new Intl.NumberFormat('de', { maximumFractionDigits: digits })
const whole = format(0)
const tenth = format(1)

/** What keeps a number and its unit on one line. */
const NBSP = '\u00a0'

/** A figure by its name. */
const of = (f: Figures, name: string) => f[name] ?? 0
const number = (f: Figures, name: string) => tenth.format(of(f, name))
const seconds = (f: Figures) =>
  `${(of(f, 'ms') >= 20_000 ? whole : tenth).format(of(f, 'ms') / 1000)}${NBSP}s`
const bits = (f: Figures, name: string) =>
  of(f, name) >= 1e6
    ? `${tenth.format(of(f, name) / 1e6)}${NBSP}Mbit/s`
    : `${whole.format(of(f, name) / 1e3)}${NBSP}kbit/s`
const size = (f: Figures) => `${of(f, 'width')} × ${of(f, 'height')}`
const times = (f: Figures) => (of(f, 'times') === 1 ? 'einmal' : `${of(f, 'times')}-mal`)

const STREAM = 'OBS → Einstellungen → Ausgabe → Stream'

const keyFrames = {
  obs: 'Stelle in OBS → Einstellungen → Ausgabe (Ausgabemodus: Erweitert) → Stream das Keyframeintervall auf 2 s.',
  ffmpeg: (f: Figures) =>
    `Gib ffmpeg -g ${2 * of(f, 'rate')}: zwei Sekunden bei ${of(f, 'rate')} Bildern pro Sekunde.`,
  other: 'Stelle das Keyframeintervall (GOP) deines Encoders auf 2 Sekunden.',
}

const codec = {
  obs: `Wähle in ${STREAM} einen Videokodierer für H.264.`,
  ffmpeg: 'Gib ffmpeg -c:v libx264 (oder h264_nvenc, h264_vaapi).',
  other: 'Stelle den Videocodec deines Encoders auf H.264.',
}

const pixels = {
  obs: 'Stelle in OBS → Einstellungen → Erweitert das Farbformat auf NV12, und das Profil in Einstellungen → Ausgabe → Stream auf high.',
  ffmpeg: 'Gib ffmpeg -pix_fmt yuv420p.',
  other: 'Stelle das Pixelformat deines Encoders auf 4:2:0 mit 8 Bit.',
}

const theKey =
  'Wer dort nicht sein sollte, hat deinen Streamschlüssel: Erneuere ihn auf der Seite der Streamschlüssel.'

const codecOf = (kind: string) => (kind === 'audio' ? 'Der Audiocodec' : 'Der Videocodec')
const lost = (kind: string) =>
  kind === 'audio' ? 'Zuschauer hören nichts.' : 'Zuschauer sehen nichts.'

export const verdicts: Pick<typeof english, 'verdicts' | 'notCarried'> = {
  notCarried: {
    codec: ({ kind, name }) =>
      `${codecOf(kind)} ${name} lässt sich nicht übertragen; ${lost(kind)}`,
    codec_number: ({ kind, name }) =>
      `${codecOf(kind)} mit der Nummer ${name} lässt sich nicht übertragen; ${lost(kind)}`,
    aac_profile: ({ kind }) =>
      `Diese Art von AAC (weder LC noch HE) lässt sich nicht übertragen; ${lost(kind)}`,
    further_tracks: ({ kind }) =>
      `Der Encoder sendet mehrere ${kind === 'audio' ? 'Tonspuren' : 'Videospuren'}; nur die erste wird übertragen.`,
    vod_track: () =>
      'Die zweite Tonspur des Encoders (für die Aufzeichnung bei Twitch) wird nicht übertragen.',
    format: ({ name }) => `Eine Spur im Format „${name}“ lässt sich nicht übertragen.`,
  },
  verdicts: {
    not_carried: {
      seen: {}, // each of its notices has words
      fix: {
        obs: `Wähle in ${STREAM} einen Videokodierer für H.264 und als Audiokodierer AAC.`,
        ffmpeg: 'Gib ffmpeg -c:v libx264 -c:a aac.',
        other: 'Stelle deinen Encoder auf H.264 und AAC.',
      },
    },
    key_frame_interval: {
      seen: {
        none: (f) => `Seit ${seconds(f)} kam kein Keyframe: Niemand kann neu zusehen.`,
        endless: (f) =>
          `Keyframes kommen alle ${seconds(f)}: So lange warten Zuschauer, bevor sie etwas sehen.`,
        long: (f) =>
          `Keyframes kommen alle ${seconds(f)}: Zuschauer beginnen spät und sind weiter zurück.`,
      },
      fix: keyFrames,
    },
    key_frames_dense: {
      seen: {
        '': (f) =>
          `Keyframes kommen alle ${seconds(f)}: Jeder braucht ein Vielfaches eines anderen Bildes, und das kostet Schärfe.`,
      },
      fix: keyFrames,
    },
    bitrate_swings: {
      seen: {
        '': (f) =>
          `Die Bitrate schwankt: meist ${bits(f, 'usual_bps')}, manchmal ${bits(f, 'peak_bps')}. Wessen Verbindung nur für den Durchschnitt reicht, dem stockt das Bild an den Spitzen.`,
      },
      fix: {
        obs: `Stelle in ${STREAM} die Qualitätsregulierungsmethode auf CBR.`,
        ffmpeg:
          'Gib ffmpeg -b:v, dazu -maxrate mit demselben Wert und -bufsize mit dem doppelten; lass -crf weg.',
        other: 'Stelle deinen Encoder auf eine gleichbleibende Bitrate (CBR).',
      },
    },
    frame_rate_drop: {
      seen: {
        '': (f) =>
          `Die Bildrate ist auf ${number(f, 'now')} Bilder pro Sekunde gefallen; es sollten ${number(f, 'before')} sein.`,
      },
      fix: {
        obs: 'Sieh in OBS → Ansicht → Statistiken auf die übersprungenen Frames: Werden es mehr, senke in Einstellungen → Video die „Üblichen FPS-Werte“ oder die „(Skalierte) Ausgabeauflösung“.',
        ffmpeg:
          'Sieh nach, ob ffmpeg ein Tempo (speed) unter 1x meldet: Dann wähle ein schnelleres -preset. Setze die Rate mit -r vor -i, wenn die Quelle weniger liefert.',
        other:
          'Sieh nach, ob Rechner und Kamera mitkommen: Im Dunkeln halbieren viele Kameras ihre Bildrate.',
      },
    },
    b_frames: {
      seen: { '': (f) => `B-Frames verzögern das Bild um ${number(f, 'ms')}${NBSP}ms.` },
      fix: {
        obs: `Stelle in ${STREAM} „Max. B-Frames“ auf 0, oder mit x264 „Tune“ auf zerolatency.`,
        ffmpeg: 'Gib ffmpeg -bf 0, oder -tune zerolatency.',
        other: 'Stelle in deinem Encoder B-Frames auf 0.',
      },
    },
    audio_missing: {
      seen: {
        stopped: (f) =>
          `Der Ton hat aufgehört: Bilder kommen, und seit ${number(f, 'seconds')}${NBSP}s kein Ton.`,
        never: () => 'Es gibt keinen Ton: Der Encoder sendet keinen.',
      },
      fix: {
        obs: 'Sieh nach, ob sich in OBS der Audiomixer bewegt, und ob Spur 1 in Bearbeiten → Erweiterte Audioeigenschaften und in Einstellungen → Ausgabe → Stream gewählt ist.',
        ffmpeg: 'Gib ffmpeg eine Tonquelle und -c:a aac; -an nimmt den Ton weg.',
        other:
          'Schalte in deinem Encoder den Ton ein, als AAC. Soll es keinen geben, lass es, wie es ist.',
      },
    },
    audio_silent: {
      seen: {
        '': (f) =>
          `Der Ton ist stumm: seit ${number(f, 'seconds')}${NBSP}s nicht das leiseste Geräusch.`,
      },
      fix: {
        obs: 'Such in OBS → Audiomixer nach einer stummen Quelle oder dem falschen Gerät, auch in Einstellungen → Audio → Globale Audiogeräte.',
        ffmpeg:
          'Sieh nach, ob -map den Ton von der richtigen Quelle nimmt, und ob sie nicht stumm ist.',
        other: 'Sieh nach, ob das Mikrofon stumm oder ein anderer Eingang gewählt ist.',
      },
    },
    audio_drift: {
      seen: {
        slower: (f) =>
          `Der Ton läuft weg: Seine Uhr geht ${number(f, 'ms')}${NBSP}ms pro Minute langsamer als er selbst, weg vom Bild.`,
        faster: (f) =>
          `Der Ton läuft weg: Seine Uhr geht ${number(f, 'ms')}${NBSP}ms pro Minute schneller als er selbst, weg vom Bild.`,
        ahead: (f) =>
          `Der Ton läuft weg: Jede Minute ist er dem Bild ${number(f, 'ms')}${NBSP}ms weiter voraus.`,
        behind: (f) =>
          `Der Ton läuft weg: Jede Minute ist er ${number(f, 'ms')}${NBSP}ms weiter hinter dem Bild.`,
      },
      fix: {
        obs: 'Stelle in OBS → Einstellungen → Audio und für das Gerät im System dieselbe Abtastrate ein, und in den Eigenschaften der Quelle die Zeitstempel des Geräts.',
        ffmpeg: 'Gib ffmpeg -af aresample=async=1000: Das folgt der Uhr der Quelle.',
        other: 'Stelle für das Gerät und im Encoder dieselbe Abtastrate ein (48 kHz).',
      },
    },
    video_missing: {
      seen: {
        '': (f) =>
          `Das Bild hat aufgehört: Ton kommt, und seit ${number(f, 'seconds')}${NBSP}s kein Bild.`,
      },
      fix: {
        obs: 'Starte den Stream in OBS neu; geschieht es wieder, wähle in Einstellungen → Ausgabe → Stream einen anderen Videokodierer.',
        ffmpeg:
          'Sieh nach, was ffmpeg zur Bildquelle sagt: Sie ist zu Ende, oder lässt sich nicht lesen.',
        other: 'Sieh nach, ob Kamera und Encoder noch laufen, und starte den Stream neu.',
      },
    },
    clock_jumps: {
      seen: {
        uneven: (f) =>
          `Die Uhr des Encoders geht ungleichmäßig: In ${number(f, 'seconds')} der letzten ${number(f, 'of')} Sekunden mussten seine Zeiten berichtigt werden.`,
        forward: (f) =>
          `Die Uhr des Encoders ist um ${seconds(f)} vorgesprungen (${times(f)} in zwei Minuten).`,
        back: (f) =>
          `Die Uhr des Encoders ist um ${seconds(f)} zurückgesprungen (${times(f)} in zwei Minuten).`,
      },
      fix: {
        obs: 'Such in OBS nach einer Medienquelle oder einem Aufnahmegerät, das neu startet; hört es nicht auf, beende und starte den Stream.',
        ffmpeg:
          'Gib ffmpeg -use_wallclock_as_timestamps 1 vor -i, oder -fflags +genpts bei einer Datei in Schleife.',
        other:
          'Starte den Stream neu. Hört es nicht auf, sieh nach, ob die Uhr des Encoders (NTP) gestellt wird, während er läuft.',
      },
    },
    codec_support: {
      seen: {
        h265: () =>
          'Die Bilder sind in H.265, das Firefox und viele Rechner ohne passende Hardware nicht abspielen.',
        av1: () => 'Die Bilder sind in AV1, das iPhones und Macs von vor 2023 nicht abspielen.',
        ten_bits: () =>
          'Die Bilder sind in H.264 mit 10 Bit je Farbe (High 10), das Browser nicht abspielen.',
        colour_422: () =>
          'Die Bilder sind in H.264 mit 4:2:2 (High 4:2:2), das Browser nicht abspielen.',
        colour_444: () =>
          'Die Bilder sind in H.264 mit 4:4:4 (High 4:4:4), das Browser nicht abspielen.',
      },
      fix: { h265: codec, av1: codec, ten_bits: pixels, colour_422: pixels, colour_444: pixels },
    },
    encoder_overload: {
      seen: {
        '': (f) =>
          `Der Encoder lässt ${number(f, 'percent')}${NBSP}% der Bilder aus: Es kommen ${number(f, 'come')} pro Sekunde, ungleichmäßig, wo ${number(f, 'should')} kommen sollten.`,
      },
      fix: {
        obs: `Wähle in ${STREAM} einen Videokodierer der Hardware (NVENC, QuickSync, AMF) oder eine schnellere CPU-Auslastungsvoreinstellung, oder senke in Einstellungen → Video die „(Skalierte) Ausgabeauflösung“.`,
        ffmpeg:
          'Wähle ein schnelleres -preset, ein kleineres -s, oder einen Encoder der Hardware wie h264_nvenc oder h264_vaapi.',
        other:
          'Senke Auflösung oder Bildrate, wähle eine schnellere Voreinstellung oder einen Encoder der Hardware, und schließe andere Programme.',
      },
    },
    upload_starving: {
      seen: {
        late: (f) =>
          `Der Stream kommt ${seconds(f)} zu spät an: Der Upload hält mit dem Encoder nicht Schritt.`,
        stalls: (f) =>
          `Der Stream ist auf dem Weg hierher ${times(f)} in einer Minute stecken geblieben und kam dann auf einmal.`,
      },
      fix: {
        obs: `Senke in ${STREAM} die Bitrate auf drei Viertel dessen, was dein Upload schafft, und nimm ein Kabel statt WLAN.`,
        ffmpeg:
          'Senke -b:v und -maxrate auf drei Viertel dessen, was dein Upload schafft. Meldet ffmpeg ein Tempo (speed) unter 1x, ist der Rechner zu langsam: Wähle ein schnelleres -preset.',
        other:
          'Senke die Bitrate auf drei Viertel dessen, was dein Upload schafft, und nimm ein Kabel statt WLAN.',
      },
    },
    level_wrong: {
      seen: {
        low: (f) =>
          `Der Stream gibt H.264-Level ${number(f, 'said')} an, aber ${size(f)} mit ${number(f, 'rate')} Bildern pro Sekunde brauchen Level ${number(f, 'needed')}: Manche Handys und Fernseher lehnen ihn ab.`,
        high: (f) =>
          `Der Stream gibt H.264-Level ${number(f, 'said')} an, wo Level ${number(f, 'needed')} genügt: Ältere Handys und Fernseher lehnen ihn ab.`,
      },
      fix: {
        obs: `Nimm in ${STREAM} level= aus den x264-Optionen heraus.`,
        ffmpeg: 'Lass -level weg: Der Encoder findet das richtige.',
        other: 'Stelle das Level deines Encoders auf automatisch.',
      },
    },
    odd_resolution: {
      seen: {
        odd: (f) =>
          `Das Bild ist ${size(f)}: eine ungerade Zahl von Pixeln, an die viele Decoder einen grünen Rand hängen.`,
        shape: (f) =>
          `Das Bild ist ${size(f)}, und so ist kein üblicher Bildschirm geformt: Zuschauer sehen Balken darum.`,
        four: (f) =>
          `Das Bild ist ${size(f)}: Zahlen, die nicht durch 4 teilbar sind. Manche Hardware beschneidet es oder macht es unscharf.`,
      },
      fix: {
        obs: 'Stelle in OBS → Einstellungen → Video die „(Skalierte) Ausgabeauflösung“ auf 1920x1080 oder 1280x720.',
        ffmpeg: 'Gib ffmpeg -vf scale=1280:-4, oder eine übliche Größe wie -s 1280x720.',
        other: 'Stelle eine übliche Auflösung ein, wie 1920 × 1080 oder 1280 × 720.',
      },
    },
    encoders_fight: {
      seen: {
        '': (f) =>
          `Zwei Encoder streiten sich um diesen Kanal: In zwei Minuten hat er ${times(f)} gewechselt.`,
      },
      fix: {
        obs: `Beende den Stream in einem der beiden. ${theKey}`,
        ffmpeg: `Beende einen der beiden. ${theKey}`,
        other: `Beende einen der beiden. ${theKey}`,
      },
    },
    encoder_lost: {
      seen: {
        '': (f) => `Die Verbindung zum Encoder ist in zehn Minuten ${times(f)} abgerissen.`,
      },
      fix: {
        obs: `Nimm ein Kabel statt WLAN, und senke die Bitrate in ${STREAM}; auch „Bitrate dynamisch verändern“ in Einstellungen → Erweitert hilft.`,
        ffmpeg: 'Nimm ein Kabel statt WLAN, und senke -b:v. Sieh nach, was ffmpeg am Ende sagt.',
        other: 'Nimm ein Kabel statt WLAN, und senke die Bitrate.',
      },
    },
  },
}
