package live

import (
	"context"
	"errors"
	"io"

	"github.com/rostrumlive/rostrum/internal/media"
)

// ErrInterrupted tells a reader that it has read all that one publisher wrote.
// What comes next, if anything does, is another's: other tracks, whose media
// begins anew at key frames, on the same timeline.
var ErrInterrupted = errors.New("the publisher changes")

// Unit is an access unit with the rendition that it belongs to.
type Unit struct {
	*media.AccessUnit
	Rendition *Rendition
}

// Reader is a cursor over all renditions of a stream, in the order in which
// the units were written, those of renditions that come later included. It
// costs the writer nothing: when it is overrun it jumps to the newest key
// frame of that rendition and counts what it lost. One goroutine uses it; it
// needs no closing.
type Reader struct {
	stream  *Stream
	cursors []cursor
	lost    uint64
	session uint32 // of the newest unit that was read
	told    uint32 // the session of whose end the reader was told
}

type cursor struct {
	next  uint64
	await bool // skip to the next key unit
}

// Reader returns a cursor that begins with the oldest units in memory.
func (s *Stream) Reader() *Reader { return &Reader{stream: s} }

// Lost returns how many units the reader missed because it was overrun.
func (r *Reader) Lost() uint64 { return r.lost }

// Next returns the next unit and waits for it. It returns ErrInterrupted where
// the publisher changes, io.EOF once the stream was closed and everything was
// read, or the context's error.
func (r *Reader) Next(ctx context.Context) (Unit, error) {
	for {
		u, news, err := r.Poll()
		if err != nil || news == nil {
			return u, err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return Unit{}, ctx.Err()
		}
	}
}

// Poll returns the next unit without waiting. When there is none it returns a
// channel that is closed at the next news of the stream: a unit, a rendition,
// an announcement, a change of publisher or its end. Where the publisher
// changes it returns ErrInterrupted, once; after the end io.EOF.
func (r *Reader) Poll() (Unit, <-chan struct{}, error) {
	s := r.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok, err := r.take()
	if ok || err != nil {
		return u, nil, err
	}
	return Unit{}, waiter(&s.wake), nil
}

// Take returns the next unit, or false when there is none now. Its errors are
// those of Poll.
func (r *Reader) Take() (Unit, bool, error) {
	r.stream.mu.Lock()
	defer r.stream.mu.Unlock()
	return r.take()
}

// take is Take with the mutex held.
func (r *Reader) take() (Unit, bool, error) {
	s := r.stream
	for len(r.cursors) < len(s.renditions) {
		r.cursors = append(r.cursors, cursor{})
	}
	var (
		from *Rendition
		best entry
		at   int
	)
	for i, rend := range s.renditions {
		e, ok := r.peek(rend, &r.cursors[i])
		if ok && (from == nil || e.seq < best.seq) {
			from, best, at = rend, e, i
		}
	}
	if from != nil {
		if best.session != r.session && r.session != r.told {
			r.told = r.session
			return Unit{}, false, ErrInterrupted
		}
		r.session = best.session
		r.cursors[at].next++
		return Unit{AccessUnit: best.unit, Rendition: from}, true, nil
	}
	if s.closed {
		return Unit{}, false, io.EOF
	}
	if gone := s.publisher == nil || s.session != r.session; gone && r.session != r.told {
		r.told = r.session
		return Unit{}, false, ErrInterrupted
	}
	return Unit{}, false, nil
}

// peek moves c to the next unit that may be read of rend. The mutex is held.
func (r *Reader) peek(rend *Rendition, c *cursor) (entry, bool) {
	if c.next < rend.oldest {
		to := rend.head
		if rend.lastKey > rend.oldest {
			to = rend.lastKey - 1
		}
		r.lost += to - c.next
		c.next, c.await = to, true
	}
	for ; c.next < rend.head; c.next++ {
		e := *rend.at(c.next)
		if !c.await || e.unit.Key {
			c.await = false
			return e, true
		}
		r.lost++
	}
	return entry{}, false
}
