package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testReports(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "show")
	b := addBroadcast(t, db, c, StateArchived, true)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.UpdateBroadcast(ctx, Broadcast{ID: b.ID, Title: "Evening"})
	})
	add := func(kind, target, sender string) Report {
		r := Report{
			ID: db.NewID(), Kind: kind, TargetID: target, ChannelID: c.ID, Reason: "abuse", Words: "Look at this.", Sender: sender, At: day,
			State: ReportOpen, ChannelName: "show", Title: map[string]string{KindChannel: c.Title, KindRecording: "Evening"}[kind],
		}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertReport(ctx, r) })
		return r
	}
	one, two, three := add(KindChannel, c.ID, "s1"), add(KindRecording, b.ID, "s1"), add(KindRecording, b.ID, "s2")
	list, err := db.OpenReports(ctx, "", 2)
	require.NoError(t, err)
	equal(t, []Report{three, two}, list)
	list, err = db.OpenReports(ctx, two.ID, 9)
	require.NoError(t, err)
	equal(t, []Report{one}, list)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Reported(ctx, two)
		require.Equal(t, Reported{All: 3, Target: 2, Sender: 1}, n)
		return err
	})

	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.DismissReport(ctx, one.ID, "mo", day.Add(time.Hour))
	})
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DismissReport(ctx, one.ID, "mo", day) }), ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SettleReports(ctx, b.ID, "mo", day.Add(time.Hour)) })
	list, err = db.OpenReports(ctx, "", 9)
	require.NoError(t, err)
	require.Empty(t, list)
	for id, want := range map[string]ReportState{one.ID: ReportDismissed, two.ID: ReportTakenDown, three.ID: ReportTakenDown} {
		got, err := db.Report(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want, got.State)
		require.Equal(t, "mo", got.DecidedBy)
		require.Equal(t, day.Add(time.Hour), got.DecidedAt)
	}
	_, err = db.Report(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
}

// What is taken down is in no list, and is told of as such with all that is
// part of it; undone it is as before.
func testTakedowns(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	ch := addChannel(t, db, "show")
	ch.Category = "Chess"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, ch) })
	b, other := addBroadcast(t, db, ch, StateArchived, true), addBroadcast(t, db, ch, StateArchived, true)
	for _, row := range []Broadcast{b, other} {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.UpdateBroadcast(ctx, Broadcast{ID: row.ID, Title: "Evening"})
		})
	}
	addSegments(t, db, b, 5)
	addSegments(t, db, other, 5)
	clip, apart := addClip(t, db, b, 1, 2), addClip(t, db, other, 1, 2)

	// seen is what is in the lists: broadcasts, clips and the channel.
	seen := func() (list [6]int) {
		t.Helper()
		recordings, err := db.PublicRecordings(ctx, "", 9)
		require.NoError(t, err)
		found, err := db.FoundBroadcasts(ctx, ch.ID, "", 9)
		require.NoError(t, err)
		searched, err := db.SearchRecordings(ctx, "evening", 0, 9)
		require.NoError(t, err)
		clips, err := db.FoundClips(ctx, ch.ID, "", 9)
		require.NoError(t, err)
		channels, err := db.SearchChannels(ctx, "show", 9)
		require.NoError(t, err)
		category, err := db.ChannelsOfCategory(ctx, "Chess", "", 9)
		require.NoError(t, err)
		return [6]int{len(recordings), len(found), len(searched), len(clips), len(channels), len(category)}
	}
	down := func(ids ...string) {
		t.Helper()
		for _, id := range []string{b.ID, other.ID, clip.ID, apart.ID, ch.ID} {
			read := db.WatchingBroadcast
			if id == ch.ID {
				read = db.WatchingChannel
			}
			w, err := read(ctx, id)
			require.NoError(t, err)
			want := false
			for _, one := range ids {
				want = want || one == id
			}
			require.Equal(t, want, w.TakenDown, "%s of %v", id, ids)
		}
	}
	all := [6]int{2, 2, 2, 2, 1, 1}
	require.Equal(t, all, seen())
	down()

	takeDown := func(kind, target string, at time.Time) Takedown {
		d := Takedown{
			ID: db.NewID(), Kind: kind, TargetID: target, ChannelID: ch.ID, Reason: "copyright", Actor: "mo", At: at, Until: at.Add(time.Hour),
			ChannelName: "show", Title: map[string]string{KindChannel: ch.Title, KindRecording: "Evening", KindClip: "Ha"}[kind],
		}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.TakeDown(ctx, d) })
		return d
	}
	d := takeDown(KindRecording, b.ID, day)
	require.Equal(t, [6]int{1, 1, 1, 1, 1, 1}, seen())
	down(b.ID, clip.ID)
	got, err := db.TakedownOf(ctx, b.ID)
	require.NoError(t, err)
	equal(t, d, got)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UndoTakedown(ctx, d, day) })
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UndoTakedown(ctx, d, day) }), ErrNotFound)
	_, err = db.TakedownOf(ctx, b.ID)
	require.ErrorIs(t, err, ErrNotFound)
	require.Equal(t, all, seen())

	k := takeDown(KindClip, clip.ID, day)
	require.Equal(t, [6]int{2, 2, 2, 1, 1, 1}, seen())
	down(clip.ID)
	w, err := db.WatchingBroadcast(ctx, b.ID)
	require.NoError(t, err)
	require.True(t, w.ClipsDown)
	second := addClip(t, db, b, 3, 3)
	shown := func() Shown {
		t.Helper()
		s, err := db.ShownSegments(ctx, b.ID)
		require.NoError(t, err)
		return s
	}
	require.Equal(t, Shown{From: 0, Clips: []Range{{3, 3}}}, shown())
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RemoveClip(ctx, second.ID, day) })
	_, err = db.ShownSegments(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
	// Nothing but that clip is left of the recording: its media is the clip's.
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DiscardBroadcast(ctx, b.ID) })
	down(clip.ID, b.ID)
	require.Equal(t, Shown{From: NoSegment}, shown())
	has := Shown{From: 9, Clips: []Range{{1, 2}, {4, 4}}}
	for number, want := range []bool{0: false, 1: true, 2: true, 3: false, 4: true, 5: false, 8: false, 9: true, 10: true} {
		require.Equal(t, want, has.Has(int64(number)), number)
	}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UndoTakedown(ctx, k, day) })
	down()

	takeDown(KindChannel, ch.ID, day)
	left := seen()
	require.Equal(t, [3]int{0, 2, 0}, [3]int(left[:3]), "of a channel's own list nobody asks then")
	require.Equal(t, [2]int{0, 0}, [2]int(left[4:]))
	down(b.ID, other.ID, clip.ID, apart.ID, ch.ID)
	categories, err := db.Categories(ctx, 9)
	require.NoError(t, err)
	require.Empty(t, categories)

	// What was down before then is to go: with the channel all that is on it.
	recordings, err := db.RecordingsTakenDown(ctx, day, 9)
	require.NoError(t, err)
	require.Empty(t, recordings)
	recordings, err = db.RecordingsTakenDown(ctx, day.Add(time.Second), 9)
	require.NoError(t, err)
	require.Len(t, recordings, 1, "the other has no media")
	require.Equal(t, other.ID, recordings[0].ID)
	clips, err := db.ClipsTakenDown(ctx, day.Add(time.Second), 9)
	require.NoError(t, err)
	require.Len(t, clips, 2)
	list, err := db.Takedowns(ctx, "", 9)
	require.NoError(t, err)
	require.Len(t, list, 3)
	require.Equal(t, KindChannel, list[0].Kind)
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.TakeDown(ctx, Takedown{ID: db.NewID(), Kind: KindClip, TargetID: "none", ChannelID: ch.ID, At: day, Until: day})
	}), ErrNotFound)
}

func testBans(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	a, b := addChannel(t, db, "a"), addChannel(t, db, "b")
	addChannel(t, db, "c")
	for _, c := range []Channel{b, a} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.BanChannel(ctx, c.ID, day) })
	}
	got, err := db.BannedChannels(ctx, "", 9)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, "a", got[0].Name)
	require.Equal(t, day, got[0].BannedAt)
	a.Title = "Another"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, a) })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.BanChannel(ctx, b.ID, time.Time{}) })
	got, err = db.BannedChannels(ctx, "", 9)
	require.NoError(t, err)
	require.Len(t, got, 1, "an update leaves it")
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.BanChannel(ctx, "none", day) }), ErrNotFound)
}
