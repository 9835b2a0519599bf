package live

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// FuzzClock: however an encoder stamps its units, each comes out after the one
// before it, by no more than can be believed of the time that has passed.
//
// Six bytes are a unit: what it is of, milliseconds since the one before it
// arrived, and how its stamp steps (a number of two bytes, shifted).
func FuzzClock(f *testing.F) {
	unit := func(kind byte, waited byte, shift byte, step int16, composition byte) []byte {
		return []byte{kind, waited, shift, byte(step >> 8), byte(step), composition}
	}
	steady := func(n int, more ...[]byte) (b []byte) {
		for range n {
			b = append(b, unit(0, 20, 0, 20, 2)...)
			b = append(b, unit(1, 1, 0, 1, 0)...)
		}
		for _, m := range more {
			b = append(b, m...)
		}
		return b
	}
	f.Add(steady(40), int64(0))
	f.Add(steady(10, unit(0, 20, 0, -500, 0), steady(10)), int64(1)<<31)
	f.Add(steady(4, unit(1, 20, 16, 32767, 0), steady(4), unit(0, 0, 16, -32768, 255), steady(9)), int64(-1)<<40)
	f.Add(steady(4, unit(2, 200, 0, 0, 0), steady(4), unit(7, 20, 4, 7, 0), steady(4)), int64(1)<<39)
	f.Fuzz(func(t *testing.T, b []byte, ms int64) {
		const farthest = 1 << 40 // milliseconds: 35 years, beyond which no door lets stamps go
		ms %= farthest
		high := *aac
		high.Timescale = 44100
		tracks := []*media.Track{h264, aac, &high}
		var tl timeline
		var clocks [2]clock
		var changed [2]bool // by another publisher since the unit before
		var before [2]*media.AccessUnit
		now := time.Unix(1_000_000, 0)
		for ; len(b) >= 6; b = b[6:] {
			now = now.Add(time.Duration(b[1]) * time.Millisecond)
			ms = (ms + int64(int16(binary.BigEndian.Uint16(b[3:])))<<(b[2]%17)) % farthest
			if b[0]%8 == 7 { // another publisher
				tl = tl.next()
				for i := range clocks {
					clocks[i] = clocks[i].next()
				}
				changed = [2]bool{true, true}
				continue
			}
			track := tracks[b[0]%3]
			i := min(int(b[0]%3), 1)
			dts := media.Rescale(ms, track.Timescale, 1000)
			u := &media.AccessUnit{Track: track, Key: true, Arrived: now, DTS: dts}
			u.PTS = dts + media.Rescale(int64(int8(b[5]))*250, track.Timescale, 1000)
			if !clocks[i].admit(&tl, u) {
				continue
			}
			require.GreaterOrEqual(t, u.DTS, int64(0))
			limit := media.Ticks(maxComposition, track.Timescale)
			require.LessOrEqual(t, max(u.PTS-u.DTS, u.DTS-u.PTS), limit)
			if last := before[i]; last != nil {
				end := media.Rescale(last.DTS, track.Timescale, last.Track.Timescale)
				require.GreaterOrEqual(t, u.DTS, end)
				require.True(t, u.DTS > end || last.Track != track, "a unit comes after the one before it")
				// A frame lasts a second at most.
				most := media.Ticks(now.Sub(last.Arrived)+leap+2*time.Second, track.Timescale)
				require.True(t, u.DTS-end <= most || changed[i], "%d after %d", u.DTS, end)
			}
			before[i], changed[i] = u, false
		}
	})
}
