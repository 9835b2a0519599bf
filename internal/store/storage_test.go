package store

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testUsages(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	all, err := db.UsageOfAll(ctx)
	require.NoError(t, err)
	require.Zero(t, all)

	a, b := addChannel(t, db, "a"), addChannel(t, db, "b")
	addChannel(t, db, "empty")
	archive := func(c Channel, bytes int64) Broadcast {
		row := addBroadcast(t, db, c, StateEnded, true)
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.ArchiveBroadcast(ctx, row.ID, time.Second, bytes)
		})
		return row
	}
	first := archive(a, 100)
	archive(a, 50)
	archive(b, 500)
	addBroadcast(t, db, b, StateLive, true)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.PutStills(ctx, Stills{BroadcastID: first.ID, MadeAt: day, Cover: true, Bytes: 7})
	})
	// A recording that is gone, but for what its clip shows.
	gone := addBroadcast(t, db, a, StateEnded, true)
	addSegments(t, db, gone, 4)
	addClip(t, db, gone, 1, 2)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetAside(ctx, gone.ID, "video/source", math.MaxInt64)
	})

	ofA := Usage{ChannelID: a.ID, Channel: "a", Title: a.Title, Recordings: 2, RecordedBytes: 150, ClippedBytes: 200, PictureBytes: 7}
	ofB := Usage{ChannelID: b.ID, Channel: "b", Title: b.Title, Recordings: 1, RecordedBytes: 500}
	page, err := db.Usages(ctx, LargestUsage, "", 1)
	require.NoError(t, err)
	require.Equal(t, []Usage{ofB}, page)
	page, err = db.Usages(ctx, ofB.Bytes(), b.ID, 9)
	require.NoError(t, err)
	require.Equal(t, []Usage{ofA}, page)

	all, err = db.UsageOfAll(ctx)
	require.NoError(t, err)
	require.Equal(t, Usage{Recordings: 3, RecordedBytes: 650, ClippedBytes: 200, PictureBytes: 7}, all)
}
