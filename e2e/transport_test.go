package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// tsAddress finds the media playlist that a channel's list of MPEG-TS leads
// to: one, for picture and sound.
func tsAddress(t *testing.T, s *testkit.Server, name string) string {
	t.Helper()
	entry := s.URL("/live/" + name + "/ts/index.m3u8")
	m, err := testkit.FetchMultivariant(t.Context(), entry)
	require.NoError(t, err)
	require.Empty(t, m.Audio)
	require.Len(t, m.Variants, 1)
	address, err := testkit.Resolve(entry, m.Variants[0].URI)
	require.NoError(t, err)
	return address
}

// decoded are the hashes of the decoded frames of one kind. ffmpeg must not
// have a word to say of them.
func decoded(t *testing.T, input, kind string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hashes")
	log, code := testkit.Run(t, 2*limit, testkit.Command{Path: testkit.Tool(t, "ffmpeg"), Args: []string{
		"-nostdin", "-hide_banner", "-loglevel", "error", "-i", input, "-map", "0:" + kind, "-fps_mode", "passthrough", "-f", "framemd5", file,
	}})
	require.Zero(t, code, log)
	require.Empty(t, log)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var list []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), ","); len(f) > 5 && line[0] != '#' {
			list = append(list, f[5])
		}
	}
	return list
}

// TestTransport: a channel's MPEG-TS list is played while it is on air, and
// when it is over every frame in it decodes to what was sent, over all joints
// of segments.
func TestTransport(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	for name, clip := range map[string]testkit.Clip{
		"b-frames":   {Seconds: 9, BFrames: 3},
		"44100":      {Seconds: 9, SampleRate: 44100, Rate: "30000/1001", GOP: 50},
		"audio-only": {Seconds: 9, Tracks: testkit.AudioOnly},
		"video-only": {Seconds: 9, Tracks: testkit.VideoOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := clip.Path(t)
			encoder := testkit.Publish(t, file, s.PublishURL(name))
			now := onAir(t, s, name)
			address := tsAddress(t, s, name)
			list, err := testkit.FetchMedia(t.Context(), address)
			require.NoError(t, err)
			require.NoError(t, list.Check())
			require.Zero(t, list.PartTarget)
			frames := "-frames:v"
			if clip.Tracks == testkit.AudioOnly {
				frames = "-frames:a"
			}
			testkit.FFmpeg(t, limit, "-i", s.URL("/live/"+name+"/ts/index.m3u8"), frames, "45", "-f", "null", "-")
			require.Zero(t, encoder.Wait(t, limit+time.Duration(clip.Seconds*float64(time.Second))))
			archived(t, s, name, now.Broadcast)

			list, err = testkit.FetchMedia(t.Context(), address)
			require.NoError(t, err)
			require.NoError(t, list.Check())
			require.True(t, list.EndList)
			if clip.Tracks != testkit.AudioOnly {
				require.Equal(t, decoded(t, file, "v"), decoded(t, address, "v"))
			}
			if clip.Tracks != testkit.VideoOnly {
				require.Equal(t, decoded(t, file, "a"), decoded(t, address, "a"))
			}
		})
	}
}

// TestTransportInABrowser: hls.js, which makes MP4 of what it loads, plays on
// over an outage, behind a discontinuity.
func TestTransportInABrowser(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	clip := testkit.Clip{Seconds: 60, BFrames: 2}.Path(t)
	encoder := testkit.Publish(t, clip, s.PublishURL("tv"))
	onAir(t, s, "tv")
	tab := b.OpenStock(t)
	tab.PlayStock(t, s.URL("/live/tv/ts/index.m3u8"))
	requireMoves(t, tab, 60)
	address := tsAddress(t, s, "tv")
	encoder.Kill()
	encoder.Wait(t, limit)
	testkit.Publish(t, clip, s.PublishURL("tv"))
	behind := 0.0
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		list, err := testkit.FetchMedia(ctx, address)
		if err != nil {
			return err
		}
		if err := list.Check(); err != nil {
			t.Fatal(err)
		}
		behind = 0
		for _, segment := range list.Segments {
			if segment.Discontinuity {
				return nil
			}
			behind += segment.Duration.Seconds()
		}
		return fmt.Errorf("nothing came behind the outage")
	})
	tab.WaitPicture(t, limit, "what came after the outage is shown", func(p testkit.Picture) bool { return p.CurrentTime > behind+1 })
	requireMoves(t, tab, 30)
	for _, address := range tab.Requests(t) {
		require.NotContains(t, address, ".m4s")
	}
	require.Empty(t, tab.Picture(t).Errors)
}
