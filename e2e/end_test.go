package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestEnd: a broadcast's end, by a stop or by a loss whose window is over, reaches those who wait, at once, and its own
// playlists go on answering; the channel is off air and can come again under
// the same address.
func TestEnd(t *testing.T) {
	s := startOpen(t, "--reconnect-window", "1s")
	for name, end := range map[string]func(*testkit.Process){
		"stop": func(p *testkit.Process) { p.Signal(syscall.SIGTERM) },
		"loss": func(p *testkit.Process) { p.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoder := testkit.PublishTest(t, "60", s.PublishURL(name))
			now := onAir(t, s, name)
			watchOnAir(t, s, name)
			list := mediaAddress(t, s.URL("/live/"+name+"/index.m3u8"), "/video/")

			// One asks for what cannot be there yet: the whole of the next segment.
			var waiting errgroup.Group
			waiting.Go(func() error { return waitForEnd(t.Context(), list) })
			beforeEnd(t, list, 8)
			end(encoder)
			require.NoError(t, waiting.Wait())

			requireEnded(t, list)
			b := archived(t, s, name, now.Broadcast)
			require.NotEmpty(t, b.EndReason)
			requireOffAir(t, s, "/live/"+name+"/index.m3u8")
			requireOffAir(t, s, "/live/"+name+"/plain.m3u8")

			again := testkit.PublishTest(t, "60", s.PublishURL(name))
			next := onAir(t, s, name)
			require.NotEqual(t, now.Broadcast, next.Broadcast, "a new time on air is a new broadcast")
			again.Signal(syscall.SIGTERM)
			archived(t, s, name, next.Broadcast)
			requireEnded(t, list)
		})
	}
}

// mediaAddress is that of the first media playlist whose address holds part.
func mediaAddress(t *testing.T, multivariant, part string) string {
	t.Helper()
	m, err := testkit.FetchMultivariant(t.Context(), multivariant)
	require.NoError(t, err)
	for _, uri := range mediaURIs(m) {
		address, err := testkit.Resolve(multivariant, uri)
		require.NoError(t, err)
		if strings.Contains(address, part) {
			return address
		}
	}
	t.Fatalf("%s names no playlist with %s", multivariant, part)
	return ""
}

// beforeEnd waits until a playlist has seen so many parts.
func beforeEnd(t *testing.T, list string, parts int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	require.NoError(t, testkit.Follow(ctx, list, func(p *testkit.MediaPlaylist) error {
		n := len(p.Parts)
		for _, s := range p.Segments {
			n += len(s.Parts)
		}
		if n >= parts {
			return testkit.ErrStop
		}
		return nil
	}))
}

// waitForEnd asks, again and again, for a segment that is not begun yet and
// returns when the answer is an ended list.
func waitForEnd(ctx context.Context, list string) error {
	for {
		p, err := testkit.FetchMedia(ctx, list)
		if err != nil {
			return err
		}
		msn, _ := p.Next()
		if p, err = testkit.FetchMedia(ctx, fmt.Sprintf("%s?_HLS_msn=%d", list, msn+1)); err != nil {
			return err
		}
		if p.EndList {
			return nil
		}
	}
}

// requireEnded checks a broadcast's own playlist after its end.
func requireEnded(t *testing.T, list string) {
	t.Helper()
	for _, query := range []string{"", "?_HLS_msn=0&_HLS_part=0"} {
		r, err := testkit.Get(t.Context(), list+query)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		require.Contains(t, r.Header.Get("Cache-Control"), "max-age=3600")
		p, err := testkit.ParseMedia(string(r.Body))
		require.NoError(t, err)
		require.True(t, p.EndList)
	}
}

// TestOpeningHolds: who asks while a broadcast opens gets a list that can be
// played, never 404; the first segment is one part long, so that players which
// want a whole segment have one.
func TestOpeningHolds(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	requireOffAir(t, s, "/live/opening/index.m3u8")
	requireOffAir(t, s, "/live/never-seen/plain.m3u8")
	testkit.Publish(t, testkit.Clip{Seconds: 20}.Path(t), s.PublishURL("opening"))
	var c channel
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if err := getJSON(ctx, s, "/api/v1/channels/opening", &c); err != nil {
			return err
		}
		if c.Live == nil {
			return fmt.Errorf("nothing is on air")
		}
		return nil
	})
	require.Contains(t, []string{"opening", "live"}, c.Live.State)
	list := mediaAddress(t, s.URL("/live/opening/index.m3u8"), "/video/") // fails on anything but 200
	p, err := testkit.FetchMedia(t.Context(), list)
	require.NoError(t, err)
	require.Zero(t, p.MediaSequence)
	require.NotEmpty(t, p.Segments)
	require.Len(t, p.Segments[0].Parts, 1)
	require.True(t, p.Segments[0].Parts[0].Independent)
}

// TestWindow: the live list keeps a minute or what it is told, numbers go up,
// and the recording keeps everything.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := startOpen(t, "--hls-live-window", "20s", "--hls-segment", "1s", "--hls-part", "100ms")
	testkit.Publish(t, testkit.Clip{Seconds: 40, GOP: 30}.Path(t), s.PublishURL("window"))
	onAir(t, s, "window")
	list := mediaAddress(t, s.URL("/live/window/index.m3u8"), "/video/")
	var first string
	ctx, cancel := context.WithTimeout(t.Context(), 2*limit)
	defer cancel()
	require.NoError(t, testkit.Follow(ctx, list, func(p *testkit.MediaPlaylist) error {
		if first == "" {
			first = p.Segments[0].URI
		}
		if p.EndList {
			return nil
		}
		if d := p.Duration(); d > 26*time.Second {
			return fmt.Errorf("the list holds %v", d)
		}
		if p.PartTarget > 110*time.Millisecond {
			return fmt.Errorf("the part target is %v", p.PartTarget)
		}
		if p.MediaSequence < 3 {
			return nil
		}
		// What left a moment ago can still be fetched (RFC 8216bis 6.2.2).
		address, err := testkit.Resolve(list, first)
		if err != nil {
			return err
		}
		if _, err := testkit.Fetch(ctx, address); err != nil {
			return err
		}
		return testkit.ErrStop
	}))
}
