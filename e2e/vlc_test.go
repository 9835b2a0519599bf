package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestVLC: a player that knows no low-latency tags plays the plain list. It
// writes down what it reads, so that frames can be counted.
func TestVLC(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	testkit.PublishTest(t, "60", s.PublishURL("vlc"))
	onAir(t, s, "vlc")
	dir, err := os.MkdirTemp("", "rostrum-vlc-") // not the test's own, which only its user may enter:
	require.NoError(t, err)                      // VLC does not run as root, the tests may
	defer os.RemoveAll(dir)
	require.NoError(t, os.Chmod(dir, 0o777))
	file := filepath.Join(dir, "played.ts")
	_, code := testkit.Run(t, 2*limit, testkit.Command{
		Path: testkit.Tool(t, "cvlc"), Nobody: true, Dir: dir, Env: []string{"HOME=" + dir},
		Args: []string{
			"--intf", "dummy", "--no-color", "--run-time", "8", "--sout", "#std{access=file,mux=ts,dst=" + file + "}",
			s.URL("/live/vlc/plain.m3u8"), "vlc://quit",
		},
	})
	require.Zero(t, code)
	require.Greater(t, testkit.DecodedFrames(t, file, "v"), 60, "two seconds and more were played")
	require.Greater(t, testkit.DecodedFrames(t, file, "a"), 60)
}
