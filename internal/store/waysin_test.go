package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testIdentities(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	alice, bob := addUser(t, db, "alice"), addUser(t, db, "bob")
	insert := func(i Identity) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertIdentity(ctx, i) })
	}
	remove := func(user User, issuer, subject string) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteIdentity(ctx, user.ID, issuer, subject) })
	}
	first := Identity{Issuer: "https://id.example", Subject: "1", UserID: alice.ID, CreatedAt: day}
	second := Identity{Issuer: "https://id.example", Subject: "2", UserID: alice.ID, CreatedAt: day.Add(time.Second)}
	require.NoError(t, insert(first))
	require.NoError(t, insert(second))
	require.NoError(t, insert(Identity{Issuer: "https://other.example", Subject: "1", UserID: bob.ID, CreatedAt: day}))
	require.ErrorIs(t, insert(Identity{Issuer: "https://id.example", Subject: "1", UserID: bob.ID, CreatedAt: day}), ErrConflict)
	require.ErrorIs(t, insert(Identity{Issuer: "https://id.example", Subject: "3", UserID: db.NewID(), CreatedAt: day}), ErrNotFound)
	got, err := db.Identity(ctx, "https://id.example", "1")
	require.NoError(t, err)
	equal(t, first, got)
	_, err = db.Identity(ctx, "https://other.example", "2")
	require.ErrorIs(t, err, ErrNotFound)
	all, err := db.Identities(ctx, alice.ID, 10)
	require.NoError(t, err)
	equal(t, []Identity{first, second}, all)
	require.ErrorIs(t, remove(bob, "https://id.example", "1"), ErrNotFound, "another's")
	require.NoError(t, remove(alice, "https://id.example", "1"))
	_, err = db.Identity(ctx, "https://id.example", "1")
	require.ErrorIs(t, err, ErrNotFound)
}

func testPasskeys(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	alice, bob := addUser(t, db, "alice"), addUser(t, db, "bob")
	do := func(fn func(context.Context, *Tx) error) error { return tryWrite(t, db, fn) }
	p := Passkey{ID: db.NewID(), UserID: alice.ID, Credential: "c1", Label: "phone", Data: `{"n":1}`, CreatedAt: day}
	other := Passkey{ID: db.NewID(), UserID: alice.ID, Credential: "c2", Label: "key", Data: `{}`, CreatedAt: day}
	for _, p := range []Passkey{p, other} {
		require.NoError(t, do(func(ctx context.Context, tx *Tx) error { return tx.InsertPasskey(ctx, p) }))
	}
	require.ErrorIs(t, do(func(ctx context.Context, tx *Tx) error {
		return tx.InsertPasskey(ctx, Passkey{ID: db.NewID(), UserID: bob.ID, Credential: "c1", CreatedAt: day})
	}), ErrConflict)
	got, err := db.PasskeyByCredential(ctx, "c1")
	require.NoError(t, err)
	equal(t, p, got)
	_, err = db.PasskeyByCredential(ctx, "c3")
	require.ErrorIs(t, err, ErrNotFound)

	use := func(data string) error {
		return do(func(ctx context.Context, tx *Tx) error { return tx.UsePasskey(ctx, p, data, day.Add(time.Hour)) })
	}
	require.NoError(t, use(`{"n":2}`))
	require.ErrorIs(t, use(`{"n":2}`), ErrConflict, "it was used meanwhile")
	p.Data, p.LastUsedAt = `{"n":2}`, day.Add(time.Hour)
	require.ErrorIs(t, do(func(ctx context.Context, tx *Tx) error { return tx.RenamePasskey(ctx, bob.ID, p.ID, "mine") }), ErrNotFound)
	require.NoError(t, do(func(ctx context.Context, tx *Tx) error { return tx.RenamePasskey(ctx, alice.ID, p.ID, "old phone") }))
	p.Label = "old phone"
	all, err := db.Passkeys(ctx, alice.ID, 10)
	require.NoError(t, err)
	equal(t, []Passkey{p, other}, all)
	require.ErrorIs(t, do(func(ctx context.Context, tx *Tx) error { return tx.DeletePasskey(ctx, bob.ID, p.ID) }), ErrNotFound)
	require.NoError(t, do(func(ctx context.Context, tx *Tx) error { return tx.DeletePasskey(ctx, alice.ID, p.ID) }))
	require.ErrorIs(t, use(`{"n":3}`), ErrConflict, "it is gone")
}
