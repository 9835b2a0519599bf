package packager

import (
	"bytes"
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

	queue     queue
	described *media.Track  // the newest that was found fit for an initialisation section
	track     *media.Track  // of what was placed last, nil before
	delay     int64         // ticks from decoding to presentation of the first unit
	newest    time.Duration // position of the newest unit that was placed
	silent    bool          // does not lead for now

	number   int64 // of the segment that is open or comes next
	border   border
	segment  *Segment      // nil between segments
	start    time.Duration // position of its first unit
	init     *Init
	sequence uint32 // of the next fragment
	parts    int    // of the segment
	await    bool   // drop up to the next key unit
	listed   bool   // a segment is complete

	samples []fmp4.Sample // of the open part; durations known for all but the last
	size    int           // bytes of them
	from    int64         // decode time of the first
	last    *media.AccessUnit

	pace pace
}

func newLane(c *cutter, w *Window) *lane {
	// Parts and fragments are counted alike.
	return &lane{c: c, win: w, number: -1, sequence: uint32(w.nextPart)}
}

// owes reports whether the rendition is listed already, so that it must go on
// with gaps when no media of it comes.
func (l *lane) owes() bool { return l.win.next() > 0 }

// admit queues a unit. It refuses one of a track that cannot be described.
func (l *lane) admit(u *media.AccessUnit) error {
	if u.Track != l.described {
		if _, err := fmp4.AppendInit(nil, u.Track); err != nil {
			return fmt.Errorf("%s: %w", l.win.Name, err)
		}
		l.described = u.Track
	}
	l.queue.push(u)
	return nil
}

// goesOn reports whether the rendition's newest initialisation section, if it
// has one, describes t too.
func (l *lane) goesOn(t *media.Track) bool {
	newest := l.win.newestInit()
	if newest == nil {
		return true
	}
	b, _ := fmp4.AppendInit(nil, t) // admit has tried it
	return bytes.Equal(newest.Bytes, b)
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
	for l.queue.len() > 0 && l.position(l.queue.first()) < before {
		l.queue.pop()
	}
}

// ends reports whether the leader's unit begins a new segment.
func (l *lane) ends(u *media.AccessUnit, at time.Duration) bool {
	want := l.c.opts.Segment
	if u.Track.Kind() == media.Video {
		want -= keyTolerance
	}
	if l.segment == nil {
		return at-l.border.at >= want
	}
	length := at - min(l.border.at, l.start)
	switch {
	case l.border.first:
		return l.parts > 0 || l.full(u)
	case length+l.frame() > l.c.opts.TargetDuration():
		return true // counted from the border, for the other renditions' sake
	case !u.Key:
		return false
	}
	return length >= want || !l.segment.Independent
}

// overgrown reports whether the segment must end before u, whoever leads: it
// would be longer than a segment may be, or is too much to keep.
func (l *lane) overgrown(u *media.AccessUnit, at time.Duration) bool {
	return l.segment != nil && (at-l.start > l.c.opts.TargetDuration()+pauseSlack ||
		l.segment.Size+int64(l.size)+int64(len(u.Data)) > maxSegmentBytes || l.parts >= maxParts)
}

// late reports whether u lies before what this rendition can still list: in a
// segment that was given up as a gap, or before all that the others have.
// After a late picture the next key frame is waited for.
func (l *lane) late(u *media.AccessUnit, at time.Duration) bool {
	sound := l.win.Kind != media.Video
	switch {
	case l.segment != nil:
		return false
	case l.number < 0:
		earliest := l.c.borders[0].at
		if l.c.borders[0].opens { // there is room for sound that came before the picture
			earliest -= leadWait
		}
		return sound && l.c.running() && at < earliest
	case sound:
		return at < l.border.at-l.frame()
	}
	l.await = at < l.border.at-leadWait || l.await && !u.Key
	return l.await
}

// take puts u into its segment, passing the borders before it.
func (l *lane) take(u *media.AccessUnit, at time.Duration) {
	if l.track == u.Track {
		l.pace.observe(l.track, u.DTS-l.last.DTS)
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
	l.win.startAfter(l.c.discontinuities, l.c.seams)
	for b := l.c.next(l.number); b != nil && at >= b.at; b = l.c.next(l.number) {
		l.listGap(b)
		l.border, l.number = *b, b.number
	}
}

// pass ends the present segment at u and goes on to border b. between says
// that u lies behind a further border.
func (l *lane) pass(b border, u *media.AccessUnit, between bool) {
	if l.segment != nil {
		l.complete(l.end(u, &b, between))
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
	if b.pause {
		return l.last.DTS + l.pace.guess(l.track)
	}
	if between || u.Track != l.track {
		end = min(end, media.Ticks(b.at, scale)-l.delay)
	}
	return max(end, l.last.DTS+1)
}

func (l *lane) listGap(next *border) {
	length := next.at - l.border.at
	l.win.gap(&Segment{
		Number: l.number, Time: l.border.time, Discontinuity: l.border.discontinuity, Seam: l.border.seam,
		Duration: max(time.Millisecond, min(length, l.c.opts.TargetDuration())),
	})
}

// lapse closes what is open and lists gaps up to the segment that is open now.
func (l *lane) lapse() {
	if l.number < 0 {
		l.border, l.number = l.c.borders[0], l.c.borders[0].number
	}
	for b := l.c.next(l.number); b != nil; b = l.c.next(l.number) {
		if l.segment != nil {
			// It lasts until the gap begins.
			l.complete(max(l.last.DTS+l.pace.guess(l.track), media.Ticks(b.at, l.track.Timescale)-l.delay))
		} else {
			l.listGap(b)
		}
		l.border, l.number = *b, b.number
	}
}

// expiry is when the open part closes though no further frame has come: one
// part target after its last. A part that is not full to 85 % waits on: it may
// be short only as the last of its segment (RFC 8216bis 4.4.4.9).
func (l *lane) expiry() time.Time {
	if len(l.samples) == 0 || l.win.target == 0 {
		return time.Time{}
	}
	length := media.Duration(l.last.DTS+l.pace.guess(l.track)-l.from, l.track.Timescale)
	if length*100 < l.win.target*85 {
		return time.Time{}
	}
	return l.last.Arrived.Add(l.win.target)
}

func (l *lane) expire(now time.Time) {
	if e := l.expiry(); !e.IsZero() && !now.Before(e) {
		l.flush(l.last.DTS + l.pace.guess(l.track))
	}
}
