package testkit

import (
	"fmt"
	"time"
)

const (
	// joinSlack is the overlap of two fragments in a row, or the hole between
	// them, that one which guessed its last frame's duration may leave.
	joinSlack = 34 * time.Millisecond
	// stampSlack is what the encoder's stamps add to that: milliseconds.
	stampSlack = 2 * time.Millisecond
)

// Timeline follows one track's fragments, in order, and fails where they do
// not follow on each other. The zero value is before the first.
type Timeline struct {
	Worst time.Duration // the longest hole or overlap so far

	begun    bool
	sequence uint32
	end      time.Duration
}

// Add takes the next fragment. hole says that time may jump ahead before it, by
// less than most: at a discontinuity, or behind what was not there to be
// loaded.
func (l *Timeline) Add(f *Fragment, timescale uint32, most time.Duration) error {
	at := ticks(f.DecodeTime, timescale)
	if l.begun {
		off := at - l.end
		frame := ticks(f.Duration, timescale)/time.Duration(max(1, f.Samples)) + stampSlack // one that the encoder left out
		if off < -joinSlack || off > max(joinSlack, frame, most) {
			return fmt.Errorf("a fragment begins at %v, the one before it ends at %v", at, l.end)
		}
		if f.Sequence <= l.sequence {
			return fmt.Errorf("fragment number %d after %d", f.Sequence, l.sequence)
		}
		if most == 0 {
			l.Worst = max(l.Worst, off.Abs())
		}
	}
	l.begun, l.sequence, l.end = true, f.Sequence, at+ticks(f.Duration, timescale)
	return nil
}

// Anew says that another timeline begins.
func (l *Timeline) Anew() { l.begun = false }

func ticks(n uint64, timescale uint32) time.Duration {
	s := uint64(timescale)
	return time.Duration(n/s)*time.Second + time.Duration(n%s)*time.Second/time.Duration(s)
}

// Length is the sum of fragments' sample durations.
func Length(list []Fragment, timescale uint32) time.Duration {
	var sum uint64
	for i := range list {
		sum += list[i].Duration
	}
	return ticks(sum, timescale)
}
