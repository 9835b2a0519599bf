package outbox

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

// Followers are told when a channel goes on air, in the transaction that puts it
// there: not when it resumes, not again when it stops and starts, not of what
// was taken down.
func TestAnnounce(t *testing.T) {
	db, ctx := storetest.Open(t, filepath.Join(t.TempDir(), "rostrum.db"), slog.New(slog.DiscardHandler)), t.Context()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	c := store.Channel{ID: db.NewID(), Name: "show", CreatedAt: now}
	u := store.User{ID: db.NewID(), Name: "vera", CreatedAt: now}
	write := func(fn func(*store.Tx) error) {
		t.Helper()
		require.NoError(t, db.Write(ctx, fn))
	}
	write(func(tx *store.Tx) error {
		require.NoError(t, tx.InsertChannel(ctx, c))
		return tx.InsertUser(ctx, u)
	})
	begin := func() store.Broadcast {
		t.Helper()
		b := store.Broadcast{ID: db.NewID(), ChannelID: c.ID, State: store.StateOpening, CreatedAt: now}
		write(func(tx *store.Tx) error {
			require.NoError(t, tx.InsertBroadcast(ctx, b))
			return Follow(ctx, tx, b.ID, now, func() error { return tx.SetBroadcastLive(ctx, b.ID, now) })
		})
		return b
	}
	end := func(b store.Broadcast) {
		t.Helper()
		write(func(tx *store.Tx) error {
			return Follow(ctx, tx, b.ID, now, func() error { return tx.EndBroadcast(ctx, b.ID, now, "", time.Minute) })
		})
	}
	// told is what waits to be told, and tells it.
	told := func() (id string) {
		t.Helper()
		err := db.Write(ctx, func(tx *store.Tx) error {
			a, err := tx.LeaseAnnouncement(ctx, "me", now, now.Add(time.Minute))
			if err != nil {
				return err
			}
			id = a.BroadcastID
			return tx.EndAnnouncement(ctx, a, now)
		})
		if !errors.Is(err, store.ErrNotFound) {
			require.NoError(t, err)
		}
		return id
	}
	end(begin())
	require.Empty(t, told(), "there is nobody to be told")

	write(func(tx *store.Tx) error { _, err := tx.Follow(ctx, c.ID, u.ID, now); return err })
	lost := store.Broadcast{ID: db.NewID(), ChannelID: c.ID, State: store.StateOpening, CreatedAt: now}
	require.ErrorIs(t, db.Write(ctx, func(tx *store.Tx) error {
		require.NoError(t, tx.InsertBroadcast(ctx, lost))
		require.NoError(t, Follow(ctx, tx, lost.ID, now, func() error { return tx.SetBroadcastLive(ctx, lost.ID, now) }))
		return context.Canceled
	}), context.Canceled)
	require.Empty(t, told(), "what did not happen is not told")

	first := begin()
	require.Equal(t, first.ID, told())
	now = now.Add(2 * time.Hour)
	write(func(tx *store.Tx) error {
		return Follow(ctx, tx, first.ID, now, func() error { return tx.InterruptBroadcast(ctx, first.ID, now) })
	})
	write(func(tx *store.Tx) error {
		return Follow(ctx, tx, first.ID, now, func() error { return tx.SetBroadcastLive(ctx, first.ID, now) })
	})
	require.Empty(t, told(), "it only resumed")
	end(first)
	for range 3 { // each start is told of quietly, so that the next knows of it
		now = now.Add(restFor - time.Second)
		b := begin()
		require.Empty(t, told(), "it was on air a moment ago")
		now = now.Add(time.Hour)
		end(b)
	}
	now = now.Add(restFor)
	again := begin()
	require.Equal(t, again.ID, told())
	end(again)

	now = now.Add(time.Hour)
	write(func(tx *store.Tx) error { return tx.BanChannel(ctx, c.ID, now) })
	end(begin())
	require.Empty(t, told())
}
