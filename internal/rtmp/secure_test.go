package rtmp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

// testTLS is a configuration with a certificate of its own.
func testTLS(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	require.NoError(t, err)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// secured is a client that has agreed on TLS.
func secured(t *testing.T, addr string) *client {
	t.Helper()
	c := dial(t, addr)
	over := tls.Client(c.nc, &tls.Config{InsecureSkipVerify: true}) // the test's own certificate
	require.NoError(t, over.Handshake())
	return clientOn(t, over)
}

func TestTLSSession(t *testing.T) {
	g := newGate()
	s := startWith(t, Options{Gate: g}, testTLS(t))
	c := secured(t, s.addr)
	c.shake()
	c.send(obsConnect(), prepare(3, 128, "key"), publish(4, 128, "key"))
	require.Equal(t, "NetStream.Publish.Start", c.status().info("code"))
	req := receive(t, g.asked, "the gate to be asked")
	require.Equal(t, c.nc.LocalAddr().String(), req.Remote.String())
	c.send(soundHeader(4, 0), sound(4, 0), sound(4, 23), command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)))
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
	stream, _ := g.newest()
	require.Len(t, drain(t, stream)["audio/source"], 2)
	last := c.closed()
	require.Equal(t, "NetStream.Unpublish.Success", last[len(last)-1].info("code"))
}

// TestTLSKicked: who is sent away over TLS is told why too, and the server
// waits for its end without being told of it by TLS.
func TestTLSKicked(t *testing.T) {
	g := newGate()
	s := startWith(t, Options{Gate: g}, testTLS(t))
	c := secured(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), publish(4, 128, "key"))
	require.Equal(t, "NetStream.Publish.Start", c.status().info("code"))
	_, pub := g.newest()
	pub.Kick(&live.Refusal{Code: "taken_over", Reason: "Another encoder took over."})
	require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
	all := c.closed()
	require.Equal(t, "Another encoder took over.", all[0].info("description"))
}

func TestTLSHandshakes(t *testing.T) {
	cases := []struct {
		about string
		sent  []byte
		why   string
	}{
		{"RTMP without TLS", join([]byte{3}, make([]byte, 1536)), "rtmp:// has a port of its own"},
		{"HTTP", []byte("GET / HTTP/1.1\r\n\r\n"), "something else than TLS"},
		{"a hello without end", join([]byte{0x16, 3, 1, 0x40, 0, 1, 0, 0xff, 0xff}, make([]byte, maxHello-5)), "handshake of more than"},
		{"an end", nil, ""},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			s := startWith(t, Options{Gate: newGate()}, testTLS(t))
			c := dial(t, s.addr)
			c.send(tc.sent)
			_ = c.nc.(*net.TCPConn).CloseWrite() // the server may have closed already
			drainSocket(t, c.nc)
			if tc.why != "" {
				eventually(t, s.says(tc.why))
			}
		})
	}
	t.Run("old versions", func(t *testing.T) {
		config := testTLS(t)
		config.MinVersion = tls.VersionTLS12
		s := startWith(t, Options{Gate: newGate()}, config)
		c := dial(t, s.addr)
		err := tls.Client(c.nc, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}).Handshake()
		require.ErrorContains(t, err, "protocol version")
		eventually(t, s.says("TLS handshake"))
	})
}

func TestTLSOnThePlainPortIsNamed(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	c := dial(t, s.addr)
	err := tls.Client(c.nc, &tls.Config{InsecureSkipVerify: true}).Handshake()
	require.Error(t, err)
	eventually(t, s.says("rtmps:// has a port of its own"))
}
