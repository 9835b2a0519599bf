package packager

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Dates follow from the segments before them while there is no discontinuity:
// a hole is in a segment's length, or in a gap, and never between two. A pause
// of all that is longer than a segment can be is a discontinuity.
func TestDatesGoOnOverAHole(t *testing.T) {
	for name, stops := range map[string]struct{ video, audio [2]float64 }{
		"all stops for 7 s":     {[2]float64{3, 10}, [2]float64{3, 10}},
		"picture stops for 7 s": {[2]float64{3, 10}, [2]float64{}},
		"sound stops for 10 s":  {[2]float64{}, [2]float64{3, 13}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeed(t, Options{})
			video, audio := videoTrack(media.Rate{Num: 25, Den: 1}), audioTrack(48000)
			in := func(at float64, span [2]float64) bool { return at >= span[0] && at < span[1] }
			sound := 0
			for i := range 16 * 25 {
				at := float64(i) / 25
				for ; float64(sound)*1024/48000 < at; sound++ {
					if s := float64(sound) * 1024 / 48000; !in(s, stops.audio) {
						f.send(unit{track: audio, at: s, key: true})
					}
				}
				if !in(at, stops.video) {
					f.send(unit{track: video, at: at, key: i%50 == 0})
				}
			}
			f.finish()
			for w, list := range f.lists {
				for i, s := range list[1:] {
					// What comes after a gap is dated by its first unit.
					if !s.Discontinuity && !list[i].Gap {
						off := s.Time.Sub(list[i].Time.Add(list[i].Duration))
						require.Less(t, off.Abs(), 50*time.Millisecond, "%s: segment %d (gap %v) is dated %v from the end of %d", w, s.Number, s.Gap, off, list[i].Number)
					}
				}
			}
		})
	}
}
