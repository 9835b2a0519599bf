package doctor

import (
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Snapshot is all that a verdict is made of. What a Meter does not know of it is
// filled in by who does.
type Snapshot struct {
	Video, Audio *media.Track  // the newest encoder's; nil for what did not come
	Delay        time.Duration // that the order of the pictures costs

	// Encoder is what the encoder calls itself; may be empty.
	Encoder string
	// Notices tell of what it sends and cannot be carried.
	Notices []media.Notice
	// Takeovers and Losses are when another encoder took the stream over, and
	// when its encoder was lost, oldest first.
	Takeovers, Losses []time.Time
	// Away says that no encoder is there now.
	Away bool
	// Unpaced says that the arrival of units tells nothing: they came from a
	// file, or in whole segments.
	Unpaced bool

	begun   time.Time // the first of the seconds
	seconds []second  // whole ones, oldest first
	starts  []int     // of each, in which its encoder began
}

// add appends a second.
func (s *Snapshot) add(b second) {
	n := len(s.seconds)
	start := n
	if n > 0 && s.seconds[n-1].session == b.session {
		start = s.starts[n-1]
	}
	s.seconds, s.starts = append(s.seconds, b), append(s.starts, start)
}

// Seconds is for how long the stream has been looked at, at most Window.
func (s *Snapshot) Seconds() int { return len(s.seconds) }

// Settled reports whether enough was seen of the present encoder for verdicts on
// how it runs.
func (s *Snapshot) Settled() bool {
	return !s.Away && len(view{s, len(s.seconds)}.session()) >= settle
}

// time is when a second begins.
func (s *Snapshot) time(n int) time.Time { return s.begun.Add(time.Duration(n) * time.Second) }

// view is a snapshot as it was at the end of a second.
type view struct {
	*Snapshot
	end int // seconds from here on are not known yet
}

// now is when that was.
func (v view) now() time.Time { return v.time(v.end) }

// session returns the seconds of the encoder that was there, without those in
// which it warmed up.
func (v view) session() []second {
	if v.end == 0 {
		return nil
	}
	return v.seconds[min(v.end, v.starts[v.end-1]+warmUp):v.end]
}

// last returns the newest n seconds of the session, or as many as there are.
func (v view) last(n int) []second {
	list := v.session()
	return list[max(0, len(list)-n):]
}

// settled reports whether the encoder has been there for long enough.
func (v view) settled() bool { return !v.Away && len(v.session()) >= settle }

// since counts the times from a while before on.
func (v view) since(times []time.Time, ago time.Duration) int {
	n := 0
	for _, t := range times {
		if t.After(v.now().Add(-ago)) && !t.After(v.now()) {
			n++
		}
	}
	return n
}

// median is that of a list, which is sorted; 0 of none.
func median[T int64 | int32 | uint32 | float64](list []T) T {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
