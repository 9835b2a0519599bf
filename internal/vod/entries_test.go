package vod

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// A recording can be entered at its key frames, which are read as the encoder
// sent them.
func TestEntries(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 23*time.Second)
	a.end()
	entries, err := h.lib.Entries(t.Context(), a.id, 5*time.Second, 100)
	require.NoError(t, err)
	var keys []cliptest.Unit
	for _, u := range clip.Of(media.Video) {
		if u.Key {
			keys = append(keys, u)
		}
	}
	want := []time.Duration{0, 6 * time.Second, 10 * time.Second, 16 * time.Second, 20 * time.Second}
	require.Len(t, entries, len(want))
	for i, e := range entries {
		require.InDelta(t, want[i], e.At, float64(20*time.Millisecond))
		b, err := h.lib.KeyFrame(t.Context(), e, 1<<20)
		require.NoError(t, err)
		require.Equal(t, keys[int(want[i]/(2*time.Second))].Data, b)
		track, err := h.lib.Track(t.Context(), e)
		require.NoError(t, err)
		require.Equal(t, keys[0].Track.Config, track.Config)
	}
	_, err = h.lib.KeyFrame(t.Context(), entries[0], 10)
	require.Error(t, err, "it is longer than what is wanted")
	few, err := h.lib.Entries(t.Context(), a.id, 5*time.Second, 2)
	require.NoError(t, err)
	require.Equal(t, entries[:2], few)
}

// Gaps take their time and cannot be entered, nor can what begins in the middle
// of a group of pictures.
func TestEntriesSkipGaps(t *testing.T) {
	h := newHouse(t, nil)
	id := h.broadcast(store.StateLive)
	_, err := h.lib.Entries(t.Context(), id, time.Second, 9)
	require.ErrorIs(t, err, ErrNoPictures)
	h.write(func(tx *store.Tx) error {
		return tx.PutRendition(t.Context(), store.Rendition{BroadcastID: id, Name: audio, Kind: "audio", Timescale: 1})
	})
	_, err = h.lib.Entries(t.Context(), id, time.Second, 9)
	require.ErrorIs(t, err, ErrNoPictures, "it is sound alone")
	h.write(func(tx *store.Tx) error {
		return tx.PutRendition(t.Context(), store.Rendition{BroadcastID: id, Name: video, Kind: "video", Timescale: 1})
	})
	_, err = h.lib.Entries(t.Context(), id, time.Second, 9)
	require.ErrorIs(t, err, ErrNoPictures, "there are no segments")
	var rows []store.Segment
	for n := range int64(6) {
		rows = append(rows, store.Segment{
			BroadcastID: id, Rendition: video, Number: 7 + n, Duration: 2, Timescale: 1, Gap: n == 1, Independent: n != 2,
		})
	}
	h.write(func(tx *store.Tx) error { return tx.InsertSegments(t.Context(), rows) })
	entries, err := h.lib.Entries(t.Context(), id, 2*time.Second, 9)
	require.NoError(t, err)
	var at []time.Duration
	for _, e := range entries {
		at = append(at, e.At/time.Second)
	}
	require.Equal(t, []time.Duration{0, 6, 8, 10}, at)
	_, err = h.lib.KeyFrame(context.Background(), entries[0], 9)
	require.Error(t, err, "its file is gone")
}
