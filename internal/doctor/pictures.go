package doctor

import (
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// A step of so many quarters of the usual one is a place where pictures are
	// missing: less is the rhythm of film in video. One of more than manySteps is
	// a hole of another cause.
	missingFrom = 7
	manySteps   = 8
	// learnBy is the part by which the usual step follows the newest: it goes up
	// or down by that, and so comes to their median.
	learnBy = 64
)

// pictures measures a stream's pictures.
type pictures struct {
	track *media.Track
	known bool
	last  sight // of the newest picture
	usual int64 // µs
	keyed bool
	key   int64 // dts of the newest key frame, µs
	shown int64 // µs, pts of the picture that is shown last so far
	wait  int64 // µs by which a picture came behind one that is shown after it, the most
	order int   // counts down from the newest such picture to 0
}

// leave forgets the last encoder's.
func (p *pictures) leave() { *p = pictures{} }

// take counts a picture.
func (p *pictures) take(b *second, u *media.AccessUnit, s sight) {
	b.videoBytes += uint32(len(u.Data))
	b.pictures++
	if p.track != u.Track {
		p.begin(u.Track)
	}
	p.reordering(u, s)
	if p.known {
		p.step(b, s)
	} else {
		b.advance += uint32(p.usual) // as if there had been one before
	}
	if u.Key {
		b.keys++
		if p.keyed {
			b.keyEvery = uint32(clamp((s.dts-p.key)/1000, math.MaxInt32))
		}
		p.keyed, p.key = true, s.dts
	}
	p.known, p.last = true, s
	b.usual = uint32(clamp(p.usual, math.MaxInt32))
}

func (p *pictures) begin(t *media.Track) {
	p.track = t
	p.shown, p.wait, p.order = math.MinInt64, 0, 0
	if t.FrameRate.Known() {
		p.usual = int64(t.FrameRate.Den) * 1e6 / int64(t.FrameRate.Num)
	}
}

// step looks at the time from one picture to the next.
func (p *pictures) step(b *second, s sight) {
	step := s.dts - p.last.dts
	b.advance += uint32(max(0, min(step, 10e6)))
	if s.repaired {
		leap := (s.stamp - p.last.stamp - step) / 1000
		if leap = clamp(leap, math.MaxInt32); leap*leap > int64(b.leap)*int64(b.leap) {
			b.leap = int32(leap)
		}
		return
	}
	switch {
	case p.usual == 0:
		p.usual = step
	case step > p.usual:
		p.usual += max(1, p.usual/learnBy)
	case step < p.usual:
		p.usual -= p.usual / learnBy
	}
	if usual := p.usual; 4*step >= missingFrom*usual && step <= manySteps*usual && usual > 0 {
		b.skipped += uint16((step+usual/2)/usual - 1)
	}
}

// forgetOrder is after how many pictures in order the encoder is taken to have
// stopped reordering.
const forgetOrder = 1 << 10

// reordering looks for pictures that are decoded before ones that are shown
// earlier: the encoder has held those back so long.
func (p *pictures) reordering(u *media.AccessUnit, s sight) {
	pts := s.dts + micros(u.PTS-u.DTS, u.Track.Timescale)
	if pts < p.shown {
		p.wait, p.order = max(p.wait, p.shown-pts), forgetOrder
		return
	}
	p.shown = pts
	if p.order > 0 {
		p.order--
	}
}

// delay is what the order of the pictures costs. 0 when they come in the order
// in which they are shown.
func (p *pictures) delay() time.Duration {
	if p.order == 0 {
		return 0
	}
	return time.Duration(p.wait) * time.Microsecond
}
