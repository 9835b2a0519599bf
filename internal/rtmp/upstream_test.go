package rtmp

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]Address{
		"rtmp://h/live/key":                {Host: "h:1935", App: "live", Name: "key"},
		"RTMP://h:99/live/a/b?c=d&e":       {Host: "h:99", App: "live", Name: "a/b?c=d&e"},
		"rtmps://h/rtmp/FB-1?s_bl=1":       {Secure: true, Host: "h:443", App: "rtmp", Name: "FB-1?s_bl=1"},
		"rtmp://[2001:db8::1]/live":        {Host: "[2001:db8::1]:1935", App: "live"},
		"rtmp://h/live?token=x":            {Host: "h:1935", App: "live?token=x"},
		"rtmp://192.0.2.1:1936/app/x%20y/": {Host: "192.0.2.1:1936", App: "app", Name: "x%20y/"},
	} {
		a, err := ParseTarget(text)
		require.NoError(t, err, text)
		require.Equal(t, want, a)
		require.NotContains(t, a.Public(), "key")
		require.NotContains(t, a.Public(), "token")
	}
	for _, text := range []string{"http://h/live/key", "rtmp:///live/key", "rtmp://h", "rtmp://h/", "rtmp://u:p@h/live/key", "rtmp://h:x/key", "key"} {
		_, err := ParseTarget(text)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "key")
	}
}

func target(addr string) Address { return Address{Host: addr, App: "live", Name: "key?a=1"} }

// What is sent arrives as it was, whatever its length and time.
func TestUpstream(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	u, err := Publish(t.Context(), target(s.addr), UpstreamOptions{})
	require.NoError(t, err)
	req := receive(t, g.asked, "a question")
	require.Equal(t, "key", req.Name)
	require.Equal(t, "live", req.App)
	require.Equal(t, "a=1", req.Args)
	require.Equal(t, "live", req.Spoken.Type)
	u.Add(flv.TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
	times := []uint32{0, 23, farTimestamp - 1, farTimestamp, farTimestamp + 1, farTimestamp + 24}
	sizes := []int{20, ourChunks - 2, ourChunks - 1, 3 * ourChunks, 20, 9000}
	for i, ms := range times {
		u.Add(flv.TagAudio, ms, append([]byte{0xaf, 1}, bytes.Repeat([]byte{byte(i + 1)}, sizes[i])...))
	}
	require.NoError(t, u.Flush())
	stream, _ := g.newest()
	reader := stream.Reader()
	for i := range times {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		unit, err := reader.Next(ctx)
		cancel()
		require.NoError(t, err)
		require.Equal(t, bytes.Repeat([]byte{byte(i + 1)}, sizes[i]), unit.Data)
	}
	u.Close()
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
	<-u.Gone()
}

// A server that refuses, or sends away, says why; the name stays a secret.
func TestUpstreamRefused(t *testing.T) {
	g := newGate()
	g.refusal = &live.Refusal{Code: "unknown_key", Reason: "Nobody knows key here."}
	s := start(t, Options{Gate: g})
	_, err := Publish(t.Context(), target(s.addr), UpstreamOptions{})
	require.ErrorContains(t, err, "NetStream.Publish.BadName Nobody knows … here.")

	g = newGate()
	s = start(t, Options{Gate: g})
	u, err := Publish(t.Context(), target(s.addr), UpstreamOptions{})
	require.NoError(t, err)
	_, pub := g.newest()
	pub.Kick(&live.Refusal{Code: "test", Reason: "Enough."})
	receive(t, u.Gone(), "the end of the connection")
	require.ErrorContains(t, u.Err(), "Enough.")
	u.Close()
}

// Whatever answers, or does not, takes no longer than it may.
func TestUpstreamOfNoServer(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"another protocol": func(nc net.Conn) { _, _ = nc.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) },
		"closes":           func(nc net.Conn) { _ = nc.Close() },
		"a half handshake": func(nc net.Conn) { _, _ = nc.Write(append([]byte{3}, make([]byte, 100)...)) },
		"a long message": func(nc net.Conn) {
			_, _ = nc.Write(join([]byte{3}, make([]byte, 2*1536), type0(3, 0, 1<<23, 20, 0), make([]byte, 64<<10)))
		},
		"noise": func(nc net.Conn) {
			_, _ = nc.Write(join([]byte{3}, make([]byte, 2*1536), []byte(strings.Repeat("\x03noise", 4000))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			accepted := make(chan net.Conn, 1)
			go func() {
				nc, err := l.Accept()
				if err == nil {
					serve(nc)
					accepted <- nc
				}
			}()
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			u, err := Publish(ctx, target(l.Addr().String()), UpstreamOptions{})
			require.Error(t, err)
			require.Nil(t, u)
			_ = receive(t, accepted, "the connection").Close()
			require.NoError(t, l.Close())
		})
	}
}

// A stream that is over does not wait for a server that has stopped reading.
func TestUpstreamInAHurry(t *testing.T) {
	near, far := net.Pipe() // holds nothing: each write waits for who reads
	defer far.Close()
	u := &Upstream{nc: near, patience: time.Hour, done: make(chan struct{})}
	u.in = newBuffer(near)
	u.chunks = newChunkReader(u.in)
	u.out.chunkSize = firstChunkSize
	u.reading.Go(u.listen)
	u.Add(flv.TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
	flushed := make(chan error, 1)
	go func() { flushed <- u.Flush() }()
	_, err := far.Read(make([]byte, 1)) // it is being written
	require.NoError(t, err)
	u.Hurry()
	require.ErrorIs(t, receive(t, flushed, "the end of the write"), os.ErrDeadlineExceeded)
	u.Add(flv.TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
	require.ErrorIs(t, u.Flush(), os.ErrDeadlineExceeded)
	u.Close()
}

func TestUpstreamByTLS(t *testing.T) {
	g := newGate()
	secure := testTLS(t)
	s := startWith(t, Options{Gate: g}, secure)
	_, port, err := net.SplitHostPort(s.addr)
	require.NoError(t, err)
	a := target("localhost:" + port)
	a.Secure = true
	_, err = Publish(t.Context(), a, UpstreamOptions{})
	require.Error(t, err, "nobody vouches for it")
	cert, err := x509.ParseCertificate(secure.Certificates[0].Certificate[0])
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	u, err := Publish(t.Context(), a, UpstreamOptions{TLS: &tls.Config{RootCAs: pool}})
	require.NoError(t, err)
	u.Close()
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
}
