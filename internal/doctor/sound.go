package doctor

import (
	"github.com/rostrumlive/rostrum/internal/media"
)

// soundGap is a step beyond a frame's length that is a hole in the sound, µs.
const soundGap = 100_000

// sound measures a stream's frames of sound.
type sound struct {
	track *media.Track
	known bool
	last  sight
	skew  int64 // µs by which stamps have run from samples
	first int64 // stamp from which samples are counted, µs
	ticks int64 // samples since
}

// leave forgets the last encoder's.
func (a *sound) leave() { *a = sound{} }

// take counts a frame.
func (a *sound) take(b *second, u *media.AccessUnit, s sight) {
	b.audioBytes += uint32(len(u.Data))
	b.frames++
	if b.silent == b.frames-1 && silent(u) { // a second with a sound in it needs no further look
		b.silent++
	}
	if a.track != u.Track {
		a.track, a.known = u.Track, false
	}
	if a.track.SamplesPerFrame > 0 {
		a.count(s)
		b.skew = int32(clamp(a.skew/100, 1<<30))
	}
	a.known, a.last = true, s
}

// count compares the stamps with the samples. Where the stamps leap it begins
// anew, and the skew so far stays.
func (a *sound) count(s sight) {
	frame := micros(int64(a.track.SamplesPerFrame), a.track.Timescale)
	step := s.stamp - a.last.stamp
	if !a.known || s.repaired || step > frame+soundGap || step < -soundGap {
		a.first, a.ticks = s.stamp-a.skew, 0
		return
	}
	a.ticks += int64(a.track.SamplesPerFrame)
	a.skew = s.stamp - a.first - micros(a.ticks, a.track.Timescale)
}
