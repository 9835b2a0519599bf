package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testRules(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "mine")
	require.Nil(t, c.ReconnectWindow)
	half := 30 * time.Second
	stale := c
	c.ReconnectWindow, c.Takeover, c.Recorded, c.Mature = &half, "refuse", true, true
	c.Tags, c.EmbedSites, c.Description = []string{"go", "live"}, []string{"https://example.org"}, "# Me"
	c.Schedule = []Showtime{{Day: 1, Start: "20:30", Minutes: 90, Zone: "Europe/Berlin", Title: "Monday"}}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, c) })
	c.Revision++
	got, err := db.Channel(ctx, c.ID)
	require.NoError(t, err)
	equal(t, c, got)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, stale) })
	require.ErrorIs(t, err, ErrConflict, "somebody changed it meanwhile")
	c.ReconnectWindow = nil
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, c) })
	got, err = db.Channel(ctx, c.ID)
	require.NoError(t, err)
	require.Nil(t, got.ReconnectWindow)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, Channel{ID: "none"}) })
	require.ErrorIs(t, err, ErrNotFound)
}

func testInterruptions(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	row := func() Broadcast {
		got, err := db.Broadcast(ctx, b.ID)
		require.NoError(t, err)
		return got
	}
	for i := range 2 { // the first loss counts
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.InterruptBroadcast(ctx, b.ID, day.Add(time.Duration(i)*time.Minute))
		})
	}
	require.Equal(t, StateInterrupted, row().State)
	require.Equal(t, day, row().InterruptedAt)
	for epoch := int64(1); epoch < 3; epoch++ {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			got, err := tx.TakeUpBroadcast(ctx, b.ID, day.Add(time.Hour))
			require.Equal(t, epoch, got)
			return err
		})
	}
	require.Equal(t, day, row().InterruptedAt)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetBroadcastLive(ctx, b.ID, day) })
	require.Zero(t, row().InterruptedAt)
	for _, n := range []int64{7, 5} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.ReserveSegments(ctx, b.ID, n) })
		require.EqualValues(t, 7, row().Reserved)
	}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.EndBroadcast(ctx, b.ID, day, "", 0) })
	err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		_, err := tx.TakeUpBroadcast(ctx, b.ID, day)
		return err
	})
	require.ErrorIs(t, err, ErrConflict)
}

func testEvents(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "mine")
	b, other := addBroadcast(t, db, c, StateLive, true), addBroadcast(t, db, c, StateLive, true)
	lost := Event{ID: db.NewID(), BroadcastID: b.ID, At: day, Kind: "interrupted", Text: "Lost."}
	gap := Event{ID: db.NewID(), BroadcastID: b.ID, At: day, Kind: "recording_gap", Text: "The disk is full."}
	for _, e := range []Event{lost, gap, {ID: db.NewID(), BroadcastID: other.ID, At: day, Kind: "resumed"}} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutEvent(ctx, e) })
	}
	gap.Text, gap.Duration = "Four seconds are missing.", 4*time.Second
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutEvent(ctx, gap) })
	all, err := db.Events(ctx, b.ID, "", 10)
	require.NoError(t, err)
	equal(t, []Event{lost, gap}, all)
	rest, err := db.Events(ctx, b.ID, lost.ID, 10)
	require.NoError(t, err)
	equal(t, []Event{gap}, rest)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.PutEvent(ctx, Event{ID: db.NewID(), BroadcastID: "none", At: day})
	})
	require.ErrorIs(t, err, ErrNotFound)
}

// testDiscontinuities: they are counted also when their segments are deleted,
// and when that is done in steps.
func testDiscontinuities(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	var rows []Segment
	for n := range int64(10) {
		rows = append(rows, Segment{
			BroadcastID: b.ID, Rendition: "video/source", Number: n, Duration: 1, Timescale: 1, Discontinuity: n%3 == 1,
		})
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.PutRendition(ctx, Rendition{BroadcastID: b.ID, Name: "video/source", Kind: "video"})
	})
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertSegments(ctx, rows) })
	count := func(before int64) int64 {
		n, err := db.Discontinuities(ctx, b.ID, "video/source", before)
		require.NoError(t, err)
		return n
	}
	require.EqualValues(t, 2, count(7)) // 1 and 4
	for _, through := range []int64{2, 4, 5} {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			_, err := tx.DeleteSegments(ctx, b.ID, "video/source", through)
			return err
		})
		require.EqualValues(t, 2, count(7))
		require.EqualValues(t, 3, count(10))
	}
}

// testSeams: they are counted apart, those of deleted segments included.
func testSeams(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		if err := tx.PutRendition(ctx, Rendition{BroadcastID: b.ID, Name: "video/source", Kind: "video", Timescale: 1}); err != nil {
			return err
		}
		var rows []Segment
		for n := range int64(7) {
			rows = append(rows, Segment{
				BroadcastID: b.ID, Rendition: "video/source", Number: n, Duration: 1, Timescale: 1,
				Discontinuity: n == 1 || n == 2 || n >= 5, Seam: n == 1 || n == 5, Gap: n == 5,
			})
		}
		return tx.InsertSegments(ctx, rows)
	})
	for range 2 {
		for before, want := range map[int64]int64{3: 1, 5: 1, 6: 2, 7: 2} {
			n, err := db.Seams(ctx, b.ID, "video/source", before)
			require.NoError(t, err)
			require.Equal(t, want, n, "before %d", before)
		}
		write(t, db, func(ctx context.Context, tx *Tx) error {
			_, err := tx.DeleteSegments(ctx, b.ID, "video/source", 2)
			return err
		})
	}
	kept, err := db.Segment(ctx, b.ID, "video/source", 5)
	require.NoError(t, err)
	require.True(t, kept.Seam)
}
