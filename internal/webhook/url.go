package webhook

import (
	"net/url"

	"github.com/rostrumlive/rostrum/internal/outward"
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
	if !outward.PublicName(u.Hostname()) {
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
