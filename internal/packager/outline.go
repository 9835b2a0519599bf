package packager

import (
	"math"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// joinWait is how many segments a period's other renditions are waited for.
	joinWait = 3
	// maxDrift is how far an encoder's clock may run from the wall clock within
	// a period: players seek by the one and are told the other.
	maxDrift = 500 * time.Millisecond
)

// Entry is what an Outline is told of one rendition's segment. The zero Entry
// is a gap, or a rendition that is not there.
type Entry struct {
	Media         bool
	Discontinuity bool
	Independent   bool // begins with a sync sample
	Init          int64
	Start, Ticks  int64 // ticks of the track, as Segment's
	Timescale     uint32
	Time          time.Time // of its first picture or sound
}

// Outline is a broadcast as DASH sees it: periods, and in each the segments of
// the renditions. It is told of one segment number after the other. What it
// says of a period when it begins (its id, its start, what media stands there)
// depends on nothing but the segments, so that a server that was started again
// says the same. It is not safe for concurrent use.
type Outline struct {
	// Delay returns how many ticks after its decode time the first sample of a
	// rendition's segment is shown. It is asked where a run begins.
	Delay func(rendition int, number int64) int64

	periods []*period
	next    int64 // number to come
	cut     bool  // a discontinuity has no media yet
}

// period is a stretch in which every rendition has segments in a row, of one
// track.
type period struct {
	number int64         // of its first segment, for all renditions
	start  time.Time     // whole milliseconds
	at     time.Duration // media time that stands there
	runs   []run         // by rendition
}

// run is a rendition's segments in a period.
type run struct {
	first, next int64 // numbers; the same when nothing is left, both 0 when nothing was
	init        int64
	bandwidth   int  // as was told first: it may not change (5.4)
	dependent   bool // a segment began with no sync sample
	timescale   uint32
	delay       int64
	skew        time.Duration // of the wall clock to the media's, at its beginning
	spans       []manifest.Span
}

func (r *run) began() bool { return r.next > 0 }
func (r *run) empty() bool { return r.first == r.next }

// Next is the number of the segment to come.
func (o *Outline) Next() int64 { return o.next }

// Add takes the segments of a number, by rendition; a rendition keeps its
// index. Numbers that are left out were gaps.
func (o *Outline) Add(number int64, entries []Entry) {
	some := false
	for i := range entries {
		some = some || entries[i].Media
		o.cut = o.cut || entries[i].Discontinuity
	}
	o.next = number + 1
	if !some {
		return
	}
	if o.cut || len(o.periods) == 0 || o.breaks(number, entries) {
		o.begin(number, entries)
		o.cut = false
	}
	p := o.last()
	for i := range entries {
		if !entries[i].Media {
			continue
		}
		r := p.run(i)
		if !r.began() {
			r.begin(number, &entries[i], o.delay(i, number))
		}
		r.add(&entries[i])
		if number == p.number {
			r.reach(p.at)
		}
	}
}

func (o *Outline) last() *period { return o.periods[len(o.periods)-1] }

func (o *Outline) delay(rendition int, number int64) int64 {
	if o.Delay == nil {
		return 0
	}
	return o.Delay(rendition, number)
}

// breaks reports whether the segments of a number cannot stand in the period
// before them. A gap cannot: players count the segments of a timeline to find
// their numbers. Nor can a rendition join that players did not find at the
// period's beginning; they are told of it after so many segments.
func (o *Outline) breaks(number int64, entries []Entry) bool {
	p := o.last()
	for i := range entries {
		entry := &entries[i]
		if !entry.Media {
			continue
		}
		r := p.run(i)
		if !r.began() {
			if number-p.number >= joinWait {
				return true
			}
			continue
		}
		drift := entry.skew() - r.skew
		if r.next != number || r.init != entry.Init || drift > maxDrift || drift < -maxDrift {
			return true
		}
	}
	return false
}

// skew is the distance of the wall clock from the media's.
func (e *Entry) skew() time.Duration {
	return e.Time.Sub(time.Unix(0, 0)) - media.Duration(e.Start, e.Timescale)
}

// begin opens a period at what is shown first.
func (o *Outline) begin(number int64, entries []Entry) {
	p := &period{number: number}
	for i := range entries {
		entry := &entries[i]
		if !entry.Media {
			continue
		}
		at := media.Duration(entry.Start+o.delay(i, number), entry.Timescale)
		if p.start.IsZero() || at < p.at {
			p.start, p.at = time.UnixMilli(entry.Time.UnixMilli()), at
		}
	}
	if n := len(o.periods); n > 0 && !p.start.After(o.periods[n-1].start) {
		p.start = o.periods[n-1].start.Add(time.Millisecond) // sound may come somewhat before its border
	}
	o.periods = append(o.periods, p)
}

func (p *period) run(rendition int) *run {
	for len(p.runs) <= rendition {
		p.runs = append(p.runs, run{})
	}
	return &p.runs[rendition]
}

func (r *run) begin(number int64, entry *Entry, delay int64) {
	*r = run{
		first: number, next: number, init: entry.Init, timescale: entry.Timescale, delay: delay, skew: entry.skew(),
	}
}

// slack is how much a segment may be listed as longer than it is, so that no
// time is in none: dash.js finds no segment there, and stands still.
const slack = 500 * time.Millisecond

func (r *run) add(entry *Entry) {
	r.next++
	r.dependent = r.dependent || !entry.Independent
	at, length := entry.Start+r.delay, max(1, entry.Ticks)
	if n := len(r.spans); n > 0 {
		last := &r.spans[n-1]
		if last.End() == at && last.Duration == length {
			last.Count++
			return
		}
		r.meet(at)
	}
	r.spans = append(r.spans, manifest.Span{Start: at, Duration: length, Count: 1})
}

// reach begins the first segment at the beginning of its period, before which
// it does not begin.
func (r *run) reach(at time.Duration) {
	first := &r.spans[0]
	if late := first.Start - media.Ticks(at, r.timescale); late > 0 && late <= media.Ticks(slack, r.timescale) {
		first.Start, first.Duration = first.Start-late, first.Duration+late
	}
}

// meet ends the newest segment where the next one begins.
func (r *run) meet(at int64) {
	n := len(r.spans)
	last := r.spans[n-1]
	over := last.End() - at
	if over == 0 || over >= last.Duration || -over > media.Ticks(slack, r.timescale) {
		return
	}
	if last.Count > 1 {
		r.spans[n-1].Count--
		last = manifest.Span{Start: last.End() - last.Duration, Duration: last.Duration, Count: 1}
		r.spans = append(r.spans, last)
		n++
	}
	r.spans[n-1].Duration -= over
}

// Forget drops a rendition's segments before a number.
func (o *Outline) Forget(rendition int, before int64) {
	for _, p := range o.periods {
		if rendition < len(p.runs) {
			p.runs[rendition].forget(before)
		}
	}
	for len(o.periods) > 1 && o.periods[0].empty() {
		o.periods = o.periods[1:]
	}
}

func (p *period) empty() bool {
	for i := range p.runs {
		if !p.runs[i].empty() {
			return false
		}
	}
	return true
}

func (r *run) forget(before int64) {
	gone := min(before, r.next) - r.first
	if gone <= 0 {
		return
	}
	r.first += gone
	for gone > 0 {
		s := &r.spans[0]
		if s.Count > gone {
			s.Start, s.Count = s.Start+gone*s.Duration, s.Count-gone
			return
		}
		gone -= s.Count
		r.spans = r.spans[1:]
	}
}

// first is where the media that is left of a period begins.
func (p *period) first() time.Duration {
	first := time.Duration(math.MaxInt64)
	for i := range p.runs {
		if r := &p.runs[i]; !r.empty() {
			first = min(first, media.Duration(r.spans[0].Start, r.timescale))
		}
	}
	return first
}

// end is that of the rendition which ends first, of those that go on to the
// number until: what one has more is less than a frame or two. Shaka Player
// does not find the next period from a time that is in none.
func (p *period) end(until int64) time.Duration {
	whole, all := time.Duration(math.MaxInt64), time.Duration(0)
	for i := range p.runs {
		r := &p.runs[i]
		if r.empty() {
			continue
		}
		end := media.Duration(r.spans[len(r.spans)-1].End(), r.timescale)
		if all = max(all, end); r.next == until {
			whole = min(whole, end)
		}
	}
	return min(whole, all)
}

// longest returns the length of the longest segment.
func (o *Outline) longest() (d time.Duration) {
	for _, p := range o.periods {
		for i := range p.runs {
			for _, s := range p.runs[i].spans {
				d = max(d, media.Duration(s.Duration, p.runs[i].timescale))
			}
		}
	}
	return d
}

// Track is what an MPD says of a rendition's track.
type Track struct {
	Description
	Prefix string // of its addresses, relative to the MPD's
}

// Fill puts the periods into an MPD. packed puts them one behind the other,
// as the media is; otherwise they follow the wall clock, with the holes that
// outages left. Shaka Player refuses all when a period has no sound that the
// one before it had: one that is too short to know that none comes is left
// out.
func (o *Outline) Fill(m *manifest.MPD, packed bool, track func(rendition int, init int64) (Track, bool)) {
	var before *period
	var packedTo time.Duration // what comes before the present period lasts so long
	for i, p := range o.periods {
		until := o.next
		if i+1 < len(o.periods) {
			until = o.periods[i+1].number
		}
		if p.empty() || before != nil && until-p.number < joinWait && p.lacks(before) {
			continue
		}
		before = p
		at, out := p.at, manifest.Period{ID: strconv.FormatInt(p.number, 10), Start: p.start.Sub(m.AvailabilityStart)}
		if packed {
			at, out.Start = p.first(), packedTo
		}
		if i+1 < len(o.periods) {
			out.Duration = p.end(until) - at
		}
		for j := range p.runs {
			r := &p.runs[j]
			if r.empty() {
				continue
			}
			if t, ok := track(j, r.init); ok {
				if r.bandwidth == 0 {
					r.bandwidth = max(1, t.Peak)
				}
				out.Sets = insert(out.Sets, t, r.representation(&t, at))
			}
		}
		m.Periods = append(m.Periods, out)
		packedTo = out.Start + p.end(until) - at
		m.Duration = max(m.Duration, packedTo)
	}
}

// lacks reports whether a rendition has media in another period and not here.
func (p *period) lacks(other *period) bool {
	for i := range other.runs {
		if other.runs[i].began() && (i >= len(p.runs) || !p.runs[i].began()) {
			return true
		}
	}
	return false
}

func (r *run) representation(t *Track, at time.Duration) manifest.Representation {
	init := Init{Number: r.init}
	return manifest.Representation{
		ID: t.Name, Codecs: t.Codecs, Bandwidth: r.bandwidth, Width: t.Width, Height: t.Height,
		FrameRateNum: t.FrameRate.Num, FrameRateDen: t.FrameRate.Den, SampleRate: t.SampleRate, Channels: t.Channels,
		Timescale: r.timescale, Offset: media.Ticks(at, r.timescale),
		Init: t.Prefix + init.Name(), Media: t.Prefix + segmentPrefix + "$Number$" + mediaSuffix,
		Independent: !r.dependent, StartNumber: r.first, Timeline: r.spans,
	}
}

// insert adds a rendition to the set that it can be changed for: of its kind
// and codec. The ids of sets do not depend on which there are.
func insert(sets []manifest.AdaptationSet, t Track, r manifest.Representation) []manifest.AdaptationSet {
	id := setID(t)
	for i := range sets {
		if sets[i].ID == id {
			sets[i].Representations = append(sets[i].Representations, r)
			return sets
		}
	}
	return append(sets, manifest.AdaptationSet{
		ID: id, ContentType: t.Kind.String(), Representations: []manifest.Representation{r},
	})
}

// setID numbers the sets by what their codec is, as RFC 6381 names it.
func setID(t Track) int {
	const sound = 10
	names := []string{"avc1", "hvc1", "hev1", "av01", "vp09"}
	base := 1
	if t.Kind != media.Video {
		names, base = []string{"mp4a", "Opus", "opus", "ac-3", "ec-3", "fLaC", "flac"}, sound
	}
	for i, name := range names {
		if len(t.Codecs) >= len(name) && t.Codecs[:len(name)] == name {
			return base + i
		}
	}
	return base + len(names)
}
