package live

import (
	"math"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A clock that was set back by less than tracks may be apart must not squeeze
// the frames that follow into nothing.
func TestASmallStepBackGoesOnSeamlessly(t *testing.T) {
	e := encoder{start: time.Unix(0, 0)}
	var video, audio clock
	var last, lastAudio int64
	for i := range int64(200) {
		at := time.Duration(i) * 40 * time.Millisecond
		ms := i * 40
		if i >= 100 {
			ms -= 500
		}
		v, a := e.unit(h264, ms, at), e.unit(aac, ms, at)
		require.True(t, video.admit(&e.tl, v))
		require.True(t, audio.admit(&e.tl, a))
		if i > 0 {
			require.InDelta(t, 3600, v.DTS-last, 1, "frame %d", i)
			require.Greater(t, a.DTS, lastAudio)
		}
		last, lastAudio = v.DTS, a.DTS
		require.InDelta(t, float64(last)/90, float64(lastAudio)/48, 100, "picture and sound stay together")
	}
	require.EqualValues(t, 1, video.repaired)
}

func TestStampsThatStandStillAreToldByArrival(t *testing.T) {
	for name, track := range map[string]*media.Track{"video": h264, "audio": aac} {
		t.Run(name, func(t *testing.T) {
			e := encoder{start: time.Unix(0, 0)}
			var c clock
			var u *media.AccessUnit
			var last int64
			for i := range int64(1000) {
				interval := time.Duration(1024) * time.Second / 48000
				u = e.unit(track, 0, time.Duration(i)*interval)
				require.True(t, c.admit(&e.tl, u))
				if i > 0 {
					require.Greater(t, u.DTS, last)
				}
				last = u.DTS
			}
			got := media.Duration(last, track.Timescale) - lead
			require.InDelta(t, 999*1024.0/48000, got.Seconds(), 0.3)
		})
	}
}

// The first unit of a second track may come from another clock altogether.
func TestATrackOnAClockOfItsOwnStartsWhereTheOthersAre(t *testing.T) {
	for name, base := range map[string]int64{"hours ahead": 7_200_000, "hours behind": -7_200_000, "a little": 9000} {
		t.Run(name, func(t *testing.T) {
			e := encoder{start: time.Unix(0, 0)}
			var video, audio clock
			for i := range int64(100) {
				at := time.Duration(i) * 40 * time.Millisecond
				v := e.unit(h264, i*40, at)
				require.True(t, video.admit(&e.tl, v))
				if i < 50 {
					continue
				}
				a := e.unit(aac, base+i*40, at)
				require.True(t, audio.admit(&e.tl, a))
				want := float64(v.DTS) / 90000
				if name == "a little" {
					want += 9
				}
				require.InDelta(t, want, float64(a.DTS)/48000, 1.2, "unit %d", i)
			}
		})
	}
}

// Whatever an encoder sends, what is published goes forward in bounded steps.
func TestAnyStampsGoForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := encoder{start: time.Unix(0, 0)}
		tracks := []*media.Track{h264, aac, {Codec: media.AAC, Timescale: 44100, SampleRate: 44100, SamplesPerFrame: 1024}}
		var clocks [2]clock
		var last [2]time.Duration
		var begun [2]bool
		var at time.Duration
		for range rapid.IntRange(1, 60).Draw(t, "units") {
			k := rapid.IntRange(0, 2).Draw(t, "track")
			wait := time.Duration(rapid.Int64Range(0, int64(2*time.Second)).Draw(t, "wait"))
			at += wait
			ms := rapid.Int64Range(math.MinInt32, math.MaxUint32).Draw(t, "stamp")
			u := e.unit(tracks[k], ms, at)
			u.PTS += rapid.Int64Range(-1<<40, 1<<40).Draw(t, "composition")
			i := min(k, 1)
			if !clocks[i].admit(&e.tl, u) {
				continue
			}
			now := media.Duration(u.DTS, u.Track.Timescale)
			if begun[i] && now < last[i] {
				t.Fatalf("back from %v to %v", last[i], now)
			}
			if u.PTS-u.DTS > media.Ticks(maxComposition, u.Track.Timescale) {
				t.Fatalf("composition of %d", u.PTS-u.DTS)
			}
			if limit := at + lead + 60*5*time.Second; now > limit {
				t.Fatalf("%v at %v", now, at)
			}
			last[i], begun[i] = now, true
		}
	})
}

// TestWritingAllocatesNothing: a frame is allocated once, at the door.
func TestWritingAllocatesNothing(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	video := newFeed(s, "video/source")
	r := s.Reader()
	units := make([]*media.AccessUnit, 4000)
	for i := range units {
		units[i] = frame(i, i%50 == 0)
	}
	next := 0
	step := func() {
		video.Write(units[next])
		next++
		if _, _, err := r.Poll(); err != nil {
			t.Fatal(err)
		}
	}
	for range 500 {
		step() // the ring has its size
	}
	require.Zero(t, testing.AllocsPerRun(3000, step))
}

func TestMillionsOfTinyUnitsStayBounded(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	video := newFeed(s, "video/source")
	start := time.Unix(0, 0)
	for i := range 1_000_000 {
		video.Write(&media.AccessUnit{Track: h264, Key: i == 0, Arrived: start})
	}
	require.LessOrEqual(t, len(video.rendition.ring), maxUnits)
	require.EqualValues(t, 1_000_000, video.rendition.Stats().Units)
	require.Less(t, media.Duration(video.rendition.at(video.rendition.head-1).unit.DTS, media.VideoTimescale), 15*time.Second)
}
