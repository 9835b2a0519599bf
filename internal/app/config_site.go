package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// site is the address at which people reach the server, or off.
type site struct{ to *string }

func (v site) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isHost(u.Host) || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is not the address of a site, like https://example.org", text)
	}
	*v.to = u.Scheme + "://" + strings.ToLower(u.Host)
	return nil
}

func (v site) Form() string        { return "address of a site, or off" }
func (v site) Placeholder() string { return "URL" }

// isHost reports whether text is a host, with a port or without.
func isHost(text string) bool {
	host := text
	if h, _, err := net.SplitHostPort(text); err == nil {
		host = h
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return ('a' > r || r > 'z') && ('A' > r || r > 'Z') && ('0' > r || r > '9') && r != '-' && r != '.'
	})
}

// networks are parts of the address space, with commas or spaces between, or
// off.
type networks struct{ to *[]netip.Prefix }

func (v networks) Set(text string) error {
	*v.to = nil
	if isOff(text) {
		return nil
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(word)
		if a, single := netip.ParseAddr(word); single == nil {
			p, err = a.Unmap().WithZone("").Prefix(a.Unmap().BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is not a network like 10.0.0.0/8, nor an address like 192.0.2.1", word)
		}
		*v.to = append(*v.to, p.Masked())
	}
	if *v.to == nil {
		return errors.New("networks are wanted, or off")
	}
	return nil
}

func (v networks) Form() string        { return "networks, or off" }
func (v networks) Placeholder() string { return "CIDR,…" }

// issuer is the address of a provider of OpenID Connect, or off.
type issuer struct{ to *string }

func (v issuer) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isHost(u.Host) || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is not the address of an issuer, like https://id.example.org/realms/main", text)
	}
	// What goes over http can be made up on the way, keys included.
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return errors.New("an issuer on another machine is asked by https")
	}
	*v.to = text // letter for letter: a token names it so (OpenID Connect Core 3.1.3.7)
	return nil
}

func (v issuer) Form() string        { return "address, or off" }
func (v issuer) Placeholder() string { return "URL" }

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// line is a text on one line, or off.
type line struct{ to *string }

func (v line) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	const longest = 256
	if text == "" || len(text) > longest || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("a text of at most %d characters on one line is wanted, or off", longest)
	}
	*v.to = text
	return nil
}

func (v line) Form() string        { return "text, or off" }
func (v line) Placeholder() string { return "TEXT" }
