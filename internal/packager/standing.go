package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// partsOfEpoch is how many part numbers each run of the server has for itself:
// how many parts the one before had published is not known after a crash, and
// an address never has two contents.
const partsOfEpoch = 1_000_000_000

// Past is what a broadcast had on air before the server was started again.
type Past struct {
	Epoch   int64 // how often the broadcast was taken up again, this time included
	Windows []PastWindow
	Outline *Outline // of all that was listed; nil is none
}

// PastWindow is a rendition's part of it.
type PastWindow struct {
	Name            string
	Kind            media.Kind
	Inits           []*Init    // that Segments need and all newer ones, their numbers in a row
	Segments        []*Segment // complete and stored, the newest last, which has the same number in all windows
	Discontinuities int64      // before the first of Segments
	Seams           int64      // those of them that are seams
	PartTarget      time.Duration
}

// Restore makes the packager of a stream that goes on after a restart: it
// offers what there was, and stands still until an encoder comes.
func Restore(s *live.Stream, o Options, past Past, playable time.Time) *Packager {
	p := New(s, o)
	for _, old := range past.Windows {
		w := p.addWindow(old.Name, old.Kind)
		w.complete, w.inits, w.target = old.Segments, old.Inits, old.PartTarget
		w.discs, w.seams = old.Discontinuities, old.Seams
		w.nextPart = past.Epoch * partsOfEpoch
		newest := old.Segments[len(old.Segments)-1]
		w.restored, w.restoredEnd = newest.Number+1, newest.Time.Add(newest.Duration)
		if n := len(old.Inits); n > 0 {
			w.restoredInit = old.Inits[n-1].Number
		}
		w.trim()
	}
	p.firstPart = past.Epoch * partsOfEpoch
	if past.Outline != nil {
		p.dash.outline = *past.Outline
		p.dash.outline.Delay = p.delayOf
	}
	p.outlined()
	p.stand()
	p.setReady(playable)
	return p
}

// Restored returns where a rendition of an earlier run of the server was left:
// the number of the segment to come, that of its newest initialisation section
// and the program time of its end. next is 0, and init -1, for one that began
// in this run.
func (w *Window) Restored() (next, init int64, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.restored, w.restoredInit, w.restoredEnd
}

// Suspend says that the end of the stream is only that of this process: the
// lists stay open then, for the process that takes the broadcast up again.
// It is called before the stream is closed.
func (p *Packager) Suspend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.suspended = true
}

// Standing reports whether the lists stand still because the encoder has gone,
// and returns a channel that is closed when that changes.
func (p *Packager) Standing() (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.standing, p.turn
}

func (p *Packager) setStanding(standing bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.standing != standing {
		p.standing = standing
		close(p.turn)
		p.turn = make(chan struct{})
	}
}

// stand tells players that nothing comes for now.
func (p *Packager) stand() {
	for _, w := range p.Windows() {
		w.stand()
	}
	p.setStanding(true)
	p.news()
}

// end ends all windows, for good or for this process.
func (p *Packager) end() {
	p.mu.Lock()
	suspended := p.suspended
	p.mu.Unlock()
	if suspended {
		p.level()
	}
	for _, w := range p.Windows() {
		w.close(suspended)
	}
	p.outlined()
}

// furthest returns the window that has come furthest, nil when none has begun.
func (p *Packager) furthest() *Window {
	var first *Window
	for _, w := range p.Windows() {
		if n := w.next(); n > 0 && (first == nil || n > first.next()) {
			first = w
		}
	}
	return first
}

// level brings all renditions to the same number, with gaps where one has no
// media. The cutter has finished.
func (p *Packager) level() {
	first := p.furthest()
	for _, w := range p.Windows() {
		if w.next() == 0 {
			continue // it has listed nothing yet: it joins with its first segment
		}
		for _, s := range first.snap.Load().complete {
			if s.Number < w.next() {
				continue
			}
			from, until := w.end(), s.Time.Add(s.Duration)
			if s.Discontinuity {
				from = s.Time
			}
			w.gap(&Segment{
				Number: s.Number, Time: from, Discontinuity: s.Discontinuity, Seam: s.Seam,
				Duration: max(time.Millisecond, min(until.Sub(from), p.opts.TargetDuration())),
			})
		}
	}
}

// end is the program time at the end of the newest complete segment.
func (w *Window) end() time.Time {
	s := w.snap.Load()
	newest := s.complete[len(s.complete)-1]
	return newest.Time.Add(newest.Duration)
}

// state is where a broadcast has come to.
type state struct {
	next            int64 // number of the segment to come
	discontinuities int64
	seams           int64     // those of them that are
	end             time.Time // of the newest segment
}

// state returns where the renditions have come to; they are level.
func (p *Packager) state() state {
	w := p.furthest()
	if w == nil {
		return state{}
	}
	s := w.snap.Load()
	st := state{next: s.segments(), discontinuities: s.discs, seams: s.seams, end: w.end()}
	for _, seg := range s.complete {
		if seg.Discontinuity {
			st.discontinuities++
		}
		if seg.Seam {
			st.seams++
		}
	}
	return st
}
