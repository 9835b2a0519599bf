package rtmp

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// saying is a connection to a server whose words are known beforehand, and that
// takes whatever it is told.
type saying struct{ *bytes.Reader }

func (saying) Write(p []byte) (int, error)      { return len(p), nil }
func (saying) Close() error                     { return nil }
func (saying) LocalAddr() net.Addr              { return nil }
func (saying) RemoteAddr() net.Addr             { return nil }
func (saying) SetDeadline(time.Time) error      { return nil }
func (saying) SetReadDeadline(time.Time) error  { return nil }
func (saying) SetWriteDeadline(time.Time) error { return nil }

// FuzzUpstream: whatever another server says, to which a stream is to go, comes
// to an end, in bounded memory, and does not have our log tell the stream's name.
func FuzzUpstream(f *testing.F) {
	const name = "k3y-0f-alice"
	result := func(n float64, more ...[]byte) []byte {
		return command(3, 0, 128, append([][]byte{str("_result"), num(n), null()}, more...)...)
	}
	status := func(level, code, why string) []byte {
		return command(5, 1, 128, str("onStatus"), num(0), null(), obj("level", str(level), "code", str(code), "description", str(why)))
	}
	f.Add(join(result(1, obj()), result(4, num(1)), status("status", "NetStream.Publish.Start", "")))
	f.Add(join(result(1, obj()), result(4, num(1)), status("error", "NetStream.Publish.BadName", "Nobody knows "+name)))
	f.Add(join(result(1, obj()), result(4, num(1)), status("status", "x", ""), status("error", name, "k3y-0f\x00-alice")))
	f.Add(join(result(1, obj()), packed(2, 4, 0, 128, []byte{0, 6, 0, 0, 0, 1}), result(4, num(1<<30))))
	f.Add(join(command(3, 0, 128, str("_error"), num(1), null(), obj("description", str(name))), type0(3, 0, 1<<24-1, 20, 0)))
	f.Fuzz(func(t *testing.T, b []byte) {
		bound.Cost(t, 64*len(b)+1<<20, func() {
			nc := saying{bytes.NewReader(join([]byte{3}, make([]byte, 2*handshakeSize), b))}
			u := &Upstream{nc: nc, name: name + "?a=1", patience: upstreamPatience, done: make(chan struct{})}
			u.in = newBuffer(nc)
			u.chunks = newChunkReader(u.in)
			u.out.chunkSize = firstChunkSize
			err := u.begin(Address{Host: "h:1935", App: "live", Name: u.name})
			if err == nil {
				u.reading.Go(u.listen)
				err = u.Err()
				u.Close()
			}
			require.Error(t, err, "it has said all")
			require.NotContains(t, err.Error(), name)
		})
	})
}

// FuzzParseTarget: what is an address has a host, a port and an app, and what may
// be shown of it holds none of what may be a secret.
func FuzzParseTarget(f *testing.F) {
	f.Add("rtmps://h/rtmp/FB-1?s_bl=1")
	f.Add("rtmp://[2001:db8::1%25eth0]:1/live?token=x")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseTarget(text)
		if err != nil {
			return
		}
		host, port, err := net.SplitHostPort(a.Host)
		require.NoError(t, err)
		require.NotEmpty(t, host)
		require.NotEmpty(t, port)
		require.NotEmpty(t, a.App)
		require.NotContains(t, strings.TrimPrefix(a.Public(), a.Host), "?")
	})
}
