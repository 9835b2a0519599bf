package app

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
)

// shown is a setting's text as people may see it.
func (s setting) shown() string {
	if m, ok := s.key.field(new(Config)).(secret); ok {
		return m.Masked(s.text)
	}
	return s.text
}

// hidden is a text that nobody is shown, or off.
type hidden struct{ line }

// Masked implements secret.
func (v hidden) Masked(text string) string {
	if isOff(text) {
		return text
	}
	return "xxxxx" // as addresses show their passwords
}

func (v hidden) Form() string { return "secret, or off" }

// smtpURL is a server that takes mail, with the name and the password that it
// asks for, or off.
type smtpURL struct{ to *string }

// Set refuses without repeating what it was given: it may hold a password.
func (v smtpURL) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return errors.New("this is not an address like smtp://user:password@mail.example.org:587; what is special in a name or a password is written as in addresses, @ as %40")
	}
	password, _ := u.User.Password()
	tls := u.Query().Get("tls")
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return errors.New("a server for mail is written as smtp://… (STARTTLS) or smtps://… (TLS from the beginning)")
	case !isHost(u.Host) || strings.Trim(u.Path, "/") != "" || u.Fragment != "":
		return errors.New("this is not an address like smtp://user:password@mail.example.org:587")
	case u.User != nil && (u.User.Username() == "" || password == ""):
		return errors.New("a user needs a password, and a password a user: smtp://user:password@…")
	case u.RawQuery != "" && u.RawQuery != "tls=off", tls == "off" && u.Scheme == "smtps":
		return errors.New("the one thing that may follow is ?tls=off, for smtp:// in a network of your own")
	case tls == "off" && u.User != nil && !isLoopback(u.Hostname()):
		return errors.New("a password is not sent without TLS to another machine")
	}
	*v.to = text
	return nil
}

func (v smtpURL) Form() string        { return "smtp:// or smtps://, or off" }
func (v smtpURL) Placeholder() string { return "URL" }

// Masked implements secret.
func (v smtpURL) Masked(text string) string {
	u, err := url.Parse(text)
	if err != nil || isOff(text) {
		return text
	}
	return u.Redacted()
}

// sender is the address that mail comes from, or off.
type sender struct{ to *string }

func (v sender) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	if _, err := mail.ParseAddress(text); err != nil || strings.ContainsAny(text, "\r\n") {
		return fmt.Errorf("%q is not an address like noreply@example.org or Rostrum <noreply@example.org>", text)
	}
	*v.to = text
	return nil
}

func (v sender) Form() string        { return "e-mail address, or off" }
func (v sender) Placeholder() string { return "ADDRESS" }
