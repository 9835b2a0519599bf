package account

import (
	"context"
	"fmt"
)

// mailConfirmation sends one link. Its trouble is told here: nobody else is there.
func (l *Letters) mailConfirmation(ctx context.Context, c *confirmation) {
	set, err := l.s.Settings(ctx)
	if err == nil {
		words := confirmWords[LanguageOf(c.language)]
		text := fmt.Sprintf(words.letter, c.user.Name, set.SiteName, ConfirmAddress(l.origin, c.plain))
		err = l.send(ctx, c.user.Email, fmt.Sprintf(words.subject, set.SiteName), text)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("a link that confirms an e-mail address cannot be mailed", "user", c.user.Name, "error", err)
	}
}
