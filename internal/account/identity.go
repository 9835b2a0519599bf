package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Identity is who a user is to another site that vouches for them: see
// store.Identity.
type Identity = store.Identity

const mostIdentities = 20 // of a user

// Vouched is who somebody is, as another site says. Issuer and Subject together
// are somebody; all else may be empty.
type Vouched struct {
	Issuer, Subject string
	Username        string
	Name            string // for people
	Email           string // that the other site has verified
}

// Attempt counts one more try of a client to sign in, where nothing else does.
// It fails with ErrTooManyAttempts.
func (s *Service) Attempt(from Client) error { return s.attempts.allowFrom(from.Address) }

// SignInByIdentity opens a session for the user who is known by an identity,
// and returns its token. Who is unknown gets an account when makeAccount is
// true; an account that is there is never taken for theirs, whatever address it
// has. It fails with ErrUnknownIdentity or ErrDisabled.
func (s *Service) SignInByIdentity(ctx context.Context, v Vouched, makeAccount bool, from Client) (token string, u User, err error) {
	token = newSecret(sessionPrefix)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.Identity(ctx, v.Issuer, v.Subject)
		switch {
		case errors.Is(err, store.ErrNotFound) && makeAccount:
			u, err = s.makeVouched(ctx, tx, v)
		case err == nil:
			u, err = tx.User(ctx, i.UserID)
		}
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownIdentity)
		}
		if !u.DisabledAt.IsZero() {
			return ErrDisabled
		}
		if err := s.vouchedEmail(ctx, tx, &u, v); err != nil {
			return err
		}
		return s.insertSession(ctx, tx, u, token, ByOIDC, from)
	})
	if err != nil {
		return "", User{}, err
	}
	return token, u, nil
}

// makeVouched makes an account for somebody whom another site vouches for.
func (s *Service) makeVouched(ctx context.Context, tx *store.Tx, v Vouched) (User, error) {
	name, err := freeName(ctx, tx, nameFor(v))
	if err != nil {
		return User{}, err
	}
	u := User{ID: s.db.NewID(), Name: name, DisplayName: strings.TrimSpace(v.Name), Role: string(RoleUser), CreatedAt: s.stamp()}
	if n := utf8.RuneCountInString(u.DisplayName); n < 1 || n > maxDisplayName || !printable(u.DisplayName) {
		u.DisplayName = name
	}
	if email, err := foldEmail(v.Email); err == nil && email != "" {
		_, err := tx.UserByEmail(ctx, email)
		switch {
		case errors.Is(err, store.ErrNotFound):
			u.Email, u.EmailConfirmedAt = email, u.CreatedAt
		case err != nil:
			return User{}, err
		}
	}
	if err := tx.InsertUser(ctx, u); err != nil {
		return User{}, err
	}
	return u, tx.InsertIdentity(ctx, Identity{Issuer: v.Issuer, Subject: v.Subject, UserID: u.ID, CreatedAt: u.CreatedAt})
}

// vouchedEmail confirms a user's address where another site has verified that it
// is theirs.
func (s *Service) vouchedEmail(ctx context.Context, tx *store.Tx, u *User, v Vouched) error {
	email, err := foldEmail(v.Email)
	if err != nil {
		return nil // theirs is none here
	}
	return s.confirmed(ctx, tx, u, email)
}

// longestVouchedName leaves room for what makes a name free.
const longestVouchedName = MaxNameLength - 8

// nameFor is a name for an account, near to what somebody is called elsewhere.
func nameFor(v Vouched) string {
	for _, word := range []string{v.Username, v.Email, v.Name} {
		word, _, _ = strings.Cut(FoldName(word), "@")
		word = strings.Map(func(r rune) rune {
			if nameRune(r) {
				return r
			}
			return '-'
		}, word)
		word = strings.Trim(word[:min(len(word), longestVouchedName)], "_-")
		if validPersonName(word) == nil {
			return word
		}
	}
	return "viewer"
}

// freeName returns the name, or the first of name-2, name-3 and so on that
// nobody has.
func freeName(ctx context.Context, tx *store.Tx, name string) (string, error) {
	const tries = 50
	for n := 1; n <= tries; n++ {
		candidate := name
		if n > 1 {
			candidate = fmt.Sprintf("%s-%d", name, n)
		}
		_, err := tx.UserByName(ctx, candidate)
		if errors.Is(err, store.ErrNotFound) {
			return candidate, nil
		}
		if err != nil {
			return "", err
		}
	}
	const letters = 7 // of 32 kinds: somebody else's by chance only
	return name + "-" + newSecret("")[:letters], nil
}

// LinkIdentity lets a user sign in by another site from now on. It takes a
// fresh sign-in (ErrSignInAgain). It fails with ErrIdentityTaken.
func (s *Service) LinkIdentity(ctx context.Context, a Actor, v Vouched) error {
	if err := s.RequireFresh(ctx, a); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.Identity(ctx, v.Issuer, v.Subject)
		if err == nil && i.UserID == a.User.ID {
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return either(err, ErrIdentityTaken)
		}
		if have, err := tx.Identities(ctx, a.User.ID, mostIdentities); err != nil || len(have) >= mostIdentities {
			return either(err, ErrTooManyIdentities)
		}
		err = tx.InsertIdentity(ctx, Identity{Issuer: v.Issuer, Subject: v.Subject, UserID: a.User.ID, CreatedAt: s.stamp()})
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, a.User.ID)
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrSignIn)
		}
		return s.vouchedEmail(ctx, tx, &u, v)
	})
}

// Identities lists the actor's own.
func (s *Service) Identities(ctx context.Context, a Actor) ([]Identity, error) {
	if err := a.requireSession(); err != nil {
		return nil, err
	}
	return s.db.Identities(ctx, a.User.ID, mostIdentities)
}

// Unlink takes one of the actor's own identities away. It fails with
// ErrNotLinked, or with ErrLastWayIn.
func (s *Service) Unlink(ctx context.Context, a Actor, issuer, subject string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteIdentity(ctx, a.User.ID, issuer, subject); err != nil {
			return refuse(err, store.ErrNotFound, ErrNotLinked)
		}
		return keepsAWayIn(ctx, tx, a.User.ID)
	})
}

// keepsAWayIn returns nil when a user can still sign in.
func keepsAWayIn(ctx context.Context, tx *store.Tx, userID string) error {
	u, err := tx.User(ctx, userID)
	if err != nil || u.Password != "" {
		return err
	}
	identities, err := tx.Identities(ctx, userID, 1)
	if err != nil || len(identities) > 0 {
		return err
	}
	passkeys, err := tx.Passkeys(ctx, userID, 1)
	if err != nil || len(passkeys) > 0 {
		return err
	}
	return ErrLastWayIn
}
