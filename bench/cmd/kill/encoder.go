package main

import (
	"context"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

// redialEvery is the pause of an encoder that nobody lets in.
const redialEvery = 10 * time.Millisecond

// encoder sends a clip over and over, comes back as often as it is cut off, and
// goes on with the next key frame then.
type encoder struct {
	clip  *flvclip.Clip
	abort context.CancelFunc // ends it without a word, and does not wait
	quit  chan struct{}
	done  chan struct{}

	mu     sync.Mutex
	addr   string
	stints []stint
	err    error // of the clean end
}

// stint is what was sent over one connection.
type stint struct {
	first int         // the first picture, counted over all rounds of the clip
	times []time.Time // when each was sent
}

// before counts the pictures that were sent before a time.
func (s stint) before(at time.Time) int {
	n := 0
	for n < len(s.times) && s.times[n].Before(at) {
		n++
	}
	return n
}

// startEncoder begins to send. The caller owes stop or abort.
func startEncoder(ctx context.Context, clip *flvclip.Clip, addr string) *encoder {
	e := &encoder{clip: clip, addr: addr, quit: make(chan struct{}), done: make(chan struct{})}
	ctx, e.abort = context.WithCancel(ctx)
	go func() { // stop waits for it
		defer close(e.done)
		e.err = e.run(ctx)
	}()
	return e
}

// goTo says where the next connection is to be made.
func (e *encoder) goTo(addr string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.addr = addr
}

func (e *encoder) target() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.addr
}

// stop ends the broadcast and returns what was sent.
func (e *encoder) stop() ([]stint, error) {
	close(e.quit)
	<-e.done
	e.abort()
	return e.stints, e.err
}

func (e *encoder) run(ctx context.Context) error {
	for next := 0; ; {
		session, err := rtmppush.Dial(ctx, e.target(), "live", channel)
		if err != nil {
			if pause(ctx, redialEvery) != nil {
				return context.Cause(ctx)
			}
			continue
		}
		s, over := e.play(ctx, session, next)
		if len(s.times) > 0 {
			e.stints = append(e.stints, s)
			next = s.first + len(s.times)
		}
		if over {
			return session.Close()
		}
		session.Cut()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// play sends from the first key frame on that is not before picture number
// next, until the connection breaks; over says that it was told to stop.
func (e *encoder) play(ctx context.Context, session *rtmppush.Session, next int) (s stint, over bool) {
	for _, t := range e.clip.Headers {
		if session.Send(t) != nil {
			return s, false
		}
	}
	var start time.Time // of the clip's first round
	var zero int64      // ms of the key frame on the clip's endless time
	picture := next / e.clip.Frames * e.clip.Frames
	for round := int64(next / e.clip.Frames); ; round++ {
		for _, t := range e.clip.Media {
			at := round*int64(e.clip.Millis) + int64(t.Time)
			video := t.Type == flvclip.Video
			if start.IsZero() && video && t.Key() && picture >= next {
				start, zero, s.first = time.Now().Add(-time.Duration(at)*time.Millisecond), at, picture
			}
			if video {
				picture++
			}
			if start.IsZero() {
				continue
			}
			t.Time = uint32(at - zero)
			timer := time.NewTimer(time.Until(start.Add(time.Duration(at) * time.Millisecond)))
			select {
			case <-timer.C:
			case <-e.quit:
				return s, true
			case <-session.Done():
				return s, false
			case <-ctx.Done():
				return s, false
			}
			if session.Send(t) != nil {
				return s, false
			}
			if video {
				s.times = append(s.times, time.Now())
			}
		}
	}
}
