package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// firstList is how much media a broadcast needs before its list can be played.
const firstList = 450 * time.Millisecond

// TestFirstList: while a broadcast opens its list is held; 450 ms of media are
// enough to answer it, and to play what it names.
func TestFirstList(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", "first")
	require.NoError(t, err)
	var c channel
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/channels/first", &c))
	require.NotNil(t, c.Live)
	require.Equal(t, "opening", c.Live.State)

	var held errgroup.Group
	held.Go(func() error {
		_, err := testkit.FetchMultivariant(t.Context(), s.URL("/live/first/index.m3u8"))
		return err
	})
	tags := testkit.ReadTags(t, testkit.Clip{}.Path(t))
	enough := slices.IndexFunc(tags, func(g testkit.Tag) bool { return g.Time > firstList })
	require.NoError(t, e.Play(t.Context(), time.Now(), tags[:enough]))
	require.NoError(t, held.Wait(), "nothing more is sent, and the list comes")
	list, err := testkit.FetchMedia(t.Context(), mediaAddress(t, s.URL("/live/first/index.m3u8"), "/video/"))
	require.NoError(t, err)
	require.NotEmpty(t, list.Segments)
	require.NoError(t, e.Stop())
	archived(t, s, "first", c.Live.Broadcast)
}

// TestUnannouncedAudio: sound that no header announced, and that begins 3 s
// after the picture, is on air and kept from its first frame; nobody who
// watches the picture is disturbed.
func TestUnannouncedAudio(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	video, audio := testkit.Clip{Seconds: 9, Tracks: testkit.VideoOnly}.Path(t), testkit.Clip{Seconds: 6, Tracks: testkit.AudioOnly}.Path(t)
	const late = 3 * time.Second
	tags := testkit.ReadTags(t, video)
	for _, tag := range testkit.ReadTags(t, audio) {
		if tag.Audio() {
			tag.Time += late
			tags = append(tags, tag)
		}
	}
	slices.SortStableFunc(tags, func(a, b testkit.Tag) int { return int(a.Time - b.Time) })

	e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", "mute")
	require.NoError(t, err)
	var sending, watching errgroup.Group
	sending.Go(func() error { return e.Play(t.Context(), time.Now(), tags) })
	now := onAir(t, s, "mute")
	watching.Go(func() error {
		_, err := watchAll(t.Context(), s.URL("/live/mute/index.m3u8"))
		return err
	})
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		m, err := testkit.FetchMultivariant(ctx, s.URL("/live/mute/index.m3u8"))
		if err == nil && len(m.Audio) == 0 {
			err = fmt.Errorf("the list names no sound")
		}
		return err
	})
	require.NoError(t, sending.Wait())
	require.NoError(t, e.Stop())
	require.NoError(t, watching.Wait())

	archived(t, s, "mute", now.Broadcast)
	index := s.URL("/vod/" + now.Broadcast + "/index.m3u8")
	v, a := testkit.Packets(t, index, "v"), testkit.Packets(t, index, "a")
	requireSameFrames(t, "v", testkit.Packets(t, video, "v"), v)
	requireSameFrames(t, "a", testkit.Packets(t, audio, "a"), a)
	require.InDelta(t, late, a[0].PTS-v[0].PTS, float64(syncSlack))
}

// TestRefusal: who may not publish is told so before NetStream.Publish.Start,
// and the channel stays as it was.
func TestRefusal(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, code := s.Command(t, "channel", "add", "locked")
	require.Zero(t, code)
	_, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", "locked")
	require.ErrorIs(t, err, testkit.ErrRefused)
	require.ErrorContains(t, err, "NetStream.Publish.BadName")
	testkit.Eventually(t, limit, func(context.Context) error {
		if !strings.Contains(s.Log(), "stream key") { // and not the name, which may be a key
			return fmt.Errorf("the log does not tell why an encoder was refused")
		}
		return nil
	})
	requireOffAir(t, s, "/live/locked/index.m3u8")
	require.Equal(t, http.StatusNotFound, get(t, s, "/live/unknown/index.m3u8").Status)
}

// TestReset: where none waits for its encoder, a connection that breaks ends the
// broadcast, and the channel can come back.
func TestReset(t *testing.T) {
	t.Parallel()
	s := startOpen(t, "--reconnect-window", "0s")
	tags := testkit.ReadTags(t, testkit.Clip{}.Path(t))
	e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", "cable")
	require.NoError(t, err)
	require.NoError(t, e.Play(t.Context(), time.Now(), tags[:len(tags)/3]))
	now := onAir(t, s, "cable")
	require.NoError(t, e.Break())
	archived(t, s, "cable", now.Broadcast)

	// From zero again, as an encoder that was started anew.
	e, err = testkit.DialEncoder(t.Context(), s.RTMP, "live", "cable")
	require.NoError(t, err)
	require.NoError(t, e.Play(t.Context(), time.Now(), tags[:len(tags)/3]))
	onAir(t, s, "cable")
	require.NoError(t, e.Stop())
}
