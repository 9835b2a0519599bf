package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/rostrumlive/rostrum/internal/store"
)

// ResetAddress is where a reset text sets a new password, on a site with that
// origin. The text stands behind #, which browsers send to nobody.
func ResetAddress(origin, text string) string { return origin + "/reset#" + text }

// A user gets no more mail than this, whoever asks for it.
const (
	mailsAtOnce = 3
	mailEvery   = 10 * time.Minute
)

// AskForReset has a link mailed to the user with that name or e-mail address, if
// there is one and an address is known, in the language that the asker's browser
// says. It fails with ErrTooManyAttempts; whether
// there is such a user, and whether the mail arrives, it does not tell.
func (l *Letters) AskForReset(login, language string, from Client) error {
	login = strings.TrimSpace(login)
	if err := l.s.attempts.allowAll(from.Address, "reset/"+strings.ToLower(login)); err != nil {
		return err
	}
	if !l.enqueue(func(ctx context.Context) { l.mailReset(ctx, login, language) }) {
		return ErrTooManyAttempts
	}
	return nil
}

// mailReset sends one link. Its trouble is told here: nobody else is there.
func (l *Letters) mailReset(ctx context.Context, login, language string) {
	u, err := l.s.userByLogin(ctx, login)
	switch {
	case errors.Is(err, ErrUnknownUser):
		return
	case err == nil && (u.Email == "" || !u.DisabledAt.IsZero()):
		return
	case err == nil:
		err = l.mailResetTo(ctx, u, language)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("a link for a new password cannot be mailed", "user", u.Name, "error", err)
	}
}

func (l *Letters) mailResetTo(ctx context.Context, u User, language string) error {
	if l.sent.takeEvery("mail/"+u.ID, rate.Every(mailEvery), mailsAtOnce) != nil {
		l.log.Info("a user gets no more mail for now", "user", u.Name)
		return nil
	}
	set, err := l.s.Settings(ctx)
	if err != nil {
		return err
	}
	text, err := l.s.resetText(ctx, u, u.Email, func(*store.Tx) error { return nil })
	if err != nil {
		return err
	}
	words := resetWords[LanguageOf(language)]
	return l.send(ctx, u.Email, fmt.Sprintf(words.subject, set.SiteName), fmt.Sprintf(words.letter, u.Name, set.SiteName, ResetAddress(l.origin, text)))
}
