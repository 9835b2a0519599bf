package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// SetBanned keeps a channel from going on air, or lets it again. What it has on
// air is ended by who watches for that (Watch). It is for moderators. The error
// is ErrUnknownChannel.
func (s *Service) SetBanned(ctx context.Context, a Actor, channel string, banned bool) error {
	if err := a.RequireModerator(); err != nil {
		return err
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return err
	}
	if banned == !c.BannedAt.IsZero() {
		return nil
	}
	act, at := "channel.unban", time.Time{}
	if banned {
		act, at = "channel.ban", s.stamp()
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.BanChannel(ctx, c.ID, at); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownChannel)
		}
		return s.note(ctx, tx, a, act, "channel/"+c.Name, "")
	})
	if err == nil {
		s.changed(c)
	}
	return err
}

// Banned lists the channels that may not go on air by name, at most limit from a
// cursor on. It is for moderators.
func (s *Service) Banned(ctx context.Context, a Actor, cursor string, limit int) (cs []Channel, next string, err error) {
	if err := a.RequireModerator(); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	cs, err = s.db.BannedChannels(ctx, cursor, limit+1)
	if err != nil || len(cs) <= limit {
		return cs, "", err
	}
	return cs[:limit], cs[limit-1].Name, nil
}
