package packager

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"pgregory.net/rapid"
)

// TestAnyBroadcastKeepsTheRules sends what no encoder should, and asserts what
// check asserts of all.
func TestAnyBroadcastKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFeed(t, Options{LiveWindow: time.Hour, Part: time.Duration(rapid.SampledFrom([]int{50, 200, 500}).Draw(t, "part")) * time.Millisecond})
		f.hostile = true
		for _, k := range []media.Kind{media.Video, media.Audio} {
			if rapid.Bool().Draw(t, "announced") {
				f.pub.Expect(k)
			}
		}
		tracks := []*media.Track{
			videoTrack(media.Rate{Num: 30, Den: 1}), audioTrack(48000), videoTrack(media.Rate{}), audioTrack(44100),
		}
		skew := rapid.SampledFrom([]float64{0, 0, 0.1, 0.4, 0.9, 3}).Draw(t, "skew") // of the sound's arrival
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var at [2]float64
		for range rapid.IntRange(1, 8).Draw(t, "scenes") {
			step := [2]float64{rapid.SampledFrom([]float64{0.004, 1.0 / 60, 1.0 / 30, 0.2, 1.7, 9}).Draw(t, "interval"), 1024.0 / 48000}
			gop := rapid.SampledFrom([]int{1, 7, 60, 1000}).Draw(t, "gop")
			jitter := rapid.SampledFrom([]int64{0, 1, 30}).Draw(t, "jitter")
			silent := rapid.SampledFrom([]int{-1, -1, -1, 0, 1}).Draw(t, "silent")
			change := rapid.SampledFrom([]int{0, 0, 1, 2, 3}).Draw(t, "change")
			for k := range 2 {
				if change&(1<<k) != 0 {
					tracks[k], tracks[k+2] = tracks[k+2], tracks[k]
				}
			}
			end := max(at[0], at[1]) + rapid.Float64Range(0.1, 5).Draw(t, "seconds")
			for n := 0; at[0] < end || at[1] < end; n++ {
				k := 0
				if at[1]+skew < at[0] {
					k = 1
				}
				u := unit{track: tracks[k], at: at[k], key: k == 1 || n%gop == 0}
				u.arrives = max(0, max(at[0], at[1])-u.at)
				u.jitterMS = rnd.Int64N(2*jitter+1) - jitter
				at[k] += step[k]
				if k != silent {
					f.send(u)
				}
			}
		}
		f.finish()
		f.check()
	})
}
