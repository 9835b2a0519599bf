package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/acme"
)

// lookEvery is how often the files of the certificate are looked at, at most:
// by who connects, so that it costs nothing while nobody does.
const lookEvery = 5 * time.Second

// certificate is the server's, in two files. When they change it changes with
// them, and connections that are open stay; what cannot be used leaves the old
// one in force.
type certificate struct {
	cert, key string // paths
	log       *slog.Logger
	now       func() time.Time

	current atomic.Pointer[tls.Certificate]

	looking sync.Mutex // others need not wait for who looks
	looked  time.Time
	inForce pair // as the files were when current was read
	broken  pair // as they were when they could not be used
	warned  bool // of broken
}

// pair is how two files were at a moment; nil for one that could not be seen.
type pair struct{ cert, key os.FileInfo }

// newCertificate reads the files. Its error is a *configError, which names the
// key that is to be mended.
func newCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log, now: time.Now}
	c.looked, c.inForce = c.now(), c.see()
	read, err := readCertificate(cert, key)
	if err != nil {
		return nil, &configError{[]error{err}}
	}
	c.use(read)
	return c, nil
}

// config is for who listens: TLS 1.2 and later (RFC 8996).
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.look()
	return c.current.Load(), nil
}

// look reads the files again when they have changed. A tool that renews writes
// one after the other, so they are called broken only when they stay so from
// one look to the next.
func (c *certificate) look() {
	if !c.looking.TryLock() {
		return
	}
	defer c.looking.Unlock()
	now := c.now()
	if now.Sub(c.looked) < lookEvery {
		return
	}
	c.looked = now
	seen := c.see()
	if seen.same(c.inForce) {
		return
	}
	read, err := readCertificate(c.cert, c.key)
	if err == nil {
		c.inForce, c.broken, c.warned = seen, pair{}, false
		c.use(read)
		return
	}
	switch {
	case !seen.same(c.broken):
		c.broken, c.warned = seen, false
	case !c.warned:
		c.warned = true
		c.log.Warn("the changed certificate cannot be used; the one before stays in force", "error", err)
	}
}

// use puts a certificate in force and tells until when it is good.
func (c *certificate) use(t *tls.Certificate) {
	again := c.current.Swap(t) != nil
	leaf := t.Leaf
	attrs := []any{"names", strings.Join(leaf.DNSNames, " "), "until", leaf.NotAfter.UTC().Format(time.RFC3339)}
	if why := untimely(leaf, c.now()); why != "" {
		c.log.Warn(why, attrs...)
	} else if again {
		c.log.Info("the certificate was renewed", attrs...)
	}
}

// untimely says what is wrong with a certificate at a time, "" when nothing is.
func untimely(leaf *x509.Certificate, now time.Time) string {
	switch {
	case now.After(leaf.NotAfter):
		return "the certificate has expired: who checks it will not connect"
	case now.Before(leaf.NotBefore):
		return "the certificate is not good yet: who checks it will not connect"
	}
	return ""
}

func (c *certificate) see() pair {
	var p pair
	p.cert, _ = os.Stat(c.cert) // reading tells what is wrong
	p.key, _ = os.Stat(c.key)
	return p
}

func (p pair) same(q pair) bool { return sameState(p.cert, q.cert) && sameState(p.key, q.key) }

func sameState(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// readCertificate reads a certificate with its chain, and its key.
func readCertificate(cert, key string) (*tls.Certificate, error) {
	certPEM, err := os.ReadFile(cert)
	if err != nil {
		return nil, fmt.Errorf("https.cert: %w", err)
	}
	keyPEM, err := os.ReadFile(key)
	if err != nil {
		return nil, fmt.Errorf("https.key: %w", err)
	}
	t, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, explainPair(cert, key, certPEM, keyPEM, err)
	}
	if t.Leaf == nil { // as with x509keypairleaf=0 in GODEBUG
		if t.Leaf, err = x509.ParseCertificate(t.Certificate[0]); err != nil {
			return nil, fmt.Errorf("https.cert: %s: %w", cert, err)
		}
	}
	return &t, nil
}

// explainPair says which of the files is wrong.
func explainPair(cert, key string, certPEM, keyPEM []byte, err error) error {
	switch {
	case !strings.Contains(string(certPEM), "-----BEGIN CERTIFICATE-----"):
		return fmt.Errorf("https.cert: %s holds no certificate in PEM (%w)", cert, err)
	case strings.Contains(string(keyPEM), "ENCRYPTED"):
		return fmt.Errorf("https.key: %s is encrypted with a password: give a key without one (%w)", key, err)
	case !strings.Contains(string(keyPEM), "PRIVATE KEY-----"):
		return fmt.Errorf("https.key: %s holds no private key in PEM (%w)", key, err)
	case strings.Contains(err.Error(), "does not match"):
		return fmt.Errorf("https.key: %s is not the key of the certificate in %s (%w)", key, cert, err)
	}
	return fmt.Errorf("https.cert and https.key: %s and %s cannot be used: %w", cert, key, err)
}

// listenTLS opens the doors for viewers and encoders that use TLS, where there
// are any. One certificate is for both.
func (s *server) listenTLS(ctx context.Context) (err error) {
	if s.cfg.HTTPS.Addr == "" && s.cfg.RTMPS.Addr == "" {
		return nil
	}
	if s.cfg.HTTPS.Domain == "" {
		if s.certificate, err = newCertificate(s.cfg.HTTPS.Cert, s.cfg.HTTPS.Key, s.log); err != nil {
			return err
		}
	}
	if s.cfg.HTTPS.Addr != "" {
		if s.httpsListener, err = s.viewers.door(ctx, "https.addr", s.cfg.HTTPS.Addr, true); err != nil {
			return err
		}
	}
	if s.cfg.RTMPS.Addr != "" {
		if s.rtmpsListener, err = listen(ctx, "rtmps.addr", s.cfg.RTMPS.Addr); err != nil {
			return err
		}
	}
	if s.cfg.HTTPS.Domain != "" {
		s.acme = acme.New(acme.Options{
			Domain: s.cfg.HTTPS.Domain, Email: s.cfg.HTTPS.ACMEEmail, CA: s.cfg.HTTPS.ACMECA, Folder: filepath.Join(s.cfg.Data, acmeFolder),
			HTTPPort: numberOf(s.httpListener), TLSPort: numberOf(s.httpsListener), Log: s.log,
		})
	}
	return nil
}

// tls is for doors that speak it.
func (s *server) tls() *tls.Config {
	if s.acme != nil {
		return s.acme.TLS()
	}
	return s.certificate.config()
}

// numberOf is a door's port, 0 of one that there is not.
func numberOf(d *viewerDoor) int {
	if d == nil {
		return 0
	}
	a, ok := d.Addr().(*net.TCPAddr)
	if !ok {
		return 0
	}
	return a.Port
}
