package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// clockError is what a part may be longer than its frames: RTMP stamps are
// whole milliseconds.
const clockError = 2 * time.Millisecond

// jitter is clockError in ticks: a part that is longer by so much through the
// stamps' rounding still takes its last frame, and is cut to the target.
func jitter(t *media.Track) int64 { return media.Ticks(clockError, t.Timescale) }

// pace watches the distance between a rendition's frames: how long a part is
// to be, and how long the newest frame will last.
type pace struct {
	claimed int64    // the interval that the track tells, 0 when it does not
	recent  [8]int64 // the newest intervals, ticks
	n       int
	even    bool  // recent is full and its intervals agree
	usual   int64 // what they are, valid while even
}

// paceOf returns the pace of a track that no unit has been seen of.
func paceOf(t *media.Track) pace {
	if !plausible(t.FrameRate) {
		return pace{}
	}
	return pace{claimed: t.FrameRate.Interval(t.Timescale)}
}

// observe takes the interval before the newest unit, in ticks of its track.
func (p *pace) observe(t *media.Track, interval int64) {
	if t.SamplesPerFrame > 0 || interval <= 0 {
		return // counted in samples
	}
	p.recent[p.n%len(p.recent)] = interval
	p.n++
	if p.n < len(p.recent) {
		return
	}
	least, most, sum := p.recent[0], p.recent[0], int64(0)
	for _, v := range p.recent {
		least, most, sum = min(least, v), max(most, v), sum+v
	}
	p.even = most-least <= jitter(t)
	p.usual = sum / int64(len(p.recent))
	// The mean of eight rounded stamps is less exact than what the track says
	// when it says the same.
	if off := p.usual - p.claimed; p.claimed > 0 && 2*max(off, -off) <= jitter(t) {
		p.usual = p.claimed
	}
}

// steady reports whether the last eight intervals agree within 2 ms.
func (p *pace) steady(t *media.Track) bool { return t.SamplesPerFrame > 0 || p.even }

// guess is how long the newest unit will last, in ticks of its track.
func (p *pace) guess(t *media.Track) int64 {
	switch {
	case t.SamplesPerFrame > 0:
		return int64(t.SamplesPerFrame)
	case p.even:
		return p.usual
	case p.n > 0:
		// After a hole the frames that follow tell more than the hole does.
		return min(p.recent[(p.n-1)%len(p.recent)], int64(t.Timescale))
	case p.claimed > 0:
		return p.claimed
	}
	return int64(t.Timescale / 30)
}

// plausible tells rates that a picture can have from the clock rates that
// some encoders write in their place.
func plausible(r media.Rate) bool { return r.Known() && r.Float() >= 0.2 && r.Float() <= 250 }

// decide fixes the part target once the rate is known: as the track says when
// its first frames agree, else as its first frames are. It reports whether
// the target is fixed. The open part is not empty.
func (p *pace) decide(l *lane, u *media.AccessUnit) bool {
	if l.win.target > 0 {
		return true
	}
	t := l.track
	if t.SamplesPerFrame > 0 {
		p.fix(l, int64(t.SamplesPerFrame))
		return true
	}
	n := int64(len(l.samples))
	measured := (u.DTS - l.from) / n
	if p.claimed > 0 && n >= 2 && measured*4 >= p.claimed*3 && measured*4 <= p.claimed*5 {
		p.fix(l, p.claimed)
		return true
	}
	if media.Duration(u.DTS-l.from, t.Timescale) >= l.c.opts.Part || n >= 16 {
		p.fix(l, measured)
		return true
	}
	return false
}

// settle fixes the part target by what there is, at the latest moment.
func (p *pace) settle(l *lane) {
	if l.win.target == 0 {
		p.fix(l, p.guess(l.track))
	}
}

// fix sets the part target to the whole number of frames nearest to the part
// length that was asked for, and to no less than the open part holds already.
// The open part is not empty.
func (p *pace) fix(l *lane, interval int64) {
	interval = max(1, interval)
	want := media.Ticks(l.c.opts.Part, l.track.Timescale)
	frames := max(1, (want+interval/2)/interval)
	length := media.Duration(frames*interval, l.track.Timescale) + clockError
	held := media.Duration(l.last.DTS+1-l.from, l.track.Timescale)
	l.win.setTarget(max(held, min(length, l.c.opts.Segment)))
}
