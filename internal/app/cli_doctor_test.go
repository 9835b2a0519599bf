package app

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// footage makes a file of a test picture and a tone with a key frame each gop
// pictures, 25 a second, in the container that its name ends with.
func footage(t *testing.T, dir, name, gop string, more ...string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	args := []string{
		"-f", "lavfi", "-i", "testsrc=s=128x72:r=25:d=18", "-f", "lavfi", "-i", "sine=r=16000:d=18",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-c:a", "aac",
	}
	testkit.FFmpeg(t, time.Minute, append(append(args, more...), path)...)
	return path
}

func TestDoctorOfFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ill.flv", "ill.mkv", "ill.ts", "ill.mp4"} {
		code, out, errs := run(t, "doctor", footage(t, dir, name, "200"))
		require.Equal(t, exitFailed, code, "%s: %s", name, errs)
		require.Empty(t, errs, "told on standard output")
		require.Contains(t, out, "Picture: H.264 (avc1.", name)
		require.Contains(t, out, "128 × 72, 25.", name)
		require.Contains(t, out, "Sound: AAC, 16 kHz, mono", name)
		require.Contains(t, out, "BAD   Key frames come every 8 s", name)
	}
	code, out, _ := run(t, "doctor", footage(t, dir, "well.flv", "50"))
	require.Zero(t, code)
	require.Contains(t, out, "Key frames: every 2 s\n")
	require.Contains(t, out, "Encoder: Lavf")
	require.Contains(t, out, "Everything looks healthy.\n")

	code, out, _ = run(t, "doctor", "--json", filepath.Join(dir, "ill.flv"))
	require.Equal(t, exitFailed, code)
	var told report
	require.NoError(t, json.Unmarshal([]byte(out), &told))
	require.False(t, told.Healthy)
	require.True(t, told.Settled)
	require.Equal(t, "key_frame_interval", told.Verdicts[0].Code)
	require.EqualValues(t, 8, told.Summary.KeyFrameInterval)

	testkit.FFmpeg(t, time.Minute, "-i", filepath.Join(dir, "well.flv"), "-c", "copy", "-t", "3", filepath.Join(dir, "short.flv"))
	code, out, _ = run(t, "doctor", filepath.Join(dir, "short.flv"))
	require.Zero(t, code)
	require.Contains(t, out, "too short")
}

// Streams of other servers: HTTP-FLV as it is, a playlist by ffmpeg.
func TestDoctorOfAddresses(t *testing.T) {
	dir := t.TempDir()
	footage(t, dir, "ill.flv", "200")
	footage(t, dir, "index.m3u8", "50", "-hls_list_size", "0", "-hls_time", "2")
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("key") != "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)

	code, out, errs := run(t, "doctor", server.URL+"/ill.flv")
	require.Equal(t, exitFailed, code, errs)
	require.Contains(t, out, "Key frames come every 8 s")
	code, out, errs = run(t, "doctor", server.URL+"/index.m3u8")
	require.Zero(t, code, out+errs)
	require.Contains(t, out, "Everything looks healthy.")

	for what, want := range map[string]string{
		server.URL + "/none.flv":       "404 Not Found",
		server.URL + "/ill.flv?key=me": "403 Forbidden",
		"rtmp://127.0.0.1:1/live/x":    "ffmpeg: ",
		"http://127.0.0.1:1/x.flv":     "connection refused",
		"no such file.mkv":             "no address, no file",
		dir:                            "no address, no file",
	} {
		code, out, errs := run(t, "doctor", what)
		require.Equal(t, exitFailed, code, what)
		require.Empty(t, out, what)
		require.Contains(t, errs, want, what)
	}
	text := filepath.Join(dir, "notes.txt")
	require.NoError(t, os.WriteFile(text, []byte("hello, this is no media at all"), 0o600))
	_, _, errs = run(t, "doctor", text)
	require.Contains(t, errs, "ffmpeg: ")
	code, _, errs = run(t, "doctor", "--for", "2s", text)
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "give 13s or more")

	t.Setenv("PATH", dir)
	_, _, errs = run(t, "doctor", server.URL+"/index.m3u8")
	require.Contains(t, errs, "takes ffmpeg, which is not installed")
	code, _, _ = run(t, "doctor", filepath.Join(dir, "ill.flv"))
	require.Equal(t, exitFailed, code, "what we read ourselves needs none")
}

// TestDoctorOfAChannel watches what a running server has on air.
func TestDoctorOfAChannel(t *testing.T) {
	s := startServer(t, t.TempDir(), "--demo")
	code, out, errs := run(t, "doctor", "--http-addr", s.http, "--for", "13s", "demo")
	require.Zero(t, code, out+errs)
	require.Contains(t, out, "Picture: H.264")
	require.NotContains(t, out, "BAD")
	_, _, errs = run(t, "doctor", "--http-addr", s.http, "nobody")
	require.Contains(t, errs, "channel nobody is not on air")
	s.stop()
	require.Zero(t, <-s.code)
}
