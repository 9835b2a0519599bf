package vod

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

// pictures are samples 100 ms apart on a clock of 1 kHz, each shown so many
// times 100 ms after it is decoded; those in keys are key frames.
func pictures(delays []int64, keys ...int) *clipTrack {
	t := &clipTrack{timescale: 1000}
	for i, d := range delays {
		s := timed{decoded: int64(i) * 100, shown: (int64(i) + d) * 100, run: i / 2, segment: int64(i / 4), offset: int64(10 * i)}
		s.Size, s.Duration, s.CompositionOffset = 10, 100, int32(d*100)
		t.samples = append(t.samples, s)
	}
	for _, k := range keys {
		t.samples[k].Key = true
	}
	return t
}

// decodedAt are the times of what is left, in hundreds of milliseconds.
func (t *clipTrack) decodedAt() (list []int64) {
	for i := range t.samples {
		list = append(list, t.samples[i].decoded/100)
	}
	return list
}

func TestClipTrack(t *testing.T) {
	const ms = time.Millisecond
	// An open group: 4 is a key frame that is shown at 700, and 5 and 6 are shown
	// before it, at 500 and 600, by means of what came before.
	open := []int64{1, 1, 1, 1, 3, 0, 0, 1, 1}
	for name, c := range map[string]struct {
		track    *clipTrack
		kind     media.Kind
		from, to time.Duration
		want     []int64
	}{
		"from the key frame before": {pictures(make([]int64, 9), 0, 4), media.Video, 650 * ms, 800 * ms, []int64{4, 5, 6, 7}},
		"at a key frame":            {pictures(make([]int64, 9), 0, 4), media.Video, 400 * ms, 600 * ms, []int64{4, 5}},
		"before the first":          {pictures([]int64{1, 1, 1}, 0), media.Video, 0, 250 * ms, []int64{0, 1}},
		"to the end":                {pictures(make([]int64, 4), 0), media.Video, 250 * ms, time.Hour, []int64{0, 1, 2, 3}},
		"shown before its key":      {pictures(open, 0, 4), media.Video, 500 * ms, 700 * ms, []int64{0, 1, 2, 3, 4, 5, 6}},
		"shown behind its key":      {pictures(open, 0, 4), media.Video, 700 * ms, 900 * ms, []int64{4, 5, 6, 7}},
		"sound with what leads to it": {
			pictures(make([]int64, 6), 0, 1, 2, 3, 4, 5), media.Audio, 310 * ms, 500 * ms, []int64{2, 3, 4},
		},
		"sound from its first": {pictures(make([]int64, 3), 0, 1, 2), media.Audio, 10 * ms, 150 * ms, []int64{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			c.track.cut(c.from, c.to, c.kind)
			require.Equal(t, c.want, c.track.decodedAt())
		})
	}

	// What is left of a fragment begins where its first sample lies.
	track := pictures(make([]int64, 9), 0, 5)
	track.cut(500*ms, 800*ms, media.Video)
	got := track.chunks(map[int64]int64{1: 1000}, map[int64]int{0: 3})
	require.Len(t, got, 2)
	require.Equal(t, fmp4.Chunk{Description: 3, Run: fmp4.Run{
		DecodeTime: 500, Offset: 1050, Samples: []fmp4.SampleInfo{{Size: 10, Duration: 100, Key: true}},
	}}, got[0])
	require.Len(t, got[1].Samples, 2)
	require.EqualValues(t, 1060, got[1].Offset)
	sample, key := pictures([]int64{0, 0}).entry(50 * ms)
	require.Equal(t, []int{0, -1}, []int{sample, key}, "without a key frame there is no entry")
}
