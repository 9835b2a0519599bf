package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What passes counts as a gap within a recording, and not at its end; it becomes
// one, but for clips.
func testPassing(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	channel := addChannel(t, db, "mine")
	b := addBroadcast(t, db, channel, StateLive, true)
	const video = "video/source"
	var all []Segment
	for n := range int64(8) {
		s := segment(b, video, n)
		s.Passing = n == 2 || n == 3 || n >= 6
		all = append(all, s)
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.PutRendition(ctx, Rendition{BroadcastID: b.ID, Name: video, Kind: "video", Timescale: 90000})
	})
	insertSegments(t, db, all...)
	got, err := db.Segments(ctx, b.ID, video, 0, 100)
	require.NoError(t, err)
	equal(t, all, got)
	runs, err := db.PassingRuns(ctx, b.ID, video)
	require.NoError(t, err)
	require.Equal(t, []Range{{2, 3}, {6, 7}}, runs)
	check := func() {
		t.Helper()
		totals, err := db.Totals(ctx, b.ID)
		require.NoError(t, err)
		require.Equal(t, []Totals{{
			Rendition: video, Segments: 8, First: 0, Last: 7, Duration: 12 * time.Second, Bytes: 4 * 500_000, PeakBps: 2_000_000,
		}}, totals)
		stretches, err := db.Stretches(ctx, b.ID, video, 0, 100)
		require.NoError(t, err)
		require.EqualValues(t, 4*500_000, stretches[0].Bytes)
		blocks, err := db.Blocks(ctx, b.ID, video, 0, 100)
		require.NoError(t, err)
		require.Equal(t, []Block{{Number: 0, Segments: 4, Numbers: 0 + 1 + 4 + 5, Inits: 4, Bytes: 4 * 500_000}}, blocks)
	}
	check()

	c := Clip{ID: db.NewID(), BroadcastID: b.ID, ChannelID: channel.ID, Title: "Goal", First: 2, Last: 2, CreatedAt: day}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertClip(ctx, c, video) })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.LeavePassing(ctx, b.ID, video, 6) })
	check()
	got, err = db.Segments(ctx, b.ID, video, 0, 100)
	require.NoError(t, err)
	for _, s := range got {
		require.Equal(t, s.Number == 2 || s.Number == 3 || s.Number == 6, s.Gap)
	}
	kept, err := db.KeptNumbers(ctx, b.ID, video, 0, 100)
	require.NoError(t, err)
	require.Equal(t, []int64{2}, kept)
	of, err := db.ClipSegments(ctx, c)
	require.NoError(t, err)
	all[2].Passing = false // it is the clip's
	equal(t, all[2:3], of)
	c.ID, c.First, c.Last = db.NewID(), 3, 3
	require.ErrorIs(t, db.Write(ctx, func(tx *Tx) error { return tx.InsertClip(ctx, c, video) }), ErrConflict, "it has left")

	ids, err := db.UnsettledBroadcasts(ctx, day.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, ids, "it is on air")
	write(t, db, func(ctx context.Context, tx *Tx) error {
		if err := tx.EndBroadcast(ctx, b.ID, day, "", 0); err != nil {
			return err
		}
		return tx.ArchiveBroadcast(ctx, b.ID, 0, 1)
	})
	ids, err = db.UnsettledBroadcasts(ctx, day.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []string{b.ID}, ids)
	left, err := db.Unsettled(ctx, b.ID, video, 3, 100)
	require.NoError(t, err)
	require.Len(t, left, 3)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.LeavePassing(ctx, b.ID, video, 7) })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SettlePassing(ctx, b.ID, video, 7) })
	ids, err = db.UnsettledBroadcasts(ctx, day.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, ids)
	runs, err = db.PassingRuns(ctx, b.ID, video)
	require.NoError(t, err)
	require.Equal(t, []Range{{2, 3}, {6, 7}}, runs)
	check()
}

// Where recording is stopped is in the row, until it goes on.
func TestStopInTheRow(t *testing.T) {
	b := Broadcast{StoppedFrom: 4}
	require.True(t, b.Passes(4))
	require.False(t, b.Passes(3))
	b.StoppedFrom = 0
	require.False(t, b.Passes(4))
}
