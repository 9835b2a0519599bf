package chat

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// snapshotted is a frame with the newest lines, and what came since it was made:
// so those who come in a crowd share one.
type snapshotted struct {
	frame []byte
	most  int // lines that were asked for
	since []byte
	at    time.Time
}

// How long a snapshot is used, and how much may come after it.
const (
	snapshotTime  = time.Second
	snapshotAfter = 64 << 10
)

// append adds an event to what goes to everybody next. The lock is held.
func (r *Room) append(event []byte) {
	r.pending = appendFrame(r.pending, event)
	if r.recent.frame != nil {
		r.recent.since = appendFrame(r.recent.since, event)
	}
}

// windowOf is how long news wait for others, to be sent with them by one write:
// a room of few hears at once.
func windowOf(n int) time.Duration {
	switch {
	case n < 500:
		return 0
	case n < 2000:
		return 50 * time.Millisecond
	}
	return 100 * time.Millisecond
}

// flushIfDue sends what waits, or sees to it that it is sent at the window's end.
func (r *Room) flushIfDue() {
	r.mu.Lock()
	if len(r.pending) == 0 {
		r.mu.Unlock()
		return
	}
	w := r.s.o.pace.window(len(r.conns))
	if w > 0 && len(r.pending) < 256<<10 {
		if r.timer == nil && !r.ended {
			r.timer = time.AfterFunc(w, r.flush)
		}
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	r.flush()
}

// flush sends what waits to everybody. Frames are made once, and shared.
func (r *Room) flush() {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.mu.Lock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	b := r.pending
	r.pending = nil
	r.sending = append(r.sending[:0], r.conns...)
	to := r.sending
	var behind map[*conn]int
	for _, c := range to {
		if c.skip > 0 {
			if behind == nil {
				behind = map[*conn]int{}
			}
			behind[c], c.skip = c.skip, 0
		}
	}
	r.mu.Unlock()
	if len(b) == 0 {
		return
	}
	r.s.stats.Deliveries.Add(int64(len(to)))
	deliver(to, func(c *conn) {
		if n := behind[c]; n > 0 {
			c.push(b[n:])
			return
		}
		c.push(b)
	})
	clear(to)
}

// crowd is from how many connections on two share the work.
const crowd = 1024

// breath is after how many connections others get their turn: who speaks is to
// be heard while a crowd is written to.
const breath = 16

// deliver calls f for each connection, and returns when all is done.
func deliver(to []*conn, f func(*conn)) {
	if len(to) < crowd {
		for _, c := range to {
			f(c)
		}
		return
	}
	some := func(to []*conn) {
		for i, c := range to {
			if f(c); i%breath == breath-1 {
				runtime.Gosched()
			}
		}
	}
	var g sync.WaitGroup
	half := len(to) / 2
	g.Go(func() { some(to[:half]) })
	some(to[half:])
	g.Wait()
}

// snapshot returns frames with the newest lines, and what came since they were
// made. The lock is held.
func (r *Room) snapshot(most int) (shared, since []byte) {
	if most == 0 {
		return nil, nil
	}
	s := &r.recent
	if s.frame == nil || s.most != most || len(s.since) > snapshotAfter || r.s.o.now().Sub(s.at) > snapshotTime {
		lines := r.lines[max(0, len(r.lines)-most):]
		*s = snapshotted{frame: historyFrame(lines, true), most: most, at: r.s.o.now()}
	}
	return s.frame, s.since[:len(s.since):len(s.since)]
}

// historyFrame is the event with several lines.
func historyFrame(lines []entry, complete bool) []byte {
	const head, between, whole, part = `{"type":"history","lines":[`, `],"complete":`, `true}`, `false}`
	end := whole
	if !complete {
		end = part
	}
	n := len(head) + len(between) + len(end) + max(0, len(lines)-1)
	for _, l := range lines {
		n += len(l.json)
	}
	b := appendHead(make([]byte, 0, n+10), n)
	b = append(b, head...)
	for i, l := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, l.json...)
	}
	return append(append(b, between...), end...)
}

// toModerators sends a frame to those who moderate, also where a place was lost
// by another process, of which nobody tells.
func (r *Room) toModerators(b []byte) {
	ctx, cancel := context.WithTimeout(r.s.ctx, 30*time.Second)
	defer cancel()
	for _, c := range r.connections(func(c *conn) bool { return c.moderates }) {
		if st, err := r.standing(ctx, c.actor()); err != nil || !st.moderates() {
			r.tellYou(c)
			continue
		}
		c.push(b)
	}
}
