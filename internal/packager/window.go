package packager

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// usualParts is how many parts a segment has with the usual lengths.
const usualParts = 12

// Window holds the newest segments of one rendition, complete ones and the
// one that is being made. The cutter appends; any number of readers take
// snapshots, which never change.
type Window struct {
	Name     string // of the rendition, such as "video/source"
	Kind     media.Kind
	packager *Packager
	prefixes [kinds]string // by playlist kind: relative addresses from it to its media
	top      string        // relative address from the live playlist to what all have in common

	snap     atomic.Pointer[snapshot]
	tsListed atomic.Int64 // number of the first segment that no MPEG-TS list had

	pastMu sync.Mutex           // held by who changes the past; never with mu
	past   atomic.Pointer[past] // nil while nobody rewinds

	mu       sync.Mutex // guards what follows, and the order of snapshots
	waiters  waiters
	complete []*Segment // appended to, cut at the front; snapshots share its memory
	open     *Segment
	parts    []Part // of open; a new slice for each segment
	nextPart int64
	inits    []*Init       // those that a segment in the window needs, and newer ones
	target   time.Duration // EXT-X-PART-INF, fixed by the first part
	discs    int64         // discontinuities among the segments that were cut off
	seams    int64         // those of them that are seams
	standing bool          // the encoder has gone and may come back
	ended    bool          // nothing comes any more
	final    bool          // nothing comes any more from this process

	// What an earlier run left, see Restored. They never change.
	restored, restoredInit int64
	restoredEnd            time.Time
}

func newWindow(name string, kind media.Kind, p *Packager) *Window {
	w := &Window{Name: name, Kind: kind, packager: p, restoredInit: -1}
	// A live playlist is at /live/<channel>/<broadcast>/<rendition>.m3u8; others
	// have a folder before the rendition.
	w.top = strings.Repeat("../", strings.Count(name, "/"))
	w.prefixes[Live] = "../../../" + w.top + "media/" + p.Broadcast() + "/" + name + "/"
	for k := Live + 1; k < kinds; k++ {
		w.prefixes[k] = "../" + w.prefixes[Live]
	}
	w.snap.Store(&snapshot{})
	return w
}

// Init returns the initialisation section of that number, nil when the window
// has none such, or no more.
func (w *Window) Init(number int64) *Init {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.inits) == 0 {
		return nil
	}
	i := number - w.inits[0].Number
	if i < 0 || i >= int64(len(w.inits)) {
		return nil
	}
	return w.inits[i]
}

// Track returns the track of the newest initialisation section, nil before the first.
func (w *Window) Track() *media.Track {
	if i := w.newestInit(); i != nil {
		return i.Track
	}
	return nil
}

// newestInit returns the newest initialisation section, nil before the first.
func (w *Window) newestInit() *Init {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.inits) == 0 {
		return nil
	}
	return w.inits[len(w.inits)-1]
}

func (w *Window) addInit(t *media.Track, b []byte) *Init {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := &Init{Track: t, Bytes: b}
	if n := len(w.inits); n > 0 {
		i.Number = w.inits[n-1].Number + 1
	}
	w.inits = append(w.inits, i)
	return i
}

// begin opens a segment; it is listed with its first part.
func (w *Window) begin(s *Segment) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.firstPart = w.nextPart
	w.open, w.parts = s, make([]Part, 0, usualParts)
	w.standing = false
}

// add appends a part to the open segment. It is listed by list, or with the
// whole segment by finish: a part that is short because it is the last must
// not be seen before it is known to be the last.
func (w *Window) add(b []byte, duration int64, independent bool) {
	w.mu.Lock()
	s := w.open
	s.append(b)
	w.parts = append(w.parts, Part{
		Number: w.nextPart, Offset: s.Size, Size: len(b), Duration: duration, Independent: independent,
	})
	s.Size += int64(len(b))
	w.nextPart++
	w.mu.Unlock()
}

// list publishes the parts that were added.
func (w *Window) list() {
	w.mu.Lock()
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
	w.packager.outlined()
	w.packager.news()
}

// gap lists a segment of which this rendition has no media.
func (w *Window) gap(s *Segment) {
	w.mu.Lock()
	if n := len(w.inits); n > 0 {
		s.Init = w.inits[n-1]
	}
	s.Gap, s.firstPart, w.standing = true, w.nextPart, false
	w.push(s)
	w.mu.Unlock()
	w.packager.outlined()
	w.packager.news()
}

// close says that nothing comes any more, from this process at least.
func (w *Window) close(suspended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.final = true
	w.ended, w.standing = !suspended, suspended
	w.publish()
}

// stand says that nothing comes for now.
func (w *Window) stand() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.standing = true
	w.publish()
}

// next is one more than the number of the newest complete segment, 0 while
// there is none.
func (w *Window) next() int64 { return w.snap.Load().segments() }

// PartTarget is EXT-X-PART-INF, 0 until it is known.
func (w *Window) PartTarget() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.target
}

// push appends a complete segment and lets the oldest go. The mutex is held.
func (w *Window) push(s *Segment) {
	w.complete = append(w.complete, s)
	w.trim()
	w.publish()
}

// trim lets go of what has left the live playlist for as long as the playlist
// is (RFC 8216bis 6.2.2), and of the memory of what has left it or is too
// much. The mutex is held.
func (w *Window) trim() {
	o := w.packager.opts
	var behind time.Duration
	var memory int64
	for i := len(w.complete) - 1; i >= 0; i-- {
		s := w.complete[i]
		behind += s.Duration
		memory += s.held()
		if behind > o.settleAfter() && o.Archive != nil {
			s.settle()
		}
		if behind > o.LiveWindow || memory > maxMemory {
			s.drop()
		}
		if i > 0 && (behind > o.keep() || len(w.complete)-i >= o.maxSegments()) {
			w.cutOff(i)
			return
		}
	}
}

// cutOff forgets the first n complete segments and the initialisation sections
// that only they needed. The mutex is held.
func (w *Window) cutOff(n int) {
	for _, gone := range w.complete[:n] {
		if gone.Discontinuity {
			w.discs++
		}
		if gone.Seam {
			w.seams++
		}
	}
	w.complete = w.complete[n:]
	w.forgetPast(w.complete[0].Number)
	for _, s := range w.complete {
		if s.Init != nil {
			w.inits = w.inits[s.Init.Number-w.inits[0].Number:]
			return
		}
	}
}

// publish makes the present state the one that readers see. The mutex is held.
func (w *Window) publish() {
	s := &snapshot{
		complete: w.complete[:len(w.complete):len(w.complete)],
		open:     w.open, parts: w.parts[:len(w.parts):len(w.parts)],
		nextPart: w.nextPart, target: w.target, discs: w.discs, seams: w.seams, standing: w.standing, ended: w.ended, final: w.final,
	}
	before := w.snap.Swap(s)
	w.waiters.tell(s, s.standing != before.standing || s.ended != before.ended || s.final != before.final)
}

// watch returns the present snapshot and a channel that is closed at the next.
func (w *Window) watch() (*snapshot, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.snap.Load(), w.waiters.next()
}

// watchFor returns the present snapshot and a channel that is closed when
// another may answer the request, or the window turns.
func (w *Window) watchFor(want reload) (*snapshot, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.snap.Load(), w.waiters.on(want)
}

// setTarget fixes EXT-X-PART-INF for the window's life.
func (w *Window) setTarget(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.target = d
}

// startAfter says how many discontinuities the other renditions had before
// this one's first segment, and how many of them are seams. It means nothing to a rendition that has begun.
func (w *Window) startAfter(discontinuities, seams int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.complete) == 0 {
		w.discs, w.seams = discontinuities, seams
	}
}
