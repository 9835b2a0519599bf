package packager

import (
	"net/http"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
)

const (
	mpdType = "application/dash+xml"
	// mpdSuffix is that of a broadcast's own address, beside the channel's.
	mpdSuffix = ".mpd"
	// root leads up from /live/<channel>/manifest.mpd, or from
	// /vod/<broadcast>/manifest.mpd.
	root = "../../"
	// mostAhead is how many segments renditions may be ahead of one that does
	// not come, before it is taken for a gap.
	mostAhead = 16
)

// dash keeps the outline of what live playlists list, and the MPD for as long
// as it holds.
type dash struct {
	mu      sync.Mutex
	outline Outline
	version int64
	of      mpdState // what text says
	text    *Text    // nil while nobody has asked
}

// mpdState is what an MPD depends on.
type mpdState struct {
	version int64
	ended   bool
}

// outlined tells the outline of the segments that all renditions have. It is
// called for each that is complete.
func (p *Packager) outlined() {
	d, windows := &p.dash, p.Windows()
	d.mu.Lock()
	defer d.mu.Unlock()
	snaps := make([]*snapshot, len(windows))
	for i, w := range windows {
		snaps[i] = w.snap.Load()
	}
	o := &d.outline
	entries := make([]Entry, len(windows))
	for n := nextOf(o, snaps); settled(n, snaps); n++ {
		for i, s := range snaps {
			entries[i] = s.entry(n)
		}
		o.Add(n, entries)
		d.version++
	}
	for i, w := range windows {
		if s := snaps[i]; len(s.complete) > 0 {
			o.Forget(i, s.complete[w.listed(s, Live)].Number)
		}
	}
}

// nextOf is the number that an outline wants to know of.
func nextOf(o *Outline, snaps []*snapshot) int64 {
	if o.next > 0 {
		return o.next
	}
	first := int64(-1)
	for _, s := range snaps {
		if len(s.complete) > 0 && (first < 0 || s.complete[0].Number < first) {
			first = s.complete[0].Number
		}
	}
	return max(0, first)
}

// settled reports whether it is known what each rendition has under a number.
func settled(n int64, snaps []*snapshot) bool {
	var newest int64
	missing := false
	for _, s := range snaps {
		if len(s.complete) == 0 {
			// It joins with the segment that is open.
			missing = missing || s.open != nil && s.open.Number <= n
			continue
		}
		newest = max(newest, s.segments())
		missing = missing || s.segments() <= n && !s.final
	}
	return newest > n && (!missing || newest-n > mostAhead)
}

// entry tells an outline of the segment of that number.
func (s *snapshot) entry(number int64) Entry {
	seg := s.listing(number)
	if seg == nil {
		return Entry{}
	}
	p := Entry{Media: !seg.Gap, Discontinuity: seg.Discontinuity, Time: seg.Time}
	if p.Media {
		p.Independent, p.Init, p.Start, p.Ticks, p.Timescale = seg.Independent, seg.Init.Number, seg.Start, seg.Ticks, seg.Init.Track.Timescale
	}
	return p
}

// delayOf is for the outline, which is told of what windows hold.
func (p *Packager) delayOf(rendition int, number int64) int64 {
	if s := p.Windows()[rendition].snap.Load().segment(number); s != nil {
		return s.delay
	}
	return 0
}

// ServeMPD answers a request for the broadcast's MPD. While the broadcast opens
// it holds the request as ServeMultivariant does. Players are told to go on
// asking at the broadcast's own address, which answers when the channel has
// nothing, or something else, on air.
func (p *Packager) ServeMPD(w http.ResponseWriter, r *http.Request) {
	if !p.awaitReady(r.Context()) || p.Playable().IsZero() {
		OffAir(w)
		return
	}
	text, ended := p.awaitMPD(r)
	switch {
	case text == nil:
		OffAir(w)
	case ended:
		ServeText(w, r, text, "public, max-age=3600")
	default:
		ServeText(w, r, text, "public, max-age=0, s-maxage=1")
	}
}

// awaitMPD waits until every rendition that has begun can be described.
func (p *Packager) awaitMPD(r *http.Request) (*Text, bool) {
	limit := time.NewTimer(openingWait)
	defer limit.Stop()
	for {
		news := p.waiter()
		text, ended := p.mpd()
		if text != nil || ended {
			return text, ended
		}
		select {
		case <-news:
		case <-limit.C:
			return nil, false
		case <-r.Context().Done():
			return nil, false
		}
	}
}

// mpd returns the present MPD, nil while it would be empty, and whether it is
// the last.
func (p *Packager) mpd() (*Text, bool) {
	state := mpdState{ended: p.ended()}
	d := &p.dash
	d.mu.Lock()
	defer d.mu.Unlock()
	if state.version = d.version; d.text != nil && d.of == state {
		return d.text, state.ended
	}
	m := d.outline.MPD(p.opts, state.ended)
	m.Depth, m.Location = p.opts.LiveWindow, p.Broadcast()+mpdSuffix
	windows := p.Windows()
	d.outline.Fill(m, false, func(rendition int, init int64) (Track, bool) { return windows[rendition].described(init) })
	if len(m.Periods) == 0 {
		return nil, state.ended
	}
	d.text, d.of = NewMPD(m.AppendTo(nil)), state
	return d.text, state.ended
}

// ended reports whether all windows have ended for good.
func (p *Packager) ended() bool {
	windows := p.Windows()
	for _, w := range windows {
		if !w.snap.Load().ended {
			return false
		}
	}
	return len(windows) > 0
}

// described tells of the rendition with an initialisation section of its own.
func (w *Window) described(init int64) (Track, bool) {
	i := w.Init(init)
	if i == nil {
		return Track{}, false
	}
	d := describe(w, i.Track)
	return Track{Description: d, Prefix: MediaPrefix(w.packager.Broadcast(), w.Name)}, true
}

// MediaPrefix is what the addresses of a rendition's media begin with in an MPD.
func MediaPrefix(broadcast, rendition string) string {
	return root + "media/" + broadcast + "/" + rendition + "/"
}

// MPD returns an MPD of a broadcast, without its periods.
func (o *Outline) MPD(opts Options, ended bool) *manifest.MPD {
	opts = opts.withDefaults()
	// Behind the edge by the longest segment, which is listed when it is
	// complete, the time until that is asked for, and one for the way. The
	// borders of sound are some milliseconds off.
	longest := max(opts.Segment, o.longest())
	steps := (longest + opts.Segment - keyTolerance) / opts.Segment
	return &manifest.MPD{
		Static: ended, AvailabilityStart: opts.Begun.UTC().Truncate(time.Second), Published: time.Now(),
		UpdatePeriod: opts.Segment, Delay: (steps + 2) * opts.Segment,
		MinBuffer: opts.Segment, MaxSegment: max(longest, opts.TargetDuration()), Clock: root + "live/clock",
	}
}
