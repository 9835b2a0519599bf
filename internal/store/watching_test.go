package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testWatching(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "alice")
	c.Visibility, c.Password = "password", "a hash"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, c) })
	inherits, own := addBroadcast(t, db, c, StateLive, true), addBroadcast(t, db, c, StateArchived, true)
	setVisibility(t, db, own.ID, "members")

	of := func(visibility string) Watching {
		return Watching{ChannelID: c.ID, Visibility: visibility, Password: "a hash"}
	}
	got, err := db.WatchingChannel(ctx, c.ID)
	require.NoError(t, err)
	equal(t, of("password"), got)
	got, err = db.WatchingName(ctx, "alice")
	require.NoError(t, err)
	equal(t, of("password"), got)
	got, err = db.WatchingBroadcast(ctx, inherits.ID)
	require.NoError(t, err)
	equal(t, of("password"), got)
	got, err = db.WatchingBroadcast(ctx, own.ID)
	require.NoError(t, err)
	equal(t, of("members"), got)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RenameChannel(ctx, c, "bob", day) })
	for _, name := range []string{"alice", "bob"} {
		got, err = db.WatchingName(ctx, name)
		require.NoError(t, err)
		equal(t, of("password"), got)
	}
	_, err = db.WatchingName(ctx, "carol")
	require.ErrorIs(t, err, ErrNotFound)
	_, err = db.WatchingChannel(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
	_, err = db.WatchingBroadcast(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
}

// setVisibility gives a recording one of its own.
func setVisibility(t *testing.T, db *DB, id, visibility string) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.UpdateBroadcast(ctx, Broadcast{ID: id, Visibility: visibility})
	})
}

func testPublicLists(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	recorded := func(c Channel, visibility string) string {
		states := []State{StateArchived, StateEnded}
		b := addBroadcast(t, db, c, states[len(visibility)%2], true)
		setVisibility(t, db, b.ID, visibility)
		return b.ID
	}
	public, members := addChannel(t, db, "public"), addChannel(t, db, "members")
	members.Visibility = "members"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, members) })
	shown := []string{recorded(members, "public"), recorded(public, "public"), recorded(public, "")}
	for _, v := range []string{"unlisted", "password", "members"} {
		recorded(public, v)
	}
	recorded(members, "")
	ids := func(bs []Broadcast, err error) (list []string) {
		require.NoError(t, err)
		for _, b := range bs {
			list = append([]string{b.ID}, list...)
		}
		return list
	}
	require.Equal(t, shown, ids(db.PublicRecordings(ctx, "", 10)))
	require.Equal(t, shown[1:], ids(db.PublicRecordings(ctx, "", 2)))
	require.Equal(t, shown[:2], ids(db.PublicRecordings(ctx, shown[2], 10)))
	require.Equal(t, shown[1:], ids(db.FoundBroadcasts(ctx, public.ID, "", 10)))
	require.Equal(t, shown[1:2], ids(db.FoundBroadcasts(ctx, public.ID, shown[2], 10)))
	require.Len(t, ids(db.FoundBroadcasts(ctx, members.ID, "", 10)), 2)
}

func testKeepSetting(t *testing.T, open func() *DB) {
	db := open()
	for _, value := range []string{`"first"`, `"second"`} {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			kept, err := tx.KeepSetting(ctx, "key", value, day.Add(time.Hour))
			require.Equal(t, `"first"`, kept)
			return err
		})
	}
}
