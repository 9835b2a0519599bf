package e2e

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestPlayers: VLC and GStreamer show what was sent, picture by picture, of the
// broadcast on air and of the recording.
func TestPlayers(t *testing.T) {
	t.Parallel()
	clip := testkit.Clip{Seconds: 14}.Path(t)
	sent := hashes(testkit.Decoded(t, 0, clip, "v"))
	s := startOpen(t)
	var recording string
	for _, list := range []string{"index", "plain"} {
		t.Run("GStreamer "+list, func(t *testing.T) {
			encoder := testkit.Publish(t, clip, s.PublishURL(list))
			now := onAir(t, s, list)
			watchOnAir(t, s, list)
			shown := hashes(gstreamer(t, s.URL("/live/"+list+"/"+list+".m3u8")))
			requireRun(t, sent, shown)
			require.Equal(t, sent[len(sent)-1], shown[len(shown)-1], "it plays to the end")
			require.Zero(t, encoder.Wait(t, limit))
			archived(t, s, list, now.Broadcast)
			recording = s.URL("/vod/" + now.Broadcast + "/index.m3u8")
		})
	}
	t.Run("GStreamer recording", func(t *testing.T) {
		require.Equal(t, sent, hashes(gstreamer(t, recording)))
	})
	t.Run("VLC recording", func(t *testing.T) {
		vlc, file := startVLC(t, recording)
		require.Zero(t, vlc.Wait(t, 2*limit))
		shown := hashes(testkit.Decoded(t, 0, file, "v"))
		require.GreaterOrEqual(t, len(shown), len(sent)-30, "VLC leaves out a few while it starts")
		requireRun(t, sent, shown)
	})
}

// requireRun checks that shown are pictures in a row out of sent.
func requireRun(t *testing.T, sent, shown []string) {
	t.Helper()
	from := slices.Index(sent, shown[0])
	require.GreaterOrEqual(t, from, 0, "the first picture is one that was sent")
	require.LessOrEqual(t, from+len(shown), len(sent))
	require.Equal(t, sent[from:from+len(shown)], shown)
}

// gstreamer plays an address to its end and returns the pictures that it
// decoded.
func gstreamer(t *testing.T, address string) []testkit.Packet {
	t.Helper()
	file := filepath.Join(t.TempDir(), "played.yuv")
	_, code := testkit.Run(t, 2*limit, testkit.Command{Path: testkit.Tool(t, "gst-launch-1.0"), Args: []string{
		"-q", "uridecodebin", "uri=" + address, "name=d",
		"d.", "!", "queue", "!", "videoconvert", "!", "video/x-raw,format=I420", "!", "filesink", "location=" + file,
		"d.", "!", "queue", "!", "audioconvert", "!", "fakesink",
	}})
	require.Zero(t, code)
	return testkit.Decoded(t, 0, file, "v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", "320x180")
}
