package account

// letterWords are what a letter says. A display name is not in it: the reader may be
// a stranger, to whom nobody is to write what he likes.
type letterWords struct {
	subject string // of the site's name
	letter  string // of the account's name, the site's, and the link
}

// confirmWords ask to confirm an address, by LanguageOf.
var confirmWords = map[string]letterWords{
	"en": {"Confirm your e-mail address for %s", `Hello,

this address was given for the account %s at %s. If that was you, confirm here,
within a day, that it is yours:

%s

If it was not you, do nothing: then you get no mail about what happens there.
`},
	"de": {"Bestätige deine E-Mail-Adresse für %s", `Hallo,

diese Adresse wurde für das Konto %s bei %s angegeben. Wenn du das warst,
bestätige hier innerhalb eines Tages, dass sie dir gehört:

%s

Wenn du es nicht warst, tu nichts: Dann bekommst du keine Briefe darüber, was
dort geschieht.
`},
}

// resetWords have the link for a new password, by LanguageOf.
var resetWords = map[string]letterWords{
	"en": {"A new password for %s", `Hello,

somebody asked for a new password for your account %s at %s. If it was you,
set one here, once and within two hours:

%s

If it was not you, do nothing: your password stays as it is.
`},
	"de": {"Ein neues Passwort für %s", `Hallo,

jemand hat für dein Konto %s bei %s ein neues Passwort erbeten. Wenn du das
warst, setze hier eines, einmal und innerhalb von zwei Stunden:

%s

Wenn du es nicht warst, tu nichts: Dein Passwort bleibt, wie es ist.
`},
}
