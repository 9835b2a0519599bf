package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestHostileViewers: connections that hold on to what they need not are
// ended, each in its time, while a viewer beside them misses nothing.
func TestHostileViewers(t *testing.T) {
	t.Parallel()
	s := startRaced(t)
	encoder := testkit.PublishTest(t, "120", s.PublishURL("crowd"))
	onAir(t, s, "crowd")
	list := mediaAddress(t, s.URL("/live/crowd/index.m3u8"), "/video/")
	var watching errgroup.Group
	watching.Go(func() error {
		_, err := watchAll(t.Context(), s.URL("/live/crowd/index.m3u8"))
		return err
	})
	t.Run("together", func(t *testing.T) {
		t.Run("a header that never ends", func(t *testing.T) {
			t.Parallel()
			endlessHeader(t, s)
		})
		t.Run("a body that never comes", func(t *testing.T) {
			t.Parallel()
			c := dialHTTP(t, s)
			_, err := io.WriteString(c, "POST /api/v1/live HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
			require.NoError(t, err)
			require.Equal(t, http.StatusMethodNotAllowed, readStatus(t, c))
			requireClosed(t, c)
		})
		t.Run("a header that is too long", func(t *testing.T) {
			t.Parallel()
			c := dialHTTP(t, s)
			_, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 24<<10)+"\r\n\r\n")
			require.NoError(t, err)
			require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, readStatus(t, c))
			requireClosed(t, c)
		})
		t.Run("nobody reads", func(t *testing.T) {
			t.Parallel()
			doNotRead(t, s, list)
		})
		t.Run("who waits hangs up", func(t *testing.T) {
			t.Parallel()
			parkAndLeave(t, s, list)
		})
	})
	encoder.Signal(syscall.SIGTERM)
	require.NoError(t, watching.Wait())
}

func dialHTTP(t *testing.T, s *testkit.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.HTTP)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetReadDeadline(time.Now().Add(limit)))
	return c
}

func readStatus(t *testing.T, c net.Conn) int {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	_ = r.Body.Close() // only its header is asked for
	return r.StatusCode
}

// requireClosed waits until the server has closed a connection, in order or
// by a reset.
func requireClosed(t *testing.T, c net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, c)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection is still open")
}

// endlessHeader sends a header a byte at a time: it is the whole header that
// has to be there in time.
func endlessHeader(t *testing.T, s *testkit.Server) {
	c := dialHTTP(t, s)
	var sending errgroup.Group
	sending.Go(func() error {
		step := time.NewTicker(200 * time.Millisecond)
		defer step.Stop()
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nX: "); err != nil {
			return err
		}
		for range step.C {
			if _, err := io.WriteString(c, "x"); err != nil {
				return nil // as it should
			}
		}
		return nil
	})
	requireClosed(t, c)
	require.NoError(t, c.Close())
	require.NoError(t, sending.Wait())
}

// doNotRead asks for a segment over and over and takes nothing of it.
func doNotRead(t *testing.T, s *testkit.Server, list string) {
	p, err := testkit.FetchMedia(t.Context(), list)
	require.NoError(t, err)
	u, err := url.Parse(resolve(t, list, p.Segments[0].URI))
	require.NoError(t, err)
	c := dialHTTP(t, s)
	_, err = io.WriteString(c, strings.Repeat("GET "+u.Path+" HTTP/1.1\r\nHost: x\r\n\r\n", 1000))
	require.NoError(t, err)
	testkit.Eventually(t, limit, func(ctx context.Context) error { return metricIs(ctx, s, "rostrum_http_cut_off_total", 1) })
	n, err := io.Copy(io.Discard, c)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	t.Logf("%d bytes were on their way when it was cut off", n)
}

// parkAndLeave asks for what is to come on many connections and goes away
// without waiting: nothing is left of them in the server.
func parkAndLeave(t *testing.T, s *testkit.Server, list string) {
	const many = 300
	u, err := url.Parse(list)
	require.NoError(t, err)
	p, err := testkit.FetchMedia(t.Context(), list)
	require.NoError(t, err)
	msn, _ := p.Next()
	var parked []net.Conn
	for range many {
		c := dialHTTP(t, s)
		_, err := fmt.Fprintf(c, "GET %s?_HLS_msn=%d HTTP/1.1\r\nHost: x\r\n\r\n", u.Path, msn+1)
		require.NoError(t, err)
		parked = append(parked, c)
	}
	testkit.Eventually(t, limit, goroutines(s, func(n int) bool { return n > many }))
	for _, c := range parked {
		require.NoError(t, c.Close())
	}
	testkit.Eventually(t, limit, goroutines(s, func(n int) bool { return n < many/2 }))
}

// goroutines looks at how many the server has.
func goroutines(s *testkit.Server, enough func(int) bool) func(context.Context) error {
	return func(ctx context.Context) error {
		body, err := testkit.Fetch(ctx, "http://"+s.Metrics+"/metrics")
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(string(body), "\ngo_goroutines ")
		line, _, _ := strings.Cut(rest, "\n")
		n, err := strconv.Atoi(line)
		if err != nil {
			return fmt.Errorf("read go_goroutines: %w", err)
		}
		if !enough(n) {
			return fmt.Errorf("the server has %d goroutines", n)
		}
		return nil
	}
}
