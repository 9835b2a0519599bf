package packager

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// lose takes the encoder away without a word.
func (s *station) lose() {
	s.feed.stream.Interrupt(s.feed.pub)
	synctest.Wait()
}

// comeBack lets an encoder feed the stream, from its own zero on, with tracks
// of its own.
func (s *station) comeBack() {
	f := s.feed
	f.pub = live.NewPublisher(f.stream, func(*live.Publisher, live.End, error) {})
	s.video, s.audio = f.pub.Rendition("video/source"), f.pub.Rendition("audio/source")
	s.tracks = [2]*media.Track{videoTrack(media.Rate{Num: 30, Den: 1}), audioTrack(48000)}
	s.next, s.at, s.base = [2]int64{}, 0, time.Now()
}

// numbers are the segments of a window, with what is told of each.
func numbers(w *Window) []string {
	var list []string
	for _, s := range w.snap.Load().complete {
		word := fmt.Sprint(s.Number)
		if s.Discontinuity {
			word += "d"
		}
		if s.Gap {
			word += "g"
		}
		list = append(list, word)
	}
	return list
}

// TestABroadcastGoesOnBehindOneDiscontinuity: what came before the loss is all
// listed, the lists stand still without an end, and go on under the next
// number in all renditions, on a timeline without a hole.
func TestABroadcastGoesOnBehindOneDiscontinuity(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		before := s.now()
		s.lose()
		standing, turn := s.p.Standing()
		require.True(t, standing)
		lost := s.now()
		require.Nil(t, lost.open, "what was open is complete")
		video, audio := s.p.Window("video/source"), s.p.Window("audio/source")
		require.Equal(t, lost.segments(), audio.next())
		require.GreaterOrEqual(t, lost.segments(), before.segments())
		text := s.get("/live/demo/b1/video/source.m3u8").Body.String()
		require.NotContains(t, text, "ENDLIST")
		require.NotContains(t, text, "PRELOAD-HINT")
		require.Contains(t, text, "CAN-BLOCK-RELOAD=YES")

		time.Sleep(30 * time.Second)
		s.comeBack()
		s.play(3 * time.Second)
		select {
		case <-turn:
		default:
			require.Fail(t, "nobody was told")
		}
		now := s.now()
		require.Contains(t, s.get("/live/demo/b1/video/source.m3u8").Body.String(), "PRELOAD-HINT")
		n := lost.segments()
		old, first := now.segment(n-1), now.segment(n)
		require.True(t, first.Discontinuity)
		require.True(t, audio.snap.Load().segment(n).Discontinuity)
		require.Same(t, old.Init, first.Init, "it describes the new media, too")
		require.InDelta(t, old.Start+old.Ticks, first.Start, 9000, "the timeline has no hole")
		require.Greater(t, first.Time.Sub(old.Time), 30*time.Second, "the clock on the wall has")
		require.Greater(t, first.firstPart, int64(0))
		require.Equal(t, numbers(video)[:int(n)+1], numbers(audio)[:int(n)+1])
		require.Equal(t, 1, strings.Count(s.get("/live/demo/b1/video/source.m3u8").Body.String(), "EXT-X-DISCONTINUITY\n"))
	})
}

// TestPlainListsShowNoSeams: where coding and timeline go on behind a loss,
// plain players meet no discontinuity. Where another encoder sends something
// else, in any rendition, they meet it in all, under the same number.
func TestPlainListsShowNoSeams(t *testing.T) {
	const plainVideo, plainAudio = "/live/demo/b1/plain/video/source.m3u8", "/live/demo/b1/plain/audio/source.m3u8"
	for name, c := range map[string]struct {
		change func(*station)
		breaks int
	}{
		"the same":      {func(*station) {}, 0},
		"another size":  {func(s *station) { s.tracks[0] = videoTrack(media.Rate{Num: 25, Den: 1}); s.tracks[0].Width = 640 }, 1},
		"another sound": {func(s *station) { s.tracks[1] = audioTrack(44100) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			onAir(t, Options{}, func(s *station) {
				s.play(5 * time.Second)
				s.lose()
				s.comeBack()
				c.change(s)
				s.play(8 * time.Second)
				for _, list := range []string{plainVideo, plainAudio} {
					text := s.get(list).Body.String()
					require.Equal(t, c.breaks, strings.Count(text, "EXT-X-DISCONTINUITY\n"), "%s\n%s", list, text)
					require.Contains(t, text, "EXT-X-MAP")
				}
				if c.breaks == 0 {
					require.Equal(t, 1, strings.Count(s.get(plainVideo).Body.String(), "EXT-X-MAP"))
				}
				s.lose()
				s.comeBack() // as at first
				s.play(time.Minute)
				for _, w := range s.p.Windows() {
					m := w.render(w.snap.Load(), Plain)
					require.EqualValues(t, 2*c.breaks, m.DiscontinuitySequence, w.Name)
				}
			})
		})
	}
}

// TestAReloadDuringAnOutageIsAnswered: players are answered with what there
// is, before they count the server as dead, and caches do not keep it.
func TestAReloadDuringAnOutageIsAnswered(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		s.lose()
		want := reloadOf(s.now().segments(), 0)
		held := s.ask(http.MethodGet, want)
		require.True(t, held.waits())
		<-held.done
		require.Equal(t, 2*time.Second, held.took)
		require.Equal(t, http.StatusOK, held.Code)
		require.Equal(t, "public, max-age=0, s-maxage=1", held.Header().Get("Cache-Control"))

		waiting := s.ask(http.MethodGet, want)
		ahead := s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d", videoList, s.now().segments()+1))
		s.comeBack()
		s.play(400 * time.Millisecond)
		require.False(t, waiting.waits(), "the picture comes to who waits for it")
		require.False(t, ahead.waits(), "and to who thinks that it should be further")
		require.Equal(t, "public, max-age=0, s-maxage=1", ahead.Header().Get("Cache-Control"))
		require.Contains(t, waiting.Body.String(), "EXT-X-DISCONTINUITY\n")
	})
}

// TestALostEncoderAnswersAllWhoWaited: a request that waits while the encoder
// goes is held no longer than half a target duration after it came.
func TestALostEncoderAnswersAllWhoWaited(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		held := s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d", videoList, s.now().segments()+1))
		time.Sleep(5 * time.Second)
		require.True(t, held.waits())
		s.lose()
		require.False(t, held.waits())
		require.Equal(t, http.StatusOK, held.Code)
	})
}

// TestARenditionThatDoesNotComeBackHasGaps: nobody waits for it, and when it
// comes at last it joins under the number of the others.
func TestARenditionThatDoesNotComeBackHasGaps(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		s.lose()
		n := s.now().segments()
		s.comeBack()
		sound := s.audio
		s.audio = live.NewPublisher(live.NewStream("", "", live.Limits{}), nil).Rendition("audio/source") // goes nowhere
		s.play(10 * time.Second)
		audio := s.p.Window("audio/source")
		list := numbers(audio)
		require.Equal(t, fmt.Sprintf("%ddg", n), list[n])
		require.Equal(t, fmt.Sprintf("%dg", n+1), list[n+1])
		require.InDelta(t, s.now().segments(), audio.next(), 2, "it keeps up")
		s.audio = sound
		s.play(5 * time.Second)
		require.NotContains(t, numbers(audio)[audio.next()-1], "g")
		require.Equal(t, s.p.Window("video/source").snap.Load().segment(n+4).Time.Truncate(time.Second),
			audio.snap.Load().complete[n+4].Time.Truncate(time.Second))
	})
}

// TestNumbersNeverGoBackOverManyLosses plays short and long turns of many
// encoders, one of which sends nothing.
func TestNumbersNeverGoBackOverManyLosses(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		var msn, part int64
		for i := range 40 {
			s.play(time.Duration((i+1)%7) * 300 * time.Millisecond)
			s.lose()
			now := s.now()
			require.GreaterOrEqual(t, now.segments(), msn, "turn %d", i)
			require.GreaterOrEqual(t, now.nextPart, part)
			msn, part = now.segments(), now.nextPart
			if msn > 0 {
				require.Equal(t, msn, s.p.Window("audio/source").next(), "turn %d", i)
			}
			s.comeBack()
		}
		discontinuities := map[string]int64{}
		for _, w := range s.p.Windows() {
			snap := w.snap.Load()
			discontinuities[w.Name] = snap.discs
			last := snap.complete[0].Number - 1
			for _, seg := range snap.complete {
				require.Equal(t, last+1, seg.Number)
				require.Positive(t, seg.Duration)
				require.LessOrEqual(t, seg.Duration, 4*time.Second)
				if last = seg.Number; seg.Discontinuity {
					discontinuities[w.Name]++
				}
			}
		}
		require.Equal(t, discontinuities["video/source"], discontinuities["audio/source"])
		require.Greater(t, discontinuities["video/source"], int64(30))
	})
}

// TestASuspendedBroadcastHasNoEnd: a server that stops leaves the lists open,
// answers those who wait, and its recorder has all.
func TestASuspendedBroadcastHasNoEnd(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		tail := s.p.Tail()
		s.play(5 * time.Second)
		held := s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d", videoList, s.now().segments()+1))
		require.True(t, held.waits())
		s.p.Suspend()
		s.end()
		require.False(t, held.waits())
		require.Equal(t, http.StatusOK, held.Code)
		require.NotContains(t, held.Body.String(), "ENDLIST")
		got, err := follow(context.Background(), tail)
		require.NoError(t, err)
		require.Len(t, got, 2)
	})
}
