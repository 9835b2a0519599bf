package packager

import (
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

// open begins a segment with u.
func (l *lane) open(u *media.AccessUnit) {
	if u.Track != l.track {
		l.track, l.pace = u.Track, paceOf(u.Track)
		l.init = l.win.newestInit()
		if l.init == nil || !l.border.seam || !l.goesOn(u.Track) {
			b, _ := fmp4.AppendInit(nil, u.Track) // admit has tried it
			l.init = l.win.addInit(u.Track, b)
		}
	}
	l.start = l.position(u)
	l.segment = &Segment{
		Number: l.number, Init: l.init, Start: u.DTS, Independent: u.Key, delay: u.PTS - u.DTS,
		Discontinuity: l.border.discontinuity, Seam: l.border.seam, Time: l.border.time.Add(l.start - l.border.at),
	}
	l.win.begin(l.segment)
}

// add puts u into the open part and closes it when its last frame has come.
func (l *lane) add(u *media.AccessUnit) {
	if len(l.samples) == 0 {
		l.from = u.DTS
	} else {
		l.samples[len(l.samples)-1].Duration = uint32(u.DTS - l.last.DTS)
	}
	l.samples = append(l.samples, fmp4.Sample{
		CompositionOffset: int32(u.PTS - u.DTS), Key: u.Key, Data: u.Data,
	})
	l.size += len(u.Data)
	l.last = u
	if !l.completePart(u) {
		return
	}
	end := u.DTS + l.pace.guess(l.track)
	if l.border.first && l == l.c.leader() {
		l.closeFirst(u, end)
	} else {
		l.flush(end)
	}
}

// limit is PART-TARGET in whole ticks: what no part may be longer than.
func (l *lane) limit() int64 {
	ticks := media.Ticks(l.win.target, l.track.Timescale)
	if media.Duration(ticks, l.track.Timescale) > l.win.target {
		ticks--
	}
	return ticks
}

// completePart reports whether u is surely the last frame of the open part.
func (l *lane) completePart(u *media.AccessUnit) bool {
	if l.win.target == 0 || !l.pace.steady(l.track) {
		return false
	}
	return u.DTS-l.from+2*l.pace.guess(l.track) > l.limit()+jitter(l.track)
}

// closeFirst ends a segment that closes with its first part, as soon as that
// part's last frame u is there.
func (l *lane) closeFirst(u *media.AccessUnit, end int64) {
	at := media.Duration(end+l.delay, l.track.Timescale)
	if l.c.next(l.number) == nil {
		l.c.cut(u, at, false)
	}
	l.complete(end)
	l.border = *l.c.next(l.number)
	l.number = l.border.number
}

// full reports whether the open part must close before u is added.
func (l *lane) full(u *media.AccessUnit) bool {
	n := len(l.samples)
	switch {
	case n == 0:
		return false
	case n >= maxSamples, l.size+len(u.Data) > maxPartBytes:
		return true
	case !l.pace.decide(l, u):
		return false
	}
	limit, span := l.limit(), u.DTS-l.from
	return span >= limit || span+l.pace.guess(l.track) > limit+jitter(l.track)
}

// flush closes the open part, whose last frame ends at end, and lists it.
func (l *lane) flush(end int64) {
	if len(l.samples) > 0 {
		l.pack(end)
		l.win.list()
	}
}

// pack closes the open part, whose last frame ends at end.
func (l *lane) pack(end int64) {
	n := len(l.samples)
	if n == 0 {
		return
	}
	l.pace.settle(l)
	l.samples[n-1].Duration = uint32(max(1, min(end, l.from+l.limit())-l.last.DTS))
	duration := l.last.DTS - l.from + int64(l.samples[n-1].Duration)
	b := make([]byte, 0, fmp4.FragmentSize(l.track, l.samples))
	b = fmp4.AppendFragment(b, l.track, l.sequence, l.from, l.samples)
	l.sequence++
	l.parts++
	l.win.add(b, duration, l.samples[0].Key)
	clear(l.samples) // the units are to be forgotten
	l.samples, l.size = l.samples[:0], 0
}

// complete ends the open part and its segment at a decode time. What it says
// of its length is never over the target duration (RFC 8216bis 4.4.3.1).
func (l *lane) complete(end int64) {
	l.pack(end)
	scale := l.track.Timescale
	ticks := min(end-l.segment.Start, media.Ticks(l.c.opts.TargetDuration(), scale))
	l.win.finish(ticks, media.Duration(ticks, scale))
	l.segment, l.parts, l.listed = nil, 0, true
}

// close flushes and ends the segment with the guessed length of its last frame.
func (l *lane) close() {
	if l.segment == nil {
		return
	}
	l.complete(l.last.DTS + l.pace.guess(l.track))
}
