package main

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

const (
	// silent is how long an encoder that falls silent keeps its connection.
	silent = 3 * time.Second
	// shortest is the least time on air between two breaks.
	shortest = 15 * time.Second
	// again is the wait after a session that failed by itself.
	again = time.Second
)

// encoder publishes to one stream and leaves it once in every period.
type encoder struct {
	*stream
	addr   string
	loop   *rtmppush.Loop
	first  time.Time     // when it leaves first
	period time.Duration // 0: it never leaves
	next   int           // of endings
}

// run publishes until ctx ends, and then stops cleanly. Each time it comes
// back after one to ten seconds.
func (e *encoder) run(ctx context.Context) {
	for due := e.first; ctx.Err() == nil; {
		for e.period > 0 && time.Until(due) < shortest {
			due = due.Add(e.period)
		}
		pause := again
		if e.session(ctx, due) {
			pause = time.Second + rand.N(9*time.Second)
		}
		wait(ctx, pause)
	}
}

// session is one time on air. It is false when it did not come to its end.
func (e *encoder) session(ctx context.Context, due time.Time) bool {
	e.comes(time.Now())
	s, err := rtmppush.Dial(ctx, e.addr, "live", e.name)
	if err != nil {
		if ctx.Err() == nil {
			e.tally.Fault("publish refused", "%s: %v", e.name, err)
		}
		return false
	}
	e.publishes(time.Now())
	playing, cancel := ctx, context.CancelFunc(func() {})
	if e.period > 0 {
		playing, cancel = context.WithDeadline(ctx, due)
	}
	defer cancel()
	sent, err := e.loop.Play(playing, s)
	if err != nil {
		e.tally.Fault("thrown out while sending", "%s: %v", e.name, err)
		e.breaks(thrownOut, time.Now())
		s.Cut()
		e.gone(time.Now())
		return false
	}
	if sent.Behind > time.Second {
		e.tally.Event("sent more than a second late: the machine was too busy")
	}
	how := cleanStop // also at the end of the run
	if ctx.Err() == nil {
		how = endings[e.next%len(endings)]
		e.next++
		e.tally.Event("left by " + string(how))
	}
	e.breaks(how, time.Now())
	e.leave(ctx, s, how)
	e.gone(time.Now())
	return true
}

func (e *encoder) leave(ctx context.Context, s *rtmppush.Session, how ending) {
	switch how {
	case rst:
		s.Reset()
	case silence:
		wait(ctx, silent)
		s.Cut()
	case cleanStop:
		if err := s.Close(); err != nil {
			e.tally.Event("goodbye not heard")
		}
	default:
		s.Cut()
	}
}

// wait waits, unless ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
