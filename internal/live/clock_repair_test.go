package live

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

const frame30 = time.Second / 30

// A clock that stands still for a while, and then is right again, costs
// nothing: what was told by arrival is where the stamps go on.
func TestAClockThatStoodStillIsRightAgain(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var c clock
	var last int64
	for i := range int64(240) {
		at := time.Duration(i) * frame30
		stamp := at
		if i >= 90 && i < 150 {
			stamp = 90 * frame30
		}
		u := e.unit(h264, stamp.Milliseconds(), at/(200*time.Millisecond)*(200*time.Millisecond)) // six in a bunch
		require.True(t, c.admit(&e.tl, u))
		if i > 0 {
			require.Greater(t, u.DTS, last)
		}
		if i > 0 && i < 150 {
			require.InDelta(t, 3000, u.DTS-last, 1200, "frame %d is about as long as the others", i)
		}
		last = u.DTS
		require.InDelta(t, (lead + at).Seconds(), media.Duration(last, h264.Timescale).Seconds(), 0.25, "frame %d", i)
	}
	require.InDelta(t, (lead + 239*frame30).Seconds(), media.Duration(last, h264.Timescale).Seconds(), 0.002)
}

// A small step back squeezes no frame into nothing: the frames share the time
// that is left.
func TestAFrameThatStepsBackIsStillSeen(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var c clock
	var last int64
	for i := range int64(120) {
		at := time.Duration(i) * frame30
		stamp := at
		if i%60 == 59 {
			stamp -= 40 * time.Millisecond
		}
		u := e.unit(h264, stamp.Milliseconds(), at)
		require.True(t, c.admit(&e.tl, u))
		if i > 0 {
			require.Greater(t, u.DTS-last, int64(400), "frame %d", i)
		}
		last = u.DTS
	}
}

// Stamps without any sense make no more of the time than there was, keep
// sound and picture together, and are over when they are over.
func TestRandomStampsKeepToTheTimeThatPassed(t *testing.T) {
	for seed := range uint64(50) {
		e := encoder{start: time.Unix(0, 0)}
		rnd := rand.New(rand.NewPCG(seed, seed))
		scatter := func() int64 { return rnd.Int64N(20_001) - 10_000 }
		var video, audio clock
		for i := range int64(2000) {
			at := time.Duration(i) * 1024 * time.Second / 48000
			bad := i >= 60 && i < 1400 // half a minute
			stamp := func() int64 {
				if bad {
					return at.Milliseconds() + scatter()
				}
				return at.Milliseconds()
			}
			a := e.unit(aac, stamp(), at)
			require.True(t, audio.admit(&e.tl, a))
			sound := media.Duration(a.DTS, a.Track.Timescale)
			require.InDelta(t, (lead + at + leap/2).Seconds(), sound.Seconds(), (leap/2 + 2*kinship).Seconds(), "seed %d, frame %d", seed, i)
			if i%2 == 1 {
				continue
			}
			v := e.unit(h264, stamp(), at)
			require.True(t, video.admit(&e.tl, v))
			picture := media.Duration(v.DTS, v.Track.Timescale)
			require.InDelta(t, (lead + at + leap/2).Seconds(), picture.Seconds(), (leap/2 + 2*kinship).Seconds(), "seed %d, frame %d", seed, i)
			require.LessOrEqual(t, (picture - sound).Abs(), leap+2*kinship, "seed %d, frame %d", seed, i)
		}
	}
}

// An encoder that the network held up sends what waits, leaves out what was
// too much, and goes on: the hole is where the frames are missing, in the
// picture alone too, and sound stays with it.
func TestAHoleAfterAStallIsBelieved(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var video, audio clock
	for i := range int64(600) {
		stamp := time.Duration(i) * frame30
		at := stamp
		if i >= 100 && i < 250 { // held up for 5 s, then all at once
			at = 250 * frame30
		}
		a := e.unit(aac, stamp.Milliseconds(), at)
		require.True(t, audio.admit(&e.tl, a))
		if i >= 110 && i < 245 {
			continue // 4.5 s of pictures were dropped
		}
		v := e.unit(h264, stamp.Milliseconds(), at)
		require.True(t, video.admit(&e.tl, v))
		require.InDelta(t, (lead + stamp).Seconds(), media.Duration(v.DTS, v.Track.Timescale).Seconds(), 0.01, "frame %d", i)
	}
	require.Zero(t, video.repaired)
}

// A file that is sent faster than it plays is believed, with the pauses of a
// screen that does not change.
func TestFasterThanTimeIsBelieved(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var c clock
	stamp := time.Duration(0)
	for i := range 3000 {
		if stamp += frame30; i%60 == 0 {
			stamp += time.Second
		}
		u := e.unit(h264, stamp.Milliseconds(), stamp/20)
		require.True(t, c.admit(&e.tl, u))
	}
	require.Zero(t, c.repaired)
}
