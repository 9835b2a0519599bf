package web

import (
	"net"
	"net/http"
	"strings"
)

// Secure says how pages are to be had by HTTPS.
type Secure struct {
	Port     string // of HTTPS, empty when there is none
	Redirect bool   // pages asked for by plain HTTP are to be asked for there
	// Strict tells browsers to use nothing but HTTPS from now on (RFC 6797).
	Strict bool
}

// strictFor is how long browsers remember Strict: long enough that a viewer
// who comes each week never asks in clear text again, short enough that a host
// which gives HTTPS up is not lost for a year.
const strictFor = "max-age=2592000" // 30 days

// scheme is how the client came, to us or to the proxy in front of us. A
// client that lies about the proxy gets an answer for itself alone.
func scheme(r *http.Request) string {
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		return "https"
	}
	return "http"
}

// origin is the address of the site: what it was told, else as the client wrote
// it.
func (s *Server) origin(r *http.Request) string {
	if s.opts.URL != "" {
		return s.opts.URL
	}
	return scheme(r) + "://" + r.Host
}

// secured answers a request for a page that is to be asked for by HTTPS, and
// reports whether it was one. It is for pages alone: a player takes a redirect
// of media badly, and without CORS not at all; scripts and health checks follow
// none.
func (s *Server) secured(w http.ResponseWriter, r *http.Request) bool {
	secure := s.opts.Secure
	if scheme(r) == "https" {
		if secure.Strict {
			w.Header().Set("Strict-Transport-Security", strictFor)
		}
		return false
	}
	if !secure.Redirect || r.Host == "" {
		return false
	}
	w.Header().Set("Cache-Control", "public, max-age=3600") // so that it can be turned off again
	http.Redirect(w, r, "https://"+securePlace(r.Host, secure.Port)+r.URL.RequestURI(), http.StatusPermanentRedirect)
	return true
}

// securePlace is the host at the port of HTTPS.
func securePlace(host, port string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if port != "443" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
