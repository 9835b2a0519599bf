package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/command"
)

func TestParse(t *testing.T) {
	o, err := parse(nil)
	require.NoError(t, err)
	require.Equal(t, 50, o.honest)
	require.Equal(t, 5000, o.parked)
	for _, bad := range [][]string{{"-silent", "0"}, {"-rounds", "x"}, {"extra"}, {"-nonsense"}} {
		_, err := parse(bad)
		require.ErrorIs(t, err, command.ErrUse, "%v", bad)
	}
	for _, bad := range [][]string{{"-kind", "other", "-n", "1"}, {"-kind", silent}, {"-x"}} {
		require.ErrorIs(t, crowdMain(t.Context(), bad, nil), command.ErrUse, "%v", bad)
	}
}

const head = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z\n" +
	"#EXT-X-PART:DURATION=0.20000,URI=\"part1.m4s\",INDEPENDENT=YES\n#EXTINF:2.00000,\nseg7.m4s\n"

func TestEdge(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dated := "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:05.500Z\n"
	parts := "#EXT-X-PART:DURATION=0.20000,URI=\"../part2.m4s\"\n#EXT-X-PART:URI=\"../part3.m4s\",DURATION=0.10000\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"part4.m4s\"\n"
	for name, c := range map[string]struct {
		list string
		want edge
	}{
		"between two segments": {head, edge{msn: 8, part: "part1.m4s", end: noon.Add(2 * time.Second)}},
		"in a segment":         {head + parts, edge{msn: 8, parts: 2, part: "../part3.m4s", end: noon.Add(2300 * time.Millisecond)}},
		"with a date":          {head + dated + parts, edge{msn: 8, parts: 2, part: "../part3.m4s", end: noon.Add(5800 * time.Millisecond)}},
	} {
		e, err := readEdge([]byte(c.list))
		require.NoError(t, err, name)
		require.Equal(t, c.want.end, e.end.UTC(), name)
		e.end = c.want.end
		require.Equal(t, c.want, e, name)
	}
	for _, bad := range []string{"", "#EXTM3U\n", head + "#EXT-X-PART:URI=\"x\"\n", "#EXT-X-MEDIA-SEQUENCE:x\n"} {
		_, err := readEdge([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}

// TestViewers: what comes late is seen as late, and what fails is told.
func TestViewers(t *testing.T) {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".m4s") {
			return
		}
		if n.Add(1) == 10 {
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		date := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339Nano)
		fmt.Fprintf(w, "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PROGRAM-DATE-TIME:%s\n#EXT-X-PART:DURATION=0.2,URI=\"p.m4s\"\n", date)
	}))
	defer server.Close()
	list, err := url.Parse(server.URL + "/list.m3u8")
	require.NoError(t, err)
	v := startViewers(t.Context(), list, 1, time.Second/30)
	defer v.Close()
	var all seen
	require.Eventually(t, func() bool {
		now := v.take()
		all.lists, all.parts, all.faults = append(all.lists, now.lists...), append(all.parts, now.parts...), append(all.faults, now.faults...)
		return len(all.faults) > 0
	}, time.Minute, time.Millisecond)
	require.Len(t, all.lists, 8, "without the first")
	require.Len(t, all.parts, 8)
	require.InDelta(t, time.Hour.Seconds()*1000, all.parts[0], time.Minute.Seconds()*1000)
	require.GreaterOrEqual(t, all.parts[0], all.lists[0])
	require.Contains(t, all.faults[0], "418")
}

// TestCrowd: who is thrown out comes back.
func TestCrowd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	came := make(chan net.Conn, 10)
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			came <- c
		}
	})
	defer func() {
		_ = l.Close()
		accepting.Wait()
	}()
	c := &crowd{kind: halfOpen, n: 2, addr: l.Addr().String(), members: make([]*net.TCPConn, 2)}
	defer func() {
		for _, m := range c.members {
			_ = m.Close()
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, c.look(ctx))
	require.Equal(t, "crowd 2 2 0", c.state())
	first := <-came
	b := make([]byte, 1)
	_, err = first.Read(b)
	require.NoError(t, err)
	require.Equal(t, byte(3), b[0])
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool { return c.state() == "crowd 1 2 0" }, time.Minute, time.Millisecond)
	require.NoError(t, c.look(ctx))
	require.Equal(t, "crowd 2 3 0", c.state())
}

func TestTCPMemory(t *testing.T) {
	_, err := tcpMemory()
	require.NoError(t, err)
}
