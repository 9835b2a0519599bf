package rtmp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// fast publishes a clip as quickly as the server takes it.
func fast(clip, url string) []string {
	return []string{"-i", clip, "-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", url}
}

func TestFFmpegPublishesEveryFrame(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	clip := testkit.Clip{Seconds: 4, BFrames: 2}.Path(t)
	testkit.FFmpeg(t, patience, fast(clip, "rtmp://"+s.addr+"/live/demo?key=s3cret")...)

	over := receive(t, g.ends, "the end")
	require.Equal(t, live.Stopped, over.end)
	req := receive(t, g.asked, "the gate to be asked")
	require.Equal(t, "live", req.App)
	require.Equal(t, "demo", req.Name)
	require.Equal(t, "s3cret", req.Query.Get("key"))
	require.Contains(t, req.Encoder, "Lavf")

	stream, _ := g.newest()
	require.Equal(t, []media.Kind{media.Video, media.Audio}, stream.Expected())
	units := drain(t, stream)
	for name, kind := range map[string]string{"video/source": "v", "audio/source": "a"} {
		require.Len(t, units[name], len(testkit.Packets(t, clip, kind)), name)
		require.True(t, units[name][0].Key)
		for i, u := range units[name] {
			require.Same(t, units[name][0].Track, u.Track, "one track")
			require.False(t, u.Arrived.IsZero())
			require.True(t, i == 0 || u.DTS > units[name][i-1].DTS, "%s: time stands still at unit %d", name, i)
		}
	}
	require.Equal(t, media.H264, units["video/source"][0].Track.Codec)
	require.Equal(t, media.AAC, units["audio/source"][0].Track.Codec)
	require.Zero(t, s.Stats().BadTags)
	eventually(t, s.says("the encoder stopped"))
	require.NotContains(t, s.log.String(), "s3cret")
}

func TestFFmpegKilledIsALoss(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	p := testkit.Publish(t, testkit.Clip{Seconds: 20}.Path(t), "rtmp://"+s.addr+"/live/demo")
	receive(t, g.asked, "the gate to be asked")
	eventually(t, g.hasUnits())
	p.Kill()
	require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
}

func TestFFmpegIsRefused(t *testing.T) {
	g := newGate()
	g.refusal = &live.Refusal{Code: "unknown_key", Reason: "This key is not known here."}
	s := start(t, Options{Gate: g})
	p := testkit.StartFFmpeg(t, fast(testkit.Clip{Seconds: 4}.Path(t), "rtmp://"+s.addr+"/live/key")...)
	require.NotZero(t, p.Wait(t, patience))
	require.Contains(t, p.Log(), "This key is not known here.")
}

func TestFFmpegCannotPlay(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	p := testkit.StartFFmpeg(t, "-i", "rtmp://"+s.addr+"/live/demo", "-f", "null", "-")
	require.NotZero(t, p.Wait(t, patience))
	require.Contains(t, p.Log(), "viewers watch by HTTP")
}

func TestFFmpegSendsMPEGTS(t *testing.T) {
	clip := testkit.Clip{Seconds: 4}.Path(t)
	t.Run("much of it", func(t *testing.T) {
		g := newGate()
		s := start(t, Options{Gate: g})
		testkit.StartFFmpeg(t, "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", "mpegts", "rtmp://"+s.addr+"/live/demo")
		require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
		eventually(t, s.says("MPEG-TS inside RTMP"))
	})
	t.Run("not enough to be sent", func(t *testing.T) {
		g := newGate()
		s := start(t, Options{Gate: g, SilenceTimeout: 200 * time.Millisecond, StartTimeout: 200 * time.Millisecond})
		testkit.StartFFmpeg(t, "-re", "-i", clip, "-c", "copy", "-f", "mpegts", "rtmp://"+s.addr+"/live/demo")
		require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
		eventually(t, s.says("with ffmpeg use -f flv"))
	})
}

// TestFFmpegCopiesFromTheMiddle: a copy that begins within a GOP, and not at
// zero, starts at its first key frame.
func TestFFmpegCopiesFromTheMiddle(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	clip := testkit.Clip{Seconds: 6}.Path(t)
	testkit.FFmpeg(t, patience, "-copyts", "-seek_timestamp", "1", "-noaccurate_seek", "-ss", "1", "-i", clip,
		"-map", "0", "-c", "copy", "-copyinkf", "-bsf:v", "noise=drop='lt(n\\,20)'", "-f", "flv", "-flvflags", "no_duration_filesize", "rtmp://"+s.addr+"/live/demo")
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
	stream, _ := g.newest()
	units := drain(t, stream)
	all := testkit.Packets(t, clip, "v")
	require.NotEmpty(t, units["video/source"])
	require.True(t, units["video/source"][0].Key)
	require.Len(t, units["video/source"], len(all)-60, "from the second key frame on")
	require.NotEmpty(t, units["audio/source"])
}
