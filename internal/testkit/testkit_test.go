package testkit

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serveHLS makes plain HLS of a clip with ffmpeg and serves it.
func serveHLS(t *testing.T, clip string) string {
	t.Helper()
	dir := t.TempDir()
	FFmpeg(t, probeLimit, "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_segment_type", "fmp4",
		"-hls_flags", "independent_segments+program_date_time", "-hls_playlist_type", "vod",
		"-hls_segment_filename", filepath.Join(dir, "s%d.m4s"), filepath.Join(dir, "index.m3u8"))
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return server.URL + "/index.m3u8"
}

func TestClipAndPackets(t *testing.T) {
	clip := Clip{}.Path(t)
	require.Equal(t, clip, Clip{}.Path(t), "the same clip comes from the cache")

	video, audio := Packets(t, clip, "v"), Packets(t, clip, "a")
	require.Len(t, video, 180)
	require.Equal(t, 180, DecodedFrames(t, clip, "v"))
	require.InDelta(t, 6*48000/1024, len(audio), 2)
	require.Less(t, (video[179].DTS - video[0].DTS - 179*time.Second/30).Abs(), 2*time.Millisecond)
}

func TestClipKeyFrames(t *testing.T) {
	for name, c := range map[string]struct {
		clip Clip
		gap  time.Duration
	}{
		"1.999": {ClipGOP1999, 1999 * time.Millisecond},
		"8.3":   {ClipGOP8300, 8300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			out := output(t, probeLimit, Tool(t, "ffprobe"), "-loglevel", "error", "-select_streams", "v:0", "-skip_frame", "nokey",
				"-show_entries", "frame=pts_time", "-of", "csv=p=0", c.clip.Path(t))
			var last time.Duration
			for i, line := range strings.Fields(string(out)) {
				at, err := parseSeconds(strings.Trim(line, ","))
				require.NoError(t, err)
				if i > 0 {
					require.InDelta(t, c.gap, at-last, float64(2*time.Millisecond))
				}
				last = at
			}
			require.NotZero(t, last, "there is more than one key frame")
		})
	}
}

func TestFramesSurvivePackaging(t *testing.T) {
	clip := Clip{BFrames: 2}.Path(t)
	address := serveHLS(t, clip)
	sent, kept := Packets(t, clip, "v"), Packets(t, address, "v")
	require.Len(t, kept, len(sent))
	for i := range sent {
		require.Equal(t, sent[i].Hash, kept[i].Hash, "frame %d", i)
	}
}

func TestFollowAndFragments(t *testing.T) {
	address := serveHLS(t, Clip{Tracks: VideoOnly}.Path(t))
	var seen *MediaPlaylist
	require.NoError(t, Follow(t.Context(), address, func(p *MediaPlaylist) error {
		seen = p
		return nil
	}))
	require.True(t, seen.EndList)
	require.Len(t, seen.Segments, 3)

	fetch := func(uri string) []byte {
		at, err := Resolve(address, uri)
		require.NoError(t, err)
		b, err := Fetch(t.Context(), at)
		require.NoError(t, err)
		return b
	}
	init, err := ParseInit(fetch(seen.Segments[0].Map))
	require.NoError(t, err)
	require.NotZero(t, init.Timescale)
	list, err := init.Fragments(fetch(seen.Segments[0].URI))
	require.NoError(t, err)
	require.True(t, list[0].Sync)
	require.NotZero(t, list[0].Samples)

	_, err = init.Fragments([]byte("\x00\x00\x00\x40moof"))
	require.ErrorIs(t, err, ErrBox)
}

func TestBrowserShowsStockHLS(t *testing.T) {
	address := serveHLS(t, Clip{Tracks: VideoOnly, Seconds: 20}.Path(t))
	// The page is of another origin: plain files without CORS must fail it.
	b := StartBrowser(t)
	refused := b.OpenStock(t)
	refused.PlayStock(t, address)
	Eventually(t, browserLimit, func(context.Context) error {
		var said []string
		refused.Eval(t, "window.playerErrors", &said)
		if len(said) == 0 {
			return errors.New("hls.js did not complain")
		}
		return nil
	})

	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		body, err := Fetch(r.Context(), strings.TrimSuffix(address, "/index.m3u8")+r.URL.Path)
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(body) // the page may be gone
	}))
	defer open.Close()
	tab := b.OpenStock(t)
	tab.PlayStock(t, open.URL+"/index.m3u8")
	p := tab.WaitPicture(t, browserLimit, "20 frames are shown", func(p Picture) bool { return p.Frames >= 20 })
	require.Equal(t, 320, p.First.Width)
	require.False(t, p.Paused)
	require.NotEmpty(t, tab.Requests(t))
}

func TestProcess(t *testing.T) {
	p := Start(t, Command{Path: "/bin/sh", Args: []string{"-c", "echo said; trap 'exit 7' TERM; while :; do sleep 0.05; done"}})
	Eventually(t, browserLimit, func(context.Context) error {
		if !strings.Contains(p.Log(), "said") {
			return errors.New("nothing was said")
		}
		return nil
	})
	require.Eventually(t, func() bool { // the trap may come after the word
		p.Signal(syscall.SIGTERM)
		select {
		case <-p.Done():
			return true
		default:
			return false
		}
	}, browserLimit, pollEvery)
	require.Contains(t, []int{7, -1}, p.Wait(t, time.Second))

	out, code := Run(t, browserLimit, Command{Path: "/bin/sh", Args: []string{"-c", "echo out; echo err >&2; exit 3"}})
	require.Equal(t, "out\n", out)
	require.Equal(t, 3, code)
}

func TestTailIsBounded(t *testing.T) {
	var l Tail
	for range 3000 {
		n, err := l.Write([]byte(strings.Repeat("x", 100)))
		require.NoError(t, err)
		require.Equal(t, 100, n)
	}
	_, _ = l.Write([]byte("the end")) // never fails
	require.True(t, strings.HasSuffix(l.String(), "the end"))
	require.Contains(t, l.String(), "left out")
	require.LessOrEqual(t, len(l.String()), headBytes+2*tailBytes+100)
}
