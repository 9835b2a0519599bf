package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testChannels(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b, a, c := addChannel(t, db, "b"), addChannel(t, db, "a"), addChannel(t, db, "c-1_x")

	got, err := db.Channel(ctx, a.ID)
	require.NoError(t, err)
	equal(t, a, got)
	got, err = db.ChannelByName(ctx, "b")
	require.NoError(t, err)
	equal(t, b, got)
	_, err = db.Channel(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
	_, err = db.ChannelByName(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)

	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "b", CreatedAt: day})
	})
	require.ErrorIs(t, err, ErrConflict)

	page, err := db.Channels(ctx, "", 2)
	require.NoError(t, err)
	equal(t, []Channel{a, b}, page)
	page, err = db.Channels(ctx, "b", 2)
	require.NoError(t, err)
	equal(t, []Channel{c}, page)
}

func testStreamKeys(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	first := StreamKey{ID: db.NewID(), ChannelID: c.ID, Label: "home", Hint: "wxyz", CreatedAt: day}
	second := StreamKey{ID: db.NewID(), ChannelID: c.ID, Label: "away", Hint: "abcd", CreatedAt: day}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertStreamKey(ctx, first, "h1") })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertStreamKey(ctx, second, "h2") })
	err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertStreamKey(ctx, StreamKey{ID: db.NewID(), ChannelID: c.ID, CreatedAt: day}, "h2")
	})
	require.ErrorIs(t, err, ErrConflict)

	got, err := db.StreamKeyByHash(ctx, "h1")
	require.NoError(t, err)
	equal(t, first, got)
	_, err = db.StreamKeyByHash(ctx, "h3")
	require.ErrorIs(t, err, ErrNotFound)
	_, err = db.StreamKey(ctx, other.ID, first.ID)
	require.ErrorIs(t, err, ErrNotFound, "another channel's")

	keys, err := db.StreamKeys(ctx, c.ID, 10)
	require.NoError(t, err)
	equal(t, []StreamKey{second, first}, keys)

	touch := func(at time.Time) {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.TouchStreamKey(ctx, first.ID, at, "192.0.2.7:1000", "obs")
		})
	}
	touch(day.Add(time.Hour))
	touch(day.Add(time.Minute))
	first.LastUsedAt, first.LastUsedFrom, first.LastUsedBy = day.Add(time.Hour), "192.0.2.7:1000", "obs"
	got, err = db.StreamKey(ctx, c.ID, first.ID)
	require.NoError(t, err)
	equal(t, first, got)

	revoke := func(channel, id string, at time.Time) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.RevokeStreamKey(ctx, channel, id, at) })
	}
	require.ErrorIs(t, revoke(other.ID, second.ID, day), ErrNotFound)
	require.NoError(t, revoke(c.ID, second.ID, day.Add(time.Hour)))
	require.NoError(t, revoke(c.ID, second.ID, day.Add(2*time.Hour)))
	second.RevokedAt = day.Add(time.Hour)
	keys, err = db.StreamKeys(ctx, c.ID, 10)
	require.NoError(t, err)
	equal(t, []StreamKey{first, second}, keys)
	n, err := db.ValidStreamKeys(ctx, c.ID)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)

	write(t, db, func(ctx context.Context, tx *Tx) error {
		n, err = tx.RevokeStreamKeys(ctx, c.ID, day)
		return err
	})
	require.EqualValues(t, 1, n)
}
