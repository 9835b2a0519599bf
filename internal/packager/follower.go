package packager

import (
	"context"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// follower takes the units of a stream to a cutter. The goroutine that wrote a
// unit takes it there too: packaging waits for nothing, and to wake another
// goroutine for each unit cost as much as all that is done with it. What is no
// unit, and the parts that close because none comes, are left to the goroutine
// that called follow.
type follower struct {
	stream *live.Stream
	reader *live.Reader
	timer  *time.Timer
	ended  chan struct{} // holds one when err was set

	mu    sync.Mutex
	cut   *cutter   // nil while no encoder is followed
	armed time.Time // when the timer fires, zero when it did
	err   error     // why this encoder is not followed any further
}

func newFollower(s *live.Stream) *follower {
	return &follower{stream: s, reader: s.Reader(), timer: time.NewTimer(time.Hour), ended: make(chan struct{}, 1)}
}

// follow has c package what one encoder sends, and returns when nothing uses c
// any more: with live.ErrInterrupted when that is all and another may come,
// io.EOF at the stream's end, the context's error, or c's own.
func (f *follower) follow(ctx context.Context, c *cutter) error {
	f.begin(c)
	for ctx.Err() == nil { // also when units never cease to come
		turn := f.stream.Turn() // before the look: what comes after it is told
		f.drain()
		select {
		case <-turn:
		case now := <-f.timer.C:
			f.tick(now)
		case <-f.ended:
			return f.leave(nil)
		case <-ctx.Done():
		}
	}
	return f.leave(ctx.Err())
}

// begin hands units to c from now on.
func (f *follower) begin(c *cutter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.timer.Stop() // it may be set for what was due before
	f.cut, f.err, f.armed = c, nil, time.Time{}
}

// leave lets go of the cutter. err is why, nil when f.err tells.
func (f *follower) leave(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cut = nil
	if err == nil {
		err = f.err
	}
	return err
}

// drain takes all units that there are. It is called by who wrote one.
func (f *follower) drain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.cut != nil && f.err == nil {
		u, ok, err := f.reader.Take()
		if err == nil && ok {
			err = f.cut.push(u)
		}
		if err != nil {
			f.err = err
			f.ended <- struct{}{} // its one place is free: err is set once for each follow
			return
		}
		if !ok {
			f.arm()
			return
		}
	}
}

// tick does what is due though no unit came.
func (f *follower) tick(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = time.Time{}
	f.cut.tick(now)
	f.arm()
}

// arm sets the timer for what is due next. Deadlines move on with each unit.
// The timer is set again only after it fired, or for one that comes sooner: a
// tick too many costs less than a timer that is set for each unit.
func (f *follower) arm() {
	if d, ok := f.cut.deadline(); ok && (f.armed.IsZero() || d.Before(f.armed)) {
		f.timer.Reset(time.Until(d))
		f.armed = d
	}
}
