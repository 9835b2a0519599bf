package broadcast

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Change is what is to change of a broadcast; what is nil stays as it is.
type Change struct {
	Title      *string
	Visibility *account.Visibility // empty is the channel's
}

// Change changes a broadcast, on air or over, for who may change its channel,
// and returns it as it is then.
func (m *Manager) Change(ctx context.Context, a account.Actor, id string, ch Change) (store.Broadcast, error) {
	row, err := m.opts.DB.Broadcast(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return row, account.ErrUnknownBroadcast
	}
	if err != nil {
		return row, err
	}
	c, err := m.opts.DB.Channel(ctx, row.ChannelID)
	if err != nil {
		return row, err
	}
	if err := m.opts.Accounts.Require(ctx, a, c, account.PlaceEditor, account.ScopeChannels); err != nil {
		return row, err
	}
	if ch.Title != nil {
		if row.Title, err = account.ValidTitle(*ch.Title); err != nil {
			return row, err
		}
	}
	if v := ch.Visibility; v != nil {
		if *v != "" && !account.ValidVisibility(*v) {
			return row, account.ErrBadVisibility
		}
		row.Visibility = string(*v)
	}
	err = m.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.UpdateBroadcast(ctx, row) })
	if err == nil {
		m.opts.Accounts.Changed(c.ID)
	}
	return row, err
}
