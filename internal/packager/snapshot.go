package packager

import (
	"sort"
	"time"
)

// snapshot is what a window offers at one moment.
type snapshot struct {
	complete []*Segment
	open     *Segment // nil between segments
	parts    []Part   // of open
	nextPart int64
	target   time.Duration
	discs    int64 // discontinuities before complete[0]
	seams    int64 // those of them that are seams
	standing bool  // the encoder has gone and may come back
	ended    bool
	final    bool // nothing comes any more from this process
	live     lazyText
	plain    lazyText
	ts       tsText
	rewind   rewound
}

// segments is one more than the number of the newest complete segment.
func (s *snapshot) segments() int64 {
	if len(s.complete) == 0 {
		return 0
	}
	return s.complete[len(s.complete)-1].Number + 1
}

// edge is the number of the newest segment that has begun, -1 when there is
// none.
func (s *snapshot) edge() int64 {
	if s.open != nil {
		return s.open.Number
	}
	return s.segments() - 1
}

// last returns the number of the newest segment that has media listed, and
// how many parts of it are listed; -1 when there is none. A complete segment
// without a successor counts with all its parts.
func (s *snapshot) last() (msn int64, parts int) {
	if s.open != nil && len(s.parts) > 0 {
		return s.open.Number, len(s.parts)
	}
	if len(s.complete) == 0 {
		return -1, 0
	}
	seg := s.complete[len(s.complete)-1]
	return seg.Number, len(seg.Parts)
}

// answers reports whether the snapshot is what a request waits for: any that
// lists something, or what a blocking reload asks for.
func (s *snapshot) answers(want reload) bool {
	if want.blocks {
		return s.has(want.msn, want.part)
	}
	return s.ended || len(s.complete) > 0
}

// has reports whether the snapshot answers a blocking request for a part of a
// segment, or for the whole segment when part is negative.
func (s *snapshot) has(msn int64, part int) bool {
	if s.ended {
		return true
	}
	done := int64(-1) // the newest complete segment
	if n := len(s.complete); n > 0 {
		done = s.complete[n-1].Number
	}
	if part < 0 || msn < done {
		return msn <= done
	}
	if msn == done {
		// A part past the segment's last is the first of the next segment
		// (RFC 8216bis 6.2.5.2).
		if part < len(s.complete[len(s.complete)-1].Parts) {
			return true
		}
		msn, part = msn+1, 0
	}
	return s.open != nil && s.open.Number == msn && part < len(s.parts)
}

// segment returns the complete segment of that number, nil when it is not
// there.
func (s *snapshot) segment(number int64) *Segment {
	if seg := s.listing(number); seg != nil && !seg.Gap {
		return seg
	}
	return nil
}

// listing returns what is listed under a number, a gap too.
func (s *snapshot) listing(number int64) *Segment {
	list := s.complete
	i := sort.Search(len(list), func(i int) bool { return list[i].Number >= number })
	if i == len(list) || list[i].Number != number {
		return nil
	}
	return list[i]
}

// part returns the segment that holds the part of that number and the part's
// index there, nil when it is not there.
func (s *snapshot) part(number int64) (*Segment, int) {
	if number >= s.nextPart {
		return nil, 0
	}
	if len(s.parts) > 0 && number >= s.parts[0].Number {
		return s.open, int(number - s.parts[0].Number)
	}
	i := sort.Search(len(s.complete), func(i int) bool { return s.complete[i].firstPart > number }) - 1
	if i < 0 {
		return nil, 0
	}
	seg := s.complete[i]
	if at := number - seg.firstPart; at < int64(len(seg.Parts)) {
		return seg, int(at)
	}
	return nil, 0
}
