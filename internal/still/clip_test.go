package still

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/vod"
)

func (h *house) clip(id string, from, to time.Duration) store.Clip {
	h.t.Helper()
	b, err := h.db.Broadcast(h.t.Context(), id)
	require.NoError(h.t, err)
	c, err := h.library.MakeClip(h.t.Context(), b, vod.ClipOrder{
		Title: "Ha", Start: vod.Moment{Media: media.Origin + from}, End: vod.Moment{Media: media.Origin + to},
	})
	require.NoError(h.t, err)
	return c
}

// clipObject is what was made of a clip.
func (h *house) clipObject(ctx context.Context, c store.Clip) ([]byte, error) {
	key, _, _ := ClipObject(c, coverName)
	f, size, err := h.files.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, size)
	_, err = f.ReadAt(b, 0)
	return b, err
}

func (h *house) awaitClip(c store.Clip) (b []byte) {
	h.t.Helper()
	testkit.Eventually(h.t, limit, func(ctx context.Context) (err error) {
		b, err = h.clipObject(ctx, c)
		return err
	})
	return b
}

// A clip has its picture soon after it was made; those that had none at the
// start follow. What was made already stays, also that nothing could be.
func TestRunMakesClips(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	clip := cliptest.Load(t)
	id, sound := h.record(clip), h.record(clip.Of(media.Audio))
	old, none, tried := h.clip(id, time.Second, 4*time.Second), h.clip(sound, 0, 2*time.Second), h.clip(id, 0, 3*time.Second)
	key, _, _ := ClipObject(tried, coverName)
	require.NoError(t, h.files.PutBytes(t.Context(), key, nil))
	require.False(t, h.s.OfClip(t.Context(), old))
	h.run()
	require.Equal(t, min(coverSide, clip[0].Track.Width), picture(t, h.awaitClip(old)).Bounds().Dx())
	require.Empty(t, h.awaitClip(none), "there is no picture in it")
	require.True(t, h.s.OfClip(t.Context(), old))
	require.False(t, h.s.OfClip(t.Context(), none))
	require.False(t, h.s.OfClip(t.Context(), tried))
	made := h.clip(id, 2*time.Second, 5*time.Second)
	h.s.Clipped(made.ID)
	picture(t, h.awaitClip(made))
	require.NoError(t, h.s.makeClip(t.Context(), "none"), "there is no such clip")
}

// A clip that is removed while its picture is made leaves none.
func TestClipRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	path, begun, open := gated(t)
	h := newHouse(t, path)
	c := h.clip(h.record(cliptest.Load(t).Between(0, 3*time.Second)), 0, 2*time.Second)
	done := make(chan error, 1)
	go func() { done <- h.s.makeClip(context.Background(), c.ID) }()
	testkit.Eventually(t, limit, func(context.Context) error {
		_, err := os.Stat(begun)
		return err
	})
	require.NoError(t, h.library.RemoveClip(t.Context(), c.ID, nil))
	open()
	require.NoError(t, <-done)
	_, err := h.clipObject(t.Context(), c)
	require.ErrorIs(t, err, blob.ErrNotFound)
	require.NoError(t, h.s.makeClip(t.Context(), c.ID), "nothing is to be done any more")
}
