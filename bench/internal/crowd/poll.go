package crowd

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/keepalive"
)

// checkEvery is how many segments of a viewer go by for one whose hash is
// compared with that of the first viewer who had it.
const checkEvery = 8

// Poll is what viewers of plain HLS do: every so often each asks for its lists
// and then for the segments that are new in them. They are spread evenly over
// that time.
type Poll struct {
	Lists  []string // paths of media playlists; each viewer follows all
	Every  time.Duration
	Rounds int
	// MaxBody bounds a list or segment, with its header.
	MaxBody int
}

// Polled is what all viewers got.
type Polled struct {
	Lists, Segments int
	Bytes           int64
	// From when it was to be asked for until its last byte was there, in
	// milliseconds. A viewer that the load itself kept waiting counts as one
	// that the server did: who is asked late answers late.
	ListDelays, SegmentDelays []float64
	// Late is the most that a viewer began a round late.
	Late time.Duration
	Wall time.Duration
}

// Poll has every connection be a viewer. What a viewer did not get is an
// error, and so is a segment that is not what others got.
func (c *Crowd) Poll(ctx context.Context, p Poll) (Polled, error) {
	var (
		all    sync.WaitGroup
		failed faults
		bodies = &bodies{known: map[string]body{}}
		began  = time.Now()
		each   = make([]poller, len(c.conns))
	)
	buffers := sync.Pool{New: func() any { b := make([]byte, p.MaxBody); return &b }}
	for i, conn := range c.conns {
		v := &each[i]
		*v = poller{plan: &p, conn: conn, bodies: bodies, buffers: &buffers, last: make([]string, len(p.Lists)), first: i}
		all.Go(func() {
			if err := v.run(ctx, began.Add(p.Every*time.Duration(i)/time.Duration(len(c.conns)))); err != nil {
				failed.add(err)
			}
		})
	}
	all.Wait()
	r := Polled{Wall: time.Since(began)}
	for i := range each {
		v := &each[i]
		r.Lists += len(v.lists)
		r.Segments += len(v.segments)
		r.Bytes += v.bytes
		r.ListDelays = append(r.ListDelays, v.lists...)
		r.SegmentDelays = append(r.SegmentDelays, v.segments...)
		r.Late = max(r.Late, v.late)
	}
	if ctx.Err() != nil {
		return r, context.Cause(ctx)
	}
	if err := failed.err(); err != nil {
		return r, err
	}
	if want := len(c.conns) * len(p.Lists) * (p.Rounds - 1); r.Segments < want {
		return r, fmt.Errorf("%d segments came in the time of %d: the lists stood still", r.Segments, want)
	}
	return r, nil
}

// poller is one viewer.
type poller struct {
	plan    *Poll
	conn    *keepalive.Conn
	bodies  *bodies
	buffers *sync.Pool
	last    []string // address of the newest segment of each list
	first   int      // from which number on hashes are compared

	lists, segments []float64
	bytes           int64
	late            time.Duration
}

func (v *poller) run(ctx context.Context, due time.Time) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for range v.plan.Rounds {
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		v.late = max(v.late, time.Since(due))
		if err := v.round(due); err != nil {
			return err
		}
		due = due.Add(v.plan.Every)
	}
	return nil
}

// round asks for each list and for what is new in it, one after the other; what
// is asked for first was to be asked for at the time due.
func (v *poller) round(due time.Time) error {
	buf := v.buffers.Get().(*[]byte)
	defer v.buffers.Put(buf)
	for i, path := range v.plan.Lists {
		list, err := v.conn.Get(path, *buf)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		now := time.Now()
		v.lists = append(v.lists, now.Sub(due).Seconds()*1000)
		v.bytes += int64(len(list))
		due = now
		fresh, err := segmentsAfter(list, v.last[i])
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, uri := range fresh {
			at := folderOf(path).path(uri)
			b, err := v.conn.Get(at, *buf)
			if err == nil {
				err = v.bodies.check(at, b, (v.first+len(v.segments))%checkEvery == 0)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
			now := time.Now()
			v.segments = append(v.segments, now.Sub(due).Seconds()*1000)
			v.bytes += int64(len(b))
			v.last[i], due = uri, now
		}
	}
	return nil
}

// bodies are the segments as they came to the first who had them.
type bodies struct {
	mu    sync.RWMutex
	known map[string]body
}

type body struct {
	size int
	hash [sha256.Size]byte
}

// check compares a segment with what others got: its length, and its hash
// where that is asked for.
func (bs *bodies) check(at string, b []byte, hash bool) error {
	bs.mu.RLock()
	known, ok := bs.known[at]
	bs.mu.RUnlock()
	if !ok {
		known = body{len(b), sha256.Sum256(b)}
		bs.mu.Lock()
		if first, ok := bs.known[at]; ok {
			known = first
		}
		bs.known[at] = known
		bs.mu.Unlock()
		hash = true
	}
	if len(b) == 0 {
		return errors.New("an empty segment")
	}
	if len(b) != known.size {
		return fmt.Errorf("%d bytes, others got %d", len(b), known.size)
	}
	if hash && sha256.Sum256(b) != known.hash {
		return errors.New("other bytes than others got")
	}
	return nil
}
