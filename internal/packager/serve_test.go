package packager

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const videoList = "/live/demo/b1/video/source.m3u8"

func reloadOf(msn int64, part int) string {
	return fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=%d", videoList, msn, part)
}

func TestABlockingReloadWaitsForItsPart(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		msn, parts := s.now().last()
		p := s.ask(http.MethodGet, reloadOf(msn, parts))
		require.True(t, p.waits())
		s.play(300 * time.Millisecond)
		require.False(t, p.waits())
		require.LessOrEqual(t, p.took, 210*time.Millisecond, "as soon as the part is there")
		require.Equal(t, http.StatusOK, p.Code)
		require.Equal(t, "public, max-age=24", p.Header().Get("Cache-Control"))
		n := s.p.Window("video/source").snap.Load().nextPart
		require.Contains(t, p.Body.String(), fmt.Sprintf("part%d.m4s\"", n-1))
	})
}

func TestABlockingReloadForWhatIsThereIsAnsweredAtOnce(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		msn, parts := s.now().last()
		require.Greater(t, parts, 1)
		for _, target := range []string{
			reloadOf(msn, 0), reloadOf(msn, parts-1), reloadOf(msn-1, 0), reloadOf(0, 99),
			fmt.Sprintf("%s?_HLS_msn=%d", videoList, msn-1), videoList + "?v=abc", videoList,
		} {
			p := s.get(target)
			require.Equal(t, http.StatusOK, p.Code, target)
			require.Zero(t, p.took, target)
		}
	})
}

func TestABlockingReloadForASegmentWaitsForAllOfIt(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		msn, _ := s.now().last()
		p := s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d", videoList, msn))
		for s.now().segment(msn) == nil {
			require.True(t, p.waits(), "not with its first part")
			s.play(10 * time.Millisecond)
		}
		require.False(t, p.waits())
		require.Contains(t, p.Body.String(), fmt.Sprintf("/seg%d.m4s\n", msn))
	})
}

func TestAPartPastTheEndIsTheFirstOfTheNextSegment(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		msn, _ := s.now().last()
		p := s.ask(http.MethodGet, reloadOf(msn, 50))
		for {
			if n, parts := s.now().last(); n > msn && parts > 0 {
				break
			}
			require.True(t, p.waits())
			s.play(10 * time.Millisecond)
		}
		require.False(t, p.waits())
		require.Equal(t, http.StatusOK, p.Code)
		require.Contains(t, p.Body.String(), fmt.Sprintf("/seg%d.m4s\n", msn))
	})
}

func TestReloadsOutOfReachAreRefused(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		edge := s.now().edge()
		for _, query := range []string{
			"_HLS_msn=" + strconv.FormatInt(edge+3, 10), "_HLS_msn=4611686018427387903&_HLS_part=0", "_HLS_msn=x", "_HLS_msn=-1", "_HLS_msn=",
			"_HLS_msn=1.5", "_HLS_part=1", "_HLS_msn=1&_HLS_part=-1", "_HLS_msn=1&_HLS_part=99999999999", "_HLS_msn=99999999999999999999",
		} {
			p := s.get(videoList + "?" + query)
			requireRefused(t, p, http.StatusBadRequest)
			require.Zero(t, p.took, query)
		}
		two := s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=0", videoList, edge+2))
		require.True(t, two.waits(), "two ahead may be asked for")
		two.cancel()
		require.False(t, two.waits(), "nobody waits for a client that has gone")
		require.Empty(t, two.Body.String())
	})
}

func TestAWaitIsBounded(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		msn, parts := s.now().last()
		s.get(reloadOf(msn, parts)) // the part that the silence closes
		p := s.get(reloadOf(msn, parts+1))
		requireRefused(t, p, http.StatusServiceUnavailable)
		require.Equal(t, 12*time.Second, p.took, "three target durations")
		require.NotEmpty(t, p.Header().Get("Retry-After"))
	})
}

func TestTheEndAnswersAllWhoWait(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		msn, parts := s.now().last()
		waiting := []*pending{
			s.ask(http.MethodGet, reloadOf(msn, parts+2)), s.ask(http.MethodGet, fmt.Sprintf("%s?_HLS_msn=%d", videoList, msn+2)),
		}
		for _, p := range waiting {
			require.True(t, p.waits())
		}
		s.end()
		late := s.get(reloadOf(msn+100, 0))
		for _, p := range append(waiting, late, s.get(videoList), s.get("/live/demo/b1/plain/video/source.m3u8")) {
			require.False(t, p.waits())
			require.Zero(t, p.took)
			require.Equal(t, http.StatusOK, p.Code)
			require.Contains(t, p.Body.String(), "#EXT-X-ENDLIST\n")
			require.NotContains(t, p.Body.String(), "PRELOAD-HINT")
			require.Equal(t, "public, max-age=3600", p.Header().Get("Cache-Control"))
		}
	})
}

func TestOpeningHoldsRequestsUntilThereIsSomethingToPlay(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		first := s.ask(http.MethodGet, "/live/demo/index.m3u8")
		plain := s.ask(http.MethodGet, "/live/demo/plain.m3u8")
		gone := s.ask(http.MethodGet, "/live/demo/index.m3u8")
		gone.cancel()
		require.False(t, gone.waits())
		time.Sleep(5 * time.Second)
		s.base = time.Now()
		s.play(50 * time.Millisecond)
		require.True(t, first.waits())
		media := s.ask(http.MethodGet, videoList)
		require.True(t, media.waits(), "no list without a complete segment")
		s.play(300 * time.Millisecond)
		for _, p := range []*pending{first, plain} {
			require.False(t, p.waits())
			require.Equal(t, http.StatusOK, p.Code)
			require.Contains(t, p.Body.String(), "#EXT-X-STREAM-INF:")
			require.LessOrEqual(t, p.took, 5*time.Second+300*time.Millisecond)
		}
		require.False(t, media.waits())
		require.Contains(t, media.Body.String(), "/seg0.m4s\n")
	})
}

func TestOffAirIsToldWithATimeToComeBack(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		p := s.get("/live/demo/index.m3u8")
		requireRefused(t, p, http.StatusNotFound)
		require.Equal(t, "2", p.Header().Get("Retry-After"))
		require.Equal(t, openingWait, p.took)
		waiting := s.ask(http.MethodGet, "/live/demo/index.m3u8")
		s.end()
		require.False(t, waiting.waits(), "it ended without media")
		requireRefused(t, waiting, http.StatusNotFound)
	})
}

func TestARenditionThatIsNotThereIsTheCallersToAnswer(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(time.Second)
		for _, target := range []string{"/live/demo/b1/video/720p.m3u8", "/live/demo/b1/plain/x.m3u8", "/media/b1/video/720p/seg0.m4s"} {
			p := s.get(target)
			require.Equal(t, http.StatusTeapot, p.Code)
			require.Empty(t, p.Header())
		}
	})
}

func TestPlaylistsAreCompressedForThoseWhoTakeIt(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		plain := s.get(videoList)
		require.Equal(t, "Accept-Encoding", plain.Header().Get("Vary"))
		require.Equal(t, playlistType, plain.Header().Get("Content-Type"))
		require.Equal(t, "public, max-age=0, s-maxage=1", plain.Header().Get("Cache-Control"))
		require.Empty(t, plain.Header().Get("Content-Encoding"))
		require.Equal(t, strconv.Itoa(plain.Body.Len()), plain.Header().Get("Content-Length"))
		requireOpen(t, plain)
		for range 2 { // its compressor is used again
			zipped := s.get(videoList, "Accept-Encoding", "br, gzip;q=0.5")
			require.Equal(t, "gzip", zipped.Header().Get("Content-Encoding"))
			require.Equal(t, "Accept-Encoding", zipped.Header().Get("Vary"))
			require.Equal(t, strconv.Itoa(zipped.Body.Len()), zipped.Header().Get("Content-Length"))
			require.Less(t, zipped.Body.Len(), plain.Body.Len()/2)
			z, err := gzip.NewReader(zipped.Body)
			require.NoError(t, err)
			text, err := io.ReadAll(z)
			require.NoError(t, err)
			require.Equal(t, plain.Body.String(), string(text))
			s.play(200 * time.Millisecond)
			plain = s.get(videoList)
		}
	})
}

func TestAcceptEncodingIsRead(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "deflate, gzip": true, "gzip;q=0": false, "gzip; q=0.000": false,
		"gzip;q=0.001": true, "gzip;q=1.0": true, "identity": false, "xgzip": false, "br;q=0, gzip ; q=0.1": true,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		require.Equal(t, want, acceptsGzip(r), header)
	}
}

func TestHeadHasTheHeadersOfGet(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		for _, target := range []string{
			"/live/demo/index.m3u8", videoList, "/media/b1/video/source/init0.mp4",
			"/media/b1/video/source/seg1.m4s", "/media/b1/video/source/part1.m4s",
		} {
			got, head := s.get(target), s.ask(http.MethodHead, target)
			require.False(t, head.waits())
			require.Equal(t, http.StatusOK, head.Code)
			require.Zero(t, head.Body.Len(), target)
			require.Equal(t, got.Header(), head.Header(), target)
			require.Equal(t, strconv.Itoa(got.Body.Len()), head.Header().Get("Content-Length"))
		}
	})
}
