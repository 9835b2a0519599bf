package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// early is how much sooner than it is due a unit may come.
const early = 5 * time.Millisecond

// leisure returns until when no unit that may come completes a part or begins a
// segment: what comes before may wait in its socket. It is zero when that is
// not known.
func (c *cutter) leisure() time.Time {
	if !c.announced {
		return time.Time{}
	}
	var first time.Time
	for _, l := range c.lanes {
		if l.track == nil && l.queue.len() == 0 {
			continue // it has not begun, or has ended with its encoder
		}
		due := l.due()
		if due.IsZero() {
			return due
		}
		if first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first
}

// due is when the unit is expected with which the open part is complete, or
// which may begin a segment, less what it may come early; zero when the
// frames are not even.
func (l *lane) due() time.Time {
	if l.track == nil || l.win.target == 0 || !l.pace.steady(l.track) {
		return time.Time{}
	}
	frame := l.pace.guess(l.track)
	newest, from := l.last, l.from
	if len(l.samples) == 0 {
		from = l.last.DTS + frame
	}
	if l.queue.len() > 0 {
		newest = l.queue.newest()
		if newest.Track != l.track {
			return time.Time{}
		}
		if len(l.samples) == 0 {
			from = l.queue.first().DTS
		}
	}
	ahead := from + l.limit() + jitter(l.track) - 2*frame - newest.DTS
	if l.win.Kind == media.Video && l.segment != nil {
		// A key frame says when its segment begins, so its arrival counts. One
		// that is late is not waited for.
		key := l.segment.Start + media.Ticks(l.c.opts.Segment-keyTolerance, l.track.Timescale) - newest.DTS
		if key > -2*frame {
			ahead = min(ahead, key)
		}
	}
	// The newest came up to a frame before it was taken.
	return newest.Arrived.Add(media.Duration(ahead-frame, l.track.Timescale) - early)
}
