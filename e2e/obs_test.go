package e2e

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestOBS: OBS with a stream key is on air, is played and is kept with picture
// and sound; its button "Stop Streaming" ends the broadcast at once.
func TestOBS(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	obs := testkit.StartOBS(t, "rtmp://"+s.RTMP+"/live", addChannel(t, s, "studio"))
	now := onAir(t, s, "studio")
	require.Len(t, now.Renditions, 2)
	var watching errgroup.Group
	for _, list := range []string{"index.m3u8", "plain.m3u8"} {
		watching.Go(func() error {
			_, err := watchAll(t.Context(), s.URL("/live/studio/"+list))
			return err
		})
	}
	testkit.FFmpeg(t, limit, "-i", s.URL("/live/studio/index.m3u8"), "-frames:v", "90", "-f", "null", "-")

	obs.StopStreaming(t)
	require.NoError(t, watching.Wait())
	b := archived(t, s, "studio", now.Broadcast)
	require.Equal(t, "The encoder stopped.", b.EndReason)
	requireOffAir(t, s, "/live/studio/index.m3u8")
	requirePictureAndSound(t, s.URL("/vod/"+b.ID+"/index.m3u8"))
}

// TestOBSRefused: OBS with a key of nobody is refused before
// NetStream.Publish.Start: it stops, after one try, and not to come back.
func TestOBSRefused(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	key := addChannel(t, s, "shut")
	obs := testkit.StartOBS(t, "rtmp://"+s.RTMP+"/live", "live_"+strings.Repeat("0", len(key)-len("live_")))
	testkit.Eventually(t, limit, func(ctx context.Context) error { return metricIs(ctx, s, "rostrum_rtmp_refused_total", 1) })
	refused := time.Now()
	obs.WaitStopped(t)
	t.Logf("OBS stopped %v after it was refused", time.Since(refused).Round(time.Millisecond))
	require.Zero(t, obs.Retries(), "OBS tried again")
	require.NoError(t, metricIs(t.Context(), s, "rostrum_rtmp_connections_total", 1))
	requireOffAir(t, s, "/live/shut/index.m3u8")
}

// TestOBSReconnects: OBS whose connection breaks comes back by itself, and the
// same broadcast goes on for those who watch it.
func TestOBSReconnects(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	cable := testkit.LayCable(t, s.RTMP)
	obs := testkit.StartOBS(t, "rtmp://"+cable.Addr+"/live", "field")
	before := onAir(t, s, "field")
	var watching errgroup.Group
	var lists []*watcher
	watching.Go(func() (err error) {
		lists, err = watchAll(t.Context(), s.URL("/live/field/index.m3u8"))
		return err
	})
	video := mediaAddress(t, s.URL("/live/field/index.m3u8"), "/video/")
	losses := []testkit.Cut{testkit.Reset, testkit.Hangup}
	for i, how := range losses {
		growsPast(t, video, i)
		cable.Cut(how)
		interrupted(t, s, "field")
		cable.Mend()
		require.Equal(t, before.Broadcast, onAir(t, s, "field").Broadcast, "the same broadcast goes on")
	}
	growsPast(t, video, len(losses))
	require.GreaterOrEqual(t, obs.Retries(), len(losses))

	obs.StopStreaming(t)
	require.NoError(t, watching.Wait())
	for _, w := range lists {
		require.Equal(t, len(losses), discontinuities(w.last), w.address)
	}
	b := archived(t, s, "field", before.Broadcast)
	require.Equal(t, "The encoder stopped.", b.EndReason)
	requirePictureAndSound(t, s.URL("/vod/"+b.ID+"/index.m3u8"))
}

// addChannel makes a channel and returns its stream key.
func addChannel(t *testing.T, s *testkit.Server, name string) string {
	t.Helper()
	_, code := s.Command(t, "channel", "add", name)
	require.Zero(t, code)
	key, code := s.Command(t, "channel", "key", name)
	require.Zero(t, code)
	return strings.TrimSpace(key)
}

// interrupted waits until the server has seen that the channel's encoder is
// lost.
func interrupted(t *testing.T, s *testkit.Server, name string) {
	t.Helper()
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		var c channel
		if err := getJSON(ctx, s, "/api/v1/channels/"+name, &c); err != nil {
			return err
		}
		if c.Live == nil || c.Live.State != "interrupted" {
			return fmt.Errorf("channel %s is not interrupted: %+v", name, c.Live)
		}
		return nil
	})
}

// growsPast waits until a playlist holds so many discontinuities, and two
// segments after the last of them.
func growsPast(t *testing.T, list string, count int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	require.NoError(t, testkit.Follow(ctx, list, func(p *testkit.MediaPlaylist) error {
		if discontinuities(p) < count {
			return nil
		}
		since := 0
		for _, segment := range p.Segments {
			since++
			if segment.Discontinuity {
				since = 0
			}
		}
		if since < 2 {
			return nil
		}
		return testkit.ErrStop
	}))
}

// discontinuities counts those that a playlist names.
func discontinuities(p *testkit.MediaPlaylist) int {
	n := 0
	for _, segment := range p.Segments {
		if segment.Discontinuity {
			n++
		}
	}
	return n
}

// metricIs reads one of the server's metrics and compares it.
func metricIs(ctx context.Context, s *testkit.Server, name string, expected float64) error {
	body, err := testkit.Fetch(ctx, "http://"+s.Metrics+"/metrics")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(body)) {
		value, ok := strings.CutPrefix(line, name+" ")
		if !ok {
			continue
		}
		if is, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil || is != expected {
			return fmt.Errorf("%s is %q, not %v", name, value, expected)
		}
		return nil
	}
	return fmt.Errorf("there is no metric %s", name)
}

// requirePictureAndSound checks that a recording can be decoded, is not black
// and is not silent.
func requirePictureAndSound(t *testing.T, index string) {
	t.Helper()
	raw := func(args ...string) []byte {
		var out bytes.Buffer
		_, code := testkit.Run(t, limit, testkit.Command{
			Path: testkit.Tool(t, "ffmpeg"), Stdout: &out,
			Args: append(append([]string{"-nostdin", "-loglevel", "error", "-i", index}, args...), "-"),
		})
		require.Zero(t, code)
		return out.Bytes()
	}
	const dark = 40                                                           // as a mean; black is 0
	pictures := raw("-vf", "scale=1:1", "-pix_fmt", "gray", "-f", "rawvideo") // a byte each
	require.Greater(t, len(pictures), 60)
	require.Greater(t, pictures[len(pictures)-1], byte(dark), "the picture is black")
	const silence, soft, rate = 128, 8, 8000
	samples := raw("-ac", "1", "-ar", strconv.Itoa(rate), "-f", "u8")
	require.Greater(t, len(samples), 2*rate)
	require.Greater(t, slices.Max(samples[len(samples)-rate:]), byte(silence+soft), "there is no sound")
}
