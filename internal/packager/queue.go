package packager

import "github.com/rostrumlive/rostrum/internal/media"

// queue holds a rendition's units until it is known to which segment they
// belong, first in, first out. Its memory is used again.
type queue struct {
	units []*media.AccessUnit
	head  int // index in units of the first that waits
	bytes int // of Data
}

func (q *queue) len() int { return len(q.units) - q.head }

func (q *queue) push(u *media.AccessUnit) {
	if q.head > 0 && len(q.units) == cap(q.units) && q.head >= len(q.units)/2 {
		n := copy(q.units, q.units[q.head:])
		clear(q.units[n:])
		q.units, q.head = q.units[:n], 0
	}
	q.units = append(q.units, u)
	q.bytes += len(u.Data)
}

// first returns the unit that waits longest. The queue is not empty.
func (q *queue) first() *media.AccessUnit { return q.units[q.head] }

// newest returns the unit that came last. The queue is not empty.
func (q *queue) newest() *media.AccessUnit { return q.units[len(q.units)-1] }

// pop removes and returns the first unit. The queue is not empty.
func (q *queue) pop() *media.AccessUnit {
	u := q.units[q.head]
	q.units[q.head] = nil
	q.bytes -= len(u.Data)
	if q.head++; q.head == len(q.units) {
		q.units, q.head = q.units[:0], 0
	}
	return u
}

// overfull reports whether no more should wait: beyond the bounds units go
// into parts though it is not sure where they belong.
func (q *queue) overfull() bool { return q.len() >= maxWaiting || q.bytes >= maxWaitingBytes }
