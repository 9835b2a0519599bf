package app

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
)

// domain is the name of a server that an authority can look up, or off.
type domain struct{ to *string }

func (v domain) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(text, "."))
	_, err := netip.ParseAddr(name)
	if err == nil || !isHost(name) || strings.Contains(name, ":") || !strings.Contains(strings.Trim(name, "."), ".") {
		return fmt.Errorf("%q is not the name of a server, like live.example.org", text)
	}
	*v.to = name
	return nil
}

func (v domain) Form() string        { return "name of a server, or off" }
func (v domain) Placeholder() string { return "NAME" }

// email is an address for mail, or off.
type email struct{ to *string }

func (v email) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return fmt.Errorf("%q is not an address for mail", text)
	}
	*v.to = text
	return nil
}

func (v email) Form() string        { return "address for mail, or off" }
func (v email) Placeholder() string { return "ADDRESS" }

// directory is the address of an authority's directory, or off.
type directory struct{ to *string }

func (v directory) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is not an address that begins with https://", text)
	}
	*v.to = text
	return nil
}

func (v directory) Form() string        { return "address of a directory, or off" }
func (v directory) Placeholder() string { return "URL" }
