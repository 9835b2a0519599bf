package httpmedia

import (
	"io"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// slabBytes is what memory is taken by: some pictures, and no more than a
	// viewer that stands can hold on to for itself.
	slabBytes = 256 << 10
	// maxWaiting is the most of what viewers have not heard of that is worth a copy.
	maxWaiting = 8 << 10
	// maxBytes bounds a ring as live bounds a rendition; what it is kept in may
	// be twice as much when pictures just do not fit into the rest of a slab. A
	// group of pictures that is longer cannot be begun with.
	maxBytes = 16 << 20
	// keep is how old tags may be that a viewer is still to read although a
	// newer key frame is there: as old as units are in live.
	keep = 4 * time.Second
	// markStep is how finely the ring knows how old its tags are.
	markStep = keep / 8
)

// ring holds the newest tags of a stream, one after another: at least from the
// newest key frame on. A position in it is a number of bytes since its start.
// One goroutine writes, and never waits; any number read.
type ring struct {
	// The writer's own. What it appends to open beyond end nobody else looks at.
	open   []byte    // the newest slab, as far as it is written
	base   int64     // position of open
	newest time.Time // when the newest unit arrived
	counts *counts

	mu    sync.Mutex
	wake  chan struct{} // closed at news, made by the first who waits
	slabs []slab        // oldest first
	marks []mark        // oldest first, the newest keep back
	old   int64         // position before which nobody reads on
	end   int64         // position up to which tags may be read, whole
	entry entry
	begun bool
	since time.Time // when the first unit arrived
	ended bool
}

// slab is a piece of memory that is written once, from its start on. It holds
// whole tags, up to where the next slab begins.
type slab struct {
	at int64
	b  []byte
}

// mark says when the tags before a position had arrived.
type mark struct {
	at      int64
	arrived time.Time
}

// entry is where a viewer begins.
type entry struct {
	at      int64  // position of a key frame
	headers []byte // what goes before it
	changed int64  // position of the newest header among the tags
	has     kinds
}

// kinds says what tracks there are.
type kinds struct{ video, audio bool }

func (k kinds) all(expected []media.Kind) bool {
	return (k.video || !slices.Contains(expected, media.Video)) && (k.audio || !slices.Contains(expected, media.Audio))
}

// head is the position of what is written next, once there is room.
func (r *ring) head() int64 { return r.base + int64(len(r.open)) }

// room makes room for n bytes in the open slab. It is for the writer. Sound
// that waits for its picture moves on with it, so that the two are in one piece.
func (r *ring) room(n int) {
	if cap(r.open)-len(r.open) >= n {
		return
	}
	var waiting []byte
	if from := max(0, r.end-r.base); int64(len(r.open))-from <= maxWaiting {
		waiting = r.open[from:]
	}
	r.base = r.head() - int64(len(waiting))
	r.open = append(make([]byte, 0, max(slabBytes, len(waiting)+n)), waiting...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slabs = append(r.slabs, slab{at: r.base, b: r.open[:cap(r.open)]})
}

// publish lets what was written be read, and says where to begin from now on.
func (r *ring) publish(e entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.begun {
		r.begun, r.since = true, r.newest
	}
	r.end, r.entry = r.head(), e
	if n := len(r.marks); n == 0 || r.newest.Sub(r.marks[n-1].arrived) >= markStep {
		r.marks = append(r.marks, mark{r.end, r.newest})
	}
	r.trim()
	r.news()
}

// trim lets go of what nobody is to read any more: what is both before the
// newest key frame and older than keep. The mutex is held.
func (r *ring) trim() {
	past := 0
	for past < len(r.marks)-1 && r.newest.Sub(r.marks[past+1].arrived) >= keep {
		past++
	}
	r.marks = slices.Delete(r.marks, 0, past)
	if first := r.marks[0]; r.newest.Sub(first.arrived) >= keep {
		r.old = max(r.old, min(first.at, r.entry.at))
	}
	gone := 0
	for gone < len(r.slabs)-1 && (r.slabs[gone+1].at <= r.old || r.end-r.slabs[gone].at > maxBytes) {
		gone++
	}
	r.slabs = slices.Delete(r.slabs, 0, gone)
	r.old = max(r.old, r.slabs[0].at)
}

// finish says that nothing more will come.
func (r *ring) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	r.news()
}

// news wakes who waits. The mutex is held.
func (r *ring) news() {
	if r.wake != nil {
		close(r.wake)
		r.wake = nil
	}
}

// waiter returns the channel that the next news closes. The mutex is held.
func (r *ring) waiter() <-chan struct{} {
	if r.wake == nil {
		r.wake = make(chan struct{})
	}
	return r.wake
}

// state is how far a ring has come.
type state struct {
	begun, ended bool
	since        time.Time
	has          kinds
}

// state returns how far the ring has come, and the channel that the next news
// closes.
func (r *ring) state() (state, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return state{r.begun, r.ended, r.since, r.entry.has}, r.waiter()
}

// cursor is one viewer's place in a ring. The zero value has not begun.
type cursor struct {
	begun bool
	at    int64
}

// next returns what a cursor has not read yet and moves it on: headers that go
// before, mostly none, and tags in one piece, both of which are shared by all.
// When there is nothing it returns a channel that is closed at the next news,
// and at the end io.EOF. A cursor that fell behind goes on at the newest key
// frame.
func (r *ring) next(c *cursor) (headers, tags []byte, news <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun {
		behind := !c.begun || c.at < r.old
		if behind && r.entry.at >= r.slabs[0].at {
			headers, behind = r.enter(c), false
		}
		if !behind && c.at < r.end {
			tags = r.from(c.at)
			c.at += int64(len(tags))
			return headers, tags, nil, nil
		}
	}
	if r.ended {
		return nil, nil, nil, io.EOF
	}
	return nil, nil, r.waiter(), nil
}

// enter moves a cursor to where viewers begin, and returns the headers that it
// has not read. The mutex is held.
func (r *ring) enter(c *cursor) (headers []byte) {
	e := r.entry
	switch {
	case !c.begun:
		headers = append(flv.AppendFileHeader(nil, e.has.video, e.has.audio), e.headers...)
	case c.at <= e.changed:
		headers = e.headers
	}
	if c.begun {
		r.counts.skips.Add(1)
		r.counts.skippedBytes.Add(e.at - c.at)
	}
	c.begun, c.at = true, e.at
	return headers
}

// from returns the tags at a position as far as they lie in one piece. The
// mutex is held.
func (r *ring) from(at int64) []byte {
	i := len(r.slabs) - 1
	to := r.end
	for ; r.slabs[i].at > at; i-- {
		to = min(to, r.slabs[i].at)
	}
	s := r.slabs[i]
	return s.b[at-s.at : to-s.at : to-s.at]
}
