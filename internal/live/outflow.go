package live

import (
	"sync"
	"sync/atomic"
	"time"
)

// outflow counts what goes out of a stream, and keeps what was counted each
// second of the last ones, for a rate.
type outflow struct {
	total atomic.Int64
	next  atomic.Int64 // when the next mark is due, in nanoseconds

	mu    sync.Mutex
	marks [outMarks]outMark
	at    int
}

const (
	outMarks = 12          // a few more than rates are taken over
	outEvery = time.Second // between two
	outOver  = 10 * time.Second
)

// outMark is what had gone out at a moment.
type outMark struct {
	at    time.Time
	total int64
}

// Sent counts bytes that went out to somebody who watches the stream or takes it
// on, by whoever sent them. It never blocks.
func (s *Stream) Sent(bytes int64) { s.out.add(bytes, time.Now()) }

// SentBytes is how much that was.
func (s *Stream) SentBytes() int64 { return s.out.total.Load() }

// SentRate is how much that was lately, in bits a second.
func (s *Stream) SentRate() int64 { return s.out.rate(time.Now()) }

func (o *outflow) add(bytes int64, now time.Time) {
	if due := o.next.Load(); now.UnixNano() >= due && o.next.CompareAndSwap(due, now.Add(outEvery).UnixNano()) {
		o.mu.Lock()
		o.marks[o.at] = outMark{now, o.total.Load()}
		o.at = (o.at + 1) % outMarks
		o.mu.Unlock()
	}
	o.total.Add(bytes)
}

// rate looks back to the oldest mark of the last seconds. What went out before
// them, and nothing since, is no rate.
func (o *outflow) rate(now time.Time) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range outMarks { // from the oldest
		m := o.marks[(o.at+i)%outMarks]
		if age := now.Sub(m.at); !m.at.IsZero() && age <= outOver {
			return int64(float64(o.total.Load()-m.total) * 8 / max(age, outEvery).Seconds())
		}
	}
	return 0
}
