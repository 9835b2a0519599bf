package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestACME: with a name alone the server gets a certificate, by HTTP-01 or by
// TLS-ALPN-01, keeps it to itself, uses it for viewers and encoders, and after a
// restart has it still.
func TestACME(t *testing.T) {
	const name = "live.example.org"
	for challenge, closed := range map[string]func(http, tls string) (string, string){
		"HTTP-01":     func(http, _ string) (string, string) { return http, "127.0.0.1:1" },
		"TLS-ALPN-01": func(_, tls string) (string, string) { return "127.0.0.1:1", tls },
	} {
		t.Run(challenge, func(t *testing.T) {
			ports := testkit.FreePorts(t, 3)
			httpAddr, tlsAddr := closed(ports[0], ports[1])
			authority := testkit.StartPebble(t, httpAddr, tlsAddr)
			t.Setenv("SSL_CERT_FILE", authority.Root)
			s := startServer(t, "--http-addr", ports[0], "--https-addr", ports[1], "--rtmps-addr", ports[2],
				"--https-domain", name, "--https-acme-ca", authority.Directory, "--https-acme-email", "admin@example.org")
			given := func(addr string) *x509.Certificate {
				t.Helper()
				var leaf *x509.Certificate
				testkit.Eventually(t, limit, func(ctx context.Context) error {
					d := tls.Dialer{Config: &tls.Config{ServerName: name, InsecureSkipVerify: true}} // its root is looked at below
					nc, err := d.DialContext(ctx, "tcp", addr)
					if err != nil {
						return err
					}
					defer nc.Close()
					leaf = nc.(*tls.Conn).ConnectionState().PeerCertificates[0]
					return nil
				})
				return leaf
			}
			leaf := given(ports[1])
			require.NoError(t, leaf.VerifyHostname(name))
			require.Contains(t, leaf.Issuer.CommonName, "Pebble")
			require.Equal(t, leaf.SerialNumber, given(ports[2]).SerialNumber, "encoders see the same")
			require.Contains(t, s.Log(), "certificate obtained")
			require.NoError(t, filepath.WalkDir(filepath.Join(s.Data, "acme"), func(path string, d os.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := d.Info()
				if err == nil && info.Mode().Perm()&0o077 != 0 {
					err = fmt.Errorf("%s is %v", path, info.Mode())
				}
				return err
			}))
			s.Stop(t)
			s.Start(t)
			require.Equal(t, leaf.SerialNumber, given(ports[1]).SerialNumber)
		})
	}
}

// TestACMEUnreachable: an authority that cannot come says why in the log, and the
// rest of the site works.
func TestACMEUnreachable(t *testing.T) {
	ports := testkit.FreePorts(t, 2)
	authority := testkit.StartPebble(t, "127.0.0.1:1", "127.0.0.1:1")
	t.Setenv("SSL_CERT_FILE", authority.Root)
	s := startServer(t, "--http-addr", ports[0], "--https-addr", ports[1], "--https-domain", "live.example.org", "--https-acme-ca", authority.Directory)
	testkit.Eventually(t, limit, func(context.Context) error {
		if log := s.Log(); !regexp.MustCompile(`no certificate came of it.*port 80 must lead to http.addr.*port 443 to https.addr`).MatchString(log) {
			return fmt.Errorf("no word of it:\n%s", log)
		}
		return nil
	})
	client := http.Client{Timeout: 10 * time.Second}
	res, err := client.Get("http://" + ports[0] + "/readyz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
}
