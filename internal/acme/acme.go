// Package acme gets the server's certificate from an authority, by ACME (RFC
// 8555), keeps it in a folder and renews it in time. The authority asks the
// server's own doors for proof, at ports 80 (HTTP-01) or 443 (TLS-ALPN-01): the
// room opens none.
package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// Options is what a Manager stands on.
type Options struct {
	Domain string // that the certificate is for
	Email  string // whom the authority may write to; may be empty
	CA     string // address of the authority's directory; empty is Let's Encrypt
	Folder string // for certificates, keys and the account
	// HTTPPort and TLSPort are where the server's doors are; 0 is one that there is
	// not. The authority comes to 80 and 443, which may lead there.
	HTTPPort, TLSPort int
	Roots             *x509.CertPool // whom to trust of the authority; nil is the system
	Log               *slog.Logger

	renewal renewal
}

// renewal is when certificates are renewed, for tests, which do not wait for
// months. Zero is as certmagic has it: it looks every ten minutes, and renews in
// the last third of a certificate's life, or when the authority says.
type renewal struct {
	look   time.Duration
	window float64 // the last part of its life, 1 is all of it
}

// Manager holds the certificate. New is the only door, Close ends it; its methods
// may be called by any number of goroutines.
type Manager struct {
	o      Options
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
	cancel context.CancelFunc
	ctx    context.Context
	have   atomic.Bool
}

// New makes a manager, which asks nobody before Start.
func New(o Options) *Manager {
	m := &Manager{o: o}
	m.ctx, m.cancel = context.WithCancel(context.Background())
	quiet := zap.NewNop() // what people need to know comes by event
	m.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return m.config, nil },
		Logger:           quiet,

		RenewCheckInterval: o.renewal.look,
	})
	m.config = certmagic.New(m.cache, certmagic.Config{
		RenewalWindowRatio: o.renewal.window,

		Storage: &certmagic.FileStorage{Path: o.Folder},
		OCSP:    certmagic.OCSPConfig{DisableStapling: true}, // the usual authorities have none any more
		OnEvent: m.event,
		Logger:  quiet,
	})
	ca := o.CA
	if ca == "" {
		ca = certmagic.LetsEncryptProductionCA
	}
	m.issuer = certmagic.NewACMEIssuer(m.config, certmagic.ACMEIssuer{
		CA: ca, TestCA: ca, Email: o.Email, Agreed: true, TrustedRoots: o.Roots, Logger: quiet,
		DisableHTTPChallenge: o.HTTPPort == 0, DisableTLSALPNChallenge: o.TLSPort == 0,
		AltHTTPPort: o.HTTPPort, AltTLSALPNPort: o.TLSPort, // where our own doors are open, so that it opens none
	})
	m.config.Issuers = []certmagic.Issuer{m.issuer}
	return m
}

// Start takes what is in the folder, and begins to get a certificate where there
// is none, or not for long any more. It does not wait for that: until it is there
// nobody can connect by TLS. What goes wrong is logged and tried again.
func (m *Manager) Start() error {
	if err := m.config.ManageAsync(m.ctx, []string{m.o.Domain}); err != nil {
		return fmt.Errorf("https.domain: %w", err)
	}
	return nil
}

// event tells the log what became of the certificate.
func (m *Manager) event(_ context.Context, name string, data map[string]any) error {
	switch name {
	case "cert_obtained":
		m.have.Store(true)
		m.o.Log.Info("certificate obtained", "domain", m.o.Domain, "renewal", data["renewal"])
	case "cert_failed":
		err, _ := data["error"].(error)
		m.o.Log.Error("no certificate came of it; trying again", "domain", m.o.Domain, "error", err, "hint", m.hint(err))
	case "cached_managed_cert":
		m.have.Store(true)
	}
	return nil
}

// hint says what a person can look at.
func (m *Manager) hint(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "the authority does not answer: does this machine reach the Internet?"
	}
	where := ""
	if m.o.HTTPPort != 0 {
		where = fmt.Sprintf("port 80 must lead to http.addr (port %d here)", m.o.HTTPPort)
	}
	if m.o.TLSPort != 0 {
		if where != "" {
			where += ", or "
		}
		where += fmt.Sprintf("port 443 to https.addr (port %d here)", m.o.TLSPort)
	}
	return fmt.Sprintf("does %s lead to this server, and does its firewall let the authority in? %s", m.o.Domain, where)
}

// Ready reports whether there is a certificate.
func (m *Manager) Ready() bool { return m.have.Load() }

// TLS is for who listens: TLS 1.2 and later (RFC 8996). It answers the authority's
// TLS-ALPN-01 too, where its NextProtos has Protocol.
func (m *Manager) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: m.get, NextProtos: []string{Protocol}}
}

// Protocol is that of TLS-ALPN-01 (RFC 8737).
const Protocol = "acme-tls/1"

// get gives the one certificate that there is, also to who asks for another name,
// or for none as some encoders do.
func (m *Manager) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == Protocol {
		return m.config.GetCertificate(hello)
	}
	named := *hello
	named.ServerName = m.o.Domain
	return m.config.GetCertificate(&named)
}

// Handler answers the authority's questions by HTTP, and hands all others on.
func (m *Manager) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !m.issuer.HandleHTTPChallenge(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// Close ends what Start began.
func (m *Manager) Close() {
	m.cancel()
	m.cache.Stop()
}
