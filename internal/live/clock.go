package live

import (
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// lead is where a broadcast's first unit stands on its timeline.
	lead = media.Origin
	// backstep is the largest step back that is taken for jitter of the
	// encoder's stamps; a larger one means that its clock was set.
	backstep = 200 * time.Millisecond
	// leap is how much further than the arrival clock holes in the stamps may
	// go, all together, before the encoder's clock counts as set.
	leap = 2 * time.Second
	// apart is how far beyond all other tracks a hole may lead on credit.
	apart = 500 * time.Millisecond
	// stumble is how much longer than usual a step may be and still be even.
	stumble = 100 * time.Millisecond
	// patience is how much of what came late may be made up for by a hole: an
	// encoder drops frames after the network held it up.
	patience = 10 * time.Second
	// kinship is how near an already known offset must bring a leaping track
	// to where it was expected, to count as the same leap as another track's.
	kinship = time.Second
	// stranger is how far a track's first unit may lie from what the others
	// have come to. Further away its stamps are on a clock of their own.
	stranger = 10 * time.Second
	// stillUnits in a row whose stamps do not advance mean that the encoder's
	// clock stands still: from then on time is told by arrival.
	stillUnits = 8
	// bunch is how far units may arrive from where they would be evenly.
	bunch = 250 * time.Millisecond
	// maxComposition bounds the distance between decoding and presentation.
	maxComposition = 10 * time.Second

	// An audio clock is compared with its stamps over audioBlock frames: the
	// mean is free of the stamps' rounding to milliseconds.
	audioBlock = 32
	// audioGap is a difference that is a real hole in the sound.
	audioGap = 100 * time.Millisecond
	// audioSlew is the mean difference from which the clock is steered, by a
	// tick a frame: up to 977 ppm, more than any two crystals differ.
	audioSlew = 2 * time.Millisecond
)

// timeline is what the renditions of a stream share: the offset from the
// encoder's clock to the broadcast's, as the newest of them found it.
type timeline struct {
	resumed bool          // there was media before
	start   time.Duration // where its first unit's presentation stands, when resumed
	set     bool
	offset  time.Duration
	clocks  []*clock      // that have started
	end     time.Duration // of the presentation of all units so far
}

// next is the timeline of a further publisher: it begins where this one ends.
func (tl *timeline) next() timeline {
	if !tl.set {
		return timeline{resumed: tl.resumed, start: tl.start}
	}
	return timeline{resumed: true, start: tl.end, end: tl.end}
}

// begin finds the offset for the first unit of all.
func (tl *timeline) begin(u *media.AccessUnit) {
	tl.set, tl.offset = true, lead-media.Duration(u.DTS, u.Track.Timescale)
	if tl.resumed {
		tl.offset = tl.start - media.Duration(u.PTS, u.Track.Timescale)
	}
}

// foreign reports whether a unit that arrived then cannot be on the clock of
// the units before it, and where on the timeline it should be.
func (tl *timeline) foreign(at time.Duration, arrived time.Time) (should time.Duration, foreign bool) {
	for _, c := range tl.clocks {
		now := media.Duration(c.last, c.timescale) + max(0, arrived.Sub(c.arrived))
		if at >= now-stranger && at <= now+stranger {
			return 0, false
		}
		should = max(should, now)
	}
	return should, len(tl.clocks) > 0
}

// ahead returns how far a time of the timeline lies beyond what the other
// tracks have come to; nothing when there are none.
func (tl *timeline) ahead(of *clock, at time.Duration, arrived time.Time) time.Duration {
	furthest := time.Duration(math.MinInt64)
	for _, c := range tl.clocks {
		if c != of {
			furthest = max(furthest, media.Duration(c.last, c.timescale)+max(0, arrived.Sub(c.arrived)))
		}
	}
	if furthest == math.MinInt64 {
		return 0
	}
	return at - furthest
}

// clock carries the stamps of one rendition onto the broadcast's timeline.
type clock struct {
	started   bool
	floor     time.Duration // where an earlier publisher's units end
	offset    time.Duration // added to the encoder's stamps
	timescale uint32
	last      int64         // DTS of the newest unit
	stamp     int64         // what the encoder called it
	still     int           // units in a row whose stamp did not advance
	stood     moment        // of the unit before them
	interval  int64         // usual distance of two units, of video
	debt      time.Duration // what holes went further than the arrival clock; below zero what came late
	arrived   time.Time
	repaired  uint64

	errSum int64 // audio: stamps minus counted samples, over the block
	errN   int64
	slew   int64 // audio: frames that are still to be steered, by their sign
}

// moment is where a unit stands on the timeline and when it arrived.
type moment struct {
	dts     int64
	arrived time.Time
}

// next is the rendition's clock for a further publisher.
func (c *clock) next() clock {
	if !c.started {
		return clock{floor: c.floor, repaired: c.repaired}
	}
	return clock{floor: media.Duration(c.last+1, c.timescale), repaired: c.repaired}
}

// admit sets the unit's times and reports whether it may be published.
func (c *clock) admit(tl *timeline, u *media.AccessUnit) bool {
	scale := u.Track.Timescale
	composition := u.PTS - u.DTS
	if limit := media.Ticks(maxComposition, scale); composition > limit || composition < -limit {
		composition = 0
		u.PTS = u.DTS
		c.repaired++
	}
	if !tl.set {
		tl.begin(u)
	}
	if c.started && scale != c.timescale {
		c.rescale(scale)
	}
	stamp := u.DTS
	if !c.started {
		c.begin(tl, u)
	}
	dts := u.DTS + media.Ticks(c.offset, scale)
	switch {
	case c.started:
		dts = c.follow(tl, u, dts)
	case dts < 0:
		return false // older than the broadcast
	default:
		dts = c.above(tl, dts, scale)
		tl.clocks = append(tl.clocks, c)
	}
	c.started, c.timescale, c.last, c.stamp, c.arrived = true, scale, dts, stamp, u.Arrived
	u.DTS, u.PTS = dts, dts+composition
	tl.end = max(tl.end, media.Duration(max(dts, u.PTS)+c.step(u.Track), scale))
	return true
}

// above returns the DTS of a rendition's first unit, after all that an earlier
// publisher wrote to it. What was reordered before may reach a little into the
// new: the whole clock moves on then, and with it that of the renditions that
// are still to come.
func (c *clock) above(tl *timeline, dts int64, scale uint32) int64 {
	floor := media.Ticks(c.floor, scale) + 1
	if c.floor == 0 || dts >= floor {
		return dts
	}
	shift := media.Duration(floor-dts, scale)
	c.offset += shift
	if len(tl.clocks) == 0 {
		tl.offset += shift
	}
	return floor
}

// begin finds the offset for the first unit.
func (c *clock) begin(tl *timeline, u *media.AccessUnit) {
	c.offset = tl.offset
	c.interval = u.Track.FrameRate.Interval(u.Track.Timescale)
	stamp := media.Duration(u.DTS, u.Track.Timescale)
	if should, foreign := tl.foreign(stamp+c.offset, u.Arrived); foreign {
		c.repaired++
		c.offset = should - stamp
	}
}

// follow returns the unit's DTS, after the last and as near to its stamp as
// is believable.
func (c *clock) follow(tl *timeline, u *media.AccessUnit, dts int64) int64 {
	c.stand(u)
	verdict := c.judge(tl, u, dts)
	switch {
	case c.still >= stillUnits, c.still > 0 && u.DTS == c.stamp && u.Track.Kind() == media.Video:
		verdict, dts = wrong, c.byArrival(u)
	case verdict == wrong:
		dts = c.relocate(tl, u, c.last+c.pace(c.step(u.Track)))
	}
	if verdict == wrong {
		c.repaired++
	}
	switch elapsed := media.Ticks(c.elapsed(u), c.timescale); {
	case u.Track.Kind() == media.Audio && u.Track.SamplesPerFrame > 0:
		dts = c.count(u.Track, dts)
	case dts <= c.last: // no less than half a step: the frame before was to be seen
		c.repaired++
		usual := c.pace(c.step(u.Track))
		dts = c.last + max(1, min(usual, max(usual/2, elapsed)))
	case verdict == even:
		c.learn(dts - c.last)
	}
	c.book(verdict, media.Duration(dts-c.last, c.timescale), c.elapsed(u))
	return dts
}

// step is the expected distance to the next unit.
func (c *clock) step(t *media.Track) int64 {
	if t.Kind() == media.Audio && t.SamplesPerFrame > 0 {
		return int64(t.SamplesPerFrame)
	}
	return max(c.interval, 1)
}

// relocate finds a new offset for an encoder whose clock was set: the one
// that another track of it found since, or else one that goes on seamlessly.
func (c *clock) relocate(tl *timeline, u *media.AccessUnit, expected int64) int64 {
	scale := u.Track.Timescale
	shared := u.DTS + media.Ticks(tl.offset, scale)
	near := media.Ticks(kinship, scale)
	if c.offset == tl.offset || shared < expected-near || shared > expected+near ||
		shared > expected && c.judge(tl, u, shared) == wrong {
		tl.offset = media.Duration(expected-u.DTS, scale)
	}
	c.offset = tl.offset
	return max(u.DTS+media.Ticks(c.offset, scale), c.last+1)
}

// count rebuilds an audio clock from the number of samples and keeps it by
// its stamps over the long run.
func (c *clock) count(t *media.Track, dts int64) int64 {
	frame := int64(t.SamplesPerFrame)
	next := c.last + frame
	if c.slew > 0 {
		next, c.slew = next+1, c.slew-1
	} else if c.slew < 0 {
		next, c.slew = next-1, c.slew+1
	}
	diff := dts - next
	if diff > media.Ticks(audioGap, t.Timescale) || diff < -media.Ticks(backstep, t.Timescale) {
		c.errSum, c.errN, c.slew = 0, 0, 0
		return max(dts, c.last+1)
	}
	c.errSum += diff
	c.errN++
	if c.errN < audioBlock {
		return next
	}
	mean := c.errSum / c.errN
	c.errSum, c.errN, c.slew = 0, 0, 0
	if mean > frame*3/4 {
		return next + mean // frames were lost on the way: the hole is real
	}
	if limit := media.Ticks(audioSlew, t.Timescale); mean > limit || mean < -limit {
		c.slew = max(-audioBlock, min(audioBlock, mean))
	}
	return next
}

// rescale carries the clock over to a track with another timescale.
func (c *clock) rescale(scale uint32) {
	c.last = media.Rescale(c.last, scale, c.timescale)
	c.stamp = media.Rescale(c.stamp, scale, c.timescale)
	c.interval = media.Rescale(c.interval, scale, c.timescale)
	c.stood.dts = media.Rescale(c.stood.dts, scale, c.timescale)
	c.errSum, c.errN, c.slew = 0, 0, 0
}
