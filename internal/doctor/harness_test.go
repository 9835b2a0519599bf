package doctor

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recipe is a run of ffmpeg. The zero value is a healthy encoder for a
// while.
type recipe struct {
	video, audio string   // sources of lavfi; "-" is none
	args         []string // that come last, and so win
	format       string   // flv
}

const (
	picture = "testsrc=s=128x72:r=25:d=18"
	tone    = "sine=f=440:b=4:r=16000:d=18"
)

// make runs it and returns the file.
func (r recipe) make(t *testing.T) string {
	t.Helper()
	args := []string{}
	for _, in := range []struct{ said, usual string }{{r.video, picture}, {r.audio, tone}} {
		switch in.said {
		case "-":
		case "":
			args = append(args, "-f", "lavfi", "-i", in.usual)
		default:
			args = append(args, "-f", "lavfi", "-i", in.said)
		}
	}
	args = append(args, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1", "-bf", "0",
		"-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-b:v", "100k", "-maxrate", "100k", "-bufsize", "100k", "-c:a", "aac", "-b:a", "32k")
	args = append(args, r.args...)
	if r.format == "" {
		r.format = "flv"
	}
	path := filepath.Join(t.TempDir(), "fixture."+r.format)
	if r.format == "mp4" {
		args = append(args, "-frag_duration", "100000", "-movflags", "empty_moov+default_base_moof+delay_moov")
	}
	testkit.FFmpeg(t, time.Minute, append(args, "-y", path)...)
	return path
}

// watch has the doctor read a file.
func watch(t *testing.T, path string) *Snapshot {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	s, err := Watch(t.Context(), f, Watching{})
	require.NoError(t, err)
	return s
}

// cue is a tag, and when it arrives, which its stamp may contradict.
type cue struct {
	flv.FileTag
	at time.Duration
}

func cues(t *testing.T, path string) []cue {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	tags, err := flv.ParseFile(b)
	require.NoError(t, err)
	var list []cue
	for _, tag := range tags {
		list = append(list, cue{tag, time.Duration(tag.Timestamp) * time.Millisecond})
	}
	return list
}

// send publishes cues, each at its moment of a clock that nobody waits for.
func send(t *testing.T, list []cue) *Snapshot {
	t.Helper()
	p := newPatient(Watching{Live: true})
	p.play(t, list, 0)
	return p.look()
}

var dawn = time.Unix(1_000_000, 0)

// play sends cues from a moment on.
func (p *patient) play(t *testing.T, list []cue, from time.Duration) {
	t.Helper()
	var demux flv.Demuxer
	for _, c := range list {
		e, err := demux.Tag(c.Type, c.Timestamp, bytes.Clone(c.Body))
		require.NoError(t, err)
		if e.Encoder != "" {
			p.pub.Name(e.Encoder)
		}
		if e.Notice.Code != "" {
			p.pub.Notice(e.Notice)
		}
		if u := e.Unit; u != nil {
			u.Arrived = dawn.Add(from + c.at)
			p.last = u.Arrived
			p.pub.Rendition(u.Track.Kind().String() + "/source").Write(u)
		}
	}
}

// look is a snapshot of what came, and what is known beside.
func (p *patient) look() *Snapshot {
	s := p.meter.Snapshot(p.last.Add(time.Second))
	s.Encoder, s.Notices = p.stream.Encoder(), p.stream.Notices()
	return s
}

// codes are those of verdicts.
func codes(list []Verdict) []string {
	out := []string{}
	for _, v := range list {
		out = append(out, v.Code)
	}
	return out
}

// found checks that a verdict is there, and returns it.
func found(t *testing.T, s *Snapshot, code string) Verdict {
	t.Helper()
	list := Examine(s)
	i := slices.IndexFunc(list, func(v Verdict) bool { return v.Code == code })
	require.GreaterOrEqual(t, i, 0, "%s among %v", code, codes(list))
	v := list[i]
	require.Regexp(t, `^[A-Z].*\.$`, v.Seen, "a sentence")
	require.Regexp(t, `^[A-Z].*\.$`, v.Fix, "a sentence")
	require.False(t, v.Since.IsZero())
	require.Equal(t, KindOf(s.Encoder), v.Encoder)
	require.NotNil(t, v.Figures)
	if code != CodecSupport && code != NotCarried { // whose numbers are names
		require.Equal(t, strings.ContainsAny(v.Seen, "0123456789"), len(v.Figures) > 0, "%s: %v", v.Seen, v.Figures)
	}
	return v
}

// healthy checks that nothing is wrong.
func healthy(t *testing.T, s *Snapshot) {
	t.Helper()
	require.Empty(t, Examine(s))
	require.True(t, s.Settled(), "enough was seen for that: %d s", s.Seconds())
}

func coded(c cue, k media.Kind) bool {
	typ := flv.TagVideo
	if k == media.Audio {
		typ = flv.TagAudio
	}
	return c.Type == typ && len(c.Body) > 1 && c.Body[1] == 1
}
