package packager

import (
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

var both = program{rate: 30, claims: media.Rate{Num: 30, Den: 1}, gop: 2, hz: 48000, seconds: 20}

// playEach sends what change leaves of a program. Both kinds are announced.
func playEach(t *testing.T, pr program, change func(u *unit) bool) *feed {
	f := newFeed(t, Options{LiveWindow: time.Hour})
	f.pub.Expect(media.Video, media.Audio)
	for _, u := range pr.units() {
		if change(&u) {
			f.send(u)
		}
	}
	f.finish()
	return f
}

func kindOf(u *unit) media.Kind { return u.track.Kind() }

func TestAnAnnouncedPictureThatComesLateIsWaitedFor(t *testing.T) {
	pr := both
	pr.gop = 1
	f := playEach(t, pr, func(u *unit) bool { return kindOf(u) == media.Audio || u.at >= 3 })
	got := f.check()
	require.Equal(t, f.sent["video/source"], got["video/source"])
	f.requireAligned()
	video, audio := f.lists["video/source"][0], f.lists["audio/source"][0]
	require.Zero(t, video.Number)
	require.False(t, video.Gap)
	lead := media.Duration(video.Start, 90000) - media.Duration(audio.Start, 48000)
	require.LessOrEqual(t, lead, leadWait, "sound from before the picture is let go")
	require.WithinDuration(t, epoch.Add(3200*time.Millisecond), f.p.Playable(), 150*time.Millisecond)
}

func TestAnAnnouncedPictureThatNeverComesIsGivenUp(t *testing.T) {
	f := playEach(t, both, func(u *unit) bool { return kindOf(u) == media.Audio })
	require.Equal(t, f.sent, f.check())
	require.Len(t, f.p.Windows(), 1)
	require.WithinDuration(t, epoch.Add(4*time.Second), f.p.Playable(), 400*time.Millisecond)
}

func TestAnnouncedSoundThatNeverComesIsWaitedForAMoment(t *testing.T) {
	f := playEach(t, both, func(u *unit) bool { return kindOf(u) == media.Video })
	require.Equal(t, f.sent, f.check())
	require.Len(t, f.p.Windows(), 1)
	require.WithinDuration(t, epoch.Add(announceWait), f.p.Playable(), 20*time.Millisecond)
}

func TestSoundThatComesWithinTheWaitIsInTheFirstPlaylist(t *testing.T) {
	f := newFeed(t, Options{LiveWindow: time.Hour})
	f.pub.Expect(media.Video, media.Audio)
	renditions := 0
	for _, u := range both.units() {
		if kindOf(&u) == media.Audio && u.at < 0.1 {
			continue
		}
		f.send(u)
		if renditions == 0 && !f.p.Playable().IsZero() {
			renditions = len(f.p.Describe(Live))
		}
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
	require.Equal(t, 2, renditions)
	require.LessOrEqual(t, f.p.Playable().Sub(epoch), announceWait+20*time.Millisecond)
}

func TestPictureAndSoundThatChangeTogetherShareADiscontinuity(t *testing.T) {
	for name, late := range map[string]float64{"at once": 0, "sound 60 ms later": 0.06} {
		t.Run(name, func(t *testing.T) {
			v2, a2 := videoTrack(media.Rate{Num: 30, Den: 1}), audioTrack(44100)
			f := playEach(t, both, func(u *unit) bool {
				switch {
				case kindOf(u) == media.Video && u.at >= 10:
					u.track = v2
				case kindOf(u) == media.Audio && u.at >= 10+late:
					u.track = a2
				}
				return true
			})
			require.Equal(t, f.sent, f.check())
			if late > 0 {
				return // one each, at the same numbers in both: check has seen it
			}
			for _, list := range f.lists {
				var at []int64
				for i, s := range list {
					if s.Discontinuity {
						at = append(at, s.Number)
						require.NotSame(t, list[i-1].Init, s.Init)
					}
				}
				require.Len(t, at, 1)
			}
		})
	}
}

func TestAStallOfAMinute(t *testing.T) {
	pr := both
	pr.seconds = 80
	f := playEach(t, pr, func(u *unit) bool { return u.at < 10.5 || u.at >= 70.4 })
	require.Equal(t, f.sent, f.check())
	require.InDelta(t, len(f.lists["video/source"]), len(f.lists["audio/source"]), 1)
	var after *Segment
	for _, s := range f.lists["video/source"] {
		if media.Duration(s.Start, 90000) > 70*time.Second {
			after = s
			break
		}
	}
	require.NotNil(t, after)
	require.WithinDuration(t, epoch.Add(70400*time.Millisecond), after.Time, 20*time.Millisecond, "the wall clock goes on")
	require.LessOrEqual(t, after.Number, int64(8), "nothing is made of nothing")
}

func TestAVeryLongFrame(t *testing.T) {
	f := newFeed(t, Options{LiveWindow: time.Hour})
	f.pub.Expect(media.Video)
	track := videoTrack(media.Rate{Num: 30, Den: 1})
	at := 0.0
	for i := range 300 {
		f.send(unit{track: track, at: at, key: i%60 == 0})
		at += 1.0 / 30
		if i == 100 || i == 130 {
			at += 11
		}
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
}

func TestARenditionThatComesAndGoes(t *testing.T) {
	pr := both
	pr.seconds = 120
	f := playEach(t, pr, func(u *unit) bool { return kindOf(u) == media.Video || int(u.at/7)%2 == 0 })
	got := f.check()
	require.Equal(t, f.sent["video/source"], got["video/source"])
	require.InDelta(t, f.sent["audio/source"], got["audio/source"], 8*3, "each return may cost a frame or two")
	gaps, video, audio := 0, f.lists["video/source"], f.lists["audio/source"]
	require.InDelta(t, len(video), len(audio), 1)
	for _, s := range audio {
		if s.Gap {
			gaps++
		}
	}
	require.Greater(t, gaps, 10)
}

func TestBFramesAtTheStartOfAPictureAlone(t *testing.T) {
	pr := program{rate: 25, claims: media.Rate{Num: 25, Den: 1}, gop: 2, seconds: 10, bframes: true}
	f := pr.play(t, Options{})
	require.Equal(t, f.sent, f.check())
	require.LessOrEqual(t, f.p.Playable().Sub(epoch), announceWait)
}

// Some encoders write presentation times before decoding times.
func TestNegativeCompositionIsCarried(t *testing.T) {
	f := playEach(t, both, func(u *unit) bool {
		if kindOf(u) == media.Video {
			u.pts = -0.08
		}
		return true
	})
	require.Equal(t, f.sent, f.check())
	for _, x := range f.frames(f.p.Window("video/source"), f.lists["video/source"][1]) {
		require.EqualValues(t, -7200, x.CompositionOffset)
	}
	f.requireAlignedWithin(80 * time.Millisecond)
}

// requireAlignedWithin is requireAligned for a picture whose stamps are a
// known distance from what is seen.
func (f *feed) requireAlignedWithin(d time.Duration) {
	for i, v := range f.lists["video/source"] {
		a := f.lists["audio/source"][i]
		at, sound := media.Duration(v.Start, 90000), media.Duration(a.Start, 48000)
		require.LessOrEqual(f.t, (sound - at).Abs(), d+25*time.Millisecond, "segment %d", i)
	}
}

func TestFrameRateThatChangesKeepsPartsInBounds(t *testing.T) {
	f := newFeed(t, Options{LiveWindow: time.Hour})
	f.pub.Expect(media.Video)
	track := videoTrack(media.Rate{})
	at := 0.0
	for i := 0; at < 60; i++ {
		f.send(unit{track: track, at: at, key: i%50 == 0})
		at += []float64{1.0 / 60, 1.0 / 7, 1.0 / 24, 0.001, 0.45}[int(at/12)]
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
}
