package audience

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/tally"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	head = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MAP:URI=\"init1.mp4\"\n"
	two  = "#EXTINF:2.0,\nseg7.m4s\n#EXT-X-PART:DURATION=0.2,URI=\"part1.m4s\",INDEPENDENT=YES\n#EXTINF:2.0,\nseg8.m4s\n"
	open = "#EXT-X-PART:DURATION=0.2,URI=\"part2.m4s\"\n#EXT-X-PART:DURATION=0.2,URI=\"part3.m4s\"\n"
)

func TestEdge(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		want edge
	}{
		"parts of an open segment": {head + two + open, edge{msn: 9, part: 2, init: "init1.mp4", media: "part3.m4s"}},
		"between two segments":     {head + two, edge{msn: 9, init: "init1.mp4", media: "part1.m4s"}},
		"whole segments alone":     {head + "#EXTINF:2.0,\nseg7.m4s\n#EXT-X-ENDLIST\n", edge{msn: 8, init: "init1.mp4", media: "seg7.m4s", ended: true}},
		"a gap":                    {head + two + "#EXT-X-GAP\n#EXTINF:2.0,\nseg9.m4s\n", edge{msn: 10, init: "init1.mp4", media: "part1.m4s"}},
		"a gap among segments":     {head + "#EXTINF:2.0,\nseg7.m4s\n#EXT-X-GAP\n#EXTINF:2.0,\nseg8.m4s\n", edge{msn: 9, init: "init1.mp4", media: "seg7.m4s"}},
		"another init section":     {head + two + "#EXT-X-MAP:URI=\"init2.mp4\"\n" + open, edge{msn: 9, part: 2, init: "init2.mp4", media: "part3.m4s"}},
	} {
		e, err := readEdge([]byte(c.list))
		require.NoError(t, err)
		require.Equal(t, c.want, e, name)
	}
	for _, bad := range []string{"", "<html>", "#EXTM3U\n", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:x\n"} {
		_, err := readEdge([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}

// site is a server whose media list is one after another of the given ones;
// the last goes on.
func site(t *testing.T, lists ...string) (Plan, *tally.Tally) {
	t.Helper()
	p, c, _ := busySite(t, lists...)
	return p, c
}

// busySite tells on the channel when the media list was asked for.
func busySite(t *testing.T, lists ...string) (Plan, *tally.Tally, <-chan struct{}) {
	t.Helper()
	const master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1,CODECS=\"avc1.64001f\",RESOLUTION=16x16,FRAME-RATE=30.000\nb/video.m3u8\n"
	var asked atomic.Int64
	news := make(chan struct{}, 1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body string
		switch _, name, _ := strings.Cut(r.URL.Path, "/live/a/"); {
		case name == "index.m3u8", name == "plain.m3u8":
			body = master
		case name == "b/video.m3u8":
			body = lists[min(int(asked.Add(1)), len(lists))-1]
			select {
			case news <- struct{}{}:
			default:
			}
		case strings.HasPrefix(name, "b/init"):
			body = "\x00\x00\x00\x08ftyp"
		case strings.HasPrefix(name, "b/part"), strings.HasPrefix(name, "b/seg"):
			body = "\x00\x00\x00\x08moof"
		default:
			http.NotFound(w, r)
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(web.Close)
	c := tally.New()
	return Plan{
		Addr: strings.TrimPrefix(web.URL, "http://"), Channels: []string{"a"}, Viewers: 1,
		Least: 30 * time.Second, Most: 30 * time.Second, Tally: c,
	}, c, news
}

func names(kinds []tally.Kind) (all []string) {
	for _, k := range kinds {
		all = append(all, k.Name)
	}
	return all
}

func TestViewerFollowsToTheEnd(t *testing.T) {
	for _, do := range []func(*viewer, context.Context){(*viewer).watch, (*viewer).poll} {
		p, c := site(t, head+two+"#EXT-X-ENDLIST\n")
		p.visit(t.Context(), do)
		require.Empty(t, c.Faults())
		require.Contains(t, names(c.Events()), "lists followed to their end")
	}
	p, c := site(t, head+two, head+two+open, head+two+open, head+two+open+"#EXTINF:0.4,\nseg9.m4s\n#EXT-X-ENDLIST\n")
	p.visit(t.Context(), (*viewer).watch)
	require.Empty(t, c.Faults())
	require.Contains(t, names(c.Events()), "blocking reloads that brought nothing new")
}

func TestViewerTellsWhatWasWrong(t *testing.T) {
	for want, list := range map[string]string{
		"viewer: a list went back":               head + two + "#EXT-X-ENDLIST\n",
		"viewer: blocking reload cannot be read": "gone",
		"viewer: media: status 404":              head + two + open + "#EXT-X-PART:DURATION=0.2,URI=\"none.m4s\"\n",
		"viewer: media is not fMP4":              head + two + open + "#EXT-X-PART:DURATION=0.2,URI=\"init2.mp4\"\n",
	} {
		p, c := site(t, head+two+open, list)
		p.visit(t.Context(), (*viewer).watch)
		require.Equal(t, []string{want}, names(c.Faults()))
	}
}

func TestOffAirIsNoFault(t *testing.T) {
	p, c := site(t, head)
	p.Channels = []string{"nobody"}
	for _, do := range []func(*viewer, context.Context){(*viewer).watch, (*viewer).poll, (*viewer).park} {
		p.visit(t.Context(), do)
	}
	require.Empty(t, c.Faults())
	require.Contains(t, names(c.Events()), "visits to a channel that was off air")
}

func TestAllLeaveWhenToldTo(t *testing.T) {
	p, c := site(t, head+two+open)
	p.Viewers = 20
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	p.Run(ctx)
	require.Empty(t, c.Faults(), "to leave is not the server's fault")
}

func TestWhoNeverReadsStaysForTheVisit(t *testing.T) {
	p, c, asked := busySite(t, head+two+open)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		p.visit(ctx, (*viewer).park)
	}()
	<-asked // the server answers, and nobody reads
	select {
	case <-gone:
		t.Fatal("left before the visit was over")
	default:
	}
	cancel()
	<-gone
	require.Empty(t, c.Faults())
	require.Equal(t, []string{"visits of viewers that never read"}, names(c.Events()))
}

func TestOneOfTenNeverReadsAndTwoPoll(t *testing.T) {
	p, c, asked := busySite(t, head+two+"#EXT-X-ENDLIST\n")
	for place := range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			p.visit(ctx, habit(place))
		}()
		<-asked
		if place == 3 {
			cancel() // it would stay
		}
		<-gone
		cancel()
		for len(asked) > 0 {
			<-asked
		}
	}
	counts := map[string]int{}
	for _, k := range c.Events() {
		counts[k.Name] = k.Count
	}
	require.Equal(t, 7, counts["visits of LL-HLS"])
	require.Equal(t, 2, counts["visits of plain HLS"])
	require.Equal(t, 1, counts["visits of viewers that never read"])
}
