package broadcast

import (
	"context"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Stop ends what a channel has on air and sends its encoder away, for the
// channel's moderators and those of the site. The error is ErrUnknownChannel, or
// ErrOffAir when there is nothing. An encoder that comes back by itself begins
// another broadcast: to keep it away its key is revoked, or the channel banned.
func (m *Manager) Stop(ctx context.Context, a account.Actor, channel string) error {
	c, err := m.opts.Accounts.Channel(ctx, channel)
	if err != nil {
		return err
	}
	if err := m.opts.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeModerate); err != nil {
		return err
	}
	m.mu.Lock()
	b := m.byChannel[c.ID]
	m.mu.Unlock()
	if b == nil {
		return account.ErrOffAir
	}
	err = m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		return m.opts.Accounts.NoteModeration(ctx, tx, a, c, "broadcast.stop", b.ID)
	})
	if err != nil {
		return err
	}
	b.log.Info("stopped by a moderator", "by", a.User.Name)
	b.stop(refusal("stopped", "A moderator stopped the broadcast."))
	return nil
}

// Encoder is what the encoder that feeds the broadcast calls itself; empty when
// it is away or said nothing.
func (b *Broadcast) Encoder() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pub == nil {
		return ""
	}
	return b.feeder.encoder
}
