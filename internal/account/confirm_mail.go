package account

import (
	"context"
	"fmt"
)

// confirmWords are what a letter says that asks to confirm an address.
type confirmWords struct {
	subject string // of the site's name
	// letter is of the account's name, the site's, and the link. A display name is not
	// in it: the reader may be a stranger, to whom nobody is to write what he likes.
	letter string
}

var confirmEnglish = confirmWords{
	subject: "Confirm your e-mail address for %s",
	letter: `Hello,

this address was given for the account %s at %s. If that was you, confirm here,
within a day, that it is yours:

%s

If it was not you, do nothing: then you get no mail about what happens there.
`,
}

var confirmGerman = confirmWords{
	subject: "Bestätige deine E-Mail-Adresse für %s",
	letter: `Hallo,

diese Adresse wurde für das Konto %s bei %s angegeben. Wenn du das warst,
bestätige hier innerhalb eines Tages, dass sie dir gehört:

%s

Wenn du es nicht warst, tu nichts: Dann bekommst du keine Briefe darüber, was
dort geschieht.
`,
}

// mailConfirmation sends one link. Its trouble is told here: nobody else is there.
func (l *Letters) mailConfirmation(ctx context.Context, c *confirmation) {
	set, err := l.s.Settings(ctx)
	if err == nil {
		words := confirmEnglish
		if LanguageOf(c.language) == "de" {
			words = confirmGerman
		}
		text := fmt.Sprintf(words.letter, c.user.Name, set.SiteName, ConfirmAddress(l.origin, c.plain))
		err = l.send(ctx, c.user.Email, fmt.Sprintf(words.subject, set.SiteName), text)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("a link that confirms an e-mail address cannot be mailed", "user", c.user.Name, "error", err)
	}
}
