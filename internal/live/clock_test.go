package live

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

var (
	h264 = &media.Track{Codec: media.H264, Timescale: media.VideoTimescale}
	aac  = &media.Track{Codec: media.AAC, Timescale: 48000, SampleRate: 48000, SamplesPerFrame: 1024}
)

// encoder makes units stamped as an RTMP encoder does, in milliseconds.
type encoder struct {
	start time.Time
	tl    timeline
}

func (e *encoder) unit(t *media.Track, ms int64, at time.Duration) *media.AccessUnit {
	dts := media.Rescale(ms, t.Timescale, 1000)
	return &media.AccessUnit{Track: t, DTS: dts, PTS: dts, Key: true, Arrived: e.start.Add(at)}
}

func TestAudioIsCountedInSamples(t *testing.T) {
	for name, ppm := range map[string]float64{"true": 0, "fast": 100, "slow": -100} {
		t.Run(name, func(t *testing.T) {
			e := encoder{start: time.Unix(0, 0)}
			var c clock
			rnd := rand.New(rand.NewPCG(1, 2))
			last := int64(-1)
			var first int64
			for i := range 3600 * 48000 / 1024 {
				seconds := float64(i) * 1024 / 48000 * (1 + ppm/1e6)
				ms := int64(seconds*1000 + rnd.Float64()) // truncated, with a millisecond of jitter
				u := e.unit(aac, ms, time.Duration(seconds*1e9))
				require.True(t, c.admit(&e.tl, u))
				if i == 0 {
					first = u.DTS
				} else {
					require.InDelta(t, 1024, u.DTS-last, 1, "frame %d", i)
				}
				last = u.DTS
				require.InDelta(t, seconds, float64(last-first)/48000, 0.020, "audio against its stamps, frame %d", i)
			}
		})
	}
}

func TestALostAudioFrameLeavesAHole(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var c clock
	var u *media.AccessUnit
	for i := range 400 {
		if i == 100 {
			continue
		}
		u = e.unit(aac, int64(i)*1024/48, time.Duration(i)*1024*time.Second/48000)
		c.admit(&e.tl, u)
	}
	require.InDelta(t, 48000+399*1024, u.DTS, 144, "within 3 ms of where it belongs")
}

func TestTimeOnlyGoesForward(t *testing.T) {
	for name, c := range map[string]struct {
		stamp func(i int64) int64 // of video frame i at 40 ms
		end   int64               // expected total, ms, for 200 frames
	}{
		"plain":               {func(i int64) int64 { return i * 40 }, 199 * 40},
		"an hour ahead":       {func(i int64) int64 { return i*40 + i/100*3600000 }, 199 * 40},
		"five seconds back":   {func(i int64) int64 { return i*40 - i/100*5000 }, 199 * 40},
		"to zero":             {func(i int64) int64 { return i % 100 * 40 }, 199 * 40},
		"jitter back and out": {func(i int64) int64 { return i*40 - i%2*60 }, 199 * 40},
	} {
		t.Run(name, func(t *testing.T) {
			e := encoder{start: time.Unix(0, 0)}
			var video, audio clock
			var first, last, lastAudio int64
			for i := range int64(200) {
				at := time.Duration(i) * 40 * time.Millisecond
				v := e.unit(h264, c.stamp(i), at)
				require.True(t, video.admit(&e.tl, v))
				if i == 0 {
					first = v.DTS
				} else {
					require.Greater(t, v.DTS, last)
				}
				last = v.DTS
				a := e.unit(aac, c.stamp(i), at)
				if audio.admit(&e.tl, a) {
					require.Greater(t, a.DTS, lastAudio)
					lastAudio = a.DTS
				}
			}
			require.InDelta(t, c.end, float64(last-first)/90, 100)
			require.InDelta(t, float64(last)/90, float64(lastAudio)/48, 100, "picture and sound stay together")
		})
	}
}

func TestAWildCompositionOffsetIsDropped(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var c clock
	u := e.unit(h264, 0, 0)
	u.PTS += 90000 * 3600
	c.admit(&e.tl, u)
	require.Equal(t, u.DTS, u.PTS)
	require.EqualValues(t, 1, c.repaired)
}
