package rtmp

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

// tally counts what the sockets of a listener have read.
type tally struct {
	net.Listener
	read *atomic.Int64
}

type tallied struct {
	*net.TCPConn
	read *atomic.Int64
}

func (l tally) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return tallied{c.(*net.TCPConn), l.read}, nil
}

func (c tallied) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

// held is what the process holds, after what it need not hold is gone.
func held() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what a finaliser or a pool kept
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// longConnect is a connect with addresses as long as they may be.
func longConnect() []byte {
	long := "rtmp://h/live?t="
	long += strings.Repeat("x", maxAddress-len(long))
	return command(3, 0, 1<<16, str("connect"), num(1), obj("app", str(long), "tcUrl", str(long)))
}

// stages are how far strangers come, and what they then leave open.
var stages = []struct {
	about string
	sent  []byte
}{
	{"nothing sent", nil},
	{"half a handshake", join([]byte{3}, make([]byte, 1000))},
	{"a handshake", join([]byte{3}, make([]byte, 3072))},
	{"half a connect", join([]byte{3}, make([]byte, 3072), setChunkSize(1<<16), type0(3, 0, strangerMessage, 20, 0), make([]byte, strangerMessage/2))},
	{"a connect", join([]byte{3}, make([]byte, 3072), setChunkSize(1<<16), longConnect())},
	{"a connect and half a message more", join(
		[]byte{3}, make([]byte, 3072), setChunkSize(1<<16), longConnect(), type0(3, 0, strangerMessage, 20, 0), make([]byte, strangerMessage-1))},
	{"a connect and beginnings on every chunk stream", func() []byte {
		b := join([]byte{3}, make([]byte, 3072), setChunkSize(1<<16), longConnect(), setChunkSize(1))
		for i := range maxStreams - 2 {
			b = join(b, type0(4+i, 0, strangerMessage/maxStreams, 20, 0), []byte{0})
		}
		return b
	}()},
}

// TestStrangersHoldLittle: a connection that was not let in holds at most
// 64 KB of the server, however far it came, with its goroutine's stack and its
// socket, and with the test's own end of it.
func TestStrangersHoldLittle(t *testing.T) {
	const crowd = 200
	for _, secure := range []*tls.Config{nil, testTLS(t)} {
		for _, stage := range stages {
			name := stage.about
			if secure != nil {
				name += " over TLS"
			}
			t.Run(name, func(t *testing.T) {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				require.NoError(t, err)
				var read atomic.Int64
				s := New(Options{Gate: newGate(), PublishTimeout: time.Hour, Log: slog.New(slog.DiscardHandler)})
				served := make(chan error, 1)
				go func() { served <- s.serve(tally{l, &read}, secure) }()
				before := held()
				clients := make([]net.Conn, crowd)
				for i := range clients {
					clients[i] = strange(t, l.Addr().String(), stage.sent, secure != nil)
				}
				eventually(t, func() error {
					if n, want := read.Load(), int64(crowd*len(stage.sent)); n < want || s.Stats().Open != crowd {
						return fmt.Errorf("%d connections and %d of %d bytes came", s.Stats().Open, n, want)
					}
					return nil
				})
				each := (held() - before) / crowd
				t.Logf("%d bytes for each", each)
				for _, c := range clients {
					require.NoError(t, c.Close())
				}
				require.NoError(t, s.Shutdown(t.Context()))
				require.NoError(t, receive(t, served, "Serve to return"))
				require.LessOrEqual(t, each, int64(strangersHold))
			})
		}
	}
}

// strange connects and sends, over TLS when that is wanted.
func strange(t *testing.T, addr string, sent []byte, secure bool) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	if !secure || len(sent) == 0 {
		_, err = nc.Write(sent)
		require.NoError(t, err)
		return nc
	}
	c := tls.Client(nc, &tls.Config{InsecureSkipVerify: true}) // the test's own certificate
	require.NoError(t, c.Handshake())
	_, err = c.Write(sent)
	require.NoError(t, err)
	return nc // the rest of the client is no longer held
}

// TestStrangersMakeRoom: past the bound the oldest stranger goes, and who was
// let in stays.
func TestStrangersMakeRoom(t *testing.T) {
	const bound = 8
	g := newGate()
	s := start(t, Options{Gate: g, MaxStrangers: bound})
	publishing := onAir(t, s)
	var clients []*client
	for range 3 * bound {
		c := dial(t, s.addr)
		c.shake() // so that they come in this order
		clients = append(clients, c)
	}
	for _, c := range clients[:2*bound] {
		drainSocket(t, c.nc)
	}
	eventually(t, func() error {
		if st := s.Stats(); st.MadeRoom != 2*bound || st.Open != bound+1 {
			return fmt.Errorf("stats are %+v", st)
		}
		return nil
	})
	eventually(t, s.says("the oldest are closed"))
	newest := clients[len(clients)-1]
	newest.send(ffmpegConnect(), publish(4, 128, "key"))
	require.Equal(t, "NetStream.Publish.Start", newest.status().info("code"))
	publishing.send(command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)))
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end of who was let in").end)
}

// TestATrickleGetsNoMoreTime: bytes that come do not put the end off.
func TestATrickleGetsNoMoreTime(t *testing.T) {
	const timeout = 300 * time.Millisecond
	for name, secure := range map[string]*tls.Config{"plain": nil, "TLS": testTLS(t)} {
		t.Run(name, func(t *testing.T) {
			s := startWith(t, Options{Gate: newGate(), PublishTimeout: timeout}, secure)
			nc, err := net.Dial("tcp", s.addr)
			require.NoError(t, err)
			defer nc.Close()
			require.NoError(t, nc.SetDeadline(time.Now().Add(patience)))
			first := byte(version)
			if secure != nil {
				first = 0x16 // of a TLS record
			}
			for b := first; ; b = 3 {
				if _, err = nc.Write([]byte{b}); err != nil {
					break
				}
				time.Sleep(time.Millisecond) // the pace of the trickle
			}
			require.False(t, isTimeout(err), "the server did not close")
			eventually(t, s.says("nothing was published in time"))
		})
	}
}
