package packager

import (
	"context"
	"time"
)

// Archive has the segments that have left the memory. Its methods may be
// called by any number of goroutines.
type Archive interface {
	// Older lists a rendition's segments of the numbers from..before that are
	// listed as stored, by number. Those of which nothing is there are gaps.
	Older(ctx context.Context, broadcast, rendition string, from, before int64) ([]Listed, error)
}

// Listed is what a rewind playlist says of a segment, wherever it was read.
type Listed struct {
	Number        int64
	Init          int64 // number of its initialisation section; of a gap it means nothing
	Time          time.Time
	Duration      time.Duration
	Discontinuity bool
	Gap           bool
	Independent   bool // begins with a sync sample
}

// listed is what the segment is listed as; settled says that it is known
// whether it is stored. A segment has the same words in memory and in an
// archive, which counts milliseconds: a list that is built anew must not change.
func (s *Segment) listed(settled bool) Listed {
	l := Listed{
		Number: s.Number, Init: -1, Time: s.Time.Truncate(time.Millisecond), Duration: s.Duration,
		Discontinuity: s.Discontinuity, Gap: s.Gap || settled && s.lost(), Independent: s.Independent,
	}
	if s.Init != nil {
		l.Init = s.Init.Number
	}
	if l.Gap {
		l.Duration = max(time.Millisecond, l.Duration.Truncate(time.Millisecond))
	}
	return l
}
