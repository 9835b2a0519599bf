package h2load

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/httpload"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet is for servers whose clients leave in the middle.
var quiet = log.New(io.Discard, "", 0)

// serve answers every path but /gone with the body.
func serve(t *testing.T, body []byte) (p Plan, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/gone" || r.ProtoMajor != 2 || r.Method != http.MethodGet {
			http.Error(w, "no", http.StatusGone)
			return
		}
		_, _ = w.Write(body)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return Plan{Addr: server.Listener.Addr().String(), Roots: roots, Connections: 2, Streams: 3, Length: time.Minute}, asked
}

func target(path string, body []byte) httpload.Target {
	sum := sha256.Sum256(body)
	return httpload.Target{Path: path, Size: int64(len(body)), Hash: &sum}
}

func TestRunCountsWhatItRead(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789"), 30_000)
	for _, body := range [][]byte{large, nil} {
		p, asked := serve(t, body)
		p.Length = 100 * time.Millisecond
		p.Targets = []httpload.Target{target("/a", body), target("/"+strings.Repeat("long", 100), body)}
		r, err := Run(t.Context(), p)
		require.NoError(t, err)
		require.GreaterOrEqual(t, r.Requests, int64(2*3))
		require.Equal(t, asked.Load(), r.Requests)
		require.Equal(t, r.Requests*int64(len(body)), r.Bytes)
		require.Contains(t, r.TLS, "TLS 1.3 TLS_")
	}
}

func TestRunRefusesWrongAnswers(t *testing.T) {
	body := []byte("0123456789")
	p, _ := serve(t, body)
	for says, c := range map[string]httpload.Target{
		"body of 10 bytes, expected 9": target("/a", body[1:]),
		"another hash":                 target("/a", []byte("9876543210")),
		"not status 200":               target("/gone", body),
	} {
		p.Targets = []httpload.Target{c}
		_, err := Run(t.Context(), p)
		require.ErrorContains(t, err, says)
	}
}

func TestRunRefusesOtherServers(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = quiet
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	p := Plan{Addr: server.Listener.Addr().String(), Roots: roots, Connections: 1, Streams: 1, Length: time.Minute}
	_, err := Run(t.Context(), p)
	require.ErrorContains(t, err, "connect", "it has no HTTP/2")
	p, _ = serve(t, nil)
	p.Roots = x509.NewCertPool()
	_, err = Run(t.Context(), p)
	require.ErrorAs(t, err, new(*tls.CertificateVerificationError))
}

func TestCredit(t *testing.T) {
	c := &conn{}
	c.credit(window/2 - 1)
	require.Empty(t, c.out)
	c.credit(1000)
	require.Equal(t, []byte{0, 0, 4, frameWindowUpdate, 0, 0, 0, 0, 0, 0x40, 0, 3, 0xe6}, c.out)
	require.Zero(t, c.taken)
}

func TestCheckHeaders(t *testing.T) {
	for _, good := range [][]byte{{0x88}, {0x88, 1, 2}, {0x20, 0x88}, {0x3f, 0xe1, 0x1f, 0x88}} {
		require.NoError(t, checkHeaders(flagEndHeaders, good), "% x", good)
	}
	for _, bad := range [][]byte{nil, {0x8d}, {0x20}, {0x3f, 0xff}, {0x3f}} {
		require.Error(t, checkHeaders(flagEndHeaders, bad), "% x", bad)
	}
	require.Error(t, checkHeaders(0, []byte{0x88}))
}
