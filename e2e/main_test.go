// Package e2e is acceptance: ffmpeg publishes to the real binary, and ffmpeg,
// a headless Chromium, VLC and a strict reader of playlists play what comes
// out. It knows the product by its command line and its addresses alone.
package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// limit is how long a test waits for what should come at once, on a machine
// that is busy with other things.
const limit = 60 * time.Second

// together is how many of the parallel tests run at a time: they live in real
// time and cost little, so more than there are processors.
const together = "6"

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", together); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "rostrum-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	root, err := filepath.Abs("..")
	if err == nil {
		_, err = testkit.Build(context.Background(), root, dir, "./cmd/rostrum", buildFlags...)
	}
	if err == nil {
		err = os.Setenv(binaryVariable, filepath.Join(dir, "rostrum"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return m.Run()
}

// binaryVariable tells the tests of this process where the binary lies.
const binaryVariable = "E2E_ROSTRUM_BINARY"

// startServer runs the product with args added to its command line.
func startServer(t *testing.T, args ...string) *testkit.Server {
	t.Helper()
	return testkit.StartServer(t, os.Getenv(binaryVariable), args...)
}

// startOpen runs it so that a test may publish any name without a key.
func startOpen(t *testing.T, args ...string) *testkit.Server {
	t.Helper()
	return startServer(t, append([]string{"--open"}, args...)...)
}
