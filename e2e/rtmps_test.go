package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// issue writes a certificate of its own for a name, and its key, in place of
// what was there.
func issue(t *testing.T, cert, key, name string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{name}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, k.Public(), k)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		require.NoError(t, os.WriteFile(path+".new", pem.EncodeToMemory(block), 0o600))
		require.NoError(t, os.Rename(path+".new", path))
	}
}

// startSecure runs the product with a door for RTMPS, and returns that door's
// address and the files of its certificate.
func startSecure(t *testing.T, args ...string) (s *testkit.Server, addr, cert, key string) {
	t.Helper()
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "first.example")
	s = startServer(t, append([]string{"--rtmps-addr", "127.0.0.1:0", "--https-cert", cert, "--https-key", key}, args...)...)
	return s, logged(t, s, `listening rtmps=(\S+)`)[1], cert, key
}

// shown is the name in the certificate that a server shows.
func shown(ctx context.Context, addr string) (string, error) {
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // nobody vouches for a test's certificate
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return c.(*tls.Conn).ConnectionState().PeerCertificates[0].DNSNames[0], nil
}

// TestRTMPS: ffmpeg publishes over TLS and every frame is kept; it is told why
// it is refused, and the server does not go without closing what is open.
func TestRTMPS(t *testing.T) {
	t.Parallel()
	s, addr, _, _ := startSecure(t, "--open")
	clip := testkit.Clip{Seconds: 6}
	encoder := testkit.Publish(t, clip.Path(t), "rtmps://"+addr+"/live/safe")
	now := onAir(t, s, "safe")
	watchOnAir(t, s, "safe")
	require.Zero(t, encoder.Wait(t, limit), "ffmpeg ends without an error")
	b := archived(t, s, "safe", now.Broadcast)
	require.Equal(t, "The encoder stopped.", b.EndReason)
	requireKept(t, s, b.ID, clip, clip.Path(t))

	refused := testkit.Publish(t, clip.Path(t), "rtmps://"+addr+"/live/not%20a%20name")
	require.NotZero(t, refused.Wait(t, limit))
	require.Contains(t, refused.Log(), "name holds only letters")

	testkit.PublishTest(t, "60", "rtmps://"+addr+"/live/still")
	onAir(t, s, "still")
	s.Stop(t)
}

// TestRTMPSRenewal: a certificate that is renewed is shown without a restart,
// and one that is broken leaves the old one in force; encoders stay on air.
func TestRTMPSRenewal(t *testing.T) {
	t.Parallel()
	s, addr, cert, key := startSecure(t, "--open")
	encoder := testkit.PublishTest(t, "60", "rtmps://"+addr+"/live/long")
	now := onAir(t, s, "long")
	becomes := func(name string) {
		t.Helper()
		testkit.Eventually(t, limit, func(ctx context.Context) error {
			is, err := shown(ctx, addr)
			if err == nil && is != name {
				err = fmt.Errorf("the certificate of %s is shown, not that of %s", is, name)
			}
			return err
		})
	}
	becomes("first.example")
	issue(t, cert, key, "second.example")
	becomes("second.example")
	require.NoError(t, os.WriteFile(cert, []byte("not a certificate"), 0o600))
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if is, err := shown(ctx, addr); err != nil || is != "second.example" {
			return fmt.Errorf("%q is shown: %w", is, err)
		}
		if !strings.Contains(s.Log(), "the changed certificate cannot be used") {
			return fmt.Errorf("nobody is told that the certificate is broken")
		}
		return nil
	})
	require.Equal(t, now.Broadcast, onAir(t, s, "long").Broadcast)
	select {
	case <-encoder.Done():
		require.Fail(t, "the encoder ended")
	default:
	}
}

// TestRTMPSWrongPort: who takes one port for the other is told in the log.
func TestRTMPSWrongPort(t *testing.T) {
	t.Parallel()
	s, addr, _, _ := startSecure(t, "--open")
	clip := testkit.Clip{}.Path(t)
	for url, why := range map[string]string{
		"rtmp://" + addr + "/live/x":    "RTMP without TLS came to the RTMPS port",
		"rtmps://" + s.RTMP + "/live/x": "TLS came to the plain RTMP port",
	} {
		require.NotZero(t, testkit.Publish(t, clip, url).Wait(t, limit))
		require.Contains(t, s.Log(), why)
	}
}
