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
)

// cutter decides where parts and segments of one encoder's media begin. It
// reads no clock: units carry their arrival, ticks come from outside. One
// goroutine uses it.
type cutter struct {
	p         *Packager
	before    state // what there was of other encoders
	opts      Options
	lanes     []*lane
	borders   []border  // the newest ones; every lane's next is among them
	began     time.Time // arrival of the first unit
	started   bool
	shown     time.Time // arrival of the first unit that went into a part
	announced bool      // players were let in
	ticked    time.Time // the newest tick: what was due then is done

	discontinuities, seams int64 // among the borders that were forgotten
}

// newCutter goes on where the windows have come to, with what they are of.
func newCutter(p *Packager) *cutter {
	c := &cutter{p: p, opts: p.opts, before: p.state()}
	c.discontinuities, c.seams = c.before.discontinuities, c.before.seams
	for _, w := range p.Windows() {
		c.lanes = append(c.lanes, newLane(c, w))
	}
	return c
}

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

// tick is called when deadline has passed; earlier calls do no harm.
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
	case !c.announced:
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
		if l.win.Kind == media.Video && l.queue.len() > 0 || l.queue.overfull() {
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
	u := l.queue.first()
	l.measure(u)
	c.shown = u.Arrived
	c.borders = append(c.borders, border{
		number: c.before.next, at: l.position(u), discontinuity: c.before.next > 0, opens: true, first: c.before.next == 0,
		seam: c.before.next > 0 && c.goesOn(),
		time: later(u.Arrived, c.before.end),
	})
	c.p.setStanding(false)
	for _, other := range c.lanes {
		other.skip(c.borders[0].at - leadWait)
	}
}

// goesOn reports whether all that is known of a new encoder's media is coded as
// that of the encoder before was.
func (c *cutter) goesOn() bool {
	for _, l := range c.lanes {
		if l.queue.len() > 0 && !l.goesOn(l.queue.first().Track) {
			return false
		}
	}
	return true
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// leader is the rendition whose frames make the borders: the picture, or the
// sound while there is none.
func (c *cutter) leader() *lane {
	var lead *lane
	for _, l := range c.lanes {
		if l.silent || (l.track == nil && l.queue.len() == 0) {
			continue
		}
		if lead == nil || (lead.win.Kind != media.Video && l.win.Kind == media.Video) {
			lead = l
		}
	}
	return lead
}

// announce opens the doors to players once every rendition has a complete
// segment and those that were announced are there, or were waited for.
func (c *cutter) announce(now time.Time) {
	if c.announced {
		return
	}
	var here [3]bool // by kind
	playable, all := false, true
	for _, l := range c.lanes {
		here[l.win.Kind] = true
		playable = playable || l.listed
		all = all && l.listed
	}
	for _, k := range c.p.stream.Expected() {
		all = all && here[k]
	}
	if playable && (all || now.Sub(c.shown) >= announceWait) {
		c.announced = true
		c.p.setReady(now)
	}
}
