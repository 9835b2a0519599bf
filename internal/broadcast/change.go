package broadcast

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// MostChapters is how many chapters a broadcast has at most. Later titles are
// its title all the same.
const MostChapters = 100

// chapterApart is how long a chapter lasts at least: a title that is corrected
// before that takes the other's place.
const chapterApart = 10 * time.Second

// Change is what is to change of a broadcast; what is nil stays as it is.
type Change struct {
	Title      *string
	Visibility *account.Visibility // empty is the channel's
}

// Change changes a broadcast, on air or over, for who may change its channel,
// and returns it as it is then. Another title on air begins a chapter.
func (m *Manager) Change(ctx context.Context, a account.Actor, id string, ch Change) (store.Broadcast, error) {
	row, c, err := m.rowOf(ctx, id)
	if err != nil {
		return row, err
	}
	if err := m.opts.Accounts.Require(ctx, a, c, account.PlaceEditor, account.ScopeChannels); err != nil {
		return row, err
	}
	before := row.Title
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
	err = m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if err := m.chapter(ctx, tx, row, cmp.Or(before, c.Title)); err != nil {
			return err
		}
		return tx.UpdateBroadcast(ctx, row)
	})
	if err == nil {
		m.opts.Accounts.Changed(c.ID)
	}
	return row, err
}

// rowOf returns a broadcast and its channel, or ErrUnknownBroadcast.
func (m *Manager) rowOf(ctx context.Context, id string) (row store.Broadcast, c account.Channel, err error) {
	row, err = m.opts.DB.Broadcast(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return row, c, account.ErrUnknownBroadcast
	}
	if err != nil {
		return row, c, err
	}
	c, err = m.opts.DB.Channel(ctx, row.ChannelID)
	return row, c, err
}

// chapter begins one where a broadcast on air has another title than before.
// The first such tells of the chapter before it too.
func (m *Manager) chapter(ctx context.Context, tx *store.Tx, row store.Broadcast, before string) error {
	b := m.Get(row.ID)
	if b == nil || row.Title == before {
		return nil
	}
	if state := b.State(); state != store.StateLive && state != store.StateInterrupted {
		return nil
	}
	chapters, err := tx.EventsOfKind(ctx, row.ID, EventTitle, MostChapters)
	if err != nil {
		return err
	}
	at := max(b.packager.Newest(), media.Origin).Truncate(time.Millisecond)
	e := store.Event{ID: m.opts.DB.NewID(), BroadcastID: row.ID, At: time.Now(), Kind: EventTitle, Text: before}
	switch n := len(chapters); {
	case n == 0 && at-media.Origin >= chapterApart:
		e.Media = media.Origin
		if err := tx.PutEvent(ctx, e); err != nil {
			return err
		}
		e.ID = m.opts.DB.NewID()
	case n == 0: // it had no other worth telling of
		at = media.Origin
	case at-chapters[n-1].Media < chapterApart:
		e.ID, at = chapters[n-1].ID, chapters[n-1].Media
	case n == MostChapters:
		return nil
	}
	e.Text, e.Media = row.Title, at
	return tx.PutEvent(ctx, e)
}
