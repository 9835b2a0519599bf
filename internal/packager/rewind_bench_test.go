package packager

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// longArchive has a segment of 2 s for every number.
type longArchive struct{}

func (longArchive) Older(_ context.Context, _, _ string, from, before int64) ([]Listed, error) {
	var list []Listed
	for n := from; n < before; n++ {
		list = append(list, Listed{Number: n, Time: epoch.Add(time.Duration(n) * 2 * time.Second), Duration: 2 * time.Second, Independent: true})
	}
	return list, nil
}

func noFile() (*os.File, error) { return nil, os.ErrNotExist }

// longLoop goes on with a broadcast that has been on air for 13 hours.
func longLoop(t tester, window time.Duration) *loop {
	const before = 13 * 1800 // segments
	o := Options{Window: window, Archive: longArchive{}}
	var past Past
	for name, track := range map[string]*media.Track{"video/source": videoTrack(media.Rate{Num: 30, Den: 1}), "audio/source": audioTrack(48000)} {
		w := PastWindow{Name: name, Kind: track.Kind(), Inits: []*Init{{Track: track}}, PartTarget: 200 * time.Millisecond}
		for n := int64(before - 70); n < before; n++ {
			s := &Segment{
				Number: n, Init: w.Inits[0], Time: epoch.Add(time.Duration(n) * 2 * time.Second), Independent: true,
				Duration: 2 * time.Second, Size: 1,
			}
			s.Stored(noFile)
			w.Segments = append(w.Segments, s)
		}
		past.Windows = append(past.Windows, w)
	}
	l := newLoop(t, o)
	f := l.feed
	f.stream = live.NewStream("demo", "b1", live.Limits{})
	f.stream.StartAt(13 * time.Hour)
	f.p = Restore(f.stream, o, past, epoch)
	f.pub = live.NewPublisher(f.stream, func(*live.Publisher, live.End, error) {})
	f.pub.Expect(media.Video, media.Audio)
	l.video, l.audio = f.pub.Rendition("video/source"), f.pub.Rendition("audio/source")
	f.reader, f.cut = f.stream.Reader(), newCutter(f.p)
	l.base = epoch.Add(13 * time.Hour)
	return l
}

// nowhere is a response that nobody reads.
type nowhere struct {
	header http.Header
	bytes  int
	status int
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) Write(b []byte) (int, error) { w.bytes += len(b); return len(b), nil }
func (w *nowhere) WriteHeader(status int)      { w.status = status }

// audience asks for delta updates of the newest snapshot.
type audience struct {
	l       *loop
	request *http.Request
	answer  nowhere
	at      time.Duration
}

func newAudience(t tester, window time.Duration) *audience {
	a := &audience{l: longLoop(t, window), answer: nowhere{header: http.Header{}}}
	a.request = httptest.NewRequest(http.MethodGet, rewindList+"?_HLS_skip=YES", nil)
	a.request.Header.Set("Accept-Encoding", "gzip")
	for range 300 {
		a.part(1)
	}
	return a
}

// part publishes the next part and serves it to so many viewers.
func (a *audience) part(viewers int) {
	a.at += 200 * time.Millisecond
	a.l.write(a.at)
	a.l.cut()
	for _, w := range a.l.feed.p.Windows() {
		if c := w.snap.Load().complete; len(c) > 0 {
			c[len(c)-1].Stored(noFile)
		}
	}
	for range viewers {
		if !a.l.feed.p.ServePlaylist(&a.answer, a.request, "video/source", Rewind) || a.answer.status != 0 {
			panic(fmt.Sprint("status ", a.answer.status))
		}
	}
}

// BenchmarkRewind is a part, and its delta update for one viewer or a hundred.
func BenchmarkRewind(b *testing.B) {
	for _, window := range []time.Duration{time.Minute, 12 * time.Hour} {
		for _, viewers := range []int{1, 100} {
			b.Run(fmt.Sprintf("window=%v/viewers=%d", window, viewers), func(b *testing.B) {
				a := newAudience(b, window)
				a.answer.bytes = 0
				b.ReportAllocs()
				for b.Loop() {
					a.part(viewers)
				}
				b.ReportMetric(float64(a.answer.bytes)/float64(b.N*viewers), "sent-B/viewer")
			})
		}
	}
}

// BenchmarkRewindWhole is a part, and the whole list for one who comes.
func BenchmarkRewindWhole(b *testing.B) {
	for _, window := range []time.Duration{time.Minute, 2 * time.Hour, 12 * time.Hour} {
		b.Run(fmt.Sprintf("window=%v", window), func(b *testing.B) {
			a := newAudience(b, window)
			a.request.URL.RawQuery, a.answer.bytes = "", 0
			b.ReportAllocs()
			for b.Loop() {
				a.part(1)
			}
			b.ReportMetric(float64(a.answer.bytes)/float64(b.N), "sent-B/viewer")
		})
	}
}

// TestAPartCostsTheSameHoweverLongTheWindow, in allocations and in bytes.
func TestAPartCostsTheSameHoweverLongTheWindow(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	const parts = 500
	cost := func(window time.Duration, viewers int) (allocs, bytes float64) {
		a := newAudience(t, window)
		v := a.l.feed.p.Window("video/source").snap.Load().rewind.view
		require.Greater(t, v.count, int64(window/(2*time.Second))-20)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range parts {
			a.part(viewers)
		}
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs-before.Mallocs) / parts, float64(after.TotalAlloc-before.TotalAlloc) / parts
	}
	cost(time.Minute, 1) // compressors are made
	short, shortBytes := cost(time.Minute, 1)
	long, longBytes := cost(12*time.Hour, 1)
	many, _ := cost(12*time.Hour, 100)
	t.Logf("%.1f allocations and %.0f bytes in 1 min, %.1f and %.0f in 12 h; %.1f for a hundred viewers", short, shortBytes, long, longBytes, many)
	require.Less(t, long, 300.0)
	require.InEpsilon(t, short, long, 0.05)
	require.Less(t, (many-long)/99, 15.0, "what each viewer adds: headers")
	require.Less(t, longBytes, shortBytes*1.25+20_000)
}
