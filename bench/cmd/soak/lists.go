package main

import (
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// lists are the media playlists of one broadcast, read again and again.
type lists struct {
	id    string
	uris  []string // absolute; none until the multivariant list was read
	older map[string]*testkit.MediaPlaylist
	wrong map[string]string // what was last told of a list: it stays in it for a minute
	moved time.Time         // when the newest part was last seen to change
	stood bool              // that they stand still was told
}

func newLists(id string, at time.Time) *lists {
	return &lists{id: id, older: map[string]*testkit.MediaPlaylist{}, wrong: map[string]string{}, moved: at}
}

// read judges one reading of a list against the rules and against the one
// before.
func (l *lists) read(s *stream, uri string, p *testkit.MediaPlaylist, asked time.Time) {
	if err := p.Check(); err != nil && err.Error() != l.wrong[uri] {
		l.wrong[uri] = err.Error()
		s.tally.Fault("a list breaks RFC 8216bis", "%s: %v", uri, err)
	}
	older := l.older[uri]
	if older != nil {
		if err := testkit.CheckReload(older, p); err != nil {
			s.tally.Fault("a list changed what it had said", "%s: %v%s", uri, err, changed(older, p))
		}
	}
	if p.EndList && (older == nil || !older.EndList) && !s.mayEnd(l.id) {
		s.tally.Fault("ended without a clean stop", "%s", uri)
	}
	if older == nil || newer(p, older) {
		l.moved, l.stood = asked, false
	}
	l.older[uri] = p
}

// changed shows the first segment that is not what it was, for the fault's
// example.
func changed(older, p *testkit.MediaPlaylist) string {
	for i := range older.Segments {
		was, msn := older.Segments[i], older.MediaSequence+int64(i)
		now := p.Segment(msn)
		if now == nil {
			continue
		}
		is := *now
		was.Parts, is.Parts = nil, nil // too long for a line, and compared apart
		if fmt.Sprint(was) != fmt.Sprint(is) {
			return fmt.Sprintf("; segment %d was %+v, is %+v, ended %t", msn, was, is, p.EndList)
		}
	}
	return ""
}

func newer(p, older *testkit.MediaPlaylist) bool {
	msn, part := p.Next()
	was, wasPart := older.Next()
	return msn > was || msn == was && part > wasPart
}

// judge looks at the lists together, once all were read.
func (l *lists) judge(s *stream, asked time.Time) {
	if since, on := s.sending(l.id, asked); on {
		from := since
		if l.moved.After(from) {
			from = l.moved
		}
		if asked.Sub(from) > moveLimit && !l.stood {
			l.stood = true
			s.tally.Fault("stands still while an encoder sends", "%s: %v, %d lists of %s", s.name, asked.Sub(from), len(l.uris), l.id)
		}
	}
	l.agree(s)
	if want, due := s.interruptions(l.id, asked); due {
		for uri, p := range l.older {
			if is := newestDiscontinuity(p); is != int64(want) {
				s.tally.Fault("another number of discontinuities than of interruptions", "%s: %d, %d interruptions", uri, is, want)
			}
		}
	}
}

// agree compares the discontinuity sequence numbers that the renditions give
// to the same segment: players align renditions by them (RFC 8216bis 6.2.4).
func (l *lists) agree(s *stream) {
	numbers := map[int64]int64{}
	for _, uri := range l.uris {
		p := l.older[uri]
		if p == nil {
			continue
		}
		number := p.DiscontinuitySequence
		for i := range p.Segments {
			if p.Segments[i].Discontinuity {
				number++
			}
			msn := p.MediaSequence + int64(i)
			if other, ok := numbers[msn]; ok && other != number {
				s.tally.Fault("renditions disagree about a discontinuity", "%s: segment %d is of %d and of %d", uri, msn, other, number)
				return
			}
			numbers[msn] = number
		}
	}
}

// newestDiscontinuity is the discontinuity sequence number of the newest
// segment.
func newestDiscontinuity(p *testkit.MediaPlaylist) int64 {
	number := p.DiscontinuitySequence
	for i := range p.Segments {
		if p.Segments[i].Discontinuity {
			number++
		}
	}
	return number
}
