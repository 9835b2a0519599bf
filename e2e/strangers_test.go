package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// metric reads one of the product's numbers.
func metric(t *testing.T, s *testkit.Server, name string) float64 {
	t.Helper()
	body, err := testkit.Fetch(t.Context(), "http://"+s.Metrics+"/metrics")
	require.NoError(t, err)
	for line := range strings.Lines(string(body)) {
		if text, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			require.NoError(t, err)
			return v
		}
	}
	require.Fail(t, "there is no metric "+name)
	return 0
}

// TestStrangers: 2,000 connections that were not let in, each as far as it
// dared, are closed within 15 s; what they hold is little, and an encoder that
// comes meanwhile is on air at once.
func TestStrangers(t *testing.T) {
	t.Parallel()
	const (
		crowd  = 2000
		within = 15 * time.Second
		most   = 64 << 10 // bytes for each
	)
	s := startOpen(t)
	before := metric(t, s, "process_resident_memory_bytes")
	// A connect that is announced with 16 KB and of which half comes.
	half := append([]byte{3, 0, 0, 0, 0, 0x40, 0, 20, 0, 0, 0, 0}, make([]byte, 128)...)
	stages := [][]byte{
		nil,
		append([]byte{3}, make([]byte, 700)...),
		append([]byte{3}, make([]byte, 2*1536)...),
		append(append([]byte{3}, make([]byte, 2*1536)...), half...),
	}
	conns := make([]net.Conn, crowd)
	defer func() {
		for _, c := range conns {
			if c != nil {
				_ = c.Close()
			}
		}
	}()
	var dialing errgroup.Group
	dialing.SetLimit(64)
	for i := range conns {
		dialing.Go(func() error {
			c, err := net.Dial("tcp", s.RTMP)
			if err != nil {
				return err
			}
			conns[i] = c
			_, err = c.Write(stages[i%len(stages)])
			return err
		})
	}
	require.NoError(t, dialing.Wait())
	all := time.Now()
	testkit.Eventually(t, limit, func(ctx context.Context) error { return metricIs(ctx, s, "rostrum_rtmp_connections_total", crowd) })
	each := (metric(t, s, "process_resident_memory_bytes") - before) / crowd
	t.Logf("%.0f bytes of memory for each", each)
	require.Less(t, each, float64(most))

	testkit.Publish(t, testkit.Clip{Seconds: 20}.Path(t), s.PublishURL("meanwhile"))
	onAir(t, s, "meanwhile")

	var closing errgroup.Group
	for i, c := range conns {
		closing.Go(func() error {
			if err := c.SetReadDeadline(all.Add(within)); err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
				return fmt.Errorf("stranger %d is still there", i)
			}
			return nil // closed, one way or the other
		})
	}
	require.NoError(t, closing.Wait())
	t.Logf("all were closed %v after the last came", time.Since(all).Round(time.Millisecond))
}
