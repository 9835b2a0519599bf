package packager

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// tsAtOnce bounds the segments that are made at the same time, and so the
	// memory that takes: a segment has 128 MB at the very most.
	tsAtOnce = 2
	// tsKept bounds the bytes of segments that are kept for those who ask next.
	tsKept = 64 << 20
	// tsFresh is how long they are: viewers of one channel ask for the same
	// segment within a few seconds.
	tsFresh = 30 * time.Second
)

// Transmuxer makes MPEG-TS segments for those who ask for them, once for all
// who ask at about the same time. It does nothing, and holds nothing but what
// it made last, while nobody asks.
type Transmuxer struct {
	turns chan struct{} // holds one for each segment that is being made

	mu    sync.Mutex
	known map[string]*tsSegment
	order []*tsSegment // those that are made, the oldest first
	kept  int64        // bytes of them
}

type tsSegment struct {
	address string
	done    chan struct{}
	bytes   []byte // valid once done is closed, as err is
	err     error
	made    time.Time
}

// NewTransmuxer makes one that holds nothing yet.
func NewTransmuxer() *Transmuxer {
	return &Transmuxer{turns: make(chan struct{}, tsAtOnce), known: map[string]*tsSegment{}}
}

// Segment returns the bytes of the segment with that address, which are shared
// and not to be changed. Unless somebody did it before, it makes them of what
// source returns, whose error it passes on.
func (t *Transmuxer) Segment(ctx context.Context, address string, source func(context.Context) (TSSource, error)) ([]byte, error) {
	for {
		s, mine := t.take(address)
		if mine {
			t.make(ctx, s, source)
			return s.bytes, s.err
		}
		select {
		case <-s.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !errors.Is(s.err, errGone) {
			return s.bytes, s.err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// errGone says that who should have made a segment has left before.
var errGone = errors.New("the client has gone")

// take returns the segment of an address, and whether the caller is to make
// it.
func (t *Transmuxer) take(address string) (s *tsSegment, mine bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(time.Now())
	if s := t.known[address]; s != nil {
		return s, false
	}
	s = &tsSegment{address: address, done: make(chan struct{}), err: errGone}
	t.known[address] = s
	return s, true
}

func (t *Transmuxer) make(ctx context.Context, s *tsSegment, source func(context.Context) (TSSource, error)) {
	defer t.settle(s)
	select {
	case t.turns <- struct{}{}:
		defer func() { <-t.turns }()
	case <-ctx.Done():
		return
	}
	src, err := source(ctx)
	switch {
	case err == nil:
		s.bytes, s.err = src.bytes()
	case ctx.Err() == nil:
		s.err = err
	}
}

// settle lets those who wait for the segment have it, and keeps it if it was
// made.
func (t *Transmuxer) settle(s *tsSegment) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer close(s.done)
	if s.err != nil {
		delete(t.known, s.address)
		return
	}
	s.made = time.Now()
	t.order = append(t.order, s)
	t.kept += int64(len(s.bytes))
	t.forget(s.made)
}

// forget lets go of what is too old or too much. The mutex is held.
func (t *Transmuxer) forget(now time.Time) {
	for len(t.order) > 0 && (t.kept > tsKept || now.Sub(t.order[0].made) > tsFresh) {
		s := t.order[0]
		t.order[0], t.order = nil, t.order[1:]
		t.kept -= int64(len(s.bytes))
		delete(t.known, s.address)
	}
}
