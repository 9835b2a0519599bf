package rtmp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// eventually waits for a condition that nothing announces.
func eventually(t *testing.T, cond func() error) {
	t.Helper()
	limit := time.After(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		err := cond()
		if err == nil {
			return
		}
		select {
		case <-look.C:
		case <-limit:
			t.Fatalf("waited %v in vain: %v", patience, err)
		}
	}
}

// drain returns all units of a stream that has ended, by rendition.
func drain(t *testing.T, s *live.Stream) map[string][]*media.AccessUnit {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	units := map[string][]*media.AccessUnit{}
	for r := s.Reader(); ; {
		u, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			require.Zero(t, r.Lost())
			return units
		}
		require.NoError(t, err)
		units[u.Rendition.Name] = append(units[u.Rendition.Name], u.AccessUnit)
	}
}

// onAir returns a client that publishes, and has sent more in the same write.
func onAir(t *testing.T, s *running, more ...[]byte) *client {
	t.Helper()
	c := dial(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), prepare(3, 128, "key"), publish(4, 128, "key"), join(more...))
	require.Equal(t, "NetStream.Publish.Start", c.status().info("code"))
	return c
}

// says is a condition on the log.
func (r *running) says(what string) func() error {
	return func() error {
		if all := r.log.String(); !strings.Contains(all, what) {
			return fmt.Errorf("%q is not in the log:\n%s", what, all)
		}
		return nil
	}
}

func TestLoss(t *testing.T) {
	cases := []struct {
		about string
		sent  []byte
		cut   func(c *client)
		why   string
	}{
		{"FIN", nil, func(c *client) { _ = c.nc.Close() }, "closed the connection"},
		{"RST", nil, func(c *client) {
			_ = c.nc.(*net.TCPConn).SetLinger(0)
			_ = c.nc.Close()
		}, "reset"},
		{"silence", join(soundHeader(4, 0), sound(4, 0)), func(*client) {}, "fell silent"},
		{"silence from the start", nil, func(*client) {}, "No picture or sound came"},
		{"nonsense in the chunks", nil, func(c *client) { c.send(setChunkSize(0)) }, "chunk size of 0"},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			g := newGate()
			o := Options{Gate: g}
			if strings.HasPrefix(tc.about, "silence") {
				o.SilenceTimeout, o.StartTimeout = 100*time.Millisecond, 100*time.Millisecond
			}
			s := start(t, o)
			c := onAir(t, s, tc.sent)
			tc.cut(c)
			over := receive(t, g.ends, "the end")
			require.Equal(t, live.Lost, over.end)
			require.ErrorContains(t, over.err, tc.why)
			eventually(t, s.says("channel=demo"))
			eventually(t, s.says("duration="))
		})
	}
}

func TestHalfOpenConnectionsAreClosed(t *testing.T) {
	s := start(t, Options{Gate: newGate(), PublishTimeout: 50 * time.Millisecond})
	halves := [][]byte{
		nil,
		{3},
		join([]byte{3}, make([]byte, 1535)),
		join([]byte{3}, make([]byte, 1536)),
		join([]byte{3}, make([]byte, 3072)),
		join([]byte{3}, make([]byte, 3072), ffmpegConnect()),
		join([]byte{3}, make([]byte, 3072), ffmpegConnect(), prepare(3, 128, "key")),
		join([]byte{3}, make([]byte, 3072), type0(3, 0, strangerMessage, 20, 0)),
	}
	var clients []*client
	for range 5 {
		for _, half := range halves {
			c := dial(t, s.addr)
			_, _ = c.nc.Write(half) // the server may have closed already
			clients = append(clients, c)
		}
	}
	for _, c := range clients {
		_, err := io.Copy(io.Discard, c.nc)
		require.False(t, isTimeout(err), "the server did not close")
	}
	eventually(t, func() error {
		if n := s.Stats().Open; n != 0 {
			return fmt.Errorf("%d are open", n)
		}
		return nil
	})
	require.Contains(t, s.log.String(), "nothing was published in time")
}

func TestWhatIsNotRTMPIsNamed(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	c := dial(t, s.addr)
	c.send([]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
	c.closed()
	eventually(t, s.says("an HTTP request came to the RTMP port"))
}

func TestPanicEndsItsOwnConnection(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	other := onAir(t, s)
	g.fault.Store(true)
	c := dial(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), publish(4, 128, "key"))
	c.closed()
	eventually(t, s.says("stack="))
	require.EqualValues(t, 1, s.Stats().Panics)

	other.send(soundHeader(4, 0), sound(4, 0), command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)))
	require.Equal(t, live.Stopped, receive(t, g.ends, "the other's end").end)
	stream, _ := g.newest()
	require.Len(t, drain(t, stream)["audio/source"], 1)
}

func TestShutdown(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	onAir(t, s)
	dial(t, s.addr)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
	over := receive(t, g.ends, "the end")
	require.Equal(t, live.Lost, over.end)
	require.ErrorIs(t, over.err, errShutdown)
	require.Zero(t, s.Stats().Open)
	require.NoError(t, s.Shutdown(ctx), "again")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, s.Serve(l), "a server that was shut down serves no more")
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestShutdownInterruptsTheGate(t *testing.T) {
	g := newGate()
	g.hold = make(chan struct{})
	s := start(t, Options{Gate: g})
	c := dial(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), publish(4, 128, "key"))
	receive(t, g.asked, "the gate to be asked")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
}

func TestServeTellsWhyItsListenerFailed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	s := New(Options{Gate: newGate()})
	require.ErrorIs(t, s.Serve(l), net.ErrClosed)
	require.NoError(t, s.Shutdown(t.Context()))
}

// hasUnits is a condition on the newest stream.
func (g *gate) hasUnits() func() error {
	return func() error {
		if s, _ := g.newest(); s == nil || len(s.Renditions()) == 0 {
			return errors.New("no rendition yet")
		}
		return nil
	}
}
