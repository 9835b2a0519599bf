package main

import (
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/tally"
)

const (
	// unknown is the number of resumes of a broadcast that was first seen late.
	unknown = -1
	// noticeLimit is how long the server may take to notice that a connection
	// is gone; the loop of an encoder that broke is at least a second longer.
	noticeLimit = 5 * time.Second
	// moveLimit is how long lists may stand still while an encoder sends, and
	// how long a channel may take to be on air: more than two whole segments.
	moveLimit = 10 * time.Second
)

// ending is how an encoder leaves.
type ending string

// The endings, in the order in which each encoder goes through them.
const (
	fin       ending = "FIN"
	rst       ending = "RST"
	silence   ending = "silence"
	cleanStop ending = "a clean stop"
	// thrownOut is none of the encoder's own: the server ended the session.
	thrownOut ending = "the server's end of it"
)

var endings = []ending{fin, rst, silence, cleanStop}

// The phases of a stream.
const (
	away   = iota // nobody publishes
	coming        // an encoder asks leave to: before and after are both true
	onAir
)

// stream holds what is promised of one channel against what is seen of it. Its
// encoder tells what it does and its watcher what the server says, each from
// its own goroutine. It looks at no clock.
type stream struct {
	name  string
	tally *tally.Tally

	mu    sync.Mutex
	phase int
	since time.Time // the phase began, or the connection was gone
	last  ending    // how the last time on air ended; "" before the first
	// id is the broadcast of the last time on air, "" when it was not seen.
	id      string
	resumes int  // times that this broadcast came back; unknown when it is not known which it was
	back    bool // this time on air was seen
	told    bool // the fault of this phase was told
	counted bool // the discontinuities of this time on air were
}

// observation is what the API said of the channel.
type observation struct {
	asked     time.Time
	broadcast string // "" when nothing is on air
	state     string
}

// comes says that an encoder asks leave to publish.
func (s *stream) comes(at time.Time) { s.enter(coming, at) }

// publishes says that it was given leave.
func (s *stream) publishes(at time.Time) {
	s.enter(onAir, at)
	s.tally.Event("times on air")
}

// breaks says that the encoder sends nothing from now on, and how it leaves.
func (s *stream) breaks(how ending, at time.Time) {
	s.enter(away, at)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = how
	if !s.back {
		s.id = ""
	}
}

// gone says that the connection is.
func (s *stream) gone(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = at
}

func (s *stream) enter(phase int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if phase == onAir {
		s.back, s.counted = false, false
	}
	s.phase, s.since, s.told = phase, at, false
}

// sees judges what the API said. What was asked before the phase began tells
// nothing of it.
func (s *stream) sees(o observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.asked.Before(s.since) {
		return
	}
	switch {
	case s.phase == onAir && !s.back && o.state == "live":
		s.back = true
		s.judge(o.broadcast)
	case s.phase == onAir && !s.back && o.asked.Sub(s.since) > moveLimit:
		s.tell("not on air after an encoder came", "%v after leave to publish: %s", o.asked.Sub(s.since), describe(o))
	case s.phase == onAir && s.back && (o.state != "live" || o.broadcast != s.id):
		s.tell("off air while an encoder sends", "was %s, is %s", s.id, describe(o))
	case s.phase == away && s.last != "" && s.id != "" && o.asked.Sub(s.since) > noticeLimit:
		s.absent(o)
	}
}

// judge compares a broadcast that came on air with the one before.
func (s *stream) judge(id string) {
	was := s.id
	s.id = id
	switch {
	case s.last == "" || was == "" && s.last == cleanStop:
		s.resumes = 0
	case was == "":
		s.resumes = unknown
	case s.last == cleanStop && id == was:
		s.tally.Fault("the same broadcast after "+string(s.last), "%s: %s", s.name, id)
	case s.last != cleanStop && id != was:
		s.tally.Fault("another broadcast after "+string(s.last), "%s: %s, then %s", s.name, was, id)
		s.resumes = 0
	case s.last == cleanStop:
		s.resumes = 0
		s.tally.Event("a new broadcast after a clean stop, as it should be")
	default:
		if s.resumes != unknown {
			s.resumes++
		}
		s.tally.Event("came back as the same broadcast, as it should be")
	}
}

// absent judges a channel whose encoder has left.
func (s *stream) absent(o observation) {
	if s.last == cleanStop {
		if o.broadcast != "" {
			s.tell("still on air after a clean stop", "%s", describe(o))
		}
		return
	}
	if o.broadcast != s.id || o.state != "interrupted" {
		s.tell("not interrupted after "+string(s.last), "was %s, is %s", s.id, describe(o))
	}
}

// tell counts one fault in a phase, and no more of it.
func (s *stream) tell(kind, format string, args ...any) {
	if s.told {
		return
	}
	s.told = true
	s.tally.Fault(kind, s.name+": "+format, args...)
}

func describe(o observation) string {
	if o.broadcast == "" {
		return "off air"
	}
	return o.state + " as " + o.broadcast
}

// mayEnd says whether a list of the broadcast may have ended by now.
func (s *stream) mayEnd(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.phase == onAir && s.back
	return s.id != id || s.last == cleanStop && !seen
}

// sending says since when an encoder has been sending to the broadcast; false
// when none is, or when that was not so when a list was asked for.
func (s *stream) sending(id string, asked time.Time) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.since, s.phase == onAir && s.back && s.id == id && asked.After(s.since)
}

// interruptions returns how many discontinuities the newest segments of the
// broadcast must have before them; once in each time on air, when enough of it
// has passed.
func (s *stream) interruptions(id string, asked time.Time) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase != onAir || !s.back || s.counted || s.resumes == unknown || s.id != id || asked.Sub(s.since) < moveLimit {
		return 0, false
	}
	s.counted = true
	return s.resumes, true
}
