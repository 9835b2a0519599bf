package live

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// elapsed is how long after the one before it a unit arrived.
func (c *clock) elapsed(u *media.AccessUnit) time.Duration { return max(0, u.Arrived.Sub(c.arrived)) }

// stand counts the units whose stamps do not advance.
func (c *clock) stand(u *media.AccessUnit) {
	if u.DTS > c.stamp {
		c.still = 0
		return
	}
	if c.still++; c.still == 1 {
		c.stood = moment{dts: c.last, arrived: c.arrived}
	}
}

// byArrival returns the DTS of a unit of a clock that stands still. Units
// arrive in bunches and are set apart evenly, a little faster or slower so
// that the whole keeps to the arrival clock.
func (c *clock) byArrival(u *media.AccessUnit) int64 {
	scale := u.Track.Timescale
	since := media.Ticks(max(0, u.Arrived.Sub(c.stood.arrived)), scale)
	missing := c.stood.dts + since - c.last
	if missing > media.Ticks(kinship, scale) {
		return c.last + missing // a pause
	}
	usual := c.step(u.Track)
	if usual == 1 {
		usual = since / int64(c.still) // nothing was told of the rate
	}
	step := usual + (missing-usual)/16
	switch far := media.Ticks(bunch, scale); {
	case missing > usual+far:
		step = usual + usual/2
	case missing < -far:
		step = 1 // a flood
	case missing < usual-far:
		step = usual / 2
	}
	return c.last + max(1, step)
}

// verdict is what can be said of a stamp.
type verdict uint8

const (
	even  verdict = iota // a step as usual, or one for which there was time
	hole                 // further than the arrival clock
	wrong                // the encoder's clock was set
)

// judge says what a stamp is that puts a unit at dts. Even steps are believed
// at any pace: a file may be sent faster than it plays. A hole is while it can
// be paid for, by what came late before it, or later by what comes evenly; and
// on credit no track goes far ahead of the others.
func (c *clock) judge(tl *timeline, u *media.AccessUnit, dts int64) verdict {
	at, step := media.Duration(dts, c.timescale), media.Duration(dts-c.last, c.timescale)
	over := step - c.elapsed(u)
	usual := media.Duration(c.step(u.Track), c.timescale)
	switch {
	case step < -backstep:
		return wrong
	case over <= 0 || step <= usual+stumble:
		return even
	case c.debt+over > leap, c.debt+over > stumble && tl.ahead(c, at, u.Arrived) > apart:
		return wrong
	}
	return hole
}

// book keeps how far the track has gone beyond the arrival clock.
func (c *clock) book(v verdict, step, elapsed time.Duration) {
	over := step - elapsed
	switch {
	case v != even || over <= 0:
		c.debt = max(c.debt+over, -patience)
	case c.debt > 0:
		c.debt = max(0, c.debt-step)
	default:
		c.debt = min(0, c.debt+over)
	}
}

// learn takes a step into the usual one; a single one says little.
func (c *clock) learn(step int64) {
	step = min(step, int64(c.timescale))
	if c.interval == 0 {
		c.interval = step
		return
	}
	c.interval += (step - c.interval) / 8
}

// pace is the step of a unit whose stamp says nothing: the usual, or one that
// brings the track back to the arrival clock.
func (c *clock) pace(step int64) int64 {
	switch {
	case c.debt > leap:
		return 1 // a flood
	case c.debt > bunch:
		return max(1, step/2)
	case c.debt < -bunch:
		return step + step/2
	}
	return step
}
