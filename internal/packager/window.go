package packager

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Window holds the newest segments of one rendition, complete ones and the
// one that is being made. The cutter appends; any number of readers take
// snapshots, which never change.
type Window struct {
	Name     string
	Kind     media.Kind
	packager *Packager

	snap atomic.Pointer[snapshot]

	mu       sync.Mutex // guards what follows, and the order of snapshots
	wake     chan struct{}
	complete []*Segment // appended to, cut at the front; snapshots share its memory
	open     *Segment
	parts    []Part // of open; a new slice for each segment
	nextPart int64
	inits    []*Init
	target   time.Duration // EXT-X-PART-INF, fixed by the first part
	discs    int64         // discontinuities among the segments that were cut off
	ended    bool
}

// snapshot is what the window offers at one moment.
type snapshot struct {
	complete []*Segment
	open     *Segment // nil between segments
	parts    []Part   // of open
	nextPart int64
	target   time.Duration
	discs    int64 // discontinuities before complete[0]
	ended    bool
	live     lazyText
	plain    lazyText
}

func newWindow(name string, kind media.Kind, p *Packager) *Window {
	w := &Window{Name: name, Kind: kind, packager: p}
	w.snap.Store(&snapshot{})
	return w
}

// Init returns the initialisation section of that number, nil when there is none.
func (w *Window) Init(number int64) *Init {
	w.mu.Lock()
	defer w.mu.Unlock()
	if number < 0 || number >= int64(len(w.inits)) {
		return nil
	}
	return w.inits[number]
}

// Track returns the track of the newest initialisation section, nil before the first.
func (w *Window) Track() *media.Track {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.inits) == 0 {
		return nil
	}
	return w.inits[len(w.inits)-1].Track
}

func (w *Window) addInit(t *media.Track, b []byte) *Init {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := &Init{Number: int64(len(w.inits)), Track: t, Bytes: b}
	w.inits = append(w.inits, i)
	return i
}

// begin opens a segment; it is listed with its first part.
func (w *Window) begin(s *Segment) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.firstPart = w.nextPart
	w.open, w.parts = s, make([]Part, 0, 12)
}

// add appends a part to the open segment and publishes it.
func (w *Window) add(b []byte, duration int64, independent bool) {
	w.mu.Lock()
	s := w.open
	s.append(b)
	w.parts = append(w.parts, Part{
		Number: w.nextPart, Offset: s.Size, Size: len(b), Duration: duration, Independent: independent,
	})
	s.Size += int64(len(b))
	w.nextPart++
	w.publish()
	w.mu.Unlock()
	w.packager.news()
}

// finish completes the open segment.
func (w *Window) finish(ticks int64, duration time.Duration) {
	w.mu.Lock()
	s := w.open
	s.Ticks, s.Duration, s.Parts = ticks, duration, w.parts
	w.open, w.parts = nil, nil
	w.push(s)
	w.mu.Unlock()
	w.packager.news()
}

// gap lists a segment of which this rendition has no media.
func (w *Window) gap(s *Segment) {
	w.mu.Lock()
	s.Gap, s.firstPart = true, w.nextPart
	w.push(s)
	w.mu.Unlock()
	w.packager.news()
}

func (w *Window) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.publish()
}

// push appends a complete segment and lets the oldest go. The mutex is held.
func (w *Window) push(s *Segment) {
	w.complete = append(w.complete, s)
	w.trim()
	w.publish()
}

// trim lets go of what has left the live playlist for as long as the playlist
// is (RFC 8216bis 6.2.2), and of the memory of what has left it. The mutex is
// held.
func (w *Window) trim() {
	var behind time.Duration
	keep := 2 * w.packager.opts.LiveWindow
	for i := len(w.complete) - 1; i >= 0; i-- {
		behind += w.complete[i].Duration
		if behind <= w.packager.opts.LiveWindow {
			continue
		}
		w.complete[i].drop()
		if behind > keep {
			for _, gone := range w.complete[:i] {
				if gone.Discontinuity {
					w.discs++
				}
			}
			w.complete = w.complete[i:]
			return
		}
	}
}

// publish makes the present state the one that readers see. The mutex is held.
func (w *Window) publish() {
	w.snap.Store(&snapshot{
		complete: w.complete[:len(w.complete):len(w.complete)],
		open:     w.open, parts: w.parts[:len(w.parts):len(w.parts)],
		nextPart: w.nextPart, target: w.target, discs: w.discs, ended: w.ended,
	})
	if w.wake != nil {
		close(w.wake)
		w.wake = nil
	}
}

// watch returns the present snapshot and a channel that is closed at the next.
func (w *Window) watch() (*snapshot, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wake == nil {
		w.wake = make(chan struct{})
	}
	return w.snap.Load(), w.wake
}

// last returns the number of the newest segment that has media listed, and
// how many parts of it are listed; -1 when there is none. A complete segment
// without a successor counts with all its parts.
func (s *snapshot) last() (msn int64, parts int) {
	if s.open != nil && len(s.parts) > 0 {
		return s.open.Number, len(s.parts)
	}
	if len(s.complete) == 0 {
		return -1, 0
	}
	seg := s.complete[len(s.complete)-1]
	return seg.Number, len(seg.Parts)
}

// has reports whether the snapshot answers a blocking request for a part of a
// segment, or for the whole segment when part is negative.
func (s *snapshot) has(msn int64, part int) bool {
	if s.ended {
		return true
	}
	done := int64(-1) // the newest complete segment
	if n := len(s.complete); n > 0 {
		done = s.complete[n-1].Number
	}
	if part < 0 || msn < done {
		return msn <= done
	}
	if msn == done {
		// A part past the segment's last is the first of the next segment
		// (RFC 8216bis 6.2.5.2).
		if part < len(s.complete[len(s.complete)-1].Parts) {
			return true
		}
		msn, part = msn+1, 0
	}
	return s.open != nil && s.open.Number == msn && part < len(s.parts)
}

// setTarget fixes EXT-X-PART-INF for the window's life.
func (w *Window) setTarget(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.target = d
}

// startAfter says how many discontinuities the other renditions had before
// this one's first segment.
func (w *Window) startAfter(discontinuities int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.discs = discontinuities
}
