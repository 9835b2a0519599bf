package still

import (
	"bytes"
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// await asks until there is a still that is another than one before: the wait
// of who asks is bounded, and the machine may be busy.
func (h *house) await(s *live.Stream, before Still) (got Still) {
	h.t.Helper()
	testkit.Eventually(h.t, limit, func(ctx context.Context) error {
		var ok bool
		if got, ok = h.s.Live(ctx, s); !ok || got.Tag == before.Tag {
			return errNone
		}
		return nil
	})
	return got
}

// A still is made once for all who ask, and again when it is old and there is
// something newer.
func TestLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	s, pub := h.stream()
	_, ok := h.s.Live(t.Context(), s)
	require.False(t, ok, "nothing came")
	all := keys(t)
	video := pub.Rendition("video/source")
	all[0].Arrived = time.Now().Add(-time.Hour)
	video.Write(all[0])
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() { h.s.Live(t.Context(), s) })
	}
	crowd.Wait()
	first := h.await(s, Still{})
	require.EqualValues(t, 1, h.ffmpeg.Stats().Pictures)
	require.Equal(t, min(liveSide, all[0].Track.Width), picture(t, first.JPEG).Bounds().Dx())
	again, ok := h.s.Live(t.Context(), s)
	require.True(t, ok)
	require.Equal(t, first, again, "there is nothing newer")

	video.Write(all[1])
	second := h.await(s, first)
	require.NotEqual(t, first.JPEG, second.JPEG)
	s.Interrupt(pub)
	video.Write(all[2])
	again, ok = h.s.Live(t.Context(), s)
	require.True(t, ok, "an interrupted broadcast keeps its last")
	require.Equal(t, second, again)
	require.EqualValues(t, 2, h.ffmpeg.Stats().Pictures)

	s.Close()
	h.s.Ended(s.Broadcast)
	require.Empty(t, h.s.frames)
	h.s.Live(t.Context(), s)
	require.Empty(t, h.s.frames, "nobody would forget it")
}

// A still that is new is not made again, whatever came since.
func TestLiveIsNotMadeTooOften(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	s, pub := h.stream()
	all := keys(t)
	all[0].Arrived = time.Now().Add(time.Hour) // so that it is new for as long as the test takes
	pub.Rendition("video/source").Write(all[0])
	first := h.await(s, Still{})
	pub.Rendition("video/source").Write(all[1])
	again, _ := h.s.Live(t.Context(), s)
	require.Equal(t, first, again)
	require.EqualValues(t, 1, h.ffmpeg.Stats().Pictures)
}

// Of what cannot be decoded there is no still, and it is not tried with each
// request; sound alone is not tried at all.
func TestNoLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	s, pub := h.stream()
	broken := keys(t)[0]
	broken.Data = bytes.Repeat([]byte{0xff}, 100)
	pub.Rendition("video/source").Write(broken)
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		_, ok := h.s.Live(ctx, s)
		require.False(t, ok)
		if h.ffmpeg.Stats().Failed == 0 {
			return errNone
		}
		return nil
	})
	for range 3 {
		h.s.Live(t.Context(), s)
	}
	require.EqualValues(t, 1, h.ffmpeg.Stats().Failed)

	sound, pub := h.stream()
	cliptest.Load(t).Of(media.Audio).Between(0, time.Second).Send(pub)
	_, ok := h.s.Live(t.Context(), sound)
	require.False(t, ok)
	require.EqualValues(t, 1, h.ffmpeg.Stats().Failed)
}

// Who asks is not kept by an ffmpeg that hangs, and gets the still before; the
// service's end does not wait for it either.
func TestLiveDoesNotHang(t *testing.T) {
	t.Parallel()
	path, begun, _ := gated(t)
	h := newHouse(t, path)
	s, pub := h.stream()
	all := keys(t)
	pub.Rendition("video/source").Write(all[0])
	f := h.s.frameOf(s)
	f.still, f.of = Still{JPEG: []byte("old"), Tag: "old"}, &media.AccessUnit{Arrived: time.Now().Add(-time.Hour)}
	got, ok := h.s.Live(t.Context(), s)
	require.True(t, ok)
	require.Equal(t, "old", got.Tag)
	testkit.Eventually(t, limit, func(context.Context) error {
		_, err := os.Stat(begun)
		return err
	})
	h.s.Close()
	got, ok = h.s.Live(t.Context(), s)
	require.True(t, ok)
	require.Equal(t, "old", got.Tag)
}
