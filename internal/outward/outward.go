// Package outward calls addresses that strangers gave, and sees to it that they
// lead out of the network that the server stands in. It must not know what is
// sent there, nor why.
package outward

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// BlockedError tells of an address that is not to be called.
type BlockedError struct{ Addr netip.Addr }

func (e *BlockedError) Error() string {
	return fmt.Sprintf("%s is not a public address, and this server does not call such", e.Addr)
}

// Keep says whether a client keeps connections for the next request.
type Keep bool

// NewClient makes a client that asks allowed about each address when it is about
// to dial it: what a name says may change between any question before and the
// dialling. It uses no proxy, follows no redirect and unpacks nothing. A request
// takes timeout at most. Who keeps connections calls CloseIdleConnections in the
// end.
func NewClient(allowed func(netip.Addr) bool, timeout time.Duration, keep Keep) *http.Client {
	dialer := &net.Dialer{
		Timeout: timeout, KeepAlive: -1,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("address %s: %w", address, err)
			}
			if !allowed(a.Addr()) {
				return &BlockedError{a.Addr()}
			}
			return nil
		},
	}
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: !bool(keep), DisableCompression: true, ForceAttemptHTTP2: bool(keep),
			TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 16 << 10, IdleConnTimeout: time.Minute, MaxConnsPerHost: 16,
		},
	}
}

// nobody's are the networks that are no host on the internet, beside those that
// netip knows: RFC 6890 and its registries.
var nobodys = prefixes(
	"0.0.0.0/8",        // this network
	"100.64.0.0/10",    // shared by carriers (CGNAT); metadata of some clouds
	"192.0.0.0/24",     // protocols; metadata of some clouds
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays that were
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"240.0.0.0/4",      // reserved, and broadcast
	"168.63.129.16/32", // a cloud's own services, at a public address
	"::/96",            // IPv4-compatible, which nothing is
	"64:ff9b:1::/48",   // NAT64 of one's own network
	"100::/64",         // discarded
	"2001::/32",        // Teredo, which leads to any IPv4 address
	"2001:2::/48",      // benchmarks
	"2001:db8::/32",    // documentation
	"3fff::/20",        // documentation
	"5f00::/16",        // segment routing
	"fec0::/10",        // site-local, which was private
	"2001:10::/28",     // ORCHID
	"2001:20::/28",     // ORCHIDv2
	"::ffff:0:0:0/96",  // IPv4-translated
)

// Those that have an IPv4 address within, and from which bit on.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToIV = netip.MustParsePrefix("2002::/16")
)

func prefixes(texts ...string) (ps []netip.Prefix) {
	for _, text := range texts {
		ps = append(ps, netip.MustParsePrefix(text))
	}
	return ps
}

// Any reports whether an address is that of one host.
func Any(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast()
}

// Public reports whether an address is that of a host on the internet,
// whatever form it is written in.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !Any(a) || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range nobodys {
		if p.Contains(a) {
			return false
		}
	}
	if b := a.As16(); a.Is6() {
		switch {
		case nat64.Contains(a):
			return Public(netip.AddrFrom4([4]byte(b[12:16])))
		case sixToIV.Contains(a):
			return Public(netip.AddrFrom4([4]byte(b[2:6])))
		}
	}
	return true
}

// PublicName reports whether the host of an address may lead to the internet, as
// far as it tells by itself: what a name leads to is known when it is dialled.
func PublicName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err != nil || Public(a)
}
