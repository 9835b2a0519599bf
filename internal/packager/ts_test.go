package packager

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

const tsOfVideo = "/live/demo/b1/ts/video/source.m3u8"

// lines are a playlist's addresses, as short as they can be told apart.
func lines(p *pending) (list []string) {
	gap := false
	for line := range strings.Lines(p.Body.String()) {
		line = strings.TrimSpace(line)
		switch {
		case line == "#EXT-X-GAP":
			gap = true
		case line == "#EXT-X-DISCONTINUITY":
			list = append(list, "discontinuity")
		case line != "" && line[0] != '#':
			line = strings.TrimPrefix(line, "../../../../../media/b1/")
			if gap {
				line, gap = "gap", false
			}
			list = append(list, line)
		}
	}
	return list
}

func TestPictureAndSoundShareSegments(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		held := s.ask(http.MethodGet, "/live/demo/ts/index.m3u8")
		require.True(t, held.waits())
		s.play(7 * time.Second)
		require.False(t, held.waits())
		require.Contains(t, held.Body.String(), "\n../b1/ts/video/source.m3u8\n")
		p := s.get(tsOfVideo)
		require.Equal(t, http.StatusOK, p.Code)
		list := lines(p)
		require.Equal(t, "video/source/seg0-source.ts", list[0])
		n := min(s.now().segments(), s.p.Window("audio/source").next())
		require.Len(t, list, int(n))
		require.Equal(t, fmt.Sprintf("video/source/seg%d-source.ts", n-1), list[n-1])
		require.Equal(t, "audio/source/seg1.ts", lines(s.get("/live/demo/b1/ts/audio/source.m3u8"))[1])
		s.end()
		require.Contains(t, s.get(tsOfVideo).Body.String(), "ENDLIST")
		require.Equal(t, "public, max-age=3600", s.get(tsOfVideo).Header().Get("Cache-Control"))
	})
}

// TestASegmentIsListedWithItsSound: not before the sound's own of that number
// is complete.
func TestASegmentIsListedWithItsSound(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(200 * time.Millisecond)
		for range 600 {
			s.play(10 * time.Millisecond)
			if s.now().segments() == 0 || s.p.Window("audio/source").next() == 0 {
				continue
			}
			for _, line := range lines(s.get(tsOfVideo)) {
				require.Contains(t, line, "-source.ts")
			}
		}
	})
}

// TestAnOutage: what comes after it follows a discontinuity, and one who waits
// is told nothing else.
func TestAnOutageInTS(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		s.lose()
		before := lines(s.get(tsOfVideo))
		require.NotContains(t, s.get(tsOfVideo).Body.String(), "ENDLIST")
		time.Sleep(20 * time.Second)
		s.comeBack()
		s.play(5 * time.Second)
		after := lines(s.get(tsOfVideo))
		require.Equal(t, before, after[:len(before)])
		require.Equal(t, "discontinuity", after[len(before)])
		require.Equal(t, fmt.Sprintf("video/source/seg%d-source.ts", len(before)), after[len(before)+1])
	})
}

// TestSoundThatIsMissing leaves the picture alone in its segments, and a
// picture that is missing the sound in its own.
func TestWhatIsMissing(t *testing.T) {
	nowhere := func() *live.Feed {
		return live.NewPublisher(live.NewStream("", "", live.Limits{}), nil).Rendition("gone")
	}
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		sound, picture := s.audio, s.video
		s.audio = nowhere()
		s.play(8 * time.Second)
		s.audio = sound
		s.play(6 * time.Second)
		s.video = nowhere()
		s.play(8 * time.Second)
		s.video = picture
		s.play(6 * time.Second)
		text := strings.Join(lines(s.get(tsOfVideo)), " ")
		require.Regexp(t, `video/source/seg\d+-source.ts (discontinuity )?video/source/seg\d+.ts `, text)
		require.Regexp(t, `video/source/seg\d+-source.ts (discontinuity )?audio/source/seg\d+.ts `, text)
		require.Regexp(t, `audio/source/seg\d+.ts (discontinuity )?video/source/seg\d+-source.ts`, text)
	})
}

// TestALateSound joins: what was listed without it stays.
func TestALateSound(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		sound := s.audio
		s.audio = live.NewPublisher(live.NewStream("", "", live.Limits{}), nil).Rendition("gone")
		s.play(5 * time.Second)
		before := len(lines(s.get(tsOfVideo)))
		require.Positive(t, before)
		s.audio = sound
		for range 500 {
			s.play(10 * time.Millisecond)
			now := len(lines(s.get(tsOfVideo)))
			require.GreaterOrEqual(t, now, before)
			before = now
		}
		text := strings.Join(lines(s.get(tsOfVideo)), " ")
		require.Regexp(t, `^video/source/seg0.ts .*video/source/seg\d+-source.ts$`, text)
	})
}

func TestWhatTSCannotCarryIsRefused(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.tracks[0] = &media.Track{
			Codec: media.AV1, Timescale: media.VideoTimescale, Codecs: "av01.0.00M.08", Width: 320, Height: 180,
			Config: []byte{0x81, 0, 0x0c, 0, 0x0a, 0x0b, 0, 0, 0, 4, 0x3c, 0xfe, 0xcc, 2, 0xf8, 0, 0x40},
		}
		s.play(5 * time.Second)
		requireRefused(t, s.get("/live/demo/ts/index.m3u8"), http.StatusNotAcceptable)
		require.Contains(t, s.get("/live/demo/ts/index.m3u8").Body.String(), "cannot carry what is on air (AV1, AAC)")
		requireRefused(t, s.get(tsOfVideo), http.StatusNotAcceptable)
		require.Equal(t, http.StatusOK, s.get("/live/demo/b1/ts/audio/source.m3u8").Code, "the sound can be had alone")
		_, err := s.p.TSSource("video/source", TSName{Number: 1})
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
}

func TestSoundAloneInTS(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.video = live.NewPublisher(live.NewStream("", "", live.Limits{}), nil).Rendition("gone")
		s.play(12 * time.Second)
		multi := s.get("/live/demo/ts/index.m3u8").Body.String()
		require.Contains(t, multi, "\n../b1/ts/audio/source.m3u8\n")
		require.Equal(t, 1, strings.Count(multi, "STREAM-INF"))
	})
}

func TestNamesOfTS(t *testing.T) {
	for name, want := range map[string]TSName{"seg0.ts": {}, "seg17.ts": {Number: 17}, "seg3-aac.ts": {3, "audio/aac"}, "seg3-a-b.ts": {3, "audio/a-b"}} {
		got, ok := ParseTSName(name)
		require.True(t, ok, name)
		require.Equal(t, want, got)
		require.Equal(t, "m/v/"+name, TSAddress("m/", "v", got.Sound, got.Number))
	}
	for _, name := range []string{"", ".ts", "seg.ts", "seg01.ts", "seg1", "seg1-.ts", "seg1-a/b.ts", "seg-1.ts", "init0.ts", "seg1.m4s", "seg99999999999999999999.ts"} {
		_, ok := ParseTSName(name)
		require.False(t, ok, name)
	}
}

// aacSource is a segment of one frame of so many bytes.
func aacSource(t *testing.T, size int) TSSource {
	t.Helper()
	track := audioTrack(48000)
	src := TSSource{}
	require.NoError(t, src.Add(track, fragmentOf(track, size)))
	return src
}

// TestASegmentIsMadeOnce for all who ask, also when the first of them leaves;
// and it is not kept for long.
func TestASegmentIsMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewTransmuxer()
		made, release := 0, make(chan struct{})
		source := func(ctx context.Context) (TSSource, error) {
			made++
			select {
			case <-release:
				return aacSource(t, 100), nil
			case <-ctx.Done():
				return TSSource{}, ctx.Err()
			}
		}
		leaving, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := m.Segment(leaving, "a", source)
			require.Error(t, err)
		})
		synctest.Wait()
		for range 50 {
			wg.Go(func() {
				b, err := m.Segment(t.Context(), "a", source)
				require.NoError(t, err)
				require.NotEmpty(t, b)
			})
		}
		synctest.Wait()
		require.Equal(t, 1, made)
		leave()
		synctest.Wait()
		require.Equal(t, 2, made, "another takes it over")
		close(release)
		wg.Wait()
		require.Equal(t, 2, made)
		time.Sleep(tsFresh + time.Second)
		_, err := m.Segment(t.Context(), "b", source)
		require.NoError(t, err)
		require.Len(t, m.known, 1, "what nobody asked for lately is let go")
	})
}

func TestWhatIsMadeIsBounded(t *testing.T) {
	m := NewTransmuxer()
	const each = 8000
	most := 0
	for i := range 9000 {
		b, err := m.Segment(t.Context(), fmt.Sprint(i), func(context.Context) (TSSource, error) { return aacSource(t, each), nil })
		require.NoError(t, err)
		most = max(most, len(m.known)*len(b))
	}
	require.LessOrEqual(t, most, tsKept)
	require.Greater(t, most, tsKept/2)
	require.Len(t, m.order, len(m.known))

	broken := errors.New("input/output error")
	for range 2 {
		_, err := m.Segment(t.Context(), "x", func(context.Context) (TSSource, error) { return TSSource{}, broken })
		require.ErrorIs(t, err, broken)
	}
	require.NotContains(t, m.known, "x", "the next who asks tries again")
}

func fragmentOf(track *media.Track, size int) []byte {
	return fmp4.AppendFragment(nil, track, 1, 0, []fmp4.Sample{{Duration: 1024, Key: true, Data: make([]byte, size)}})
}
