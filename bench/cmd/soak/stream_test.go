package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/tally"
)

// story drives a stream by a clock of its own.
type story struct {
	*stream
	now time.Time
}

func begin() *story {
	return &story{stream: &stream{name: "a", tally: tally.New()}, now: time.Unix(1e9, 0)}
}

func (s *story) after(d time.Duration) *story {
	s.now = s.now.Add(d)
	return s
}

func (s *story) see(state, broadcast string) {
	s.sees(observation{asked: s.after(time.Millisecond).now, state: state, broadcast: broadcast})
}

func (s *story) publish() {
	s.comes(s.now)
	s.publishes(s.after(100 * time.Millisecond).now)
}

func (s *story) leave(how ending) {
	s.breaks(how, s.now)
	s.gone(s.now)
}

func (s *story) faults() (names []string) {
	for _, k := range s.tally.Faults() {
		names = append(names, k.Name)
	}
	return names
}

func TestBroadcastOutlivesLossesAndEndsWithACleanStop(t *testing.T) {
	s := begin()
	s.see("", "") // before anybody came
	s.publish()
	s.see("opening", "b1")
	s.see("live", "b1")
	for _, how := range []ending{fin, rst, silence, thrownOut} {
		s.leave(how)
		s.see("live", "b1") // not noticed yet
		s.after(6*time.Second).see("interrupted", "b1")
		s.publish()
		s.see("interrupted", "b1") // no media yet
		s.see("live", "b1")
	}
	want, due := s.interruptions("b1", s.after(time.Minute).now)
	require.True(t, due)
	require.Equal(t, 4, want)
	_, due = s.interruptions("b1", s.now)
	require.False(t, due, "once in each time on air")

	s.leave(cleanStop)
	s.after(6*time.Second).see("", "")
	s.publish()
	s.see("live", "b2")
	want, due = s.interruptions("b2", s.after(time.Minute).now)
	require.True(t, due)
	require.Zero(t, want)
	require.Empty(t, s.faults())
}

func TestBrokenPromisesAreTold(t *testing.T) {
	for want, tell := range map[string]func(s *story){
		"another broadcast after FIN": func(s *story) {
			s.leave(fin)
			s.publish()
			s.see("live", "b2")
			s.see("live", "b2")
		},
		"the same broadcast after a clean stop": func(s *story) {
			s.leave(cleanStop)
			s.publish()
			s.see("live", "b1")
		},
		"not interrupted after RST": func(s *story) {
			s.leave(rst)
			s.after(6*time.Second).see("", "")
			s.see("", "") // told once
		},
		"not interrupted after silence": func(s *story) {
			s.leave(silence)
			s.after(6*time.Second).see("live", "b1")
		},
		"still on air after a clean stop": func(s *story) {
			s.leave(cleanStop)
			s.after(6*time.Second).see("interrupted", "b1")
		},
		"off air while an encoder sends": func(s *story) {
			s.see("interrupted", "b1")
		},
		"not on air after an encoder came": func(s *story) {
			s.leave(fin)
			s.publish()
			s.after(11*time.Second).see("interrupted", "b1")
		},
	} {
		s := begin()
		s.publish()
		s.see("live", "b1")
		tell(s)
		require.Equal(t, []string{want}, s.faults())
		require.Equal(t, 1, s.tally.Faults()[0].Count, want)
	}
}

// What was asked before the encoder did something may be answered either way.
func TestOldNewsIsNoFault(t *testing.T) {
	s := begin()
	s.publish()
	s.see("live", "b1")
	asked := s.now
	s.after(time.Second).leave(cleanStop)
	s.after(2 * time.Second).publish()
	s.sees(observation{asked: asked, state: "live", broadcast: "b1"})
	s.see("live", "b2")
	require.Empty(t, s.faults())
}

// An encoder that left before it was seen tells nothing of what comes next.
func TestNothingIsPromisedOfATimeThatNobodySaw(t *testing.T) {
	s := begin()
	s.publish()
	s.leave(fin)
	s.after(9*time.Second).see("interrupted", "b1")
	s.publish()
	s.see("live", "b1")
	_, due := s.interruptions("b1", s.after(time.Minute).now)
	require.False(t, due, "how often it came back is not known")
	require.Empty(t, s.faults())
}

func TestListsMayEndAfterACleanStopAlone(t *testing.T) {
	s := begin()
	s.publish()
	s.see("live", "b1")
	require.False(t, s.mayEnd("b1"))
	s.leave(fin)
	require.False(t, s.mayEnd("b1"))
	s.publish()
	s.see("live", "b1")
	s.leave(cleanStop)
	require.True(t, s.mayEnd("b1"))
	s.publish()
	require.True(t, s.mayEnd("b1"), "the next one was not seen yet")
	s.see("live", "b2")
	require.True(t, s.mayEnd("b1"))
	require.False(t, s.mayEnd("b2"))
}
