package mpegts

// clock makes one timeline of stamps that begin anew after 26.5 hours. A stamp
// means the time that is nearest to the one before it, of whatever stream.
type clock struct {
	last  int64
	known bool
}

func (c *clock) unroll(stamp int64) int64 {
	if !c.known {
		c.last, c.known = stamp, true
		return stamp
	}
	c.last += distance(c.last, stamp)
	return c.last
}

// distance is how far b is from a, by the shorter way round.
func distance(a, b int64) int64 {
	const half = 1 << (clockBits - 1)
	d := (b - a) & clockMask
	if d >= half {
		d -= 1 << clockBits
	}
	return d
}
