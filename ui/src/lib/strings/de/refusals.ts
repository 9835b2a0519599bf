// Why the server refuses, by the codes of its answers. Where one code has many
// reasons, the sentence holds for all, or ends in the server's own.

import type { server as english } from '../en/server'

const because = (what: string) => (said: string) => `${what} Der Server sagt: ${said}`

export const refusals: Pick<typeof english, 'refusals' | 'fieldSaid'> = {
  refusals: {
    invalid: because('So geht es nicht.'),
    not_found: 'Das gibt es nicht.',
    internal: 'Auf dem Server ist etwas schiefgegangen. Was, steht in seinem Log.',
    method_not_allowed: because('Das geht unter dieser Adresse nicht.'),
    cross_origin: 'Das kam von einer Seite, die nicht zu dieser gehört.',
    no_mail: 'Dieser Server verschickt keine E-Mails. Bitte einen Admin der Seite um einen Link.',
    unavailable: 'Im Moment lässt sich nicht feststellen, wer das ansehen darf.',
    password_needed: 'Hier wird ein Passwort verlangt.',
    members_only: 'Das ist nur für Mitglieder des Kanals, und du bist keines.',

    bad_name:
      'Dieser Name geht nicht: Er hat 3 bis 64 Zeichen aus a–z, 0–9, _ und -, und an beiden Enden einen Buchstaben oder eine Ziffer.',
    name_taken: 'Diesen Namen hat schon ein anderer Kanal.',
    reserved_name: 'Diesen Namen hält die Seite für sich frei.',
    upgrade_required: 'Unter dieser Adresse wird nur über einen WebSocket gesprochen.',
    bad_emote: 'Der Code eines Emotes hat 2 bis 32 Buchstaben, Ziffern und Unterstriche.',
    emote_taken: 'Ein Emote mit diesem Code gibt es schon.',
    unknown_emote: 'Dieses Emote gibt es nicht.',
    too_many_emotes: 'Mehr Emotes gehen nicht; entferne erst eines.',
    unknown_line: 'Diese Nachricht gibt es nicht, oder sie wurde gelöscht.',
    unknown_restriction: 'Diese Person darf schon schreiben.',
    bad_time: 'Das dauert von einer Sekunde bis zu 365 Tagen.',
    bad_reason: 'Ein Grund hat höchstens 300 Zeichen, die sich zeigen lassen.',
    bad_pin:
      'Anheften lässt sich eine Nachricht, die noch da ist, oder ein Text, der gesagt werden darf.',
    bad_appeal: 'Eine Bitte hat 1 bis 1.000 Zeichen, die sich zeigen lassen.',
    appealed: 'Dir ist nichts verwehrt, oder du hast schon etwas dazu gesagt.',
    bad_poll:
      'Eine Umfrage hat eine Frage bis 200 Zeichen und 2 bis 10 Antworten bis 80 Zeichen, und dauert 10 Sekunden bis einen Tag.',
    no_poll: 'Es gibt keine Umfrage.',
    poll_ended: 'Diese Umfrage ist vorbei.',
    bad_color: 'Eine Farbe ist #rrggbb, und auf hellem oder auf dunklem Grund zu lesen.',
    bad_chat_settings:
      'Langsam geht bis eine Stunde, Folgen bis ein Jahr, eine Nachricht hat 1 bis 2.000 Zeichen, die Regeln haben bis 500, und wer dazukommt, sieht bis 1.000 Nachrichten.',
    bad_filter: because('So geht der Filter nicht.'),
    unknown_channel: 'Diesen Kanal gibt es nicht.',
    too_many_channels: 'Du hast schon so viele Kanäle, wie eine Person anlegen kann.',
    bad_channel: because('So geht der Kanal nicht.'),
    bad_picture: because('Dieses Bild geht nicht.'),
    bad_visibility:
      'Ansehen dürfen es alle, wer die Adresse hat, wer ein Passwort kennt, oder Mitglieder.',
    bad_takeover:
      'Wenn ein zweiter Encoder kommt, gewinnt der neuere, der laufende oder der mit der höheren Priorität.',
    bad_reconnect_window: 'Die Wartezeit geht von 0 Sekunden bis 30 Minuten.',
    unknown_broadcast: 'Diese Sendung gibt es nicht.',
    unknown_clip: 'Diesen Clip gibt es nicht.',
    bad_clip: 'Ein Clip ist eine Sekunde bis drei Minuten lang.',
    not_recorded: 'Das wird nicht aufgezeichnet, oder nicht mehr.',
    no_clips: 'Auf diesem Kanal können Zuschauer keine Clips machen.',
    on_air: 'Diese Sendung läuft noch; ihre Aufzeichnung lässt sich löschen, wenn sie vorbei ist.',
    taken_down: 'Das wurde gesperrt.',
    banned: 'Dieser Kanal darf nicht live gehen.',
    off_air: 'Dieser Kanal ist nicht live.',
    bad_report: 'Eine Meldung nennt einen Grund und hat höchstens 2.000 Zeichen.',
    unknown_report: 'Diese Meldung gibt es nicht, oder über sie ist schon entschieden.',
    unknown_takedown: 'Diese Sperre gibt es nicht, oder sie ist schon aufgehoben.',
    too_late: 'Das wurde vor zu langer Zeit gesperrt; das Video ist gelöscht.',
    too_many_reports:
      'Zu viele Meldungen warten darauf, dass sie jemand liest; schreib dem Admin der Seite.',
    changed: 'Jemand anderes hat das inzwischen geändert.',
    bad_label: 'Diese Bezeichnung ist zu lang, oder sie hat Zeichen, die sich nicht zeigen lassen.',
    bad_expiry: 'Dieser Zeitpunkt ist schon vorbei.',
    too_many_keys:
      'Dieser Kanal hat so viele Streamschlüssel, wie er haben kann; sperre erst einen.',
    unknown_key: 'Diesen Streamschlüssel gibt es nicht.',
    revoked_key: 'Dieser Streamschlüssel ist gesperrt.',
    expired_key: 'Dieser Streamschlüssel ist abgelaufen.',
    login_failed: 'Name und Passwort sind nicht die eines Kanals und eines seiner Streamschlüssel.',
    old_keys:
      'Name und Passwort passen nicht zusammen, und ältere Schlüssel gehen so nicht: Lege einen neuen an.',
    bad_place: 'Die Rollen sind Besitzer, Redakteur, Moderator und Mitglied.',
    unknown_member: 'Diese Person gehört nicht zum Kanal.',
    last_owner:
      'Der letzte Besitzer kann den Kanal nicht verlassen; mach erst jemand anderen zum Besitzer.',
    too_many_members: 'Dieser Kanal hat so viele Mitglieder, wie er haben kann.',

    sign_in: 'Melde dich erst an.',
    sign_in_again:
      'Melde dich dafür noch einmal an, mit Passwort oder Passkey: Die Anmeldung darf höchstens zehn Minuten her sein.',
    forbidden: 'Das darfst du nicht.',
    scope: 'Das darf dieses API-Token nicht.',
    sign_in_failed: 'Der Name oder das Passwort stimmt nicht.',
    too_many_attempts: 'Zu viele Versuche; warte eine Minute und versuch es noch einmal.',
    disabled: 'Dieses Konto ist deaktiviert.',
    unknown_user: 'Diesen Nutzer gibt es nicht.',
    user_taken: 'Diesen Namen hat schon jemand.',
    email_taken: 'Diese E-Mail-Adresse hat schon jemand.',
    bad_email: 'Das ist keine E-Mail-Adresse.',
    bad_display_name: 'Ein Anzeigename hat 1 bis 60 Zeichen, die sich zeigen lassen.',
    bad_role: 'Die Rollen sind Admin, Moderator und Nutzer.',
    last_admin: 'Der letzte Admin der Seite bleibt einer; mach erst jemand anderen zum Admin.',
    bad_password:
      'Dieses Passwort geht nicht: Es hat mindestens 8 Zeichen, ist weder dein Name noch deine E-Mail-Adresse, und nicht immer dasselbe Zeichen.',
    wrong_password: 'Das Passwort stimmt nicht.',
    unknown_session: 'Diese Sitzung gibt es nicht.',
    unknown_token: 'Dieses API-Token gibt es nicht.',
    bad_scope: 'Ein API-Token darf mindestens eines von dem, was zur Wahl steht.',
    too_many_tokens: 'Du hast so viele API-Tokens, wie eine Person haben kann; beende erst eines.',
    setup_done: 'Diese Seite hat ihren Admin schon.',
    bad_setup_token:
      'Dieser Einrichtungscode stimmt nicht oder ist verbraucht; der Server gibt bei jedem Start einen aus, bis es einen Admin gibt.',
    sign_up_closed: 'Hier kann sich niemand selbst ein Konto anlegen; frag den Admin.',
    bad_invitation: 'Diese Einladung stimmt nicht, ist abgelaufen oder schon eingelöst.',
    unknown_invitation: 'Diese Einladung gibt es nicht.',
    bad_reset: 'Dieser Link stimmt nicht, ist abgelaufen oder verbraucht; bitte um einen neuen.',
    no_email: 'Du hast keine E-Mail-Adresse angegeben.',
    email_confirmed: 'Deine E-Mail-Adresse ist schon bestätigt.',
    too_many_letters:
      'Das waren zu viele Briefe in letzter Zeit; sieh in deine Post, auch in den Spam, oder warte zehn Minuten und versuch es noch einmal.',
    bad_confirmation:
      'Dieser Link stimmt nicht, oder ein neuerer hat ihn ersetzt; öffne den neuesten Brief, oder lass auf der Seite deines Kontos noch einen schicken.',
    late_confirmation:
      'Dieser Link galt einen Tag, und der ist vorbei; lass auf der Seite deines Kontos noch einen schicken.',
    used_confirmation: 'Dieser Link ist verbraucht; deine E-Mail-Adresse ist bestätigt.',
    unknown_identity:
      'Zu dieser Anmeldung gehört hier kein Konto; melde dich erst mit deinem Passwort an und verbinde sie auf der Seite deines Kontos, oder frag den Admin der Seite.',
    not_linked: 'Diese Anmeldung ist nicht mit deinem Konto verbunden.',
    identity_taken: 'Diese Anmeldung gehört schon zu einem anderen Konto.',
    too_many_identities:
      'Du hast so viele Anmeldungen über andere Seiten, wie eine Person haben kann.',
    last_way_in: 'Nur so kannst du dich anmelden; setze erst ein Passwort.',
    no_passkeys: 'Für Passkeys braucht die Seite einen Namen und HTTPS.',
    bad_passkey:
      'Dieser Passkey lässt sich nicht hinzufügen, oder es hat zu lange gedauert; versuch es noch einmal.',
    unknown_passkey: 'Diesen Passkey hast du nicht.',
    too_many_passkeys:
      'Du hast so viele Passkeys, wie eine Person haben kann; entferne erst einen.',
    passkey_failed:
      'Dieser Passkey ist hier nicht bekannt, oder es hat zu lange gedauert; versuch es noch einmal, oder melde dich anders an.',
    copied_passkey:
      'Dieser Passkey wurde inzwischen anderswo benutzt, ist also vielleicht kopiert; melde dich anders an und entferne ihn.',
    bad_site_name: 'Der Name einer Seite hat 1 bis 60 Zeichen, die sich zeigen lassen.',
    bad_accent_light:
      'Diese Farbe geht im hellen Design nicht: Sie wird wie #2f55d4 geschrieben, und ihr Kontrast ist mindestens 4,5 : 1.',
    bad_accent_dark:
      'Diese Farbe geht im dunklen Design nicht: Sie wird wie #7c9cff geschrieben, und ihr Kontrast ist mindestens 4,5 : 1.',
    bad_limits:
      'Aufzeichnungen werden 0 bis 3650 Tage behalten, und ein Nutzer darf 0 bis 500 Kanäle anlegen.',
    blocked:
      'Die Leute dieses Kanals haben dich blockiert: Du kannst ihm nicht folgen und in seinem Chat nicht sprechen.',
    not_following: 'Diesem Kanal folgst du nicht.',
    too_many_followed:
      'Du folgst so vielen Kanälen, wie eine Person kann; hör erst bei einem damit auf.',
    cannot_block:
      'Wer sich um den Kanal oder die Seite kümmert, lässt sich nicht blockieren; nimm ihm erst seinen Platz.',
    not_blocked: 'Dieser Nutzer ist nicht blockiert.',
    too_many_blocked: 'Hier sind so viele Nutzer blockiert, wie es geben kann.',
    bad_push_subscription:
      'Das ist nicht, was ein Browser von seinem Push-Dienst sagt: eine https-Adresse und Schlüssel.',
    private_push_endpoint:
      'Dieser Push-Dienst hat keine öffentliche Adresse, und solche ruft der Server nicht auf.',
    unknown_push_subscription: 'Dieser Browser steht nicht in der Liste.',
    bad_unsubscribe_link:
      'Dieser Link steht in keinem Brief von hier; kopiere ihn ganz, oder melde dich an und wähle auf der Seite deines Kontos.',
    bad_webhook_format: 'Die Form eines Webhooks ist standard, discord oder matrix.',
    bad_matrix_url:
      'Gib den Heimserver und die ID des Raums an; sie beginnt mit einem Ausrufezeichen.',
    bad_matrix_token: 'Gib das Zugangs-Token eines Matrix-Nutzers an, der im Raum ist.',
    webhook_not_signed:
      'Was in dieser Form gesendet wird, ist nicht signiert; es gibt kein Geheimnis zu ändern.',
    unknown_webhook: 'Diesen Webhook gibt es nicht.',
    unknown_delivery: 'Diese Zustellung gibt es nicht, oder sie wird nicht mehr aufgehoben.',
    bad_webhook_url:
      'Die Adresse eines Webhooks beginnt mit https:// oder http://, enthält weder Name und Passwort noch ein #, und hat höchstens 2.048 Zeichen.',
    private_webhook_url:
      'Diese Adresse ist nicht öffentlich, und solche ruft der Server für Webhooks nicht auf.',
    bad_webhook_events: 'Wähle mindestens ein Ereignis, von denen, die zur Wahl stehen.',
    too_many_webhooks: 'Hier gibt es so viele Webhooks, wie es geben kann; entferne erst einen.',
    webhook_disabled: 'Dieser Webhook ist deaktiviert; aktiviere ihn erst.',
    bad_legal: 'Eine rechtliche Seite hat höchstens 100.000 Zeichen, die sich zeigen lassen.',
    bad_sign_up: 'Ein Konto anlegen dürfen alle, Eingeladene oder niemand.',
  },
  fieldSaid: (said: string): string => {
    const bound = /^expected (length|number|array length) (<=|>=) ([\d.]+)$/.exec(said)
    if (!bound) return `So geht es nicht (${said})`
    const [, of, sign, n] = bound
    const limit = `${sign === '<=' ? 'höchstens' : 'mindestens'} ${n}`
    return of === 'length' ? `Hier gehören ${limit} Zeichen hin` : `Hier gehört ${limit} hin`
  },
}
