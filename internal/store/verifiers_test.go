package store

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func testKeyVerifiers(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	insert := func(channel Channel, hash string) StreamKey {
		k := StreamKey{ID: db.NewID(), ChannelID: channel.ID, CreatedAt: day}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertStreamKey(ctx, k, hash) })
		return k
	}
	old, revoked, fresh, theirs := insert(c, "h1"), insert(c, "h2"), insert(c, "h3"), insert(other, "h4")
	for _, k := range []StreamKey{revoked, fresh, theirs} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetKeyVerifier(ctx, k.ID, "of "+k.ID) })
	}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RevokeStreamKey(ctx, c.ID, revoked.ID, day) })
	got, err := db.KeyVerifiers(ctx, c.ID, 10)
	require.NoError(t, err)
	equal(t, []KeyVerifier{{fresh.ID, "of " + fresh.ID}, {old.ID, ""}}, got)
	got, err = db.KeyVerifiers(ctx, c.ID, 1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetKeyVerifier(ctx, "none", "v") })
	require.ErrorIs(t, err, ErrNotFound)
}
