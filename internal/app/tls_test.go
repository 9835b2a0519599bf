package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// issue writes a certificate for a name, good until a moment, and its key.
func issue(t testing.TB, cert, key, name string, until time.Time) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		DNSNames: []string{name}, Subject: pkix.Name{CommonName: name},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, k.Public(), k)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		// In place of the old file, as tools that renew do it.
		require.NoError(t, os.WriteFile(path+".new", pem.EncodeToMemory(block), 0o600))
		require.NoError(t, os.Rename(path+".new", path))
	}
}

// hand is a certificate whose clock a test moves.
type hand struct {
	*certificate
	log  output
	time time.Time
}

func held(t *testing.T, cert, key string) *hand {
	t.Helper()
	h := &hand{}
	c, err := newCertificate(cert, key, slog.New(slog.NewTextHandler(&h.log, nil)))
	require.NoError(t, err)
	h.time = c.looked
	c.now = func() time.Time { return h.time }
	h.certificate = c
	return h
}

// name is that of the certificate which the next who connects is shown.
func (h *hand) name(t *testing.T) string {
	t.Helper()
	c, err := h.get(nil)
	require.NoError(t, err)
	return c.Leaf.DNSNames[0]
}

func TestCertificateIsReadAgain(t *testing.T) {
	dir, later := t.TempDir(), time.Now().Add(24*time.Hour)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "one.example", later)
	h := held(t, cert, key)
	require.Equal(t, "one.example", h.name(t))
	require.Empty(t, h.log.String())

	issue(t, cert, key, "two.example", later)
	require.Equal(t, "one.example", h.name(t), "not looked at each time")
	h.time = h.time.Add(lookEvery)
	require.Equal(t, "two.example", h.name(t))
	require.Contains(t, h.log.String(), "renewed")

	// A tool that writes the certificate first and then the key is given time.
	elsewhere := filepath.Join(dir, "elsewhere.pem")
	issue(t, cert, elsewhere, "three.example", later)
	h.time = h.time.Add(lookEvery)
	require.Equal(t, "two.example", h.name(t))
	require.NotContains(t, h.log.String(), "WARN")
	require.NoError(t, os.Rename(elsewhere, key))
	h.time = h.time.Add(lookEvery)
	require.Equal(t, "three.example", h.name(t))
	require.NotContains(t, h.log.String(), "WARN")

	// What stays broken is told, once.
	require.NoError(t, os.Remove(cert))
	for range 5 {
		h.time = h.time.Add(lookEvery)
		require.Equal(t, "three.example", h.name(t))
	}
	require.Equal(t, 1, strings.Count(h.log.String(), "level=WARN"), h.log.String())
	require.Contains(t, h.log.String(), "no such file")
	issue(t, cert, key, "four.example", later)
	h.time = h.time.Add(lookEvery)
	require.Equal(t, "four.example", h.name(t))
}

func TestExpiredCertificateIsAWarning(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for until, want := range map[time.Time]string{
		time.Now().Add(-time.Hour):       "the certificate has expired",
		time.Now().Add(1000 * time.Hour): "the certificate is not good yet",
	} {
		issue(t, cert, key, "old.example", until)
		require.Contains(t, held(t, cert, key).log.String(), want)
	}
}

func TestCertificateThatCannotBeUsed(t *testing.T) {
	dir, later := t.TempDir(), time.Now().Add(24*time.Hour)
	path := func(name string) string { return filepath.Join(dir, name) }
	issue(t, path("cert.pem"), path("key.pem"), "a.example", later)
	issue(t, path("other.pem"), path("otherkey.pem"), "b.example", later)
	require.NoError(t, os.WriteFile(path("text"), []byte("certificate"), 0o600))
	locked := "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
	require.NoError(t, os.WriteFile(path("locked.pem"), []byte(locked), 0o600))
	for _, tc := range []struct{ cert, key, want string }{
		{"missing.pem", "key.pem", "https.cert: open " + path("missing.pem") + ": no such file"},
		{"cert.pem", "missing.pem", "https.key: open " + path("missing.pem") + ": no such file"},
		{"text", "key.pem", "https.cert: " + path("text") + " holds no certificate in PEM"},
		{"cert.pem", "text", "https.key: " + path("text") + " holds no private key in PEM"},
		{"cert.pem", "cert.pem", "https.key: " + path("cert.pem") + " holds no private key in PEM"},
		{"cert.pem", "locked.pem", "is encrypted with a password"},
		{"cert.pem", "otherkey.pem", "is not the key of the certificate in " + path("cert.pem")},
	} {
		_, err := newCertificate(path(tc.cert), path(tc.key), slog.New(slog.DiscardHandler))
		require.ErrorContains(t, err, tc.want)
	}
}

// config check opens the files as the server would at its start, which ends
// the same way.
func TestConfigCheckOpensTheCertificate(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	issue(t, path("cert.pem"), path("key.pem"), "a.example", time.Now().Add(24*time.Hour))
	issue(t, path("old.pem"), path("oldkey.pem"), "a.example", time.Now().Add(-time.Hour))
	issue(t, path("new.pem"), path("newkey.pem"), "a.example", time.Now().Add(1000*time.Hour))
	for _, c := range []struct{ cert, key, warning string }{
		{"cert.pem", "key.pem", ""},
		{"old.pem", "oldkey.pem", "rostrum: warning: https.cert: " + path("old.pem") + ": the certificate has expired"},
		{"new.pem", "newkey.pem", "rostrum: warning: https.cert: " + path("new.pem") + ": the certificate is not good yet"},
	} {
		code, out, errs := run(t, "config", "check", "--https-cert", path(c.cert), "--https-key", path(c.key))
		require.Zero(t, code, errs)
		require.Equal(t, "the configuration is good\n", out)
		require.True(t, strings.HasPrefix(errs, c.warning), errs)
		require.Equal(t, c.warning != "", strings.Count(errs, "\n") == 1, errs)
	}
	for _, c := range []struct{ cert, key, want string }{
		{"missing.pem", "key.pem", "rostrum: https.cert: open " + path("missing.pem") + ": no such file or directory\n"},
		{"cert.pem", "oldkey.pem", "rostrum: https.key: " + path("oldkey.pem") + " is not the key of the certificate in " + path("cert.pem")},
	} {
		files := []string{"--https-cert", path(c.cert), "--https-key", path(c.key)}
		code, out, errs := run(t, append([]string{"config", "check"}, files...)...)
		require.Equal(t, exitUsage, code)
		require.Empty(t, out)
		require.True(t, strings.HasPrefix(errs, c.want), errs)

		code, _, errs = run(t, append([]string{
			"serve", "--data", path("data"), "--http-addr", "127.0.0.1:0", "--rtmp-addr", "127.0.0.1:0",
			"--metrics-addr", "off", "--rtmps-addr", "127.0.0.1:0",
		}, files...)...)
		require.Equal(t, exitUsage, code, errs)
		require.Contains(t, errs, c.want)
	}
}

func TestCertificateKeys(t *testing.T) {
	for text, want := range map[string]string{
		"https.cert: c.pem":                               "https.cert: c.pem does not go with https.key off (default): a certificate needs the file with its key",
		"https.key: k.pem":                                "https.key: k.pem does not go with https.cert off (default): a key needs",
		"rtmps.addr: :1936":                               "rtmps.addr: :1936 does not go with https.cert off (default): it needs a certificate",
		"https.cert: \"\"\nhttps.key: k.pem":              "the path of a file is wanted, or off",
		"https.addr: :8443":                               "https.addr: :8443 does not go with https.cert off (default): it needs a certificate",
		"https.redirect: on":                              "https.redirect: on does not go with https.addr off (default): there is nowhere to send anybody",
		"rtmps.addr: 1936":                                "has no colon",
		"https: {cert: c, key: k}\nrtmps.addr: on":        "is not an address",
		"https: {cert: \"c\\0\", key: k}\nrtmps.addr: on": "the path of a file is wanted",
	} {
		_, _, err := loadConfig(sources{file: file(t, text)})
		require.ErrorContains(t, err, want, text)
	}
	cfg, _, err := loadConfig(sources{file: file(t, "https: {cert: c.pem, key: k.pem, addr: \":443\", redirect: on}\nrtmps.addr: :1936")})
	require.NoError(t, err)
	require.Equal(t, HTTPSConfig{Addr: ":443", Redirect: true, Cert: "c.pem", Key: "k.pem"}, cfg.HTTPS)
	require.Equal(t, ":1936", cfg.RTMPS.Addr)
}
