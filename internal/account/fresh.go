package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// freshFor is how long after a sign-in its session may change by what its user
// signs in. A session that was left open, or stolen, is older.
const freshFor = 10 * time.Minute

// requireFresh returns nil for a user who has just proved who they are, by
// password or passkey; by another site only where the user has neither, as it
// may have asked for no proof. It fails with ErrSignInAgain.
func (s *Service) requireFresh(ctx context.Context, a Actor) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	ses, err := s.db.Session(ctx, a.Session)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrSignIn)
	}
	if s.now().Sub(ses.CreatedAt) >= freshFor {
		return ErrSignInAgain
	}
	if ses.Method != ByOIDC {
		return nil
	}
	u, err := s.db.User(ctx, a.User.ID)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrSignIn)
	}
	if u.Password != "" {
		return ErrSignInAgain
	}
	return nil
}
