package doctor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Each fault is a run of a real encoder, and beside it stands the run without
// the fault, of which nothing may be said.
func TestFaultsOfEncoders(t *testing.T) {
	const (
		noisy = "color=gray:s=192x108:r=25:d=42,noise=alls=100:allf=t:enable='gt(mod(t,16),11)'"
		long  = "sine=f=440:b=4:r=16000:d=42"
	)
	for _, c := range []struct {
		name     string
		ill      recipe
		code     string
		severity Severity
		says     string  // of what is seen, a regular expression
		do       string  // of what is to be done
		well     *recipe // nil is the zero value
	}{
		{
			"key frames too far apart",
			recipe{args: []string{"-g", "207", "-keyint_min", "207"}},
			KeyFrameInterval, Bad, `come every 8\.3 s`, `-g 50`, nil,
		},
		{
			"key frames rather far apart",
			recipe{args: []string{"-g", "125", "-keyint_min", "125"}},
			KeyFrameInterval, Poor, `come every 5 s`, `-g 50`, &recipe{args: []string{"-g", "100", "-keyint_min", "100"}},
		},
		{
			"key frames all the time",
			recipe{args: []string{"-g", "10", "-keyint_min", "10"}},
			KeyFramesDense, Hint, `come every 0\.4 s`, `-g 50`, &recipe{args: []string{"-g", "25", "-keyint_min", "25"}},
		},
		{
			"a bitrate that swings",
			recipe{video: noisy, audio: long, args: []string{"-b:v", "0", "-maxrate", "0", "-bufsize", "0", "-crf", "23"}},
			BitrateSwings, Poor, `usually \d+ kbit/s, at times \d\.\d Mbit/s`, `-maxrate`, &recipe{video: noisy, audio: long},
		},
		{
			"a frame rate that falls",
			recipe{video: "testsrc=s=128x72:r=25:d=38,select='lt(t,24)+not(mod(n,3))'", audio: "sine=r=16000:d=38", args: []string{"-vsync", "vfr"}},
			FrameRateDrop, Bad, `fell to 8\.\d pictures a second; it should be 25\.`, `-preset`, nil,
		},
		{
			"an encoder that is overloaded",
			recipe{video: picture + ",select='gt(random(7),0.12)'", args: []string{"-vsync", "vfr"}},
			EncoderOverload, Poor, `leaves out 1\d% of the pictures`, `-preset`, nil,
		},
		{
			"B-frames",
			recipe{args: []string{"-bf", "3", "-x264-params", "b-adapt=0"}},
			BFrames, Hint, `delay the picture by \d+ ms`, `-bf 0`, nil,
		},
		{
			"no sound at all",
			recipe{audio: "-"},
			AudioMissing, Poor, `no sound`, `-c:a aac`, nil,
		},
		{
			"sound that stops",
			recipe{audio: "sine=r=16000:d=6"},
			AudioMissing, Bad, `stopped.* for 1\d s`, `-c:a aac`, nil,
		},
		{
			"a picture that stops",
			recipe{video: "testsrc=s=128x72:r=25:d=6"},
			VideoMissing, Bad, `stopped.* for 1\d s`, `source`, nil,
		},
		{
			"silence",
			recipe{audio: "anullsrc=r=48000:cl=stereo:d=24", video: "testsrc=s=128x72:r=25:d=24"},
			AudioSilent, Poor, `for \d+ s`, `-map`, &recipe{audio: "sine=f=440:r=48000:d=24,volume=-60dB", video: "testsrc=s=128x72:r=25:d=24"},
		},
		{
			"silence after sound, mono",
			recipe{audio: "sine=r=16000:d=34,volume=0:enable='gt(t,6)'", video: "testsrc=s=128x72:r=25:d=34", args: []string{"-ac", "1"}},
			AudioSilent, Poor, `for 2[678] s`, `-map`, &recipe{audio: "anoisesrc=c=pink:r=44100:d=18:a=0.02", args: []string{"-ac", "1"}},
		},
		{
			"sound that drifts",
			recipe{audio: "sine=f=440:b=4:r=16000:d=40,asetpts=PTS*1.008", video: "testsrc=s=128x72:r=25:d=40"},
			AudioDrift, Poor, `by 4[5-9]\d ms a minute`, `aresample`, nil,
		},
		{
			"H.265",
			recipe{format: "mp4", args: []string{"-c:v", "libx265", "-x265-params", "log-level=none:bframes=0:keyint=50:min-keyint=50"}, video: "testsrc=s=128x72:r=25:d=12"},
			CodecSupport, Poor, `H\.265`, `H\.264`, &recipe{format: "mp4"},
		},
		{
			"4:2:2",
			recipe{args: []string{"-pix_fmt", "yuv422p"}},
			CodecSupport, Bad, `4:2:2`, `yuv420p`, nil,
		},
		{
			"4:4:4",
			recipe{args: []string{"-pix_fmt", "yuv444p"}},
			CodecSupport, Bad, `4:4:4`, `yuv420p`, nil,
		},
		{
			"a codec that is not carried",
			recipe{args: []string{"-c:v", "flv1"}},
			NotCarried, Bad, `Sorenson`, `libx264`, nil,
		},
		{
			"a level too low",
			recipe{video: "testsrc=s=192x108:r=25:d=15", args: []string{"-level", "1.0"}},
			LevelWrong, Poor, `level 1\.0, and 192 × 108 at 25 pictures a second need level 1\.1`, `-level`, nil,
		},
		{
			"a level too high",
			recipe{args: []string{"-level", "5.2"}},
			LevelWrong, Hint, `level 5\.2 where level 1\.0 would do`, `-level`, &recipe{args: []string{"-level", "4.1"}},
		},
		{
			"an odd resolution",
			recipe{video: "testsrc=s=130x74:r=25:d=18"},
			OddResolution, Hint, `130 × 74`, `scale`, nil,
		},
		{
			"a shape of its own",
			recipe{video: "testsrc=s=192x64:r=25:d=18"},
			OddResolution, Hint, `192 × 64`, `scale`, &recipe{video: "testsrc=s=72x128:r=25:d=18"},
		},
		{
			"an odd number of pixels",
			recipe{video: "testsrc=s=131x75:r=25:d=18", args: []string{"-pix_fmt", "yuv444p"}},
			OddResolution, Poor, `odd number`, `scale`, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := found(t, watch(t, c.ill.make(t)), c.code)
			require.Equal(t, c.severity, v.Severity, v.Seen)
			require.Regexp(t, c.says, v.Seen)
			require.Regexp(t, c.do, v.Fix)
			if c.well != nil {
				healthy(t, watch(t, c.well.make(t)))
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		healthy(t, watch(t, recipe{}.make(t)))
	})
}

// What an encoder, its computer or the network do to the times: byte-edited
// captures, on a clock of the test's own.
func TestFaultsOfTime(t *testing.T) {
	clip := cues(t, recipe{video: "testsrc=s=128x72:r=25:d=45", audio: "sine=f=440:b=4:r=16000:d=45"}.make(t))
	edit := func(f func(i int, c *cue)) []cue {
		out := make([]cue, len(clip))
		for i, c := range clip {
			f(i, &c)
			out[i] = c
		}
		return out
	}
	from := func(at time.Duration, ms int64) func(int, *cue) {
		return func(_ int, c *cue) {
			if c.at >= at {
				c.Timestamp += ms
			}
		}
	}
	bursts := func(hold time.Duration) func(int, *cue) {
		const every = 8 * time.Second
		return func(_ int, c *cue) {
			if into := c.at % every; into > every/2 && into < every/2+hold {
				c.at += every/2 + hold - into
			}
		}
	}
	for _, c := range []struct {
		name     string
		list     []cue
		code     string // empty: healthy
		severity Severity
		says     string
	}{
		{"as it is", clip, "", "", ""},
		{"a clock set forward", edit(from(20*time.Second, 3_600_000)), ClockJumps, Poor, `forward by 36\d\d s \(.*in two minutes\)`},
		{"a clock set back", edit(from(20*time.Second, -7_000)), ClockJumps, Poor, `back by 7`},
		{"a clock that wraps again and again", edit(func(_ int, c *cue) { c.Timestamp %= 4000 }), ClockJumps, Bad, `back by 4`},
		{"a clock that stands still", edit(func(_ int, c *cue) {
			if c.at > 15*time.Second {
				c.Timestamp = 15_000
			}
		}), ClockJumps, Bad, `.`},
		{"stamps that jitter", edit(func(i int, c *cue) { c.Timestamp += int64(i % 3) }), "", "", ""},
		{"an upload that is too slow", edit(func(_ int, c *cue) { c.at += c.at / 8 }), UploadStarving, Bad, `arrives \d(\.\d)? s late`},
		{"an upload a little too slow", edit(func(_ int, c *cue) { c.at += c.at / 16 }), UploadStarving, Poor, `arrives 2\.\d s late`},
		{"an upload in bursts", edit(bursts(1500 * time.Millisecond)), UploadStarving, Poor, `stalled .* [4-6] times in a minute`},
		{"an upload that hesitates", edit(bursts(300 * time.Millisecond)), "", "", ""},
		{"an encoder that sends what it had buffered", edit(func(_ int, c *cue) { c.at = max(0, c.at-1500*time.Millisecond) }), "", "", ""},
		{"sound a second ahead, all the time", edit(func(_ int, c *cue) {
			if coded(*c, media.Audio) {
				c.Timestamp += 1000
			}
		}), "", "", ""},
		{"sound that runs away with its samples", edit(func(_ int, c *cue) {
			if coded(*c, media.Video) {
				c.Timestamp += c.Timestamp / 48
			}
		}), AudioDrift, Bad, `behind the picture by \d+ ms`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := send(t, c.list)
			if c.code == "" {
				healthy(t, s)
				return
			}
			v := found(t, s, c.code)
			require.Equal(t, c.severity, v.Severity, v.Seen)
			require.Regexp(t, c.says, v.Seen)
		})
	}
}
