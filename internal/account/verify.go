package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// SetVerified has the site vouch that a user is who the display name says, or no
// longer. It is for admins. What was vouched for is that name: it ends when the
// user takes another (SetProfile).
func (s *Service) SetVerified(ctx context.Context, a Actor, name string, verified bool) error {
	act := "user.unverify"
	if verified {
		act = "user.verify"
	}
	return s.changeUser(ctx, a, name, act, "", func(u *User) {
		switch {
		case !verified:
			u.VerifiedAt = time.Time{}
		case u.VerifiedAt.IsZero():
			u.VerifiedAt = s.stamp()
		}
	})
}

// unverify ends that with a change of the display name, which admins read in the
// log.
func (s *Service) unverify(ctx context.Context, tx *store.Tx, a Actor, u *User, next string) error {
	if u.VerifiedAt.IsZero() || u.DisplayName == next {
		return nil
	}
	u.VerifiedAt = time.Time{}
	return s.note(ctx, tx, a, "user.unverify", "user/"+u.Name, "took another display name")
}
