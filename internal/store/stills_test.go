package store

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func testStills(t *testing.T, open func() *DB) {
	db := open()
	c := addChannel(t, db, "mine")
	first := addBroadcast(t, db, c, StateArchived, true)
	second := addBroadcast(t, db, c, StateArchived, true)
	addBroadcast(t, db, c, StateArchived, false)
	onAir := addBroadcast(t, db, c, StateLive, true)
	_, err := db.Stills(t.Context(), first.ID)
	require.ErrorIs(t, err, ErrNotFound)

	made := Stills{BroadcastID: first.ID, MadeAt: day, Cover: true, Tiles: 30, Sheets: 2, Bytes: 7}
	put := func(s Stills) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutStills(ctx, s) })
	}
	require.NoError(t, put(Stills{BroadcastID: first.ID, MadeAt: day, Failed: "no"}))
	require.NoError(t, put(made))
	got, err := db.Stills(t.Context(), first.ID)
	require.NoError(t, err)
	equal(t, made, got)
	require.ErrorIs(t, put(Stills{BroadcastID: onAir.ID, MadeAt: day}), ErrConflict, "it is not over")
	require.ErrorIs(t, put(Stills{BroadcastID: "nobody", MadeAt: day}), ErrNotFound)

	list, err := db.Pictured(t.Context(), "", 9)
	require.NoError(t, err)
	equal(t, []Pictured{{second.ID, false}, {first.ID, true}}, list)
	list, err = db.Pictured(t.Context(), second.ID, 9)
	require.NoError(t, err)
	equal(t, []Pictured{{first.ID, true}}, list)

	b, err := db.Broadcast(t.Context(), first.ID)
	require.NoError(t, err)
	require.True(t, b.Cover && b.Storyboard)
	b, err = db.Broadcast(t.Context(), second.ID)
	require.NoError(t, err)
	require.False(t, b.Cover || b.Storyboard)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteMedia(ctx, first.ID) })
	_, err = db.Stills(t.Context(), first.ID)
	require.ErrorIs(t, err, ErrNotFound, "they go with the media")
}
