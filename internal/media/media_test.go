package media

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRescale(t *testing.T) {
	for _, c := range []struct {
		v        int64
		to, from uint32
		want     int64
	}{
		{0, 90000, 1000, 0},
		{33, 90000, 1000, 2970},
		{-5, 90000, 1000, -450},
		{1024, 90000, 44100, 2090},
		{1, 1, 2, 1},
		{-1, 1, 2, -1},
		{math.MaxInt64 / 90000, 90000, 1, math.MaxInt64 / 90000 * 90000},
		{math.MaxInt64, 1, 1, math.MaxInt64},
		{7, 90000, 0, 0},
	} {
		require.Equal(t, c.want, Rescale(c.v, c.to, c.from), "Rescale(%d, %d, %d)", c.v, c.to, c.from)
	}
}

func TestDurationAndTicksAreInverse(t *testing.T) {
	for _, scale := range []uint32{1000, 8000, 44100, 48000, 90000} {
		for _, ticks := range []int64{0, 1, 1023, 1024, -7, 90000 * 3600 * 24 * 365} {
			require.Equal(t, ticks, Ticks(Duration(ticks, scale), scale))
		}
	}
	require.Equal(t, 40*time.Millisecond, Duration(3600, 90000))
}

func TestRate(t *testing.T) {
	require.Equal(t, int64(3003), Rate{30000, 1001}.Interval(VideoTimescale))
	require.Equal(t, int64(3000), Rate{30, 1}.Interval(VideoTimescale))
	require.Zero(t, Rate{30, 0}.Interval(VideoTimescale))
	require.InDelta(t, 29.97, Rate{30000, 1001}.Float(), 0.01)
	require.Zero(t, Rate{}.Float())
}
