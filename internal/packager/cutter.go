package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// announceWait is how long the first playlist waits for a track that was
	// announced, from the first unit that can be shown.
	announceWait = 300 * time.Millisecond
	// leadWait is how far other renditions may be ahead of the picture before
	// it counts as silent.
	leadWait = 500 * time.Millisecond
	// keyTolerance is how much early a key frame may come to end a segment:
	// encoders' key frame intervals are seldom exact.
	keyTolerance = 100 * time.Millisecond
	// maxWaiting bounds the units that wait for the picture, in count.
	maxWaiting = 2048
)

// border is the beginning of a segment in all renditions: each cuts at its
// first unit at or after it.
type border struct {
	number        int64
	at            time.Duration // presentation time, less each rendition's composition delay
	discontinuity bool
	first         bool // the segment closes with its first part
	time          time.Time
}

// cutter decides where parts and segments begin. It reads no clock: units
// carry their arrival, ticks come from outside. One goroutine uses it.
type cutter struct {
	p       *Packager
	opts    Options
	lanes   []*lane
	borders []border  // the newest ones; every lane's next is among them
	began   time.Time // arrival of the first unit
	started bool
	shown   time.Time // arrival of the first unit that went into a part
	ticked  time.Time // the newest tick: what was due then is done

	discontinuities int64 // among the borders that were forgotten
}

func newCutter(p *Packager) *cutter { return &cutter{p: p, opts: p.opts} }

// push takes one unit. It refuses one whose track cannot be described.
func (c *cutter) push(u live.Unit) error {
	l := c.lane(u.Rendition.Name, u.Track)
	if err := l.admit(u.AccessUnit); err != nil {
		return err
	}
	if c.began.IsZero() {
		c.began = u.Arrived
	}
	c.advance(u.Arrived)
	return nil
}

// tick is called when deadline has passed.
func (c *cutter) tick(now time.Time) {
	c.ticked = now
	for _, l := range c.lanes {
		l.expire(now)
	}
	c.advance(now)
}

func (c *cutter) advance(now time.Time) {
	if !c.started && !c.start(now) {
		return
	}
	c.drain(false)
	c.lag()
	c.forget()
	c.announce(now)
}

// finish flushes everything at the end of the stream.
func (c *cutter) finish() {
	if !c.started {
		c.begin()
	}
	c.drain(true)
	for _, l := range c.lanes {
		l.close()
	}
}

// deadline returns when tick wants to be called if no unit comes before.
func (c *cutter) deadline() (time.Time, bool) {
	var first time.Time
	sooner := func(t time.Time) {
		if t.After(c.ticked) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, l := range c.lanes {
		sooner(l.expiry())
	}
	switch {
	case c.began.IsZero():
	case !c.started:
		sooner(c.began.Add(c.startWait()))
	case c.p.Playable().IsZero():
		sooner(c.shown.Add(announceWait))
	}
	return first, !first.IsZero()
}

func (c *cutter) lane(name string, t *media.Track) *lane {
	for _, l := range c.lanes {
		if l.win.Name == name {
			return l
		}
	}
	l := newLane(c, c.p.addWindow(name, t.Kind()))
	c.lanes = append(c.lanes, l)
	return l
}

// start reports whether packaging may begin: with the first picture, or
// without one when none is to be expected.
func (c *cutter) start(now time.Time) bool {
	for _, l := range c.lanes {
		if l.win.Kind == media.Video || len(l.queue) >= maxWaiting {
			c.begin()
			return true
		}
	}
	if now.Sub(c.began) < c.startWait() {
		return false
	}
	c.begin()
	return true
}

// startWait is how long sound alone waits for a picture: not at all when the
// encoder announced none, and longer when it announced one that must first
// come to a key frame.
func (c *cutter) startWait() time.Duration {
	wait := announceWait
	expected := c.p.stream.Expected()
	if len(expected) > 0 {
		wait = 0
	}
	for _, k := range expected {
		if k == media.Video {
			wait = c.opts.TargetDuration()
		}
	}
	return wait
}

// begin opens the first segment, at the first unit of the leader.
func (c *cutter) begin() {
	c.started = true
	l := c.leader()
	if l == nil {
		return
	}
	u := l.queue[0]
	l.measure(u)
	c.shown = u.Arrived
	c.borders = append(c.borders, border{at: l.position(u), first: true, time: u.Arrived})
	for _, other := range c.lanes {
		other.skip(c.borders[0].at - leadWait)
	}
}

// leader is the rendition whose frames make the borders: the picture, or the
// sound while there is none.
func (c *cutter) leader() *lane {
	var lead *lane
	for _, l := range c.lanes {
		if l.silent || (l.track == nil && len(l.queue) == 0) {
			continue
		}
		if lead == nil || (lead.win.Kind != media.Video && l.win.Kind == media.Video) {
			lead = l
		}
	}
	return lead
}

// drain moves units into parts for as long as it is known where they belong.
func (c *cutter) drain(all bool) {
	for moved := true; moved; {
		moved = false
		for _, l := range c.lanes {
			for len(l.queue) > 0 && (all || c.known(l, l.queue[0])) {
				u := l.queue[0]
				l.queue[0] = nil
				l.queue = l.queue[1:]
				c.place(l, u)
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
	if l.position(l.queue[len(l.queue)-1])-horizon > leadWait || len(l.queue) > maxWaiting {
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
		if l.win.Kind == media.Video && c.running() {
			at = max(at, newest.at) // a picture that comes late begins a segment
			c.cut(u, at, false)
		}
	case u.Track != l.track:
		at = max(at, newest.at)
		c.cut(u, at, true)
	case l == c.leader() && l.ends(u, at):
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

// cut makes the next border.
func (c *cutter) cut(u *media.AccessUnit, at time.Duration, discontinuity bool) {
	last := c.borders[len(c.borders)-1]
	b := border{
		number: last.number + 1, at: at, discontinuity: discontinuity, first: discontinuity,
		time: last.time.Add(at - last.at),
	}
	if discontinuity {
		b.time = u.Arrived
	} else {
		const slew = time.Millisecond
		b.time = b.time.Add(max(-slew, min(slew, u.Arrived.Sub(b.time))))
	}
	c.borders = append(c.borders, b)
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

// lag closes the segments of renditions that fell silent, so that their
// playlists go on with gaps.
func (c *cutter) lag() {
	lead := c.leader()
	if lead == nil {
		return
	}
	for _, l := range c.lanes {
		if l != lead && l.track != nil && lead.newest-l.newest > c.opts.Segment+l.frame() {
			l.lapse()
		}
	}
}

// forget lets go of the borders that every lane has passed.
func (c *cutter) forget() {
	passed := c.borders[len(c.borders)-1].number
	for _, l := range c.lanes {
		if l.track != nil {
			passed = min(passed, l.number)
		}
	}
	for c.borders[0].number < passed {
		if c.borders[0].discontinuity {
			c.discontinuities++
		}
		c.borders = c.borders[1:]
	}
}

// announce opens the doors to players once every rendition has a complete
// segment and those that were announced are there, or were waited for.
func (c *cutter) announce(now time.Time) {
	if !c.p.Playable().IsZero() {
		return
	}
	waited := now.Sub(c.shown) >= announceWait
	playable := false
	kinds := map[media.Kind]bool{}
	for _, l := range c.lanes {
		kinds[l.win.Kind] = len(l.win.snap.Load().complete) > 0
		playable = playable || kinds[l.win.Kind]
	}
	for _, k := range c.p.stream.Expected() {
		if !kinds[k] {
			kinds[k] = false
		}
	}
	for _, there := range kinds {
		if !there && !waited {
			return
		}
	}
	if playable {
		c.p.setReady(now)
	}
}
