package reader

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// record has ffmpeg make an HLS recording of 75 pictures with B-frames and
// sound, and serves its folder.
func record(t *testing.T, segmentType string) (address, folder string) {
	t.Helper()
	_, err := exec.LookPath("ffmpeg")
	require.NoError(t, err, "these tests need ffmpeg: install the package ffmpeg")
	folder = t.TempDir()
	out, err := exec.Command("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error",
		"-f", "lavfi", "-i", "testsrc2=size=160x96:rate=30", "-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", "2.5",
		"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-sc_threshold", "0", "-c:a", "aac",
		"-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod", "-hls_segment_type", segmentType,
		"-master_pl_name", "main.m3u8", filepath.Join(folder, "media.m3u8")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	return server.URL + "/main.m3u8", folder
}

func TestPicturesCountsTransportStreams(t *testing.T) {
	address, _ := record(t, "mpegts")
	n, err := Pictures(t.Context(), http.DefaultClient, address)
	require.NoError(t, err)
	require.Equal(t, 75, n)
}

func TestPicturesSeesWhatIsMissing(t *testing.T) {
	address, folder := record(t, "mpegts")
	path := filepath.Join(folder, "media1.ts")
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, b[:len(b)/tsPacket/2*tsPacket], 0o600))
	n, err := Pictures(t.Context(), http.DefaultClient, address)
	require.NoError(t, err)
	require.Less(t, n, 75)
	require.NoError(t, os.WriteFile(path, b[:len(b)-1], 0o600))
	_, err = Pictures(t.Context(), http.DefaultClient, address)
	require.ErrorContains(t, err, "sync")
	require.NoError(t, os.Remove(path))
	_, err = Pictures(t.Context(), http.DefaultClient, address)
	require.ErrorContains(t, err, "status 404")
}

func TestFragmentsCountsTrackRuns(t *testing.T) {
	// ffmpeg's fMP4 holds both kinds in one fragment: 75 pictures and sound.
	_, folder := record(t, "fmp4")
	total := 0
	segments, err := filepath.Glob(filepath.Join(folder, "media*.m4s"))
	require.NoError(t, err)
	require.NotEmpty(t, segments)
	for _, path := range segments {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		n, err := fragments(b)
		require.NoError(t, err)
		total += n
		_, err = fragments(b[:len(b)-1])
		require.ErrorContains(t, err, "cut short")
	}
	require.Equal(t, probePackets(t, filepath.Join(folder, "media.m3u8")), total)
}

func probePackets(t *testing.T, path string) int {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "packet=codec_type", "-of", "csv=p=0", path).Output()
	require.NoError(t, err)
	return strings.Count(string(out), "\n")
}

func TestAwaitTellsWhatCame(t *testing.T) {
	address, folder := record(t, "mpegts")
	n, err := Await(t.Context(), http.DefaultClient, address, 75)
	require.NoError(t, err)
	require.Equal(t, 75, n)

	over, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	n, err = Await(over, http.DefaultClient, address, 76)
	require.NoError(t, err)
	require.Equal(t, 75, n, "one was lost")

	require.NoError(t, os.Remove(filepath.Join(folder, "main.m3u8")))
	over, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = Await(over, http.DefaultClient, address, 75)
	require.ErrorContains(t, err, "status 404")
}

func TestParsePlaylist(t *testing.T) {
	base, err := url.Parse("http://h/live/c/index.m3u8")
	require.NoError(t, err)
	p, err := ParsePlaylist([]byte("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../v.m3u8\n"), base)
	require.NoError(t, err)
	require.Equal(t, []string{"http://h/live/v.m3u8"}, addresses(p.Variants))
	p, err = ParsePlaylist([]byte("#EXTM3U\r\n#EXT-X-MAP:URI=\"i.mp4\"\r\n#EXT-X-PART:DURATION=1,URI=\"p\"\r\n#EXTINF:2,\r\n/a.m4s\r\n#EXT-X-ENDLIST\r\n"), base)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]string{"http://h/a.m4s"}, addresses(p.Segments)))
	require.True(t, p.Ended)
	for _, bad := range []string{"", "<html>", "#EXTM3U\n%zz\n", "#EXTM3U\n" + strings.Repeat("x", maxLine+1)} {
		_, err := ParsePlaylist([]byte(bad), base)
		require.Error(t, err, "%.20q", bad)
	}
}

func addresses(us []*url.URL) (s []string) {
	for _, u := range us {
		s = append(s, u.String())
	}
	return s
}

func FuzzCounters(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x10moof\x00\x00\x00\x08traf"))
	f.Add(make([]byte, tsPacket))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := fragments(b); err == nil && n < 0 {
			t.Fatal("a negative count")
		}
		var ts transportStream
		if n, err := ts.pictures(b); err == nil && n > len(b)/tsPacket {
			t.Fatal("more pictures than packets")
		}
	})
}
