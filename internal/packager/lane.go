package packager

import (
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

// lane is the cutter's view of one rendition: what waits, the part that is
// being collected and the segment that it belongs to.
type lane struct {
	c   *cutter
	win *Window

	queue       []*media.AccessUnit // not yet known where they belong
	newestTrack *media.Track        // of the newest unit in queue
	inits       map[*media.Track][]byte
	track       *media.Track  // of what was placed last, nil before
	delay       int64         // ticks from decoding to presentation of the first unit
	newest      time.Duration // position of the newest unit that was placed
	silent      bool          // does not lead for now

	number   int64 // of the segment that is open or comes next
	border   border
	segment  *Segment // nil between segments
	init     *Init
	sequence uint32 // of the next fragment
	parts    int    // of the segment
	await    bool   // drop up to the next key unit

	samples []fmp4.Sample // of the open part; durations known for all but the last
	from    int64         // decode time of the first
	last    *media.AccessUnit

	pace pace
}

func newLane(c *cutter, w *Window) *lane {
	return &lane{c: c, win: w, number: -1, inits: map[*media.Track][]byte{}}
}

// admit queues a unit. It refuses one of a track that cannot be described.
func (l *lane) admit(u *media.AccessUnit) error {
	if u.Track != l.newestTrack {
		b, err := fmp4.AppendInit(nil, u.Track)
		if err != nil {
			return fmt.Errorf("%s: %w", l.win.Name, err)
		}
		l.newestTrack, l.inits[u.Track] = u.Track, b
	}
	l.queue = append(l.queue, u)
	return nil
}

// measure sets what positions depend on, from the first unit.
func (l *lane) measure(u *media.AccessUnit) { l.delay = u.PTS - u.DTS }

// position is where a unit stands among the borders of all renditions.
func (l *lane) position(u *media.AccessUnit) time.Duration {
	return media.Duration(u.DTS+l.delay, u.Track.Timescale)
}

// frame is the usual distance of two units.
func (l *lane) frame() time.Duration {
	if l.track == nil {
		return 0
	}
	return media.Duration(l.pace.guess(l.track), l.track.Timescale)
}

// skip drops waiting units before a position.
func (l *lane) skip(before time.Duration) {
	for len(l.queue) > 0 && l.position(l.queue[0]) < before {
		l.queue = l.queue[1:]
	}
}

// ends reports whether the leader's unit begins a new segment.
func (l *lane) ends(u *media.AccessUnit, at time.Duration) bool {
	if l.number < 0 || l.c.next(l.number) != nil {
		return false
	}
	length := at - l.border.at
	want := l.c.opts.Segment
	if u.Track.Kind() == media.Video {
		want -= keyTolerance
	}
	switch {
	case l.segment == nil:
		return length >= want
	case l.border.first:
		return l.parts > 0 || l.full(u)
	case length+l.frame() > l.c.opts.TargetDuration():
		return true
	case !u.Key:
		return false
	}
	return length >= want || !l.segment.Independent
}

// late reports whether u belongs to a segment that was given up as a gap.
// After a late picture the next key frame is waited for.
func (l *lane) late(u *media.AccessUnit, at time.Duration) bool {
	if l.number < 0 || l.segment != nil {
		return false
	}
	if at < l.border.at-leadWait || l.await && !u.Key {
		l.await = true
		return true
	}
	l.await = false
	return false
}

// take puts u into its segment, passing the borders before it.
func (l *lane) take(u *media.AccessUnit, at time.Duration) {
	if l.track == u.Track {
		l.pace.observe(u.DTS - l.last.DTS)
	}
	if l.number < 0 {
		l.join(at)
	}
	for b := l.c.next(l.number); b != nil && at >= b.at; b = l.c.next(l.number) {
		following := l.c.next(b.number)
		l.pass(*b, u, following != nil && at >= following.at)
	}
	if l.segment == nil {
		l.open(u)
	} else if l.full(u) {
		l.flush(u.DTS)
	}
	l.add(u)
}

// join finds the segment in which a rendition's first unit lies; the earlier
// ones are gaps.
func (l *lane) join(at time.Duration) {
	l.border = l.c.borders[0]
	l.number = l.border.number
	l.win.startAfter(l.c.discontinuities)
	for b := l.c.next(l.number); b != nil && at >= b.at; b = l.c.next(l.number) {
		l.listGap(b)
		l.border, l.number = *b, b.number
	}
}

// pass ends the present segment at u and goes on to border b. between says
// that u lies behind a further border.
func (l *lane) pass(b border, u *media.AccessUnit, between bool) {
	if l.segment != nil {
		end := l.end(u, &b, between)
		l.flush(end)
		l.complete(end)
	} else {
		l.listGap(&b)
	}
	l.border, l.number = b, b.number
}

// end is the decode time at which the segment before b ends, in the present
// track's ticks.
func (l *lane) end(u *media.AccessUnit, b *border, between bool) int64 {
	scale := l.track.Timescale
	end := media.Rescale(u.DTS, scale, u.Track.Timescale)
	if between || u.Track != l.track {
		end = min(end, media.Ticks(b.at, scale)-l.delay)
	}
	end = min(end, l.segment.Start+media.Ticks(l.c.opts.TargetDuration(), scale))
	return max(end, l.last.DTS+1)
}

func (l *lane) listGap(next *border) {
	length := next.at - l.border.at
	l.win.gap(&Segment{
		Number: l.number, Time: l.border.time, Discontinuity: l.border.discontinuity,
		Duration: max(time.Millisecond, min(length, l.c.opts.TargetDuration())),
	})
}

// open begins a segment with u.
func (l *lane) open(u *media.AccessUnit) {
	if u.Track != l.track {
		l.track, l.pace.n = u.Track, 0
		l.init = l.win.addInit(u.Track, l.inits[u.Track])
		delete(l.inits, u.Track)
	}
	at := l.position(u)
	l.segment = &Segment{
		Number: l.number, Init: l.init, Start: u.DTS, Independent: u.Key,
		Discontinuity: l.border.discontinuity, Time: l.border.time.Add(at - l.border.at),
	}
	l.win.begin(l.segment)
}

// add puts u into the open part and closes it when its last frame has come.
func (l *lane) add(u *media.AccessUnit) {
	if len(l.samples) == 0 {
		l.from = u.DTS
	} else {
		l.samples[len(l.samples)-1].Duration = uint32(u.DTS - l.last.DTS)
	}
	l.samples = append(l.samples, fmp4.Sample{
		CompositionOffset: int32(u.PTS - u.DTS), Key: u.Key, Data: u.Data,
	})
	l.last = u
	if l.completePart(u) {
		l.flush(u.DTS + l.pace.guess(l.track))
		if l.border.first && l == l.c.leader() {
			l.closeFirst(u)
		}
	}
}

// completePart reports whether u is surely the last frame of the open part.
func (l *lane) completePart(u *media.AccessUnit) bool {
	if l.win.target == 0 || !l.pace.steady(l.track) {
		return false
	}
	guess := l.pace.guess(l.track)
	return u.DTS-l.from+2*guess > media.Ticks(l.win.target, l.track.Timescale)+jitter(l.track)
}

// closeFirst ends a segment that closes with its first part, as soon as that
// part is there.
func (l *lane) closeFirst(u *media.AccessUnit) {
	end := u.DTS + l.pace.guess(l.track)
	at := media.Duration(end+l.delay, l.track.Timescale)
	if l.c.next(l.number) == nil {
		l.c.cut(u, at, false)
	}
	l.complete(end)
	l.border = *l.c.next(l.number)
	l.number = l.border.number
}

// full reports whether the open part must close before u is added.
func (l *lane) full(u *media.AccessUnit) bool {
	if len(l.samples) == 0 {
		return false
	}
	if !l.pace.decide(l, u) {
		return false
	}
	limit := media.Ticks(l.win.target, l.track.Timescale)
	return u.DTS-l.from+l.pace.guess(l.track) > limit+jitter(l.track)
}

// flush closes the open part, whose last frame ends at end.
func (l *lane) flush(end int64) {
	n := len(l.samples)
	if n == 0 {
		return
	}
	l.pace.settle(l)
	limit := l.from + media.Ticks(l.win.target, l.track.Timescale)
	l.samples[n-1].Duration = uint32(max(1, min(end, limit)-l.last.DTS))
	duration := l.last.DTS - l.from + int64(l.samples[n-1].Duration)
	b := make([]byte, 0, fmp4.FragmentSize(l.track, l.samples))
	b = fmp4.AppendFragment(b, l.track, l.sequence, l.from, l.samples)
	l.sequence++
	l.parts++
	l.win.add(b, duration, l.samples[0].Key)
	clear(l.samples)
	l.samples = l.samples[:0]
}

// complete ends the open segment at a decode time.
func (l *lane) complete(end int64) {
	ticks := end - l.segment.Start
	l.win.finish(ticks, media.Duration(ticks, l.track.Timescale))
	l.segment, l.parts = nil, 0
}

// close flushes and ends the segment with the guessed length of its last frame.
func (l *lane) close() {
	if l.segment == nil {
		return
	}
	limit := l.segment.Start + media.Ticks(l.c.opts.TargetDuration(), l.track.Timescale)
	end := max(l.last.DTS+1, min(limit, l.last.DTS+l.pace.guess(l.track)))
	l.flush(end)
	l.complete(end)
}

// lapse closes what is open and lists gaps up to the segment that is open now.
func (l *lane) lapse() {
	for b := l.c.next(l.number); b != nil; b = l.c.next(l.number) {
		if l.segment != nil {
			l.close()
		} else {
			l.listGap(b)
		}
		l.border, l.number = *b, b.number
	}
}

// expiry is when the open part closes though no further frame has come: one
// part target after its last.
func (l *lane) expiry() time.Time {
	if len(l.samples) == 0 || l.win.target == 0 {
		return time.Time{}
	}
	return l.last.Arrived.Add(l.win.target)
}

func (l *lane) expire(now time.Time) {
	if e := l.expiry(); !e.IsZero() && !now.Before(e) {
		l.flush(l.last.DTS + l.pace.guess(l.track))
	}
}
