package packager

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

const rewindList = "/live/demo/b1/rewind/video/source.m3u8"

// shelf is an archive, and the recorder that fills it. It loses segments when
// it is told to.
type shelf struct {
	mu     sync.Mutex
	rows   map[string][]Listed
	loses  bool
	fails  bool
	asked  int
	ending sync.WaitGroup
}

func (a *shelf) Older(_ context.Context, _, rendition string, from, before int64) ([]Listed, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked++
	if a.fails {
		return nil, errors.New("no database")
	}
	var list []Listed
	for _, l := range a.rows[rendition] {
		if l.Number >= from && l.Number < before {
			list = append(list, l)
		}
	}
	return list, nil
}

func (a *shelf) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// follow stores what a broadcast makes, until it ends.
func (a *shelf) follow(p *Packager) {
	tail := p.Tail()
	a.ending.Go(func() {
		for {
			piece, err := tail.Next(context.Background())
			if err != nil {
				return
			}
			if piece.Data == nil {
				a.put(piece.Window.Name, piece.Segment)
			}
		}
	})
}

func (a *shelf) put(rendition string, s *Segment) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !s.Gap && !a.loses {
		s.Stored(func() (*os.File, error) { return nil, os.ErrNotExist })
	}
	row := s.listed(false)
	if row.Gap = s.Gap || a.loses; row.Gap {
		row.Init, row.Independent = 0, false
		row.Duration = max(time.Millisecond, row.Duration.Truncate(time.Millisecond))
	}
	a.rows[rendition] = append(a.rows[rendition], row)
}

// kept runs f with a station whose segments are kept.
func kept(t *testing.T, o Options, f func(*station, *shelf)) {
	a := &shelf{rows: map[string][]Listed{}}
	o.Archive = a
	onAir(t, o, func(s *station) {
		a.follow(s.p)
		f(s, a)
		s.end()
		a.ending.Wait()
	})
}

// rewinder is a player that applies delta updates and holds what it gets
// against the whole list of the same moment, each time.
type rewinder struct {
	t      *testing.T
	s      *station
	list   *playerList
	whole  int // lists that were too old for the update
	deltas int
}

// reload loads the playlist as a player does that has one already, and
// compares.
func (r *rewinder) reload() {
	r.t.Helper()
	have := r.list
	if have == nil {
		have = &playerList{first: 1 << 40}
	}
	query := ""
	if r.list != nil {
		query = "?_HLS_skip=YES"
		if r.deltas%2 == 0 {
			query = "?_HLS_skip=v2"
		}
	}
	p := r.s.get(rewindList + query)
	require.Equal(r.t, http.StatusOK, p.Code, p.Body.String())
	full := r.s.get(rewindList)
	require.NotContains(r.t, full.Body.String(), "EXT-X-SKIP")
	want, err := (&playerList{}).update(full.Body.String())
	require.NoError(r.t, err)
	got, err := have.update(p.Body.String())
	if errors.Is(err, errTooOld) {
		r.list = want
		r.whole++
		return
	}
	require.NoError(r.t, err)
	if got.skipped > 0 {
		r.deltas++
		r.requireBoundary(p.Body.String())
	}
	got.seconds, got.skipped = want.seconds, 0
	require.Equal(r.t, want, got)
	r.list = got
}

// requireBoundary asserts that what a delta update lists before its newest
// segment lasts at least as long as the skip boundary.
func (r *rewinder) requireBoundary(delta string) {
	r.t.Helper()
	require.Contains(r.t, delta, "CAN-SKIP-UNTIL=24.00000")
	require.Contains(r.t, delta, "#EXT-X-VERSION:9\n")
	var listed, newest float64
	for _, line := range strings.Split(delta, "\n") {
		if d, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			_, err := fmt.Sscanf(d, "%f", &newest)
			require.NoError(r.t, err)
			listed += newest
		}
	}
	require.GreaterOrEqual(r.t, listed-newest, 24.0)
}

// TestDeltaUpdatesGiveTheWholeList: over outages, changes of track, segments
// that storage loses, players that are late, and a past that is forgotten and
// read again.
func TestDeltaUpdatesGiveTheWholeList(t *testing.T) {
	for _, window := range []time.Duration{0, 3 * time.Minute} {
		kept(t, Options{Window: window}, func(s *station, a *shelf) {
			rnd := rand.New(rand.NewPCG(1, 2))
			r := &rewinder{t: t, s: s}
			s.play(3 * time.Second)
			w := s.p.Window("video/source")
			var first, discs int64
			for i := range 400 {
				s.play(time.Duration(1+rnd.IntN(12_000)) * time.Millisecond / time.Duration(1+rnd.IntN(12)))
				switch {
				case i%37 == 36:
					s.lose()
					r.reload()
					time.Sleep(20 * time.Second)
					r.reload()
					s.comeBack()
					s.play(time.Second)
				case i%23 == 22:
					s.tracks[0] = videoTrack(media.Rate{Num: 30, Den: 1})
				case i%29 < 2:
					a.set(func() { a.loses = i%29 == 0 })
				case i%41 == 40:
					w.past.Store(nil)
				}
				r.reload()
				require.GreaterOrEqual(t, r.list.first, first, "numbers never go back")
				require.GreaterOrEqual(t, r.list.discs, discs)
				first, discs = r.list.first, r.list.discs
				require.Equal(t, s.now().segments(), r.list.first+int64(len(r.list.entries)), "each number once")
			}
			require.Zero(t, r.whole, "a list no older than half the boundary is never too old")
			require.Greater(t, r.deltas, 350)
			require.Greater(t, discs+int64(strings.Count(fmt.Sprint(r.list.entries), "DISCONTINUITY")), int64(20))
			require.Contains(t, fmt.Sprint(r.list.entries), "#EXT-X-GAP")
			if window == 0 {
				require.Zero(t, first)
			} else {
				require.LessOrEqual(t, r.list.seconds, window.Seconds())
				require.Greater(t, r.list.seconds, window.Seconds()-4)
				require.Positive(t, discs)
			}

			// The end, for one who has a list and for one who comes.
			s.end()
			r.reload()
			require.Contains(t, r.list.newest, "ENDLIST")
		})
	}
}

// TestAListThatIsTooOldIsLoadedWhole: what an update skips must be there.
func TestAListThatIsTooOldIsLoadedWhole(t *testing.T) {
	kept(t, Options{Window: 2 * time.Minute}, func(s *station, _ *shelf) {
		r := &rewinder{t: t, s: s}
		s.play(3 * time.Minute)
		r.reload()
		for range 3 {
			s.play(50 * time.Second)
			old := r.whole
			r.reload()
			require.Equal(t, old+1, r.whole)
			s.play(time.Second)
			r.reload()
			require.Equal(t, old+1, r.whole)
		}
	})
}

func TestABlockingReloadMayBeADeltaUpdate(t *testing.T) {
	kept(t, Options{}, func(s *station, _ *shelf) {
		s.play(3 * time.Minute)
		msn, parts := s.now().last()
		query := fmt.Sprintf("?_HLS_msn=%d&_HLS_part=%d", msn, parts)
		delta, full := s.ask(http.MethodGet, rewindList+query+"&_HLS_skip=YES"), s.ask(http.MethodGet, rewindList+query)
		require.True(t, delta.waits())
		s.play(300 * time.Millisecond)
		for _, p := range []*pending{delta, full} {
			require.False(t, p.waits())
			require.Equal(t, http.StatusOK, p.Code)
			require.Equal(t, "public, max-age=24", p.Header().Get("Cache-Control"))
			n := s.p.Window("video/source").snap.Load().nextPart
			require.Contains(t, p.Body.String(), fmt.Sprintf("part%d.m4s\"", n-1))
		}
		require.Contains(t, delta.Body.String(), "#EXT-X-SKIP:SKIPPED-SEGMENTS=")
		require.NotContains(t, full.Body.String(), "#EXT-X-SKIP")
		require.Contains(t, full.Body.String(), "/seg0.m4s\n", "the beginning, which has left the memory")
		require.Nil(t, s.now().segment(0))
		require.Less(t, delta.Body.Len(), full.Body.Len()/2)
	})
}

func TestSkippingIsForListsThatOfferIt(t *testing.T) {
	kept(t, Options{}, func(s *station, _ *shelf) {
		s.play(2 * time.Minute)
		for _, list := range []string{videoList, "/live/demo/b1/plain/video/source.m3u8"} {
			text := s.get(list).Body.String()
			require.NotContains(t, text, "SKIP")
			require.Equal(t, text, s.get(list+"?_HLS_skip=YES").Body.String())
		}
		for _, value := range []string{"", "NO", "yes", "v3", "1"} {
			require.NotContains(t, s.get(rewindList+"?_HLS_skip="+value).Body.String(), "EXT-X-SKIP", value)
		}
		multi := s.get("/live/demo/rewind.m3u8").Body.String()
		require.Contains(t, multi, "\nb1/rewind/video/source.m3u8\n")
		require.Contains(t, multi, `URI="b1/rewind/audio/source.m3u8"`)
		require.Contains(t, s.get(rewindList).Body.String(), `REPORT:URI="../audio/source.m3u8"`)
	})
	kept(t, Options{}, func(s *station, _ *shelf) {
		s.play(20 * time.Second)
		require.NotContains(t, s.get(rewindList+"?_HLS_skip=YES").Body.String(), "EXT-X-SKIP", "nothing lies behind the boundary")
	})
}

// TestAPastCostsNothingUntilSomebodyRewinds, and is let go when nobody does.
func TestAPastCostsNothingUntilSomebodyRewinds(t *testing.T) {
	kept(t, Options{}, func(s *station, a *shelf) {
		s.play(5 * time.Minute)
		w := s.p.Window("video/source")
		s.get(videoList)
		require.Nil(t, w.past.Load())
		require.Zero(t, a.asked)
		text := s.get(rewindList).Body.String()
		require.NotNil(t, w.past.Load())
		require.Contains(t, text, "#EXT-X-MEDIA-SEQUENCE:0\n")
		asked := a.asked
		for range 30 {
			s.play(5 * time.Second)
			s.get(rewindList + "?_HLS_skip=YES")
		}
		require.Equal(t, asked, a.asked, "what becomes past is in memory already")
		s.play(3 * time.Minute)
		require.Nil(t, w.past.Load())
		require.Contains(t, s.get(rewindList).Body.String(), "#EXT-X-MEDIA-SEQUENCE:0\n")
		require.Greater(t, a.asked, asked)
	})
}

func TestAnArchiveThatFailsIsNoShortList(t *testing.T) {
	kept(t, Options{}, func(s *station, a *shelf) {
		s.play(5 * time.Minute)
		a.set(func() { a.fails = true })
		p := s.get(rewindList)
		requireRefused(t, p, http.StatusServiceUnavailable)
		require.Equal(t, "1", p.Header().Get("Retry-After"))
		require.Equal(t, http.StatusOK, s.get(videoList).Code)
		a.set(func() { a.fails = false })
		require.Contains(t, s.get(rewindList).Body.String(), "/seg0.m4s\n")
	})
}

// TestWhatTheArchiveMissesIsAGap: each number stands once even so.
func TestWhatTheArchiveMissesIsAGap(t *testing.T) {
	kept(t, Options{}, func(s *station, a *shelf) {
		s.play(5 * time.Minute)
		a.set(func() {
			rows := a.rows["video/source"]
			newest := s.now().complete[0].Number
			a.rows["video/source"] = append(append(append([]Listed{}, rows[2:10]...), rows[13:20]...), rows[30:newest-4]...)
		})
		l, err := (&playerList{}).update(s.get(rewindList).Body.String())
		require.NoError(t, err)
		require.EqualValues(t, 2, l.first)
		require.Equal(t, s.now().segments(), l.first+int64(len(l.entries)))
		for i, e := range l.entries {
			n := l.first + int64(i)
			require.Contains(t, e.tags, fmt.Sprintf("/seg%d.m4s\n", n))
			missing := n >= 10 && n < 13 || n >= 20 && n < 30 || n >= s.now().complete[0].Number-4 && n < s.now().complete[0].Number
			require.Equal(t, missing, strings.Contains(e.tags, "GAP"), "%d", n)
		}
		require.InDelta(t, 300-4, l.seconds, 3)
	})
}

func TestWithoutAnArchiveNothingIsRewound(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Minute)
		require.Equal(t, time.Minute, s.p.Rewindable())
		r := &rewinder{t: t, s: s}
		for range 50 {
			s.play(time.Second)
			r.reload()
		}
		require.LessOrEqual(t, r.list.seconds, 60.0)
		require.Greater(t, r.list.seconds, 55.0)
	})
}

// Those who ask at once, of an older snapshot or a newer one.
func TestManyRewindAtOnce(t *testing.T) {
	kept(t, Options{Window: 2 * time.Minute}, func(s *station, _ *shelf) {
		s.play(4 * time.Minute)
		w := s.p.Window("video/source")
		for range 20 {
			old := w.snap.Load()
			s.play(2100 * time.Millisecond)
			var group sync.WaitGroup
			for i := range 8 {
				group.Go(func() {
					snap := old
					if i%2 == 0 {
						snap = w.snap.Load()
					}
					text, err := w.rewind(context.Background(), snap, i%3 == 0)
					if err == nil && i%3 == 1 {
						text.zipped()
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			synctest.Wait()
			for _, snap := range []*snapshot{old, w.snap.Load()} {
				text, err := w.rewind(context.Background(), snap, false)
				require.NoError(t, err)
				l, err := (&playerList{}).update(string(text.bytes()))
				require.NoError(t, err)
				require.Equal(t, snap.segments(), l.first+int64(len(l.entries)))
			}
		}
	})
}
