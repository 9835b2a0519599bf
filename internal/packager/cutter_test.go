package packager

import (
	"fmt"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

func TestEveryFrameRateIsCutToPartsOfFrames(t *testing.T) {
	rates := []media.Rate{
		{Num: 1, Den: 1},
		{Num: 15, Den: 1},
		{Num: 24000, Den: 1001},
		{Num: 24, Den: 1},
		{Num: 25, Den: 1},
		{Num: 30000, Den: 1001},
		{Num: 30, Den: 1},
		{Num: 48, Den: 1},
		{Num: 50, Den: 1},
		{Num: 60000, Den: 1001},
		{Num: 60, Den: 1},
	}
	for _, rate := range rates {
		for _, told := range []bool{true, false} {
			t.Run(fmt.Sprintf("%.3f/told=%v", rate.Float(), told), func(t *testing.T) {
				pr := program{rate: rate.Float(), gop: 2, hz: 48000, seconds: 20, jitter: 1}
				if told {
					pr.claims = rate
				}
				f := pr.play(t, Options{})
				require.Equal(t, f.sent, f.check(), "every frame is there")
				w := f.p.Window("video/source")
				frames := max(1, int(0.2*rate.Float()+0.5))
				want := time.Duration(float64(frames)/rate.Float()*1e9) + clockError
				require.InDelta(t, want.Seconds(), w.target.Seconds(), 0.0025, "PART-TARGET")
				f.requireFullParts(w)
				f.requireFullParts(f.p.Window("audio/source"))
				if told || rate.Num > 1 { // a second without a word of its rate counts as silence
					f.requireAligned()
				}
			})
		}
	}
}

func TestEverySampleRateIsCutToPartsOfFrames(t *testing.T) {
	for _, hz := range []int{8000, 11025, 16000, 22050, 32000, 44100, 48000} {
		t.Run(fmt.Sprint(hz), func(t *testing.T) {
			f := program{rate: 30, gop: 2, hz: hz, seconds: 20, jitter: 1}.play(t, Options{})
			require.Equal(t, f.sent, f.check())
			w := f.p.Window("audio/source")
			frames := max(1, int(0.2*float64(hz)/1024+0.5))
			require.InDelta(t, float64(frames)*1024/float64(hz)+0.002, w.target.Seconds(), 1e-6)
			f.requireFullParts(w)
			f.requireAligned()
		})
	}
}

// requireFullParts asserts that no part but a segment's last is under 85 % of
// PART-TARGET (RFC 8216bis 4.4.4.9).
func (f *feed) requireFullParts(w *Window) {
	for _, s := range f.lists[w.Name] {
		for i, p := range s.Parts {
			if s.Number > 0 && i < len(s.Parts)-1 {
				d := media.Duration(p.Duration, s.Init.Track.Timescale)
				require.GreaterOrEqual(f.t, d, w.target*85/100, "%s: part %d of segment %d", w.Name, i, s.Number)
			}
		}
	}
}

// requireAligned asserts that the renditions' segments of one number begin
// within a frame of each other.
func (f *feed) requireAligned() {
	video, audio := f.lists["video/source"], f.lists["audio/source"]
	require.InDelta(f.t, len(video), len(audio), 1)
	for i := 0; i < min(len(video), len(audio)); i++ {
		v, a := video[i], audio[i]
		require.Equal(f.t, v.Number, a.Number)
		at := media.Duration(v.Start, v.Init.Track.Timescale)
		sound := media.Duration(a.Start, a.Init.Track.Timescale)
		frame := media.Duration(1024, a.Init.Track.Timescale)
		if i > 0 {
			require.GreaterOrEqual(f.t, sound, at-3*time.Millisecond, "segment %d", v.Number)
		}
		require.LessOrEqual(f.t, sound, at+frame+3*time.Millisecond, "segment %d", v.Number)
		require.InDelta(f.t, (sound - at).Seconds(), a.Time.Sub(v.Time).Seconds(), 0.0025, "one clock, segment %d", v.Number)
	}
}

func TestTheFirstSegmentIsOnePart(t *testing.T) {
	for name, pr := range map[string]program{
		"both":       {rate: 30, claims: media.Rate{Num: 30, Den: 1}, gop: 2, hz: 48000, seconds: 5},
		"video only": {rate: 30, gop: 2, seconds: 5},
		"audio only": {hz: 44100, seconds: 5},
	} {
		t.Run(name, func(t *testing.T) {
			f := pr.play(t, Options{})
			lead := f.p.Windows()[0]
			if w := f.p.Window("video/source"); w != nil {
				lead = w
			}
			require.Len(t, f.lists[lead.Name][0].Parts, 1)
			require.LessOrEqual(t, f.p.Playable().Sub(epoch), 300*time.Millisecond, "playable")
			require.NotZero(t, f.p.Playable())
		})
	}
}

func TestGOPsOfAllLengths(t *testing.T) {
	for _, gop := range []float64{0.5, 1, 1.999, 2, 8.3, 60} {
		t.Run(fmt.Sprint(gop), func(t *testing.T) {
			f := program{rate: 30, claims: media.Rate{Num: 30, Den: 1}, gop: gop, hz: 48000, seconds: 65}.play(t, Options{LiveWindow: time.Hour})
			require.Equal(t, f.sent, f.check())
			f.requireAligned()
			list := f.lists["video/source"]
			for i, s := range list[:len(list)-1] {
				if !s.Independent && gop > 4 {
					continue
				}
				if i > 1 && gop <= 2 {
					require.True(t, s.Independent, "segment %d", s.Number)
					require.InDelta(t, 2, s.Duration.Seconds(), 0.15)
				}
			}
			keys := 0
			for _, s := range list {
				for j, frame := range f.frames(f.p.Window("video/source"), s) {
					if frame.Key && j > 0 && gop >= 2 {
						t.Errorf("segment %d has a key frame at %d", s.Number, j)
					}
					if frame.Key {
						keys++
					}
				}
			}
			require.Positive(t, keys)
		})
	}
}

func TestBFramesKeepTheirOrder(t *testing.T) {
	f := program{rate: 25, gop: 2, hz: 44100, seconds: 10, bframes: true}.play(t, Options{})
	require.Equal(t, f.sent, f.check())
	s := f.lists["video/source"][1]
	samples := f.frames(f.p.Window("video/source"), s)
	var offsets []int32
	for _, x := range samples[:3] {
		offsets = append(offsets, x.CompositionOffset/90)
	}
	require.ElementsMatch(t, []int32{80, 160, 40}, offsets)
}

func TestSoundAheadOfThePictureWaitsForIt(t *testing.T) {
	f := program{rate: 30, gop: 2, hz: 48000, seconds: 10, lead: 0.4}.play(t, Options{})
	require.Equal(t, f.sent, f.check())
	f.requireAligned()
}

func TestASilentPictureHoldsNobodyBack(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video, media.Audio)
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 30}).units() {
		if u.track.Kind() == media.Video && u.at > 5 && u.at < 15 {
			continue
		}
		f.send(u)
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
	var gaps []int64
	for _, s := range f.lists["video/source"] {
		if s.Gap {
			gaps = append(gaps, s.Number)
		}
	}
	require.GreaterOrEqual(t, len(gaps), 3)
	last := f.lists["video/source"]
	require.True(t, last[len(last)-3].Independent, "borders find back to key frames")
}

func TestASilentSoundHoldsNobodyBack(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video, media.Audio)
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 30}).units() {
		if u.track.Kind() == media.Audio && u.at > 5.5 && u.at < 15 {
			continue
		}
		f.send(u)
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
	video, audio := f.lists["video/source"], f.lists["audio/source"]
	require.InDelta(t, len(video), len(audio), 1)
	require.True(t, audio[4].Gap)
	require.Equal(t, video[10].Number, audio[10].Number)
}

func TestATrackThatComesLateIsANewRendition(t *testing.T) {
	f := program{rate: 30, gop: 2, hz: 48000, seconds: 20, lateness: 9.1}.play(t, Options{})
	require.Equal(t, f.sent, f.check())
	require.LessOrEqual(t, f.p.Playable().Sub(epoch), 300*time.Millisecond, "nobody waits for it")
	audio := f.lists["audio/source"]
	require.GreaterOrEqual(t, audio[0].Number, int64(4))
	video := f.lists["video/source"]
	require.Equal(t, video[len(video)-1].Number, audio[len(audio)-1].Number)
}

func TestAPictureThatComesLateBeginsASegment(t *testing.T) {
	f := newFeed(t, Options{})
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 20}).units() {
		if u.track.Kind() == media.Video && u.at < 8 {
			continue
		}
		f.send(u)
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
	for _, s := range f.lists["video/source"] {
		if !s.Gap {
			require.True(t, s.Independent)
			return
		}
	}
	t.Fatal("no picture")
}

func TestAChangeOfParametersMakesADiscontinuity(t *testing.T) {
	for _, kind := range []media.Kind{media.Video, media.Audio} {
		t.Run(kind.String(), func(t *testing.T) {
			f := newFeed(t, Options{})
			f.pub.Expect(media.Video, media.Audio)
			v2, a2 := videoTrack(media.Rate{}), audioTrack(44100)
			for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 20}).units() {
				if u.at >= 10 && u.track.Kind() == kind {
					if kind == media.Video {
						u.track = v2
					} else {
						u.track = a2
					}
				}
				f.send(u)
			}
			f.finish()
			require.Equal(t, f.sent, f.check())
			var numbers [2][]int64
			for i, name := range []string{"video/source", "audio/source"} {
				for _, s := range f.lists[name] {
					if s.Discontinuity {
						numbers[i] = append(numbers[i], s.Number)
					}
				}
			}
			require.Len(t, numbers[0], 1)
			require.Equal(t, numbers[0], numbers[1], "at the same number in all renditions")
			w := f.p.Window(kind.String() + "/source")
			require.NotNil(t, w.Init(1))
			require.Nil(t, w.Init(2))
		})
	}
}

func TestVariableFrameRateLeavesNoHoleOverAFrame(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video)
	track := videoTrack(media.Rate{Num: 30, Den: 1})
	at := 0.0
	var gaps []float64 // the frame before, in seconds
	for i := 0; at < 20; i++ {
		step := 1.0 / 30
		if at > 6 && at < 12 {
			step = 0.2
		}
		f.send(unit{track: track, at: at, key: i%60 == 0})
		gaps = append(gaps, step)
		at += step
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
	var end int64
	i := 0
	for _, s := range f.lists["video/source"] {
		for j := range s.Parts {
			start := s.Start
			if j > 0 {
				start = end
			}
			if end > 0 {
				require.LessOrEqual(t, float64(s.Start-end)/90000, gaps[i]+0.002, "frame %d", i)
			}
			end = start + s.Parts[j].Duration
		}
		i += len(f.frames(f.p.Window("video/source"), s))
	}
}

func TestTimeJumpsKeepSegmentsInBounds(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video, media.Audio)
	for i, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 30}).units() {
		switch {
		case u.at > 20:
			u.jitterMS = -5000
		case u.at > 10:
			u.jitterMS = 3600_000
		case u.at > 5 && i%7 == 0:
			u.jitterMS = -40
		}
		f.send(u)
	}
	f.finish()
	require.Equal(t, f.sent, f.check())
}

func TestProgramDateTimeFollowsArrivalSlowly(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video, media.Audio)
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 60}).units() {
		u.arrives = u.at * 0.01 // a clock that is 1 % slow: 20 ms a segment
		f.send(u)
	}
	f.finish()
	list := f.lists["video/source"]
	require.Equal(t, epoch, list[0].Time)
	for i := 1; i < len(list); i++ {
		media := time.Duration(list[i].Start-list[i-1].Start) * time.Second / 90000
		require.InDelta(t, media.Seconds(), list[i].Time.Sub(list[i-1].Time).Seconds(), 0.00101)
	}
}
