package packager

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
)

// told is an outline that is told of a picture (0) and a sound (1), each
// segment 2 s long in ticks of a millisecond.
type told struct {
	Outline
	number int64
	lag    time.Duration // of the media behind the wall clock
}

const pictureDelay = 66

func newTold() *told {
	return &told{Outline: Outline{Delay: func(rendition int, _ int64) int64 {
		return []int64{pictureDelay, 0}[rendition]
	}}}
}

// step tells of one number: "v" and "a" are media, "!" is a discontinuity,
// "i" another initialisation section of the picture.
func (o *told) step(what string) {
	var entries [2]Entry
	at := o.number * 2000
	for i, name := range []string{"v", "a"} {
		e := &entries[i]
		e.Discontinuity = strings.Contains(what, "!")
		if e.Media = strings.Contains(what, name); !e.Media {
			continue
		}
		e.Start, e.Ticks, e.Timescale = at, 2000, 1000
		if i == 0 {
			e.Start -= pictureDelay // the picture is shown at the border
			e.Init = int64(strings.Count(what, "i"))
		}
		e.Time = epoch.Add(time.Duration(at)*time.Millisecond + o.lag)
	}
	o.Add(o.number, entries[:])
	o.number++
}

func (o *told) steps(what string) {
	for _, s := range strings.Fields(what) {
		o.step(s)
	}
}

func twoTracks(rendition int, _ int64) (Track, bool) {
	d := Description{Name: "video/source", Kind: media.Video, Codecs: "avc1.64001f"}
	if rendition == 1 {
		d = Description{Name: "audio/source", Kind: media.Audio, Codecs: "mp4a.40.2"}
	}
	return Track{Description: d, Prefix: d.Name + "/"}, true
}

func (o *told) periods(packed bool) []manifest.Period {
	m := o.MPD(Options{Begun: epoch}, false)
	o.Fill(m, packed, twoTracks)
	return m.Periods
}

// summary is the periods in a line: id, start, and for each rendition the
// numbers from..to.
func summary(periods []manifest.Period) string {
	var b strings.Builder
	for _, p := range periods {
		fmt.Fprintf(&b, "%s@%v", p.ID, p.Start)
		for _, s := range p.Sets {
			r := s.Representations[0]
			count := int64(0)
			for _, span := range r.Timeline {
				count += span.Count
			}
			fmt.Fprintf(&b, " %c%d-%d", r.ID[0], r.StartNumber, r.StartNumber+count-1)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestPeriods(t *testing.T) {
	for name, c := range map[string]struct{ steps, want string }{
		"one":                       {"va va va", "0@0s v0-2 a0-2"},
		"discontinuity":             {"va va !va va", "0@0s v0-1 a0-1; 2@4s v2-3 a2-3"},
		"another init section":      {"va iva iva", "0@0s v0-0 a0-0; 1@2s v1-2 a1-2"},
		"gap, ends at a period":     {"va v v va va", "0@0s v0-2 a0-0; 3@6s v3-4 a3-4"},
		"gap before a cut":          {"va v !va", "0@0s v0-1 a0-0; 2@4s v2-2 a2-2"},
		"gap of all":                {"va - va", "0@0s v0-0 a0-0; 2@4s v2-2 a2-2"},
		"cut in a gap of all":       {"va !- va", "0@0s v0-0 a0-0; 2@4s v2-2 a2-2"},
		"cut, sound a little late":  {"va !v va va", "0@0s v0-0 a0-0; 1@2s v1-3 a2-3"},
		"joins a little late":       {"a va va", "0@0s v1-2 a0-2"},
		"joins late":                {"v v v va", "0@0s v0-2; 3@6s v3-3 a3-3"},
		"cut, not known to be mute": {"va !v v", "0@0s v0-0 a0-0"},
		"cut, then mute":            {"va !v v v", "0@0s v0-0 a0-0; 1@2s v1-3"},
		"cut twice, mute between":   {"va !v !va", "0@0s v0-0 a0-0; 2@4s v2-2 a2-2"},
		"nothing":                   {"- -", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newTold()
			o.steps(c.steps)
			require.Equal(t, c.want, summary(o.periods(false)))
		})
	}
}

// A period keeps its id, its start and what stands there when its first
// segments are no longer listed, and goes when all have.
func TestPeriodsStay(t *testing.T) {
	o := newTold()
	o.lag = 90 * time.Millisecond
	o.steps("va va va")
	o.lag = time.Minute
	o.steps("!va va")
	before := o.periods(false)
	require.Equal(t, "0@90ms v0-2 a0-2; 3@1m6s v3-4 a3-4", summary(before))
	o.Forget(0, 2)
	o.Forget(1, 1)
	after := o.periods(false)
	require.Equal(t, "0@90ms v2-2 a1-2; 3@1m6s v3-4 a3-4", summary(after))
	for i := range before {
		for j := range before[i].Sets {
			require.Equal(t, before[i].Sets[j].Representations[0].Offset, after[i].Sets[j].Representations[0].Offset)
		}
	}
	require.Equal(t, int64(4000), after[0].Sets[0].Representations[0].Timeline[0].Start)
	o.Forget(0, 4)
	o.Forget(1, 4)
	require.Equal(t, "3@1m6s v4-4 a4-4", summary(o.periods(false)))
	o.Forget(0, 99)
	o.Forget(1, 99)
	require.Empty(t, o.periods(false))
	o.steps("va")
	require.Equal(t, "3@1m6s v5-5 a5-5", summary(o.periods(false)), "the newest period goes on")
}

// Packed periods follow each other as the media does, whatever the wall clock
// said, and begin with what is left.
func TestPackedPeriods(t *testing.T) {
	o := newTold()
	o.steps("va va")
	o.lag = time.Hour
	o.steps("!va va")
	require.Equal(t, "0@0s v0-1 a0-1; 2@4s v2-3 a2-3", summary(o.periods(true)))
	o.Forget(0, 1)
	o.Forget(1, 1)
	packed := o.periods(true)
	require.Equal(t, "0@0s v1-1 a1-1; 2@2s v2-3 a2-3", summary(packed))
	require.Equal(t, int64(2000), packed[0].Sets[0].Representations[0].Offset)
}

// An encoder whose clock runs begins a period before players are astray.
func TestDriftBeginsAPeriod(t *testing.T) {
	o := newTold()
	for range 1200 {
		o.step("va")
		o.lag += time.Millisecond
	}
	periods := o.periods(false)
	require.Len(t, periods, 3)
	require.Equal(t, "501@16m42.501s v501-1001 a501-1001", summary(periods[1:2]))
}

// Whatever comes, segments are where the outline says: numbers in a row, times
// in order, none before its period's start, and an outline of the same
// segments that begins again from the first says the same.
func TestOutlineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"va", "va", "va", "v", "a", "-", "!va", "!v", "!-", "iva", "iv"}), 1, 30).Draw(t, "steps")
		o := newTold()
		media := map[string]int{} // segments that there are, by rendition
		for _, s := range steps {
			o.step(s)
			for _, name := range []string{"v", "a"} {
				media[name] += strings.Count(s, name)
			}
		}
		seen := map[string]int64{"v": -1, "a": -1}
		var start time.Duration = -1
		listed := map[string]int{}
		for _, p := range o.periods(false) {
			require.Greater(t, p.Start, start)
			start = p.Start
			require.NotEmpty(t, p.Sets)
			for _, set := range p.Sets {
				r := set.Representations[0]
				name := r.ID[:1]
				require.Greater(t, r.StartNumber, seen[name])
				n := r.StartNumber
				for _, span := range r.Timeline {
					require.GreaterOrEqual(t, span.Start, r.Offset)
					for k := range span.Count {
						require.Equal(t, n*2000, span.Start+k*span.Duration, "segment %d is where it is", n)
						n++
						listed[name]++
					}
				}
				seen[name] = n - 1
			}
		}
		require.LessOrEqual(t, listed["v"], media["v"])
		require.LessOrEqual(t, listed["a"], media["a"])
	})
}

func span(start, duration int64) manifest.Span {
	return manifest.Span{Start: start, Duration: duration, Count: 1}
}

// Segments of a run leave no time between them, nor before the first, and none
// reaches into the next.
func TestSegmentsMeet(t *testing.T) {
	r := run{timescale: 1000}
	for _, e := range []Entry{
		{Start: 0, Ticks: 100}, {Start: 100, Ticks: 100}, {Start: 190, Ticks: 100}, {Start: 300, Ticks: 100}, {Start: 2000, Ticks: 100},
	} {
		r.add(&e)
	}
	require.Equal(t, []manifest.Span{span(0, 100), span(100, 90), span(190, 110), span(300, 100), span(2000, 100)}, r.spans)
	r.forget(2)
	require.Equal(t, int64(190), r.spans[0].Start)

	var o Outline
	o.Add(0, []Entry{
		{Media: true, Start: 0, Ticks: 2000, Timescale: 1000, Time: epoch},
		{Media: true, Start: 23, Ticks: 2000, Timescale: 1000, Time: epoch},
		{Media: true, Start: 1000, Ticks: 2000, Timescale: 1000, Time: epoch},
	})
	for i, want := range []manifest.Span{span(0, 2000), span(0, 2023), span(1000, 2000)} {
		require.Equal(t, []manifest.Span{want}, o.periods[0].runs[i].spans)
	}
}

// A period that is not the last ends where its media does, so that a hole on
// the wall clock is in no period.
func TestPeriodsEnd(t *testing.T) {
	o := newTold()
	o.steps("va va")
	o.lag = time.Minute
	o.steps("!va v !va")
	var ends []time.Duration
	for _, p := range o.periods(false) {
		ends = append(ends, p.Duration)
	}
	require.Equal(t, []time.Duration{4 * time.Second, 4 * time.Second, 0}, ends)
}

func TestSetIDs(t *testing.T) {
	seen := map[int]string{}
	for _, codecs := range []string{"avc1.64001f", "hvc1.1.6.L93.B0", "hev1.1.6.L93.B0", "av01.0.04M.08", "vp09.00.10.08", "other"} {
		id := setID(Track{Description: Description{Kind: media.Video, Codecs: codecs}})
		require.Empty(t, seen[id])
		seen[id] = codecs
	}
	for _, codecs := range []string{"mp4a.40.2", "Opus", "opus", "ac-3", "ec-3", "fLaC", "flac", "other"} {
		id := setID(Track{Description: Description{Kind: media.Audio, Codecs: codecs}})
		require.Empty(t, seen[id])
		seen[id] = codecs
	}
}

// Attributes of a representation never change, as 23009-1 5.4 wants it.
func TestBandwidthStays(t *testing.T) {
	o := newTold()
	o.steps("va")
	peak := 1000
	bandwidth := func() (list []int) {
		m := o.MPD(Options{Begun: epoch}, false)
		o.Fill(m, false, func(rendition int, init int64) (Track, bool) {
			d, ok := twoTracks(rendition, init)
			d.Peak = peak
			return d, ok
		})
		for _, p := range m.Periods {
			list = append(list, p.Sets[0].Representations[0].Bandwidth)
		}
		return list
	}
	require.Equal(t, []int{1000}, bandwidth())
	peak = 2000
	o.steps("va !va")
	require.Equal(t, []int{1000, 2000}, bandwidth())
}
