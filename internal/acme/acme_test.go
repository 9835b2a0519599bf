package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	name  = "live.example.org"
	limit = time.Minute
)

// A certificate that is near its end is renewed while the server runs: who comes
// to the same listener gets the new one, who was connected stays so, and nobody
// comes in vain.
func TestRenewal(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	authority := testkit.StartPebble(t, "127.0.0.1:1", l.Addr().String())
	options := Options{
		Domain: name, CA: authority.Directory, Folder: t.TempDir(), TLSPort: l.Addr().(*net.TCPAddr).Port, Roots: roots(t, authority.Root),
		Log: slog.New(slog.DiscardHandler), renewal: renewal{look: 50 * time.Millisecond, window: 1},
	}
	m := New(options)
	echo(t, l, m)
	require.NoError(t, m.Start())
	var first *tls.Conn
	testkit.Eventually(t, limit, func(ctx context.Context) (err error) {
		first, err = dial(ctx, l)
		return err
	})
	defer first.Close()
	before := leaf(first)
	require.NoError(t, before.VerifyHostname(name))

	// From here on there is one whenever somebody comes.
	var renewed *x509.Certificate
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		nc, err := dial(ctx, l)
		require.NoError(t, err)
		defer nc.Close()
		if renewed = leaf(nc); renewed.SerialNumber.Cmp(before.SerialNumber) == 0 {
			return errors.New("it is still the first one")
		}
		return nil
	})
	require.NoError(t, renewed.VerifyHostname(name))
	require.False(t, renewed.NotBefore.Before(before.NotBefore))
	require.NotEqual(t, before.PublicKey, renewed.PublicKey, "a new key with it")
	_, err = first.Write([]byte("still here"))
	require.NoError(t, err)
	said := make([]byte, len("still here"))
	_, err = io.ReadFull(first, said)
	require.NoError(t, err)
	require.Equal(t, "still here", string(said))
}

// echo gives back what it hears on connections that m has a certificate for.
func echo(t *testing.T, l net.Listener, m *Manager) {
	t.Helper()
	var all sync.WaitGroup
	secure := tls.NewListener(l, m.TLS())
	all.Go(func() {
		for {
			nc, err := secure.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer nc.Close()
				_, _ = io.Copy(nc, nc)
			})
		}
	})
	t.Cleanup(func() {
		m.Close()
		_ = l.Close()
		all.Wait()
	})
}

// dial connects as a viewer does. Whom to trust is looked at by who asks.
func dial(ctx context.Context, l net.Listener) (*tls.Conn, error) {
	d := tls.Dialer{Config: &tls.Config{ServerName: name, InsecureSkipVerify: true}}
	nc, err := d.DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	return nc.(*tls.Conn), nil
}

func leaf(nc *tls.Conn) *x509.Certificate { return nc.ConnectionState().PeerCertificates[0] }

func roots(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return pool
}
