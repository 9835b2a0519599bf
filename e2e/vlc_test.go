package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestVLC: a player that knows no low-latency tags plays the plain list, and
// that of MPEG-TS. It writes down what it reads, so that frames can be counted.
func TestVLC(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	testkit.PublishTest(t, "90", s.PublishURL("vlc"))
	onAir(t, s, "vlc")
	for name, list := range map[string]string{"plain": "/live/vlc/plain.m3u8", "ts": "/live/vlc/ts/index.m3u8"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vlc, file := startVLC(t, s.URL(list), "--verbose", "2", "--run-time", "20")
			require.Zero(t, vlc.Wait(t, 2*limit))
			require.Greater(t, testkit.DecodedFrames(t, file, "v"), 60, "two seconds and more were played")
			require.Greater(t, testkit.DecodedFrames(t, file, "a"), 60)
			require.NotRegexp(t, `TS discontinuity \(|discontinuity received`, vlc.Log(), "VLC watches the counters of MPEG-TS")
		})
	}
}

// startVLC plays an address to its end, and writes what it plays, as it is and
// at its pace, to the file that is returned.
func startVLC(t *testing.T, address string, options ...string) (vlc *testkit.Process, file string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "rostrum-vlc-") // not the test's own, which only its user may enter:
	require.NoError(t, err)                      // VLC does not run as root, the tests may
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o777))
	file = filepath.Join(dir, "played.ts")
	options = append([]string{"--intf", "dummy", "--no-color", "--sout", "#std{access=file,mux=ts,dst=" + file + "}"}, options...)
	return testkit.Start(t, testkit.Command{
		Path: testkit.Tool(t, "cvlc"), Nobody: true, Dir: dir, Env: []string{"HOME=" + dir},
		Args: append(options, address, "vlc://quit"),
	}), file
}
