package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What was said is replayed with a recording that is there or may come, and with
// clips of one that is gone.
func testChatSweep(t *testing.T, open func() *DB) {
	db := open()
	ctx := t.Context()
	ch := addChannel(t, db, "mine")
	live, gone, failed := addBroadcast(t, db, ch, StateLive, true), addBroadcast(t, db, ch, StateEnded, true), addBroadcast(t, db, ch, StateFailed, false)
	addSegments(t, db, gone, 3)
	clip := addClip(t, db, gone, 0, 1)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DiscardBroadcast(ctx, gone.ID) })
	replayable := func(id string) bool {
		t.Helper()
		ok, err := db.Replayable(ctx, id)
		require.NoError(t, err)
		return ok
	}
	require.True(t, replayable(live.ID))
	require.True(t, replayable(gone.ID), "by its clip")
	require.False(t, replayable(failed.ID))
	require.False(t, replayable("none"))
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, clip.ID, day) })
	require.False(t, replayable(gone.ID))

	now := time.Now()
	old, young := IDAt(now.Add(-2*time.Hour)), IDAt(now)
	line := func(id, broadcast string) ChatLine {
		return ChatLine{ID: id, ChannelID: ch.ID, UserID: "u", BroadcastID: broadcast, Line: "{}"}
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertChatLines(ctx, []ChatLine{
			line(old[:19]+"1", ""), line(old[:19]+"2", ""), line(young[:19]+"1", ""), line(old[:19]+"3", old), line(young[:19]+"2", old), line(young[:19]+"3", young),
		})
	})
	before := now.Add(-time.Hour)
	id, err := db.NextChatOf(ctx, "", before)
	require.NoError(t, err)
	require.Equal(t, old, id)
	id, err = db.NextChatOf(ctx, id, before)
	require.NoError(t, err)
	require.Empty(t, id, "the other one is too young")
	swept := func(sweep func(*Tx) ([]SweptLine, error)) (ids []string) {
		t.Helper()
		write(t, db, func(_ context.Context, tx *Tx) error {
			ids = nil
			ls, err := sweep(tx)
			for _, l := range ls {
				require.Equal(t, ch.ID, l.ChannelID)
				ids = append(ids, l.ID)
			}
			return err
		})
		return ids
	}
	idle := func(tx *Tx) ([]SweptLine, error) { return tx.SweepIdleChat(ctx, before, 1) }
	require.Equal(t, []string{old[:19] + "1"}, swept(idle), "so many at once")
	require.Equal(t, []string{old[:19] + "2"}, swept(idle))
	require.Empty(t, swept(idle))
	require.Equal(t, []string{old[:19] + "3"}, swept(func(tx *Tx) ([]SweptLine, error) { return tx.SweepChatOf(ctx, old, before, 9) }))
	left, err := db.ChatLines(ctx, ch.ID, "", "", 9)
	require.NoError(t, err)
	require.Len(t, left, 3)
}
