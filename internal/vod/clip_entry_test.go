package vod

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// A clip is stood for by the first key frame that is shown in it, else by the
// one that it is decoded from.
func TestClipEntry(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	var keys []media.AccessUnit
	for _, u := range cliptest.Load(t).Of(media.Video) {
		if u.Key {
			keys = append(keys, u.AccessUnit)
		}
	}
	require.Greater(t, len(keys), 3)
	at := func(u media.AccessUnit) time.Duration {
		return media.Origin + media.Duration(u.PTS-keys[0].PTS, u.Track.Timescale)
	}
	second := at(keys[1])
	require.Greater(t, second-at(keys[0]), 1200*time.Millisecond, "there is room for a clip between two")
	for name, c := range map[string]struct {
		from, to time.Duration
		want     media.AccessUnit
	}{
		"it begins with one":   {second, second + 3*time.Second, keys[1]},
		"one is in it":         {second - 500*time.Millisecond, second + time.Second, keys[1]},
		"none is, so the last": {second - 1100*time.Millisecond, second - 50*time.Millisecond, keys[0]},
	} {
		clip := h.clip(id, c.from, c.to)
		e, err := h.lib.ClipEntry(t.Context(), clip)
		require.NoError(t, err, name)
		data, err := h.lib.KeyFrame(t.Context(), e, 8<<20)
		require.NoError(t, err, name)
		require.Equal(t, c.want.Data, data, name)
		track, err := h.lib.Track(t.Context(), e)
		require.NoError(t, err, name)
		require.Equal(t, c.want.Track.Width, track.Width, name)
		_, err = h.lib.KeyFrame(t.Context(), e, int64(len(data))-1)
		require.ErrorContains(t, err, "bytes", name)
	}

	kept := h.clip(id, second, second+2*time.Second)
	require.NoError(t, h.lib.Remove(t.Context(), id, nil))
	e, err := h.lib.ClipEntry(t.Context(), kept)
	require.NoError(t, err)
	data, err := h.lib.KeyFrame(t.Context(), e, 8<<20)
	require.NoError(t, err)
	require.Equal(t, keys[1].Data, data, "also of what was kept for it alone")
	require.NoError(t, h.lib.RemoveClip(t.Context(), kept.ID, nil))
	kept, err = h.db.Clip(t.Context(), kept.ID)
	require.NoError(t, err)
	_, err = h.lib.ClipEntry(t.Context(), kept)
	require.ErrorIs(t, err, ErrNoPictures)
}

func TestClipEntryOfSound(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Of(media.Audio).Send(a.pub)
	a.end()
	h.archive(a.id)
	_, err := h.lib.ClipEntry(t.Context(), h.clip(a.id, media.Origin, media.Origin+2*time.Second))
	require.ErrorIs(t, err, ErrNoPictures)
}
