package account

import (
	"context"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Act is what an admin or a moderator did: see store.Act.
type Act = store.Act

// note adds to the log of what was done, in the transaction that does it.
func (s *Service) note(ctx context.Context, tx *store.Tx, a Actor, act, target, details string) error {
	address := ""
	if a.Address.IsValid() {
		address = a.Address.String()
	}
	return tx.InsertAct(ctx, Act{
		ID: s.db.NewID(), At: s.stamp(), UserID: a.User.ID, Actor: a.name(), Act: act, Target: target, Details: details, Address: address,
	})
}

// NoteAct logs what an admin does to something of the site that another room
// owns: in the transaction that does it.
func (s *Service) NoteAct(ctx context.Context, tx *store.Tx, a Actor, act, target, details string) error {
	return s.note(ctx, tx, a, act, target, details)
}

// Acts lists what admins and moderators did, newest first, at most limit from a
// cursor on. It is for admins.
func (s *Service) Acts(ctx context.Context, a Actor, cursor string, limit int) (acts []Act, next string, err error) {
	if err := a.RequireAdmin(); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	acts, err = s.db.Acts(ctx, cursor, limit+1)
	if err != nil || len(acts) <= limit {
		return acts, "", err
	}
	return acts[:limit], acts[limit-1].ID, nil
}
