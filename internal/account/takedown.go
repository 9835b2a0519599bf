package account

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Takedown is something that was taken down: see store.Takedown.
type Takedown = store.Takedown

// UndoWindow is how long a takedown can be undone. Afterwards the media goes.
const UndoWindow = 30 * 24 * time.Hour

// TakeDown takes a channel (by its name), a recording or a clip (by its id)
// down, with all that is part of it, at once: who asks for it is told so by
// whoever asks Watching. What is on air of it is ended by who watches for that
// (Watch). All open reports of it are settled. The error is an ErrUnknown… or
// ErrTakenDown. It is for moderators.
func (s *Service) TakeDown(ctx context.Context, a Actor, kind, target, reason string) (Takedown, error) {
	if err := a.RequireModerator(); err != nil {
		return Takedown{}, err
	}
	if !validReason(reason) {
		return Takedown{}, ErrBadReport
	}
	now := s.stamp()
	d := Takedown{ID: s.db.NewID(), Kind: kind, Reason: reason, Actor: a.name(), At: now, Until: now.Add(UndoWindow)}
	if kind == store.KindChannel {
		c, err := s.Channel(ctx, target) // a name, which leads to its id
		if err != nil {
			return d, err
		}
		d.TargetID, d.ChannelID = c.ID, c.ID
	}
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if kind != store.KindChannel {
			if d.TargetID, d.ChannelID, err = s.thing(ctx, tx.Reader, kind, target); err != nil {
				return err
			}
		}
		if _, err := tx.TakedownOf(ctx, d.TargetID); !errors.Is(err, store.ErrNotFound) {
			return either(err, ErrTakenDown)
		}
		if err := tx.TakeDown(ctx, d); err != nil {
			return err
		}
		if err := tx.SettleReports(ctx, d.TargetID, d.Actor, now); err != nil {
			return err
		}
		if d, err = tx.Takedown(ctx, d.ID); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "takedown", "channel/"+d.ChannelName, d.Kind+" "+d.TargetID+": "+reason)
	})
	if err == nil {
		s.Changed(d.ChannelID)
	}
	return d, err
}

// Undo puts what was taken down up again, as it was before. It fails with
// ErrUnknownTakedown, also when it was undone already, and with ErrTooLate once
// the media may be gone. It is for moderators.
func (s *Service) Undo(ctx context.Context, a Actor, id string) error {
	if err := a.RequireModerator(); err != nil {
		return err
	}
	d, err := s.db.Takedown(ctx, id)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrUnknownTakedown)
	}
	if !s.now().Before(d.Until) {
		return ErrTooLate
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.UndoTakedown(ctx, d, s.stamp()); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownTakedown)
		}
		return s.note(ctx, tx, a, "takedown.undo", "channel/"+d.ChannelName, d.Kind+" "+d.TargetID)
	})
	if err == nil {
		s.Changed(d.ChannelID)
	}
	return err
}

// Takedowns lists what was taken down, also what is up again, newest first, at
// most limit from a cursor on. It is for moderators.
func (s *Service) Takedowns(ctx context.Context, a Actor, cursor string, limit int) (ds []Takedown, next string, err error) {
	if err := a.RequireModerator(); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	ds, err = s.db.Takedowns(ctx, cursor, limit+1)
	if err != nil || len(ds) <= limit {
		return ds, "", err
	}
	return ds[:limit], ds[limit-1].ID, nil
}

// OnAirRefusal is why a channel may not be on air: ErrTakenDown, ErrBanned, or
// nil when it may.
func OnAirRefusal(c Channel) *Error {
	switch {
	case !c.TakenDownAt.IsZero():
		return ErrTakenDown
	case !c.BannedAt.IsZero():
		return ErrBanned
	}
	return nil
}
