package webhook

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/rostrumlive/rostrum/internal/store"
)

const maxURL = 2048

// checkURL returns nil for an address that can be called. That a name leads to
// no private address is known only when it is dialled.
func (s *Service) checkURL(w store.Webhook) error {
	u, err := url.Parse(w.URL)
	if err != nil || len(w.URL) > maxURL || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return ErrBadURL
	}
	if s.mayBePrivate(w) {
		return nil
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return ErrPrivateURL
	}
	if a, err := netip.ParseAddr(host); err == nil && !publicOnly(a) {
		return ErrPrivateURL
	}
	return nil
}

// hostOf is what may be told of an address: the rest may be a secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
