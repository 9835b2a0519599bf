package account

import (
	"context"
	"errors"
	"slices"

	"github.com/rostrumlive/rostrum/internal/store"
)

// PlaceOfSession is what the user of a session, or of an API token that may
// read, may do in a channel now: PlaceNone also when the session or the token is
// over. Both are given by their ids, which are no secrets.
func (s *Service) PlaceOfSession(ctx context.Context, id, channelID string) (Place, error) {
	u, ok, err := s.SessionGood(ctx, id)
	if err == nil && !ok {
		u, ok, err = s.tokenReads(ctx, id)
	}
	if err != nil || !ok {
		return PlaceNone, err
	}
	return s.PlaceOf(ctx, Actor{User: u}, Channel{ID: channelID})
}

// tokenReads returns the user of an API token, and whether it is good and may
// read what its user may.
func (s *Service) tokenReads(ctx context.Context, id string) (User, bool, error) {
	t, err := s.db.APIToken(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return User{}, false, nil
	}
	if err != nil || !slices.Contains(ScopesOf(t), ScopeRead) || !t.ExpiresAt.IsZero() && !s.now().Before(t.ExpiresAt) {
		return User{}, false, err
	}
	u, err := s.db.User(ctx, t.UserID)
	if errors.Is(err, store.ErrNotFound) {
		return User{}, false, nil
	}
	return u, err == nil && u.DisabledAt.IsZero(), err
}

// PasswordMatches reports whether a password is the one of a hash that a
// channel has. It waits until few others are being compared.
func (s *Service) PasswordMatches(ctx context.Context, plain, hash string) (bool, error) {
	return s.passwords.matches(ctx, plain, hash)
}

// Refreshed is the actor as its rows are now. It is ErrSignIn when its session or
// its token is over, or its user may not sign in any more; nobody is nobody.
func (s *Service) Refreshed(ctx context.Context, a Actor) (Actor, error) {
	switch {
	case a.local:
		return a, nil
	case a.User.ID == "":
		return a, ErrSignIn
	case a.Session != "":
		u, ok, err := s.SessionGood(ctx, a.Session)
		if err != nil || !ok {
			return Actor{}, either(err, ErrSignIn)
		}
		a.User = u
		return a, nil
	}
	t, err := s.db.APIToken(ctx, a.Token)
	if errors.Is(err, store.ErrNotFound) || err == nil && !t.ExpiresAt.IsZero() && !s.now().Before(t.ExpiresAt) {
		return Actor{}, ErrSignIn
	}
	if err != nil {
		return Actor{}, err
	}
	u, err := s.db.User(ctx, t.UserID)
	if err != nil {
		return Actor{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	if !u.DisabledAt.IsZero() {
		return Actor{}, ErrSignIn
	}
	a.User, a.Scopes = u, ScopesOf(t)
	return a, nil
}
