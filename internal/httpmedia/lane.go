package httpmedia

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/rostrumlive/rostrum/internal/live"
)

// laneViewers is how many viewers a goroutine writes to at most. A round of so
// many takes 7 ms where each write takes 14 µs; with more, other cores help.
const laneViewers = 512

// Conn is a viewer's connection that can be written to without waiting for it.
type Conn interface {
	// TryWrite sends as much of b as the system takes at once; that it takes
	// nothing is no error. One goroutine at a time calls it, also once the
	// connection is closed.
	TryWrite(b []byte) (n int, err error)
}

// lanes are those of a feed.
type lanes struct {
	ring    *ring
	stream  *live.Stream // that bytes are counted of
	running sync.WaitGroup

	mu  sync.Mutex
	all []*lane
}

// lane is one goroutine that writes to many viewers what is new: to wake one for
// each of them, for each picture, costs a third more in all
// (docs/decisions/006-flv-fan-out.md). A viewer that does not take all at once
// leaves the lane: its own goroutine waits for it, and it comes back when it
// has caught up.
type lane struct {
	of   *lanes
	came chan struct{} // holds one when somebody has come

	// Of the lane's goroutine.
	viewers []*viewer

	// Under the mutex of lanes.
	count  int       // of those in the lane, who come included
	coming []*viewer // since the last round
}

// viewer is one that may be in a lane. While it is, the lane has its cursor.
type viewer struct {
	conn   Conn // nil for a viewer that can be in none
	cursor cursor
	back   chan leftover // of one: a lane that lets go of a viewer tells it once
	gone   atomic.Bool   // its goroutine is away: nobody is to be told
	sent   atomic.Int64  // bytes, by lanes
}

// leftover is what a viewer that left its lane is still to be sent, or why it
// is to be sent nothing any more: io.EOF at the broadcast's end.
type leftover struct {
	headers, tags []byte
	err           error
}

// enter puts a viewer into the lane with the fewest, which goes on until ctx
// ends.
func (l *lanes) enter(ctx context.Context, v *viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var to *lane
	for _, ln := range l.all {
		if ln.count < laneViewers && (to == nil || ln.count < to.count) {
			to = ln
		}
	}
	if to == nil {
		to = &lane{of: l, came: make(chan struct{}, 1)}
		l.all = append(l.all, to)
		l.running.Go(func() { to.run(ctx) })
	}
	to.count++
	to.coming = append(to.coming, v)
	select {
	case to.came <- struct{}{}:
	default: // it knows
	}
}

// run writes what the ring holds to the viewers in the lane, as it comes.
func (l *lane) run(ctx context.Context) {
	for {
		select {
		case <-l.round():
		case <-l.came:
		case <-ctx.Done():
			return
		}
	}
}

// round brings every viewer up to date, and returns the channel that news since
// then close; nil when nobody is in the lane.
func (l *lane) round() (news <-chan struct{}) {
	l.admit()
	stay := l.viewers[:0]
	for _, v := range l.viewers {
		n := l.write(v)
		if n == nil {
			continue
		}
		stay = append(stay, v)
		if news == nil { // the first one's: what came during the round is news to it
			news = n
		}
	}
	if left := len(l.viewers) - len(stay); left > 0 {
		clear(l.viewers[len(stay):])
		l.viewers = stay
		l.of.mu.Lock()
		l.count -= left
		l.of.mu.Unlock()
	}
	return news
}

// admit lets in who has come.
func (l *lane) admit() {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.viewers = append(l.viewers, l.coming...)
	clear(l.coming)
	l.coming = l.coming[:0]
}

// write sends a viewer what is new, and returns what the next news closes. When
// that is nil the viewer has left the lane.
func (l *lane) write(v *viewer) (news <-chan struct{}) {
	for !v.gone.Load() {
		headers, tags, news, err := l.of.ring.next(&v.cursor)
		if news != nil {
			return news
		}
		if err == nil && len(headers) == 0 {
			var n int
			n, err = v.conn.TryWrite(tags)
			v.sent.Add(int64(n))
			l.of.stream.Sent(int64(n))
			if err == nil && n == len(tags) {
				continue
			}
			tags = tags[n:]
		}
		v.back <- leftover{headers, tags, err}
		return nil
	}
	return nil
}

// ride lets a viewer that is up to date be written to by a lane, until it does
// not take all, nothing more comes, or ctx ends.
func (f *feed) ride(ctx context.Context, v *viewer) leftover {
	f.lanes.enter(f.ctx, v)
	select {
	case rest := <-v.back:
		return rest
	case <-ctx.Done():
		// The lane may be writing: the connection is not used for anything else.
		v.gone.Store(true)
		return leftover{err: ctx.Err()}
	}
}
