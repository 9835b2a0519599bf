// Package e2e is acceptance: ffmpeg publishes to the real binary, and ffmpeg,
// a headless Chromium, VLC and a strict reader of playlists play what comes
// out. It knows the product by its command line and its addresses alone.
package e2e

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// limit is how long a test waits for what should come at once, on a machine
// that is busy with other things.
const limit = 60 * time.Second

// together is how many of the parallel tests run at a time: they live in real
// time and cost little, so more than there are processors.
const together = "6"

// all has each test go through all that it knows, which takes far longer. A
// usual run has a share of what only differs in its media, since the
// rooms that mend media test all of it by themselves.
var all = flag.Bool("all", false, "each test in all its variants")

// withoutSQLite leaves SQLite's own code, which is C made into Go, out of the
// race detector, as the Makefile does: so it is compiled once for both.
const withoutSQLite = "-gcflags=modernc.org/...=-race=false"

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
	binary, raced = built(dir, "plain"), built(dir, "raced", "-race", withoutSQLite)
	if raceDetector {
		binary = raced
	}
	return m.Run()
}

// binary returns the path of the program under test. raced is one that looks
// for data races: it costs half as much again, so that only those tests have it
// in which the most happens at once, or all when they are run with -race.
var binary, raced func() (string, error)

// built builds the program when it is asked for the first time.
func built(dir, name string, flags ...string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		root, err := filepath.Abs("..")
		if err != nil {
			return "", err
		}
		return testkit.Build(context.Background(), root, filepath.Join(dir, name), "./cmd/rostrum", flags...)
	})
}

// startServer runs the product with args added to its command line.
func startServer(t *testing.T, args ...string) *testkit.Server {
	t.Helper()
	return start(t, binary, args...)
}

func start(t *testing.T, build func() (string, error), args ...string) *testkit.Server {
	t.Helper()
	path, err := build()
	require.NoError(t, err)
	return testkit.StartServer(t, path, args...)
}

// startOpen runs it so that a test may publish any name without a key.
func startOpen(t *testing.T, args ...string) *testkit.Server {
	t.Helper()
	return startServer(t, append([]string{"--open"}, args...)...)
}

// startRaced is startOpen, and looks for data races.
func startRaced(t *testing.T, args ...string) *testkit.Server {
	t.Helper()
	return start(t, raced, append([]string{"--open"}, args...)...)
}

// share is every third of the variants, always the same ones; or all.
func share[V any](variants map[string]V) map[string]V {
	if *all {
		return variants
	}
	some := map[string]V{}
	for i, name := range slices.Sorted(maps.Keys(variants)) {
		if i%3 == 0 {
			some[name] = variants[name]
		}
	}
	return some
}
