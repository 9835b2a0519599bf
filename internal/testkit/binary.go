package testkit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// readyLimit is how long a server may take to say that it is ready.
const readyLimit = 60 * time.Second

// stopLimit is how long it may take to drain after SIGTERM, past any grace of
// its own.
const stopLimit = 60 * time.Second

// Build compiles a package of the repository, such as "./cmd/rostrum", into
// dir and returns the program's path. root is the repository's root; flags
// are added to those of go build.
func Build(ctx context.Context, root, dir, pkg string, flags ...string) (string, error) {
	bin := filepath.Join(dir, filepath.Base(pkg))
	args := append([]string{"build", "-o", bin}, flags...)
	build := exec.CommandContext(ctx, "go", append(args, pkg)...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return bin, nil
}

// Server is the product's binary, running. Its addresses stay the same over a
// restart.
type Server struct {
	HTTP, RTMP, Metrics string // host:port on loopback
	Data                string // the data folder

	binary string
	args   []string
	proc   *Process
}

// StartServer runs `binary serve` on free loopback ports, with a data folder
// that goes with the test, and waits until it is ready. args are added to the
// command line.
func StartServer(t testing.TB, binary string, args ...string) *Server {
	t.Helper()
	s := &Server{binary: binary, Data: t.TempDir(), args: args}
	free := FreePorts(t, 3)
	s.HTTP, s.RTMP, s.Metrics = free[0], free[1], free[2]
	if i := slices.Index(args, "--http-addr"); i >= 0 { // who needs to know it before
		s.HTTP, s.args = args[i+1], append(slices.Clone(args[:i]), args[i+2:]...)
	}
	s.Start(t)
	t.Cleanup(func() { s.checkLog(t) })
	return s
}

// checkLog fails a test whose server panicked or raced, however well it went
// on.
func (s *Server) checkLog(t testing.TB) {
	for _, word := range []string{"DATA RACE", "panic:", "goroutine 1 ["} {
		if log := s.Log(); strings.Contains(log, word) {
			t.Errorf("the server's log tells of a %q", word)
			return
		}
	}
}

// Start runs the server again after Stop or Kill.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	args := append([]string{
		"serve", "--data", s.Data,
		"--http-addr", s.HTTP, "--rtmp-addr", s.RTMP, "--metrics-addr", s.Metrics,
	}, s.args...)
	s.proc = Start(t, Command{Path: s.binary, Args: args, Dir: s.Data})
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	Eventually(t, readyLimit, func(ctx context.Context) error {
		select {
		case <-s.proc.Done():
			t.Fatal("the server ended before it was ready") // its log is told at the test's end
		default:
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL("/readyz"), nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(r)
		if err != nil {
			return err
		}
		_ = resp.Body.Close() // nothing in it is asked for
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("/readyz answers %s", resp.Status)
		}
		return nil
	})
}

// Stop asks the server to drain and fails the test unless it ends with code 0
// and a clean log.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	defer s.checkLog(t)
	s.proc.Signal(syscall.SIGTERM)
	if code := s.proc.Wait(t, stopLimit); code != 0 {
		t.Errorf("the server ended with code %d after SIGTERM, not 0", code)
	}
}

// Binary is the path of the program.
func (s *Server) Binary() string { return s.binary }

// Process is the server's process, for signals of a test's own.
func (s *Server) Process() *Process { return s.proc }

// Log is what the running server wrote.
func (s *Server) Log() string { return s.proc.Log() }

// URL is the address of a path on the server.
func (s *Server) URL(path string) string { return "http://" + s.HTTP + path }

// PublishURL is the address that an encoder publishes to; name is a stream
// key, or a channel's name with what follows it.
func (s *Server) PublishURL(name string) string { return "rtmp://" + s.RTMP + "/live/" + name }

// Command runs another command of the binary on the same data folder and
// returns its output and exit code.
func (s *Server) Command(t testing.TB, args ...string) (string, int) {
	t.Helper()
	return s.CommandTyping(t, "", args...)
}

// CommandTyping is Command with a text on its standard input.
func (s *Server) CommandTyping(t testing.TB, text string, args ...string) (string, int) {
	t.Helper()
	return Run(t, readyLimit, Command{Path: s.binary, Args: append(args, "--data", s.Data), Dir: s.Data, Stdin: strings.NewReader(text)})
}

// Ports for servers lie below those that kernels give to whoever asks for any
// (Linux: 32768 and up, IANA: 49152 and up), so that no connection takes one
// between the moment when it is found free and that when its server listens.
const (
	firstPort = 10_000
	lastPort  = 32_000
)

// lastFree is the port that was found last, so that no two servers of one test
// program are given the same; programs that run beside each other begin at
// different places.
var lastFree atomic.Uint32

func init() { lastFree.Store(firstPort + rand.Uint32N(lastPort-firstPort)) }

// FreePorts returns n loopback addresses that nothing listens on.
func FreePorts(t testing.TB, n int) []string {
	t.Helper()
	var addrs []string
	for range lastPort - firstPort {
		port := firstPort + lastFree.Add(1)%(lastPort-firstPort)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
		if err != nil {
			continue // somebody listens there
		}
		_ = l.Close() // nothing was accepted
		if addrs = append(addrs, l.Addr().String()); len(addrs) == n {
			return addrs
		}
	}
	t.Fatalf("of the ports from %d to %d not %d are free", firstPort, lastPort, n)
	return nil
}
