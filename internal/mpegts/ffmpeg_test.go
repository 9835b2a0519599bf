package mpegts

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

// run returns what a program of ffmpeg's printed, and what it complained of.
func run(t *testing.T, tool string, args ...string) (out, complaints string) {
	t.Helper()
	var b bytes.Buffer
	log, code := testkit.Run(t, 2*time.Minute, testkit.Command{
		Path: testkit.Tool(t, tool), Args: append([]string{"-hide_banner", "-loglevel", "warning"}, args...), Stdout: &b,
	})
	require.Zero(t, code, log)
	return b.String(), log
}

// TestFFmpeg reads what ffmpeg writes, cuts it into segments at key frames and
// writes them anew: taken as one stream they decode to the same frames, at the
// same times, and ffmpeg finds nothing to complain of.
func TestFFmpeg(t *testing.T) {
	picture := strings.Fields("-f lavfi -i testsrc2=size=320x180:rate=30000/1001:duration=4")
	sound := strings.Fields("-f lavfi -i sine=frequency=440:duration=4 -ac 2")
	for name, c := range map[string]struct {
		inputs  [][]string
		encoder string
		frames  int // of the picture
		hidden  bool
	}{
		"h264":  {[][]string{picture, sound}, "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -bf 2 -g 30 -c:a aac -ar 48000", 120, false},
		"h265":  {[][]string{picture, sound}, "-pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=30:open-gop=0 -c:a aac -ar 44100", 120, false},
		"aac":   {[][]string{sound}, "-c:a aac -ar 44100", 0, false},
		"opus":  {[][]string{picture, sound}, "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 30 -c:a libopus -ar 48000", 120, true},
		"loose": {[][]string{picture, sound}, "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -bf 2 -g 30 -c:a aac -ar 22050 -omit_video_pes_length 1 -pes_payload_size 0", 120, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			theirs, ours := filepath.Join(dir, "theirs.ts"), filepath.Join(dir, "ours.ts")
			var args []string
			for _, in := range c.inputs {
				args = append(args, in...)
			}
			run(t, "ffmpeg", append(append(args, strings.Fields(c.encoder)...), theirs)...)
			file, err := os.ReadFile(theirs)
			require.NoError(t, err)
			units, stats := demux(t, file)
			require.Zero(t, stats.Lost)
			require.Zero(t, stats.Damaged)
			require.Zero(t, stats.Skipped)
			require.Len(t, of(units, media.Video), c.frames)

			out := rewrite(t, units)
			require.NoError(t, os.WriteFile(ours, out, 0o600))
			again, stats := demux(t, out)
			require.Equal(t, Stats{Packets: int64(len(out) / packetSize)}, stats)
			require.Len(t, again, len(units))

			for _, kind := range []string{"v", "a"} {
				if kind == "v" && c.frames == 0 {
					continue
				}
				frames := func(path string) string {
					text, complaints := run(t, "ffmpeg", "-copyts", "-i", path, "-map", "0:"+kind, "-fps_mode", "passthrough", "-f", "framemd5", "-")
					require.Empty(t, complaints)
					return text
				}
				want, got := testkit.Packets(t, theirs, kind), testkit.Packets(t, ours, kind)
				require.Len(t, got, len(want))
				for i := range want {
					// Both are counted from the first frame by 90 kHz.
					require.InDelta(t, want[i].PTS-want[0].PTS, got[i].PTS-got[0].PTS, float64(30*time.Microsecond), "frame %d", i)
				}
				if !c.hidden || kind == "v" { // what Opus decodes to depends on what is skipped at its beginning
					require.Equal(t, hashes(frames(theirs)), hashes(frames(ours)))
				} else {
					frames(ours)
				}
			}
		})
	}
}

// hashes are the last column of framemd5's lines.
func hashes(text string) (list []string) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			f := strings.Split(strings.TrimSpace(line), ",")
			list = append(list, f[len(f)-1])
		}
	}
	return list
}

// rewrite puts units in segments that begin with a key picture, or every
// second, as one stream.
func rewrite(t *testing.T, units []*media.AccessUnit) []byte {
	var out []byte
	pictures, sounds := of(units, media.Video), of(units, media.Audio)
	leader := pictures
	if len(pictures) == 0 {
		leader = sounds
	}
	base := ticks90(leader[0])
	var borders []int64
	for i, u := range leader {
		if i > 0 && u.Key && ticks90(u)-base >= int64(len(borders)+1)*pcrClock/2 {
			borders = append(borders, ticks90(u))
		}
	}
	borders = append(borders, 1<<62)
	take := func(list *[]*media.AccessUnit, until int64) (got []media.AccessUnit) {
		for len(*list) > 0 && ticks90((*list)[0]) < until {
			u := *(*list)[0]
			off := media.Rescale(base, u.Track.Timescale, pcrClock)
			u.DTS, u.PTS = u.DTS-off, u.PTS-off
			got, *list = append(got, u), (*list)[1:]
		}
		return got
	}
	require.Greater(t, len(borders), 3)
	for n, until := range borders {
		s := &Segment{Number: int64(n), Video: take(&pictures, until), Audio: take(&sounds, until), End: until - base}
		one := bytesOf(t, s)
		rules(t, one, s.Number)
		out = append(out, one...)
	}
	return out
}

func ticks90(u *media.AccessUnit) int64 { return media.Rescale(u.DTS, pcrClock, u.Track.Timescale) }
