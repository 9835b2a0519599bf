package packager

import (
	"context"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
)

// A rewind playlist has three ages. The newest segments are listed with their
// parts. From where the parts go (three target durations) an entry changes no
// more: by then it is settled whether the segment is stored or will be a gap.
// Delta updates leave out what is older than the skip boundary, six target
// durations (RFC 8216bis 4.4.3.8): a client may use a list that is older than
// the update by half of that (6.3.7), so the entries that it keeps are settled.

const (
	// archivePatience bounds how long the archive is waited for.
	archivePatience = 10 * time.Second
	// versionMap is what a playlist of segments with EXT-X-MAP claims at least.
	versionMap = 6
)

// Rewindable is how far back rewind playlists reach; 0 is to the beginning of
// the broadcast.
func (p *Packager) Rewindable() time.Duration { return p.opts.reach() }

func (o Options) reach() time.Duration {
	if o.Archive == nil {
		return o.LiveWindow
	}
	if o.Window > 0 {
		return max(o.Window, o.LiveWindow)
	}
	return 0
}

func (o Options) skipUntil() time.Duration { return 6 * o.TargetDuration() }

// settleAfter is how long after its end it is settled how a segment is listed.
func (o Options) settleAfter() time.Duration { return 3 * o.TargetDuration() }

// settle decides whether the segment is there for those who come later: a
// recorder that has not stored it by now has lost it, as far as lists go.
func (s *Segment) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isSettled {
		s.isSettled, s.isLost = true, s.open == nil
	}
}

func (s *Segment) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.isLost
}

// rewound is a snapshot's rewind playlist, made when it is asked for.
type rewound struct {
	mu          sync.Mutex
	made        bool
	tail        int  // index of the first complete segment that is not in the view
	skips       bool // the view lies behind the skip boundary
	view        view
	full, delta *Text
}

// rewind returns the snapshot's rewind playlist, or its delta update where
// there is something to skip. It is an error when the archive does not answer.
func (w *Window) rewind(ctx context.Context, s *snapshot, delta bool) (*Text, error) {
	r := &s.rewind
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.made {
		tail, behind := s.skippable(w.packager.opts.skipUntil())
		v, err := w.pastOf(ctx, s, tail)
		if err != nil {
			return nil, err
		}
		r.made, r.tail, r.view, r.skips = true, tail, v, behind && v.count > 0
	}
	delta = delta && r.skips
	t := &r.full
	if delta {
		t = &r.delta
	}
	if *t == nil {
		*t = w.rewindText(s, r.tail, &r.view, delta)
	}
	return *t, nil
}

func (w *Window) rewindText(s *snapshot, tail int, v *view, delta bool) *Text {
	m := w.renderList(s, Rewind, tail)
	m.Version, m.CanSkipUntil, m.Map = versionMap, w.packager.opts.skipUntil(), v.last
	m.MediaSequence, m.DiscontinuitySequence = v.first, v.discs
	m.IndependentSegments = m.IndependentSegments && v.independent
	if delta {
		m.Skipped = v.count
		return NewText(m.AppendTo(nil))
	}
	head := m.AppendHeader(nil)
	if v.lead != "" {
		head = manifest.AppendMap(head, v.lead)
	}
	return NewText(head, v.text, m.AppendBody(nil))
}

// skippable returns the index of the first complete segment that a delta update
// must list, and whether those before it lie behind the boundary at all. The
// boundary is counted from the start of the newest segment, the strictest
// reading of RFC 8216bis 4.4.3.8.
func (s *snapshot) skippable(boundary time.Duration) (from int, ok bool) {
	from = max(0, len(s.complete)-1)
	for from > 0 && boundary > 0 {
		from--
		boundary -= s.complete[from].Duration
	}
	return from, boundary <= 0
}

// pastOf returns the older part of the snapshot's rewind playlist: everything
// before the complete segment of index tail.
func (w *Window) pastOf(ctx context.Context, s *snapshot, tail int) (view, error) {
	w.pastMu.Lock()
	defer w.pastMu.Unlock()
	var following time.Duration
	for _, seg := range s.complete[tail:] {
		following += seg.Duration
	}
	p := w.past.Load()
	if p == nil || len(s.complete) > 0 && p.next.Load() < s.complete[0].Number {
		var err error
		if p, err = w.startPast(ctx, s, tail, following); err != nil {
			return view{}, err
		}
	}
	o := w.packager.opts
	for _, seg := range s.complete[:tail] {
		if seg.Number >= p.next.Load() {
			p.fill(seg.Number, seg.Time, o.TargetDuration())
			p.append(seg.listed(true))
		}
	}
	before := max(0, s.edge())
	if len(s.complete) > 0 {
		before = s.complete[tail].Number
		p.fill(before, s.complete[tail].Time, o.TargetDuration())
	}
	if reach := o.reach(); reach > 0 && p.next.Load() == before { // not for a list that others have left behind
		p.cut(following, reach)
	}
	w.past.Store(p)
	v := p.view(before)
	if v.count == 0 {
		v.discs = s.discs + discontinuities(s.complete[:tail])
	}
	return v, nil
}

// startPast makes the past of a window whose complete segments begin where it
// ends, as far as that is within reach.
func (w *Window) startPast(ctx context.Context, s *snapshot, tail int, following time.Duration) (*past, error) {
	if len(s.complete) == 0 {
		return newPast(w.prefixes[Rewind], max(0, s.edge()), s.discs), nil
	}
	o := w.packager.opts
	left := o.reach() - following
	for _, seg := range s.complete[:tail] {
		left -= seg.Duration
	}
	if o.Archive == nil {
		return newPast(w.prefixes[Rewind], s.complete[0].Number, s.discs), nil
	}
	ctx, cancel := context.WithTimeout(ctx, archivePatience)
	defer cancel()
	return w.readPast(ctx, s.complete[0].Number, s.discs, left, o.reach() == 0)
}

// forgetPast lets go of a past that nobody has asked for since its newest
// entry left the memory.
func (w *Window) forgetPast(first int64) {
	if p := w.past.Load(); p != nil && p.next.Load() < first {
		w.past.CompareAndSwap(p, nil)
	}
}
