package packager

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func videoTrack(rate media.Rate) *media.Track {
	return &media.Track{
		Codec: media.H264, Timescale: media.VideoTimescale, Config: []byte{1, 0x64, 0, 31, 0xff, 0xe0, 0},
		Codecs: "avc1.64001f", Width: 1280, Height: 720, FrameRate: rate,
	}
}

func audioTrack(hz int) *media.Track {
	return &media.Track{
		Codec: media.AAC, Timescale: uint32(hz), Config: []byte{0x11, 0x90}, Codecs: "mp4a.40.2",
		SampleRate: hz, Channels: 2, SamplesPerFrame: 1024,
	}
}

// tester is what testing and rapid have in common.
type tester interface {
	require.TestingT
	Helper()
	Fatal(...any)
}

// feed is an encoder whose units go through a real stream into a cutter, with
// simulated arrival.
type feed struct {
	t       tester
	p       *Packager
	pub     *live.Publisher
	stream  *live.Stream
	reader  *live.Reader
	cut     *cutter
	hostile bool // pauses and skews that segments of the other rendition may grow by
	sent    map[string]int
	lists   map[string][]*Segment // complete segments as they were listed
}

func newFeed(t tester, o Options) *feed {
	s := live.NewStream("demo", "b1", live.Limits{})
	p := New(s, o)
	return &feed{
		t: t, p: p, stream: s, pub: live.NewPublisher(s, func(*live.Publisher, live.End, error) {}), reader: s.Reader(),
		cut: newCutter(p), sent: map[string]int{}, lists: map[string][]*Segment{},
	}
}

// unit is one frame to send: its stamps are in milliseconds, as RTMP's.
type unit struct {
	track    *media.Track
	at       float64 // seconds
	pts      float64 // seconds after at
	key      bool
	arrives  float64 // seconds after at
	skip     bool    // make time pass only
	jitterMS int64
}

// send writes one unit and lets the cutter run as it would in time.
func (f *feed) send(u unit) {
	arrived := epoch.Add(time.Duration((u.at + u.arrives) * 1e9))
	for {
		d, ok := f.cut.deadline()
		if !ok || !d.Before(arrived) {
			break
		}
		f.cut.tick(d)
		f.collect()
	}
	if u.skip {
		return
	}
	ms := int64(u.at*1000) + u.jitterMS
	dts := media.Rescale(ms, u.track.Timescale, 1000)
	pts := media.Rescale(ms+int64(u.pts*1000), u.track.Timescale, 1000)
	name := u.track.Kind().String() + "/source"
	f.sent[name]++
	f.pub.Rendition(name).Write(&media.AccessUnit{
		Track: u.track, DTS: dts, PTS: pts, Key: u.key, Arrived: arrived,
		Data: []byte{0, 0, 0, 1, byte(f.sent[name])},
	})
	f.read()
}

func (f *feed) read() {
	for {
		au, news, err := f.reader.Poll()
		if err != nil || news != nil {
			return
		}
		require.NoError(f.t, f.cut.push(au))
		f.collect()
	}
}

// collect keeps the segments that were completed since the last call.
func (f *feed) collect() {
	for _, w := range f.p.Windows() {
		list := f.lists[w.Name]
		for _, s := range w.snap.Load().complete {
			if len(list) == 0 || s.Number > list[len(list)-1].Number {
				list = append(list, s)
			}
		}
		f.lists[w.Name] = list
	}
}

func (f *feed) finish() {
	f.stream.Close()
	f.cut.finish()
	f.collect()
}

// frames returns the samples of a segment and checks its parts against them.
func (f *feed) frames(w *Window, s *Segment) []fmp4.Sample {
	var all []fmp4.Sample
	data := s.memory(0, len(s.Parts))
	require.NotEmpty(f.t, data)
	last := int64(-1)
	for i, b := range data {
		frags, err := fmp4.ParseFragments(b)
		require.NoError(f.t, err)
		require.Len(f.t, frags, 1)
		at := frags[0].DecodeTime
		if i == 0 {
			require.Equal(f.t, s.Start, at)
		}
		var length int64
		for _, sample := range frags[0].Samples {
			require.Greater(f.t, at+length, last, "%s: decode time goes on in segment %d", w.Name, s.Number)
			last = at + length
			require.Positive(f.t, sample.Duration)
			length += int64(sample.Duration)
		}
		require.Equal(f.t, length, s.Parts[i].Duration)
		require.Equal(f.t, len(b), s.Parts[i].Size)
		require.Equal(f.t, frags[0].Samples[0].Key, s.Parts[i].Independent)
		d := media.Duration(length, s.Init.Track.Timescale)
		require.LessOrEqual(f.t, d, w.target, "%s: part over PART-TARGET in segment %d", w.Name, s.Number)
		all = append(all, frags[0].Samples...)
	}
	if f.hostile {
		return all
	}
	require.LessOrEqual(f.t, last-s.Start, media.Ticks(f.p.opts.TargetDuration(), s.Init.Track.Timescale)+int64(s.Init.Track.Timescale)/10,
		"%s: segment %d is longer than it says", w.Name, s.Number)
	return all
}

// check asserts what must hold of every broadcast, and returns how many
// frames the segments hold.
func (f *feed) check() map[string]int {
	t := f.t
	got := map[string]int{}
	target := f.p.opts.TargetDuration()
	discontinuities := map[int64]bool{} // by number
	for _, w := range f.p.Windows() {
		list := f.lists[w.Name]
		parts := int64(0)
		for i, s := range list {
			require.Positive(t, s.Duration, "%s %d", w.Name, s.Number)
			require.LessOrEqual(t, s.Duration, target, "%s: segment %d", w.Name, s.Number)
			if there, known := discontinuities[s.Number]; known {
				require.Equal(t, there, s.Discontinuity, "%s: segment %d in all renditions", w.Name, s.Number)
			}
			discontinuities[s.Number] = s.Discontinuity
			if i > 0 {
				require.Equal(t, list[i-1].Number+1, s.Number, "%s: numbers are consecutive", w.Name)
			}
			if s.Gap {
				continue
			}
			if i > 0 && !list[i-1].Gap {
				f.requireOneClock(list[i-1], s)
			}
			samples := f.frames(w, s)
			require.Equal(t, samples[0].Key, s.Independent)
			for j := range s.Parts {
				require.Equal(t, parts, s.Parts[j].Number, "parts are numbered in a row")
				parts++
			}
			got[w.Name] += len(samples)
		}
	}
	return got
}

// requireOneClock asserts that neighbours follow each other in media time, and
// on the wall clock alike.
func (f *feed) requireOneClock(before, s *Segment) {
	from := media.Duration(before.Start, before.Init.Track.Timescale)
	to := media.Duration(s.Start, s.Init.Track.Timescale)
	require.Greater(f.t, to, from, "segment %d", s.Number)
	if !s.Discontinuity {
		require.InDelta(f.t, (to - from).Seconds(), s.Time.Sub(before.Time).Seconds(), 0.00101, "segment %d", s.Number)
	}
}

// program is a picture and a sound of one length, in order of their stamps.
type program struct {
	rate     float64 // pictures a second; 0: none
	claims   media.Rate
	gop      float64 // seconds
	hz       int     // 0: no sound
	seconds  float64
	jitter   int64
	bframes  bool
	lateness float64 // of the sound's first frame
	lead     float64 // how much the sound's stamps are ahead in the interleaving
}

func (pr program) units() []unit {
	rnd := rand.New(rand.NewPCG(7, 7))
	var v, a []unit
	if pr.rate > 0 {
		track, nextKey := videoTrack(pr.claims), 0.0
		for i := 0; float64(i)/pr.rate < pr.seconds; i++ {
			u := unit{track: track, at: float64(i) / pr.rate}
			if u.at >= nextKey-1e-9 {
				u.key, nextKey = true, nextKey+pr.gop
			}
			if pr.jitter > 0 && i > 0 {
				u.jitterMS = rnd.Int64N(pr.jitter + 1)
			}
			if pr.bframes {
				u.pts = []float64{2, 4, 1}[i%3] / pr.rate
				if u.key {
					u.pts = 2 / pr.rate
				}
			}
			v = append(v, u)
		}
	}
	if pr.hz > 0 {
		track := audioTrack(pr.hz)
		for i := 0; ; i++ {
			u := unit{track: track, at: float64(i) * 1024 / float64(pr.hz), key: true}
			if u.at >= pr.seconds {
				break
			}
			if u.at >= pr.lateness {
				a = append(a, u)
			}
		}
	}
	var all []unit
	for len(v) > 0 || len(a) > 0 {
		if len(a) == 0 || len(v) > 0 && v[0].at+pr.lead <= a[0].at {
			all, v = append(all, v[0]), v[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return all
}

func (pr program) play(t tester, o Options) *feed {
	f := newFeed(t, o)
	if pr.rate > 0 {
		f.pub.Expect(media.Video)
	}
	if pr.hz > 0 && pr.lateness == 0 {
		f.pub.Expect(media.Audio)
	}
	for _, u := range pr.units() {
		f.send(u)
	}
	f.finish()
	return f
}

// bytes is the whole text.
func (t *Text) bytes() []byte { return bytes.Join(t.pieces, nil) }
