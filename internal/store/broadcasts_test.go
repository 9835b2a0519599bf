package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testBroadcastLife(t *testing.T, open func() *DB) {
	db := open()
	c := addChannel(t, db, "mine")
	b := addBroadcast(t, db, c, StateOpening, true)
	check := func() {
		t.Helper()
		got, err := db.Broadcast(t.Context(), b.ID)
		require.NoError(t, err)
		equal(t, b, got)
	}
	check()

	// Each step is taken twice, as after an answer that was lost.
	twice := func(fn func(context.Context, *Tx, time.Time) error) {
		t.Helper()
		for i := range 2 {
			at := day.Add(time.Duration(i) * time.Second)
			write(t, db, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx, at) })
		}
		check()
	}
	twice(func(ctx context.Context, tx *Tx, at time.Time) error {
		changed := b
		changed.Encoder = "another"
		return tx.InsertBroadcast(ctx, changed)
	})
	b.State, b.StartedAt = StateLive, day
	twice(func(ctx context.Context, tx *Tx, at time.Time) error { return tx.SetBroadcastLive(ctx, b.ID, at) })
	b.State, b.EndedAt, b.EndReason, b.Duration = StateEnded, day, "stopped", 1500*time.Millisecond
	twice(func(ctx context.Context, tx *Tx, at time.Time) error {
		return tx.EndBroadcast(ctx, b.ID, at, "stopped", 1500*time.Millisecond)
	})
	b.State, b.Duration, b.Bytes = StateArchived, 2*time.Second, 7000
	twice(func(ctx context.Context, tx *Tx, _ time.Time) error {
		return tx.ArchiveBroadcast(ctx, b.ID, 2*time.Second, 7000)
	})
	twice(func(ctx context.Context, tx *Tx, at time.Time) error {
		return tx.EndBroadcast(ctx, b.ID, at, "too late", time.Hour)
	})

	b = addBroadcast(t, db, c, StateInterrupted, false)
	b.State, b.EndedAt, b.EndReason = StateEnded, day, "lost"
	twice(func(ctx context.Context, tx *Tx, at time.Time) error {
		return tx.EndBroadcast(ctx, b.ID, at, "lost", 0)
	})
	b.State = StateDiscarded
	twice(func(ctx context.Context, tx *Tx, _ time.Time) error { return tx.DiscardBroadcast(ctx, b.ID) })

	b = addBroadcast(t, db, c, StateOpening, false)
	b.State, b.EndedAt, b.EndReason = StateFailed, day, "no media"
	twice(func(ctx context.Context, tx *Tx, at time.Time) error {
		return tx.FailBroadcast(ctx, b.ID, at, "no media")
	})
}

// testBroadcastWrongTurns asks for every move from every state: those that
// are neither in a broadcast's life nor a repetition change nothing.
func testBroadcastWrongTurns(t *testing.T, open func() *DB) {
	db := open()
	c := addChannel(t, db, "mine")
	moves := map[string]struct {
		take func(context.Context, *Tx, string) error
		from []State // and the states where it is said again
	}{
		"live": {
			func(ctx context.Context, tx *Tx, id string) error { return tx.SetBroadcastLive(ctx, id, day) },
			[]State{StateOpening, StateLive, StateInterrupted},
		},
		"end": {
			func(ctx context.Context, tx *Tx, id string) error { return tx.EndBroadcast(ctx, id, day, "", 0) },
			[]State{StateLive, StateInterrupted, StateEnded, StateArchived, StateDiscarded},
		},
		"archive": {
			func(ctx context.Context, tx *Tx, id string) error { return tx.ArchiveBroadcast(ctx, id, 0, 0) },
			[]State{StateEnded, StateArchived},
		},
		"discard": {
			func(ctx context.Context, tx *Tx, id string) error { return tx.DiscardBroadcast(ctx, id) },
			[]State{StateEnded, StateArchived, StateDiscarded},
		},
		"fail": {
			func(ctx context.Context, tx *Tx, id string) error { return tx.FailBroadcast(ctx, id, day, "") },
			[]State{StateOpening, StateFailed},
		},
	}
	all := []State{StateOpening, StateLive, StateInterrupted, StateEnded, StateArchived, StateDiscarded, StateFailed}
	for name, m := range moves {
		for _, from := range all {
			b := addBroadcast(t, db, c, from, true)
			err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return m.take(ctx, tx, b.ID) })
			allowed := false
			for _, s := range m.from {
				allowed = allowed || s == from
			}
			if allowed {
				require.NoError(t, err, "%s from %s", name, from)
				continue
			}
			require.ErrorIs(t, err, ErrConflict, "%s from %s", name, from)
			got, err := db.Broadcast(t.Context(), b.ID)
			require.NoError(t, err)
			equal(t, b, got)
		}
		err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return m.take(ctx, tx, "none") })
		require.ErrorIs(t, err, ErrNotFound, name)
	}
}

func testBroadcastLists(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	mine, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	add := func(c Channel, s State, recorded bool) Broadcast { return addBroadcast(t, db, c, s, recorded) }
	failed := add(mine, StateFailed, true)
	discarded := add(mine, StateDiscarded, false)
	archived := add(mine, StateArchived, true)
	ended := add(other, StateEnded, true)
	unkept := add(other, StateEnded, false)
	live := add(mine, StateLive, true)
	interrupted := add(other, StateInterrupted, false)
	opening := add(mine, StateOpening, true)

	check := func(want ...Broadcast) func([]Broadcast, error) {
		return func(got []Broadcast, err error) {
			t.Helper()
			require.NoError(t, err)
			equal(t, want, got)
		}
	}
	check(opening, live, archived)(db.BroadcastsByChannel(ctx, mine.ID, "", 3))
	check(discarded, failed)(db.BroadcastsByChannel(ctx, mine.ID, archived.ID, 3))
	check([]Broadcast(nil)...)(db.BroadcastsByChannel(ctx, mine.ID, failed.ID, 3))
	check(interrupted, live)(db.LiveBroadcasts(ctx, "", 10))
	check(live)(db.LiveBroadcasts(ctx, interrupted.ID, 10))
	check(ended, archived)(db.PublicRecordings(ctx, "", 10))
	check(archived)(db.PublicRecordings(ctx, ended.ID, 10))
	check(ended, unkept, live, interrupted, opening)(db.UnfinishedBroadcasts(ctx))

	_, err := db.Broadcast(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
}
