package browser_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/browser"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/bench/internal/timecode"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// age is how old the first picture of the clip claims to be.
const age = 1000 * time.Second

// clip is 3 s of pictures that were made `age` ago, a thirtieth of a second
// apart.
func clip(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.mp4")
	began := time.Now().Add(-age)
	p := timecode.NewPainter()
	var raw bytes.Buffer
	for n := range 90 {
		raw.Write(p.Paint(n, began.Add(time.Duration(n)*time.Second/30)))
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", fmt.Sprintf("%dx%d", timecode.Width, timecode.Height), "-r", "30", "-i", "-",
		"-c:v", "libx264", "-preset", "ultrafast", "-b:v", "1500k", "-movflags", "+faststart", path)
	cmd.Stdin = &raw
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return path
}

func TestProbeReadsPictures(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", ".."))
	require.NoError(t, servers.ToRoot())
	path := clip(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/clip.mp4":
			http.ServeFile(w, r, path)
		case "/page": // the video stands in a shadow root, larger than it is
			_, _ = w.Write([]byte(`<!doctype html><div id=host></div><script>
				const root = document.getElementById('host').attachShadow({mode: 'open'});
				root.innerHTML = '<video src="/clip.mp4" muted autoplay style="width:1200px"></video>';
				fetch('/list.m3u8');
				window.loadSource = (src) => { root.querySelector('video').src = src; };
			</script>`))
		case "/dark":
			_, _ = w.Write([]byte(`<!doctype html><video></video><script>throw new Error('no picture here')</script>`))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	b, err := browser.Start(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()

	j, err := b.Watch(server.URL+"/page", 500*time.Millisecond, 1)
	require.NoError(t, err)
	require.NotNil(t, j.First)
	require.NotEmpty(t, j.Samples)
	require.Zero(t, j.Unread, "every picture was read")
	for _, s := range j.Samples {
		require.Greater(t, s[1], float64(age.Milliseconds()))
		require.Less(t, s[1], float64((age + time.Minute).Milliseconds()))
		require.GreaterOrEqual(t, s[2], s[1], "the display comes after the callback")
	}
	require.NotNil(t, j.Asked)
	require.Equal(t, 1, j.Failed, "the playlist is not there")
	require.NotEmpty(t, j.Failures)

	require.NoError(t, b.Prepare(server.URL+"/page"))
	j, err = b.Load(server.URL+"/clip.mp4?again", 100*time.Millisecond)
	require.NoError(t, err)
	require.NotNil(t, j.FirstWall)
	require.WithinDuration(t, time.Now(), time.UnixMilli(*j.FirstWall), time.Minute)

	_, err = b.Watch("http://127.0.0.1:1/", time.Millisecond, 1)
	require.Error(t, err, "the browser lives on after a page that is not there")
	b.PictureLimit = 100 * time.Millisecond
	j, err = b.Watch(server.URL+"/dark", time.Millisecond, 1)
	require.NoError(t, err)
	require.Nil(t, j.First)
	require.Contains(t, j.Errors, "Error: no picture here")
}
