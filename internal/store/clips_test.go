package store

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// addSegments gives a broadcast segments of the numbers 0..n-1 in two renditions.
func addSegments(t testing.TB, db *DB, b Broadcast, n int) {
	t.Helper()
	var all []Segment
	for _, rendition := range []string{"video/source", "audio/source"} {
		for i := range n {
			all = append(all, Segment{
				BroadcastID: b.ID, Rendition: rendition, Number: int64(i), Start: int64(i) * 180000, Duration: 180000, Timescale: 90000, Bytes: 100,
				Init: int64(i / 5), ProgramTime: day.Add(time.Duration(i) * 2 * time.Second), Independent: true,
			})
		}
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		for kind, rendition := range map[string]string{"video": "video/source", "audio": "audio/source"} {
			if err := tx.PutRendition(ctx, Rendition{BroadcastID: b.ID, Name: rendition, Kind: kind, Codecs: kind, Timescale: 90000}); err != nil {
				return err
			}
		}
		return tx.InsertSegments(ctx, all)
	})
}

// addClip makes a clip of segments.
func addClip(t testing.TB, db *DB, b Broadcast, first, last int64) Clip {
	t.Helper()
	c := Clip{
		ID: db.NewID(), BroadcastID: b.ID, ChannelID: b.ChannelID, Title: "Ha", Start: 2 * time.Second, End: 5 * time.Second,
		First: first, Last: last, Lead: 1500 * time.Microsecond, CreatedAt: day, ChannelName: b.ChannelName, Visibility: "public", State: b.State,
	}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertClip(ctx, c, "video/source") })
	return c
}

func numbers(segments []Segment) (ns []int64) {
	for _, s := range segments {
		ns = append(ns, s.Number)
	}
	return ns
}

func testClips(t *testing.T, open func() *DB) {
	db := open()
	ctx := t.Context()
	ch, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	b, hidden := addBroadcast(t, db, ch, StateLive, true), addBroadcast(t, db, ch, StateArchived, true)
	addSegments(t, db, b, 10)
	addSegments(t, db, hidden, 10)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		hidden.Visibility = "members"
		return tx.UpdateBroadcast(ctx, hidden)
	})
	one, two, three := addClip(t, db, b, 1, 3), addClip(t, db, b, 9, 9), addClip(t, db, hidden, 0, 0)
	three.Visibility = "members"

	got, err := db.Clip(ctx, one.ID)
	require.NoError(t, err)
	equal(t, one, got)
	_, err = db.Clip(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
	got, err = db.Clip(ctx, three.ID)
	require.NoError(t, err)
	equal(t, three, got)
	w, err := db.WatchingBroadcast(ctx, three.ID)
	require.NoError(t, err)
	require.Equal(t, Watching{ChannelID: ch.ID, Visibility: "members"}, w, "a clip is watched as its broadcast is")

	for name, c := range map[string]struct {
		list func() ([]Clip, error)
		want []Clip
	}{
		"all":       {func() ([]Clip, error) { return db.ClipsByChannel(ctx, ch.ID, "", 9) }, []Clip{three, two, one}},
		"page":      {func() ([]Clip, error) { return db.ClipsByChannel(ctx, ch.ID, three.ID, 1) }, []Clip{two}},
		"found":     {func() ([]Clip, error) { return db.FoundClips(ctx, ch.ID, "", 9) }, []Clip{two, one}},
		"living":    {func() ([]Clip, error) { return db.LivingClips(ctx, "", 9) }, []Clip{three, two, one}},
		"next":      {func() ([]Clip, error) { return db.LivingClips(ctx, three.ID, 1) }, []Clip{two}},
		"broadcast": {func() ([]Clip, error) { return db.ClipsByBroadcast(ctx, hidden.ID, "", 9) }, []Clip{three}},
		"other":     {func() ([]Clip, error) { return db.ClipsByChannel(ctx, other.ID, "", 9) }, nil},
	} {
		list, err := c.list()
		require.NoError(t, err, name)
		equal(t, c.want, list)
	}

	// What is not there is not clipped.
	beyond := one
	beyond.ID, beyond.Last = db.NewID(), 10
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertClip(ctx, beyond, "video/source") }), ErrConflict)
	gone := addBroadcast(t, db, ch, StateDiscarded, true)
	addSegments(t, db, gone, 3)
	beyond.BroadcastID, beyond.Last = gone.ID, 2
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertClip(ctx, beyond, "video/source") }), ErrConflict)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetClipTitle(ctx, one.ID, "Ho") })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, one.ID, day) })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, one.ID, day.Add(time.Hour)) })
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, "none", day) }), ErrNotFound)
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetClipTitle(ctx, one.ID, "Hi") }), ErrNotFound)
	got, err = db.Clip(ctx, one.ID)
	require.NoError(t, err)
	require.Equal(t, "Ho", got.Title)
	require.Equal(t, day, got.RemovedAt, "the first removal counts")
	list, err := db.ClipsByBroadcast(ctx, b.ID, "", 9)
	require.NoError(t, err)
	equal(t, []Clip{two}, list)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClips(ctx, hidden.ID, day) })
	list, err = db.UnsweptClips(ctx, 9)
	require.NoError(t, err)
	require.Len(t, list, 2)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetClipSwept(ctx, one.ID) })
	list, err = db.UnsweptClips(ctx, 9)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, three.ID, list[0].ID)
}

// What clips refer to outlives the recording, exactly that, and goes with the
// last of them.
func testKept(t *testing.T, open func() *DB) {
	db := open()
	ctx := t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateArchived, true)
	addSegments(t, db, b, 20)
	one, two, late := addClip(t, db, b, 2, 4), addClip(t, db, b, 4, 6), addClip(t, db, b, 18, 19)

	// A trim goes past the first clips.
	write(t, db, func(ctx context.Context, tx *Tx) error {
		for _, rendition := range []string{"video/source", "audio/source"} {
			n, err := tx.DeleteSegments(ctx, b.ID, rendition, 9)
			require.NoError(t, err)
			require.EqualValues(t, 5, n)
		}
		return nil
	})
	rest, err := db.Segments(ctx, b.ID, "video/source", 0, 99)
	require.NoError(t, err)
	require.Equal(t, []int64{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, numbers(rest), "the recording has no holes")
	kept, err := db.KeptNumbers(ctx, b.ID, "video/source", 0, 9)
	require.NoError(t, err)
	require.Equal(t, []int64{2, 3, 4, 5, 6}, kept)
	inits, err := db.KeptInits(ctx, b.ID, "audio/source")
	require.NoError(t, err)
	require.Equal(t, []int64{0, 1}, inits)

	// The whole recording goes.
	write(t, db, func(ctx context.Context, tx *Tx) error {
		for _, rendition := range []string{"video/source", "audio/source"} {
			if err := tx.SetAside(ctx, b.ID, rendition, math.MaxInt64); err != nil {
				return err
			}
		}
		return tx.DeleteMedia(ctx, b.ID)
	})
	extents, err := db.Extents(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, extents)
	for _, c := range []struct {
		clip Clip
		want []int64
	}{{one, []int64{2, 3, 4, 2, 3, 4}}, {two, []int64{4, 5, 6, 4, 5, 6}}, {late, []int64{18, 19, 18, 19}}} {
		got, err := db.ClipSegments(ctx, c.clip)
		require.NoError(t, err)
		require.Equal(t, c.want, numbers(got))
		require.Equal(t, "audio/source", got[0].Rendition)
		require.EqualValues(t, c.clip.First*180000, got[0].Start, "whole rows")
		require.Equal(t, day.Add(time.Duration(c.clip.First)*2*time.Second), got[0].ProgramTime)
	}
	renditions, err := db.ClipRenditions(ctx, b.ID)
	require.NoError(t, err)
	require.Len(t, renditions, 2)
	require.Equal(t, "video/source", renditions[0].Name)

	remove := func(c Clip, want ...int64) {
		t.Helper()
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, c.ID, day) })
		loose, err := db.LooseSegments(ctx, b.ID, 99)
		require.NoError(t, err)
		require.Equal(t, want, numbers(loose))
		write(t, db, func(ctx context.Context, tx *Tx) error {
			if err := tx.DeleteKept(ctx, loose); err != nil {
				return err
			}
			return tx.ForgetKept(ctx, b.ID)
		})
	}
	remove(one, 2, 3, 2, 3) // 4 is the other's too
	remove(late, 18, 19, 18, 19)
	keeps, err := db.Keeps(ctx, b.ID)
	require.NoError(t, err)
	require.True(t, keeps)
	remove(two, 4, 5, 6, 4, 5, 6)
	keeps, err = db.Keeps(ctx, b.ID)
	require.NoError(t, err)
	require.False(t, keeps)
	renditions, err = db.ClipRenditions(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, renditions)
}

// Of recordings that take too much the oldest go, of a channel and of all.
func testLargeRecordings(t *testing.T, open func() *DB) {
	db := open()
	a, b := addChannel(t, db, "a"), addChannel(t, db, "b")
	var ids []string
	for i, c := range []Channel{a, b, a, b, a} {
		row := addBroadcast(t, db, c, StateEnded, true)
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.ArchiveBroadcast(ctx, row.ID, time.Second, int64(10*(i+1)))
		})
		ids = append(ids, row.ID)
	}
	addBroadcast(t, db, a, StateLive, true)
	large := func(most int64, want ...string) {
		t.Helper()
		rows, err := db.LargeRecordings(t.Context(), most, 9)
		require.NoError(t, err)
		var got []string
		for _, row := range rows {
			got = append(got, row.ID)
		}
		require.Equal(t, want, got)
	}
	large(0)
	large(150)
	large(149, ids[0])
	large(120, ids[0], ids[1]) // 50 + 40 + 30
	large(1, ids...)
	most := int64(80)
	a.RetentionBytes = &most
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, a) })
	large(0, ids[0]) // 50 + 30 fit
	large(140, ids[0])
	large(120, ids[0], ids[1])
	got, err := db.Channel(t.Context(), a.ID)
	require.NoError(t, err)
	require.Equal(t, most, *got.RetentionBytes)
}
