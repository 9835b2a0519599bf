package fmp4

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// run returns what a program of ffmpeg's printed.
func run(t *testing.T, tool string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	_, code := testkit.Run(t, 2*time.Minute, testkit.Command{
		Path: testkit.Tool(t, tool), Args: append([]string{"-hide_banner", "-loglevel", "error"}, args...), Stdout: &out,
	})
	require.Zero(t, code)
	return out.String()
}

// TestFFmpegReadsWhatWeWrite takes an encoder's frames out of ffmpeg's file
// and puts them in ours: ffprobe must see the same packets, ffmpeg decode the
// same frames.
func TestFFmpegReadsWhatWeWrite(t *testing.T) {
	picture := strings.Fields("-f lavfi -i testsrc2=size=320x180:rate=30000/1001:duration=2 -pix_fmt yuv420p -video_track_timescale 90000")
	sound := strings.Fields("-f lavfi -i sine=frequency=440:duration=2 -ac 2")
	for name, c := range map[string]struct {
		source  []string
		encoder string
		frames  int // 0: whatever the encoder makes of two seconds
		part    int // samples in a fragment
		codec   media.Codec
		codecs  string // how CODECS begins
	}{
		"h264": {picture, "-c:v libx264 -preset ultrafast -bf 2 -g 30", 60, 6, media.H264, "avc1."},
		"h265": {picture, "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1", 60, 7, media.H265, "hvc1."},
		"av1":  {picture, "-c:v libsvtav1 -preset 12", 60, 1, media.AV1, "av01."},
		"aac":  {sound, "-c:a aac -ar 44100", 0, 9, media.AAC, "mp4a.40.2"},
		"opus": {sound, "-c:a libopus -ar 48000", 0, 10, media.Opus, "opus"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			theirs, ours := filepath.Join(dir, "theirs.mp4"), filepath.Join(dir, "ours.mp4")
			args := append(append([]string{}, c.source...), strings.Fields(c.encoder)...)
			args = append(args, "-movflags", "+empty_moov+default_base_moof+frag_keyframe", "-frag_duration", "500000", theirs)
			run(t, "ffmpeg", args...)

			file, err := os.ReadFile(theirs)
			require.NoError(t, err)
			track, err := ParseInit(file)
			require.NoError(t, err)
			require.Equal(t, c.codec, track.Codec)
			require.True(t, strings.HasPrefix(track.Codecs, c.codecs), "CODECS %q", track.Codecs)
			n := rewrite(t, track, file, ours, c.part)
			if c.frames > 0 {
				require.Equal(t, c.frames, n)
				require.Equal(t, []int{320, 180}, []int{track.Width, track.Height})
			}

			packets := func(path string) string {
				return run(t, "ffprobe", "-show_entries", "packet=pts,dts,duration,size,flags", "-of", "csv=p=0", path)
			}
			want := packets(theirs)
			require.Equal(t, n, strings.Count(want, "\n"))
			require.Equal(t, want, packets(ours))
			frames := func(path string) string {
				return run(t, "ffmpeg", "-i", path, "-fps_mode", "passthrough", "-f", "framemd5", "-")
			}
			require.Equal(t, frames(theirs), frames(ours))
		})
	}
}

// TestFFmpegSeesTheColour: what the media says of its colour, and what the
// encoder said beside it, are in the initialisation section, where ffprobe
// finds them. In ffmpeg 5.1 the decoders of H.265 and AV1 forget the section's
// code points when the media has none, so there the media has them.
func TestFFmpegSeesTheColour(t *testing.T) {
	picture := strings.Fields("-f lavfi -i testsrc2=size=320x180:rate=30:duration=1 -pix_fmt yuv420p10le -video_track_timescale 90000")
	pq, hlg := media.NewColour(9, 16, 9, false), media.NewColour(9, 18, 9, false)
	display := media.Colour{Mastering: hdr10.Mastering, Light: hdr10.Light}
	for name, c := range map[string]struct {
		encoder   string
		own, told media.Colour
		transfer  string
	}{
		"h264":     {"-c:v libx264 -preset ultrafast", media.Colour{}, hdr10, "smpte2084"},
		"h264 HLG": {"-c:v libx264 -preset ultrafast -x264-params colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc", hlg, media.Colour{}, "arib-std-b67"},
		"h265":     {"-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc", pq, display, "smpte2084"},
		"av1":      {"-c:v libsvtav1 -preset 12 -svtav1-params color-primaries=9:transfer-characteristics=16:matrix-coefficients=9", pq, display, "smpte2084"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			theirs, ours := filepath.Join(dir, "theirs.mp4"), filepath.Join(dir, "ours.mp4")
			args := append(append([]string{}, picture...), strings.Fields(c.encoder)...)
			run(t, "ffmpeg", append(args, "-movflags", "+empty_moov+default_base_moof+frag_keyframe-write_colr", theirs)...)
			file, err := os.ReadFile(theirs)
			require.NoError(t, err)
			track, err := ParseInit(file)
			require.NoError(t, err)
			require.Equal(t, c.own, track.Colour, "of the media")
			track.Colour = c.told.Over(track.Colour)
			rewrite(t, track, file, ours, 10)
			seen := run(t, "ffprobe", "-show_streams", "-of", "default=nw=1", ours)
			want := []string{"color_transfer=" + c.transfer, "color_space=bt2020nc", "color_primaries=bt2020"}
			if c.told.Light.MaxCLL > 0 {
				want = append(want, "red_x=34000/50000", "green_y=34500/50000", "blue_x=7500/50000", "white_point_y=16450/50000",
					"max_luminance=10000000/10000", "min_luminance=50/10000", "max_content=1000", "max_average=400")
			}
			for _, line := range want {
				require.Contains(t, seen, line+"\n")
			}
		})
	}
}

// rewrite puts a file's samples in fragments of that many and tells how many
// there were.
func rewrite(t *testing.T, track *media.Track, file []byte, path string, part int) int {
	t.Helper()
	fragments, err := ParseFragments(file)
	require.NoError(t, err)
	var samples []Sample
	at := fragments[0].DecodeTime
	for _, f := range fragments {
		samples = append(samples, f.Samples...)
	}
	out, err := AppendInit(nil, track)
	require.NoError(t, err)
	n := len(samples)
	for sequence := uint32(1); len(samples) > 0; sequence++ {
		count := min(part, len(samples))
		out = AppendFragment(out, track, sequence, at, samples[:count])
		for _, s := range samples[:count] {
			at += int64(s.Duration)
		}
		samples = samples[count:]
	}
	require.NoError(t, os.WriteFile(path, out, 0o600))
	return n
}
