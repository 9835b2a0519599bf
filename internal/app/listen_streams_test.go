package app

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Frames of HTTP/2 (RFC 9113 6).
const (
	frameData, frameHeaders, frameReset, frameSettings, framePing, frameWindow = 0, 1, 3, 4, 6, 8
	endStream, ack, endHeaders                                                 = 1, 1, 4
)

// newSecureAudience is a crowd by TLS, whose patience a test chooses.
func newSecureAudience(t *testing.T, limit int, p pace) *crowd {
	t.Helper()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "one.example", time.Now().Add(24*time.Hour))
	return newAudienceAt(t, limit, p, held(t, cert, key).certificate)
}

// shake opens a connection by TLS and speaks a protocol.
func (a *crowd) shake(proto string) *tls.Conn {
	a.t.Helper()
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{proto}}}
	c, err := d.DialContext(a.t.Context(), "tcp", a.door.Addr().String())
	require.NoError(a.t, err)
	a.t.Cleanup(func() { _ = c.(*tls.Conn).NetConn().Close() })
	require.Equal(a.t, proto, c.(*tls.Conn).ConnectionState().NegotiatedProtocol)
	return c.(*tls.Conn)
}

// h2 is a client that opens windows as a test likes.
type h2 struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

// second begins HTTP/2 with a window of so many bytes for each stream.
func (a *crowd) second(window uint32) *h2 {
	c := &h2{t: a.t, Conn: a.shake("h2")}
	c.in = bufio.NewReader(c.Conn)
	_, err := io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	require.NoError(a.t, err)
	c.frame(frameSettings, 0, 0, binary.BigEndian.AppendUint32([]byte{0, 4}, window)) // SETTINGS_INITIAL_WINDOW_SIZE
	return c
}

func (c *h2) frame(kind, flags byte, stream uint32, payload []byte) {
	c.t.Helper()
	n := len(payload)
	b := binary.BigEndian.AppendUint32([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, stream)
	_, err := c.Write(append(b, payload...))
	require.NoError(c.t, err)
}

// get asks for a path, with header fields as RFC 7541 6 writes them.
func (c *h2) get(stream uint32, path string) {
	c.t.Helper()
	block := append([]byte{0x82, 0x87, 0x04, byte(len(path))}, path...) // :method GET, :scheme https, :path
	c.frame(frameHeaders, endStream|endHeaders, stream, append(block, 0x01, 1, 'x'))
}

func (c *h2) open(stream, bytes uint32) {
	c.t.Helper()
	c.frame(frameWindow, 0, stream, binary.BigEndian.AppendUint32(nil, bytes))
}

// next reads a frame.
func (c *h2) next() (kind byte, stream uint32, payload []byte) {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(limit)))
	var head [9]byte
	_, err := io.ReadFull(c.in, head[:])
	require.NoError(c.t, err)
	payload = make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
	_, err = io.ReadFull(c.in, payload)
	require.NoError(c.t, err)
	return head[3], binary.BigEndian.Uint32(head[5:]), payload
}

// await reads frames until one of a kind comes to a stream.
func (c *h2) await(kind byte, stream uint32) (payload []byte) {
	c.t.Helper()
	for {
		if k, s, payload := c.next(); k == kind && s == stream {
			return payload
		}
	}
}

// reset reads until a stream is reset.
func (c *h2) reset() (stream uint32) {
	c.t.Helper()
	for {
		if k, s, _ := c.next(); k == frameReset {
			return s
		}
	}
}

// impatient has the pace of the product, in a hurry.
func impatient() pace {
	p := viewerPace()
	p.patience = 50 * time.Millisecond
	return p
}

// TestAStreamThatStandsIsReset, the others on its connection go on: one whose
// answer comes from memory or from a file, and one that is so short that
// net/http sends it after the handler has returned.
func TestAStreamThatStandsIsReset(t *testing.T) {
	for _, path := range []string{"/memory", "/file", "/small"} {
		t.Run(path, func(t *testing.T) {
			a := newSecureAudience(t, 100, impatient())
			c := a.second(0)
			c.get(1, path)
			c.await(frameReset, 1)
			if path != "/small" {
				require.EqualValues(t, 1, a.cutOff.Load())
			}
			c.get(3, "/small")
			c.open(3, 1000)
			body := c.await(frameData, 3)
			require.Equal(t, "small", string(body))
			a.await("no request is left", func() bool { return a.idling() == 1 })
			require.Equal(t, 1, a.count())
		})
	}
}

// TestAConnectionThatTakesNothing: the streams' windows are open, and that of
// their connection is not. Pings are no progress.
func TestAConnectionThatTakesNothing(t *testing.T) {
	a := newSecureAudience(t, 100, impatient())
	c := a.second(1 << 30)
	for stream := range uint32(10) {
		c.get(1+2*stream, "/memory")
	}
	for range 3 {
		c.frame(framePing, 0, 0, make([]byte, 8))
	}
	for reset := map[uint32]bool{}; len(reset) < 10; { // net/http may reset one twice
		reset[c.reset()] = true
	}
	require.EqualValues(t, 10, a.cutOff.Load())
	a.await("no request is left", func() bool { return a.idling() == 1 })
}

// TestAStreamThatKeepsPaceIsNot cut off, however often it is looked at.
func TestAStreamThatKeepsPaceIsNot(t *testing.T) {
	p := impatient()
	p.patience, p.least = time.Millisecond, 0 // whatever it takes is enough, and its bytes have an hour
	a := newSecureAudience(t, 100, p)
	c := client(t, true)
	for _, path := range []string{"/memory", "/file"} {
		res, body := fetch(t, c, "https://"+a.door.Addr().String()+path)
		require.Equal(t, "HTTP/2.0", res.Proto)
		require.Len(t, body, fileSize)
	}
	require.Zero(t, a.cutOff.Load())
	c.CloseIdleConnections()
}

// TestWhoDoesNotReadByTLSIsCutOff by the listener, which counts below TLS: with
// HTTP/1.1, and with HTTP/2 and all windows open.
func TestWhoDoesNotReadByTLSIsCutOff(t *testing.T) {
	for _, proto := range []string{"http/1.1", "h2"} {
		t.Run(proto, func(t *testing.T) {
			p := viewerPace()
			p.patience = limit // the streams' own guard is not what is tested
			a := newSecureAudience(t, 100, p)
			if proto == "h2" {
				c := a.second(1 << 30)
				c.open(0, 1<<30)
				c.get(1, "/memory")
			} else {
				a.request(a.shake(proto), "/memory")
			}
			a.await("the response waits", func() bool { return len(a.writing()) == 1 })
			v := a.one()
			a.full(v)
			now := time.Now()
			a.look(now)
			a.look(now.Add(p.patience - time.Second))
			require.Equal(t, 1, a.count(), "its patience is not over")
			a.look(now.Add(p.patience))
			require.Zero(t, a.count())
			a.await("the response ends", func() bool { return v.writes.Load()%2 == 0 })
		})
	}
}

// TestStreamsAreBounded: the one more than there may be is refused.
func TestStreamsAreBounded(t *testing.T) {
	a := newSecureAudience(t, 100, viewerPace())
	c := a.second(1 << 16)
	most := streamBounds().MaxConcurrentStreams
	for i := range most + 1 {
		c.get(uint32(1+2*i), "/held")
	}
	c.await(frameReset, uint32(1+2*most))
	close(a.held)
	c.await(frameHeaders, 1)
}

// TestSecureFullHouse: idle connections of HTTP/2 make room, and who uses TLS
// is counted.
func TestSecureFullHouse(t *testing.T) {
	a := newSecureAudience(t, 2, viewerPace())
	for range 2 {
		c := a.second(1 << 16)
		c.get(1, "/small")
		c.await(frameData, 1)
	}
	a.await("both are idle", func() bool { return a.idling() == 2 })
	require.Equal(t, 2, a.countTLS())
	c := client(t, true)
	res, _ := fetch(t, c, "https://"+a.door.Addr().String()+"/small")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.EqualValues(t, 1, a.madeRoom.Load())
	require.LessOrEqual(t, a.count(), 2)
	c.CloseIdleConnections()
}
