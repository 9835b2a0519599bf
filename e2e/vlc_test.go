package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
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
			vlc := requireVLCPlays(t, s.URL(list), 300, "--verbose", "2")
			require.NotRegexp(t, `TS discontinuity \(|discontinuity received`, vlc.Log(), "VLC watches the counters of MPEG-TS")
		})
	}
}

// requireVLCPlays has VLC play an address until it has written down as many
// frames of picture, and of sound, and ends it.
func requireVLCPlays(t *testing.T, address string, frames int, options ...string) *testkit.Process {
	t.Helper()
	vlc, file := startVLC(t, address, options...)
	testkit.Eventually(t, 2*limit, func(ctx context.Context) error {
		for _, kind := range []string{"v", "a"} {
			n, err := testkit.CountFrames(ctx, file, kind)
			if err != nil {
				return err
			}
			if n < frames {
				return fmt.Errorf("VLC has played %d frames %q of %s", n, kind, address)
			}
		}
		return nil
	})
	vlc.Signal(syscall.SIGTERM)
	vlc.Wait(t, limit)
	return vlc
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
