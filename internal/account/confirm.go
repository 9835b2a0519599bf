package account

import (
	"context"
	"errors"
	"time"

	"golang.org/x/time/rate"

	"github.com/rostrumlive/rostrum/internal/store"
)

// An e-mail address is somebody's word until a link that was mailed there comes
// back: then it is confirmed. The link is bound to the user and the address, so
// that it is void with another one.

// ConfirmAddress is where a text confirms an e-mail address, on a site with that
// origin. The text stands behind #, which browsers send to nobody.
func ConfirmAddress(origin, text string) string { return origin + "/confirm#" + text }

// confirmation is a link that is to be mailed. Nil is none.
type confirmation struct {
	letters  *Letters
	user     User
	language string // as the browser says it
	plain    string
}

// newConfirmation makes, in the transaction that gives a user an address, the
// link that confirms it; those for an address before are void. It is nil where
// there is nothing to confirm, no mail, or too much of it lately: then the user
// asks later.
func (s *Service) newConfirmation(ctx context.Context, tx *store.Tx, u User, language string) (*confirmation, error) {
	if err := tx.DeleteVouchers(ctx, voucherConfirm, u.ID); err != nil {
		return nil, err
	}
	if s.letters == nil || u.Email == "" || !u.EmailConfirmedAt.IsZero() || s.letters.allowConfirmation(u) != nil {
		return nil, nil
	}
	v := s.voucher(voucherConfirm, confirmLasts)
	v.UserID, v.Note = u.ID, u.Email
	c := &confirmation{letters: s.letters, user: u, language: language, plain: newSecret(confirmPrefix)}
	return c, tx.InsertVoucher(ctx, v, hashSecret(c.plain))
}

// post has it mailed, after the commit, and reports whether there was room.
func (c *confirmation) post() bool {
	return c == nil || c.letters.enqueue(func(ctx context.Context) { c.letters.mailConfirmation(ctx, c) })
}

// allowConfirmation counts a letter to a user, and to an address, whoever has it
// now: nobody makes the site write to a stranger again and again.
func (l *Letters) allowConfirmation(u User) error {
	if err := l.sent.takeEvery("confirm/"+u.ID, rate.Every(mailEvery), mailsAtOnce); err != nil {
		return err
	}
	return l.sent.takeEvery("confirm-at/"+u.Email, rate.Every(mailEvery), mailsAtOnce)
}

// AskForConfirmation mails the actor a link that confirms the address, in the
// language that the browser says. It fails with ErrNoEmail, ErrConfirmed or
// ErrTooManyLetters.
func (l *Letters) AskForConfirmation(ctx context.Context, a Actor, language string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	var c *confirmation
	err := l.s.db.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, a.User.ID)
		switch {
		case err != nil:
			return refuse(err, store.ErrNotFound, ErrSignIn)
		case u.Email == "":
			return ErrNoEmail
		case !u.EmailConfirmedAt.IsZero():
			return ErrConfirmed
		}
		if c, err = l.s.newConfirmation(ctx, tx, u, language); err == nil && c == nil {
			err = ErrTooManyLetters // and the link before stays good
		}
		return err
	})
	if err == nil && !c.post() {
		err = ErrTooManyLetters
	}
	return err
}

// ConfirmationSent is when a link was last mailed that would confirm a user's
// address now; zero: there is none.
func (s *Service) ConfirmationSent(ctx context.Context, u User) (time.Time, error) {
	if s.letters == nil || u.Email == "" || !u.EmailConfirmedAt.IsZero() {
		return time.Time{}, nil
	}
	v, err := s.db.UnusedVoucher(ctx, voucherConfirm, u.ID)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil || v.Note != u.Email || !s.now().Before(v.ExpiresAt) {
		return time.Time{}, err
	}
	return v.CreatedAt, nil
}

// ConfirmEmail confirms the address to which a link was mailed, for its bearer,
// who need not be signed in. It fails with ErrBadConfirmation, ErrLateConfirmation
// or ErrUsedConfirmation.
func (s *Service) ConfirmEmail(ctx context.Context, plain string, from Client) (u User, err error) {
	if err := s.attempts.allowFrom(from.Address); err != nil {
		return User{}, err
	}
	if !isSecret(plain, confirmPrefix) {
		return User{}, ErrBadConfirmation
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		v, err := tx.VoucherByHash(ctx, voucherConfirm, hashSecret(plain))
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrBadConfirmation)
		}
		if u, err = tx.User(ctx, v.UserID); err != nil {
			return refuse(err, store.ErrNotFound, ErrBadConfirmation)
		}
		switch {
		case u.Email != v.Note:
			return ErrBadConfirmation // the user has another address by now
		case !v.UsedAt.IsZero() && u.EmailConfirmedAt.IsZero():
			return ErrBadConfirmation // had another in between
		case !v.UsedAt.IsZero():
			return ErrUsedConfirmation
		case !s.now().Before(v.ExpiresAt):
			return ErrLateConfirmation
		}
		if err := tx.UseVoucher(ctx, v.ID, u.ID, s.stamp()); err != nil {
			return refuse(err, store.ErrConflict, ErrUsedConfirmation)
		}
		return s.confirmed(ctx, tx, &u, v.Note)
	})
	return u, err
}

// confirmed keeps that an address is a user's, if it is the one that the user has
// now.
func (s *Service) confirmed(ctx context.Context, tx *store.Tx, u *User, email string) error {
	if email == "" || u.Email != email || !u.EmailConfirmedAt.IsZero() {
		return nil
	}
	u.EmailConfirmedAt = s.stamp()
	return tx.UpdateUser(ctx, *u)
}
