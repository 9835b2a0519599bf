package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// clockSlew is how much a segment's wall-clock time may be moved towards the
// arrival clock: too little for a player to notice.
const clockSlew = time.Millisecond

// pauseSlack is how much a border may be later than the target duration by
// the jitter of stamps.
const pauseSlack = 50 * time.Millisecond

// border is the beginning of a segment in all renditions: each cuts at its
// first unit at or after it.
type border struct {
	number        int64
	at            time.Duration // presentation time, less each rendition's composition delay
	discontinuity bool
	pause         bool // the discontinuity is a hole in the media of all
	opens         bool // the first of an encoder
	seam          bool // of a discontinuity: coding and timeline go on in all renditions
	first         bool // the first of all: the segment closes with its first part
	time          time.Time
}

// drain moves units into parts for as long as it is known where they belong.
func (c *cutter) drain(all bool) {
	for moved := true; moved; {
		moved = false
		for _, l := range c.lanes {
			for l.queue.len() > 0 && (all || c.known(l, l.queue.first())) {
				c.place(l, l.queue.pop())
				moved = true
			}
		}
	}
}

// known reports whether no border can come any more that u would lie behind.
func (c *cutter) known(l *lane, u *media.AccessUnit) bool {
	lead := c.leader()
	if l == lead || lead == nil || l.win.Kind == media.Video {
		return true
	}
	if lead.track == nil {
		return false // its first unit waits: it goes first
	}
	horizon := lead.newest + lead.frame()
	if l.position(u) <= horizon {
		return true
	}
	if l.position(l.queue.newest())-horizon > leadWait || l.queue.overfull() {
		lead.silent = true
		return c.known(l, u)
	}
	return false
}

// place puts u into the segment where it belongs, after making the border
// that it brings, if any.
func (c *cutter) place(l *lane, u *media.AccessUnit) {
	joins := l.track == nil
	if joins {
		l.measure(u)
	}
	at := l.position(u)
	if l.late(u, at) {
		return
	}
	l.silent = false
	newest := c.borders[len(c.borders)-1]
	switch {
	case joins:
		if c.borders[0].seam && !l.goesOn(u.Track) {
			c.cut(u, max(at, newest.at), true)
		} else if l.win.Kind == media.Video && c.running() {
			at = max(at, newest.at) // a picture that comes late begins a segment
			c.cut(u, at, false)
		}
	case u.Track != l.track:
		if shared := c.change(l, at); shared != nil {
			at = max(at, shared.at)
		} else {
			at = max(at, newest.at)
			c.cut(u, at, true)
		}
	case c.next(l.number) != nil:
		if b := c.next(l.number); b.pause && at-l.newest > c.opts.Segment {
			at = max(at, b.at) // it comes after the pause too
		}
	case l.overgrown(u, at), l == c.leader() && l.ends(u, at):
		c.cut(u, max(at, newest.at), false)
	}
	l.take(u, at)
	l.newest = max(l.newest, at)
}

// running reports whether any lane has media already.
func (c *cutter) running() bool {
	for _, l := range c.lanes {
		if l.track != nil && l.number >= 0 {
			return true
		}
	}
	return false
}

// cut makes the next border for u, which stands at `at`.
func (c *cutter) cut(u *media.AccessUnit, at time.Duration, discontinuity bool) {
	last := c.borders[len(c.borders)-1]
	arrived := u.Arrived
	// After a pause of the leader the border lies before its unit, where those
	// who went on can reach it within the target duration. Where nobody did,
	// no segment can be as long as the pause.
	target, pause := c.opts.TargetDuration(), false
	if at > last.at+target+pauseSlack {
		pause = !discontinuity && c.paused(at-target)
		discontinuity = discontinuity || pause
		if at <= last.at+2*target && !discontinuity {
			early := last.at + target - at
			at, arrived = at+early, arrived.Add(early)
		}
	}
	b := border{
		number: last.number + 1, at: at, discontinuity: discontinuity, pause: pause,
		time: last.time.Add(at - last.at),
	}
	switch {
	case !discontinuity:
		b.time = b.time.Add(max(-clockSlew, min(clockSlew, arrived.Sub(b.time))))
	default:
		b.time = later(arrived, last.time)
	}
	c.borders = append(c.borders, b)
}

// paused reports whether no rendition has anything after a position.
func (c *cutter) paused(since time.Duration) bool {
	for _, l := range c.lanes {
		if l.track != nil && l.newest > since {
			return false
		}
	}
	return true
}

// next returns the border after the segment of that number, nil while there
// is none.
func (c *cutter) next(number int64) *border {
	i := number + 1 - c.borders[0].number
	if i < 0 || i >= int64(len(c.borders)) {
		return nil
	}
	return &c.borders[i]
}

// change returns the discontinuity that another rendition brought and that
// this one has not passed, when it is the border for a unit at `at`: picture
// and sound that change together share one.
func (c *cutter) change(l *lane, at time.Duration) *border {
	for b := c.next(l.number); b != nil; b = c.next(b.number) {
		following := c.next(b.number)
		if b.discontinuity && (following == nil || at < following.at) {
			return b
		}
	}
	return nil
}

// lag closes the segments of renditions that fell silent, so that their
// playlists go on with gaps.
func (c *cutter) lag() {
	lead := c.leader()
	if lead == nil {
		return
	}
	for _, l := range c.lanes {
		newest := l.newest
		if l.track == nil {
			if l.queue.len() > 0 || !l.owes() {
				continue
			}
			newest = c.borders[0].at
		}
		if l != lead && lead.newest-newest > c.opts.Segment+l.frame() {
			l.lapse()
		}
	}
}

// forget lets go of the borders that every lane has passed.
func (c *cutter) forget() {
	passed := c.borders[len(c.borders)-1].number
	for _, l := range c.lanes {
		switch {
		case l.number >= 0:
			passed = min(passed, l.number)
		case l.owes():
			return
		}
	}
	for c.borders[0].number < passed {
		if c.borders[0].discontinuity {
			c.discontinuities++
		}
		if c.borders[0].seam {
			c.seams++
		}
		c.borders = c.borders[1:]
	}
}
