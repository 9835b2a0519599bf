package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// freshFor is how long after a sign-in its session may change by what its user
// signs in. A session that was left open, or stolen, is older.
const freshFor = 10 * time.Minute

// RequireFresh returns nil for a user who has just proved who they are, by
// password or passkey; by another site only where the user has neither, as that
// may have asked for no proof. It fails with ErrSignInAgain.
func (s *Service) RequireFresh(ctx context.Context, a Actor) error {
	until, err := s.FreshUntil(ctx, a)
	if err != nil {
		return err
	}
	if !s.now().Before(until) {
		return ErrSignInAgain
	}
	return nil
}

// FreshUntil is until when the actor may change by what they sign in, before
// they have to sign in again. It may be over, or zero.
func (s *Service) FreshUntil(ctx context.Context, a Actor) (time.Time, error) {
	if err := a.requireSession(); err != nil {
		return time.Time{}, err
	}
	ses, err := s.db.Session(ctx, a.Session)
	if err != nil {
		return time.Time{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	until := ses.CreatedAt.Add(freshFor)
	if ses.Method != ByOIDC {
		return until, nil
	}
	u, err := s.db.User(ctx, a.User.ID)
	if err != nil {
		return time.Time{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	passkeys, err := s.db.Passkeys(ctx, u.ID, 1)
	if err != nil || u.Password != "" || len(passkeys) > 0 {
		return time.Time{}, err
	}
	return until, nil
}
