package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestKinds publishes each kind of stream that an encoder may send, plays it
// live in every way while it is on air, and compares the recording with what
// was sent, frame by frame.
func TestKinds(t *testing.T) {
	t.Parallel()
	s := startRaced(t)
	for name, clip := range map[string]testkit.Clip{
		"plain":      {Seconds: 9},
		"b-frames":   {Seconds: 9, BFrames: 3},
		"audio-only": {Seconds: 9, Tracks: testkit.AudioOnly},
		"video-only": {Seconds: 9, Tracks: testkit.VideoOnly},
		"late-audio": {Seconds: 11, AudioDelay: 3 * time.Second},
		"44100":      {Seconds: 9, SampleRate: 44100, Rate: "25", GOP: 50},
		"ntsc":       {Seconds: 9, Rate: "30000/1001"},
		"gop-1_999":  testkit.ClipGOP1999,
		"gop-8_3":    testkit.ClipGOP8300,
		"gop-60":     testkit.ClipGOP60,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			publishAndPlay(t, s, name, clip)
		})
	}
}

func publishAndPlay(t *testing.T, s *testkit.Server, name string, clip testkit.Clip) {
	file := clip.Path(t)
	requireOffAir(t, s, "/live/"+name+"/index.m3u8")
	encoder := testkit.Publish(t, file, s.PublishURL(name))
	now := onAir(t, s, name)

	var g errgroup.Group
	var low, plain []*watcher
	g.Go(func() (err error) {
		low, err = watchAll(t.Context(), s.URL("/live/"+name+"/index.m3u8"))
		return err
	})
	g.Go(func() (err error) {
		plain, err = watchAll(t.Context(), s.URL("/live/"+name+"/plain.m3u8"))
		return err
	})
	frames := "-frames:v"
	if clip.Tracks == testkit.AudioOnly {
		frames = "-frames:a"
	}
	testkit.FFmpeg(t, limit, "-i", s.URL("/live/"+name+"/index.m3u8"), frames, "45", "-f", "null", "-")
	testkit.FFmpeg(t, limit, "-i", s.URL("/vod/"+now.Broadcast+"/index.m3u8"), frames, "45", "-f", "null", "-")

	require.Zero(t, encoder.Wait(t, limit+time.Duration(clip.Seconds*float64(time.Second))), "ffmpeg ends without an error")
	require.NoError(t, g.Wait())
	requireWatched(t, clip, low, plain)

	b := archived(t, s, name, now.Broadcast)
	require.NotNil(t, b.EndedAt)
	require.InDelta(t, clip.Seconds, float64(b.DurationMS)/1000, 0.5)
	requireKept(t, s, b.ID, clip, file)
	kind := "v"
	if clip.Tracks == testkit.AudioOnly {
		kind = "a"
	}
	require.Equal(t, testkit.DecodedFrames(t, s.URL(b.HLS), kind), testkit.DecodedFrames(t, s.URL(b.DASH), kind), "DASH has what HLS has")
	requireOffAir(t, s, "/live/"+name+"/index.m3u8")
}

// requireWatched checks what those who followed the lists to their end met.
func requireWatched(t *testing.T, clip testkit.Clip, low, plain []*watcher) {
	t.Helper()
	tracks := 2
	if clip.Tracks != testkit.VideoAndAudio {
		tracks = 1
	}
	if clip.AudioDelay == 0 {
		require.Len(t, low, tracks)
		require.Len(t, plain, tracks)
	}
	for _, w := range low {
		require.True(t, w.last.EndList)
		require.NotZero(t, w.last.PartTarget)
		// One reload a part is how it is meant; a reader that lags sees several at once.
		require.Greater(t, w.polls, int(clip.Seconds), w.address)
	}
	for _, w := range plain {
		require.True(t, w.last.EndList)
		require.Zero(t, w.last.PartTarget)
	}
}
