package packager

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

const mpdPath = "/live/demo/manifest.mpd"

// attribute returns the values of an attribute in a text, in order.
func attribute(text, name string) (values []string) {
	for _, m := range regexp.MustCompile(` `+name+`="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		values = append(values, m[1])
	}
	return values
}

// listedSegments are how many segments of each rendition an MPD lists, in the
// order in which they stand there.
func listedSegments(text string) (counts []int64) {
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "<SegmentTimeline"):
			counts = append(counts, 0)
		case strings.HasPrefix(line, "<S "):
			counts[len(counts)-1]++
			for _, r := range attribute(line, "r") {
				n, _ := strconv.ParseInt(r, 10, 64)
				counts[len(counts)-1] += n
			}
		}
	}
	return counts
}

// While the broadcast opens a request for its MPD is held until there is
// something to play, as one for its playlists is.
func TestMPDIsHeldWhileOpening(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		early := s.ask(http.MethodGet, mpdPath)
		require.True(t, early.waits())
		s.play(3 * time.Second)
		require.False(t, early.waits())
		require.Equal(t, http.StatusOK, early.Code)
		require.Contains(t, early.Body.String(), "<Period ")
	})
	onAir(t, Options{}, func(s *station) {
		nothing := s.get(mpdPath)
		requireRefused(t, nothing, http.StatusNotFound)
		require.Equal(t, "2", nothing.Header().Get("Retry-After"))
		require.Equal(t, openingWait, nothing.took)
	})
}

// TestMPDOnAir: it lists what the playlists list, over outages, with one
// period more for each; stands still while there is no encoder; and becomes
// static at the end.
func TestMPDOnAir(t *testing.T) {
	begun := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every bubble
	onAir(t, Options{Begun: begun.Add(300 * time.Millisecond)}, func(s *station) {
		s.play(9 * time.Second)
		a := s.get(mpdPath)
		requireOpen(t, a)
		require.Equal(t, "application/dash+xml", a.Header().Get("Content-Type"))
		require.Equal(t, "public, max-age=0, s-maxage=1", a.Header().Get("Cache-Control"))
		require.Equal(t, "Accept-Encoding", a.Header().Get("Vary"))
		text := a.Body.String()
		require.Contains(t, text, ` type="dynamic"`)
		require.Contains(t, text, "<Location>b1.mpd</Location>")
		require.Equal(t, []string{"2000-01-01T00:00:00.000Z"}, attribute(text, "availabilityStartTime"))
		require.Equal(t, []string{"PT2S"}, attribute(text, "minimumUpdatePeriod"))
		require.Equal(t, []string{"PT60S"}, attribute(text, "timeShiftBufferDepth"))
		require.Equal(t, []string{"PT6S"}, attribute(text, "suggestedPresentationDelay"))
		require.Equal(t, []string{"PT4S"}, attribute(text, "maxSegmentDuration"))
		n := s.now().segments()
		require.Equal(t, []int64{n, n}, listedSegments(text))
		require.Equal(t, "gzip", s.get(mpdPath, "Accept-Encoding", "gzip").Header().Get("Content-Encoding"))

		one, _ := s.p.mpd()
		two, _ := s.p.mpd()
		require.Same(t, one, two, "made once for all who ask")

		s.lose()
		standing := s.get(mpdPath).Body.String()
		time.Sleep(30 * time.Second)
		require.Equal(t, standing, s.get(mpdPath).Body.String(), "it stands still")
		require.Contains(t, standing, ` type="dynamic"`)
		n = s.now().segments()
		require.Equal(t, []int64{n, n}, listedSegments(standing))

		s.comeBack()
		s.play(5 * time.Second)
		again := s.get(mpdPath).Body.String()
		require.Len(t, attribute(again, "start"), 2)
		require.Equal(t, attribute(standing, "start")[0], attribute(again, "start")[0])
		from := media.Duration(s.now().segment(n).Start, media.VideoTimescale)
		offsets := attribute(again, "presentationTimeOffset")
		require.Equal(t, strconv.FormatInt(media.Ticks(from, media.VideoTimescale), 10), offsets[2])
		first := s.now().segment(0).Time
		start, err := time.ParseDuration(strings.ToLower(attribute(again, "start")[1][2:]))
		require.NoError(t, err)
		require.WithinDuration(t, s.now().segment(n).Time, begun.Add(start), time.Millisecond, "by the wall clock")
		require.GreaterOrEqual(t, begun.Add(start).Sub(first), 39*time.Second)

		s.end()
		a = s.get(mpdPath)
		require.Equal(t, "public, max-age=3600", a.Header().Get("Cache-Control"))
		text = a.Body.String()
		require.Contains(t, text, ` type="static"`)
		require.Len(t, attribute(text, "mediaPresentationDuration"), 1)
		require.NotContains(t, text, "UTCTiming")
		m := s.now().segments() - n
		require.Equal(t, []int64{n, n, m, m}, listedSegments(text))
	})
}

// The MPD reaches back as far as the live playlists do, and no further.
func TestMPDReachesBackAsThePlaylists(t *testing.T) {
	onAir(t, Options{LiveWindow: 20 * time.Second}, func(s *station) {
		s.play(70 * time.Second)
		text := s.get(mpdPath).Body.String()
		require.Len(t, attribute(text, "id"), 6, "one period still: service, period, two sets with a rendition each")
		numbers := attribute(text, "startNumber")
		for i, w := range s.p.Windows() {
			snap := w.snap.Load()
			require.Equal(t, strconv.FormatInt(snap.complete[w.listed(snap, Live)].Number, 10), numbers[i])
		}
	})
}

// A channel that nobody watches by DASH renders none.
func TestMPDCostsNothingUnasked(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(9 * time.Second)
		require.Nil(t, s.p.dash.text)
	})
}

// Programs of all kinds are listed whole: what HLS lists, the MPD lists.
func TestMPDListsAll(t *testing.T) {
	for name, pr := range map[string]program{
		"both":        {rate: 30, gop: 2, hz: 48000, seconds: 21},
		"picture":     {rate: 25, gop: 2, seconds: 21},
		"sound":       {hz: 44100, seconds: 21},
		"b-frames":    {rate: 30, gop: 2, hz: 48000, seconds: 21, bframes: true},
		"long GOPs":   {rate: 30, gop: 10, hz: 48000, seconds: 41},
		"jitter":      {rate: 30, gop: 2, hz: 44100, seconds: 21, jitter: 8},
		"sound later": {rate: 30, gop: 2, hz: 48000, seconds: 31, lateness: 11},
	} {
		t.Run(name, func(t *testing.T) {
			f := pr.play(t, Options{})
			f.p.end()
			text, ended := f.p.mpd()
			require.True(t, ended)
			var want, got int64
			for _, w := range f.p.Windows() {
				for _, seg := range w.snap.Load().complete {
					if !seg.Gap {
						want++
					}
				}
			}
			for _, n := range listedSegments(string(text.bytes())) {
				got += n
			}
			require.Equal(t, want, got, string(text.bytes()))
		})
	}
}

// The picture stands in the MPD where it is shown, not where it is decoded.
func TestMPDTellsPresentationTimes(t *testing.T) {
	f := program{rate: 30, gop: 2, hz: 48000, seconds: 9, bframes: true}.play(t, Options{})
	text, _ := f.p.mpd()
	seg := f.p.Window("video/source").snap.Load().complete[0]
	require.Positive(t, seg.delay)
	start, _ := strconv.ParseInt(attribute(string(text.bytes()), "t")[0], 10, 64)
	length, _ := strconv.ParseInt(attribute(string(text.bytes()), "d")[0], 10, 64)
	require.Equal(t, seg.Start+seg.delay+seg.Ticks, start+length)
}
