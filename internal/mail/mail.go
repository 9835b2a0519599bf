// Package mail hands letters of plain text to a server that takes mail (SMTP,
// RFC 5321). It must not know what is in them, nor to whom they go and why.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// takes bounds how long a letter takes, from the first packet to the last, so
// that a server which is slow or silent holds nothing up for longer.
const takes = 30 * time.Second

// Letter is what is sent.
type Letter struct {
	To      string // an e-mail address
	Subject string
	Text    string // lines end in \n

	// ID is the same for the same letter, also when it is sent again, so that
	// who takes it twice can tell; empty: one of its own. It is made of what an
	// id at a host is made of, without the host.
	ID string
	// Unsubscribe is an https address at which a POST ends such letters (RFC
	// 8058); empty: there is none.
	Unsubscribe string
}

// Sender sends letters by one server. Its methods may be called by any number
// of goroutines. It keeps connections for letters that follow; the caller closes
// it.
type Sender struct {
	from     string
	host     string
	port     int
	user     string
	password string
	implicit bool // TLS from the beginning (RFC 8314 3), else STARTTLS
	policy   smtp.TLSPolicy
	takes    time.Duration
	roots    *x509.CertPool // who vouches for the server; nil: who does on this machine
	idleFor  time.Duration

	mu      sync.Mutex
	idle    []*conn // those used last at the end
	closed  bool
	leaving sync.WaitGroup // connections that say goodbye
}

// New makes a Sender of the address of a server and of who the letters are
// from:
//
//	smtp://user:password@host:587   STARTTLS, without which nothing is sent
//	smtps://user:password@host:465  TLS from the beginning
//	smtp://host:25?tls=off          no TLS, in a network of one's own
//
// A server on the same machine need not speak TLS. The error does not repeat
// the address, which holds a password.
func New(server, from string) (*Sender, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("this is not the address of a server for mail")
	}
	s := &Sender{from: from, host: u.Hostname(), port: 587, implicit: u.Scheme == "smtps", policy: smtp.TLSMandatory, takes: takes, idleFor: idleFor}
	s.user = u.User.Username()
	s.password, _ = u.User.Password()
	if s.implicit {
		s.port = 465
	}
	if text := u.Port(); text != "" {
		if s.port, err = strconv.Atoi(text); err != nil || s.port < 1 || s.port > 65535 {
			return nil, fmt.Errorf("%q is not a port", text)
		}
	}
	switch {
	case u.Query().Get("tls") == "off":
		s.policy = smtp.NoTLS
	case isLoopback(s.host):
		s.policy = smtp.TLSOpportunistic
	}
	if _, err := s.message(Letter{To: "a@example.org"}); err != nil {
		return nil, err
	}
	return s, nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Send hands a letter over, by a connection that another letter left behind
// where there is one. It returns when the server has taken it, or has not: after
// half a minute at the latest, or when ctx ends.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	m, err := s.message(l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.takes)
	defer cancel()
	if c := s.take(); c != nil {
		err = s.hand(ctx, c, m)
		if ctx.Err() != nil || !unbegun(err) {
			return s.told(ctx, err)
		}
		// The server had enough of this connection: the letter has not been begun.
	}
	c, err := s.open(ctx)
	if err == nil {
		err = s.hand(ctx, c, m)
	}
	return s.told(ctx, err)
}

// told is what the caller hears of an error.
func (s *Sender) told(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("send mail by %s: %w", s.host, ctx.Err())
	}
	var told *smtp.SendError
	if errors.As(err, &told) && refused(told) {
		return fmt.Errorf("send mail by %s: %w: %w", s.host, ErrRefused, err)
	}
	return fmt.Errorf("send mail by %s: %w", s.host, err)
}

// ErrRefused says that the server will not have this letter, and not when it is
// asked again either.
var ErrRefused = errors.New("the letter was refused")

func (s *Sender) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.implicit {
		d := tls.Dialer{Config: &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}}
		return d.DialContext(ctx, network, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, addr)
}

func (s *Sender) client(dial smtp.DialContextFunc) (*smtp.Client, error) {
	options := []smtp.Option{
		smtp.WithPort(s.port), smtp.WithTimeout(s.takes), smtp.WithTLSPolicy(s.policy), smtp.WithDialContextFunc(dial), smtp.WithoutNoop(),
	}
	if s.implicit {
		options = append(options, smtp.WithSSL())
	}
	if s.user != "" {
		// Both send the password itself, and neither does without TLS to another
		// machine.
		options = append(options, smtp.WithUsername(s.user), smtp.WithPassword(s.password),
			smtp.WithOpportunisticSMTPAuth(smtp.SMTPAuthPlain, smtp.SMTPAuthLogin))
	}
	return smtp.NewClient(s.host, options...)
}

func (s *Sender) message(l Letter) (*smtp.Msg, error) {
	m := smtp.NewMsg()
	if err := m.From(s.from); err != nil {
		return nil, fmt.Errorf("mail from %q: %w", s.from, err)
	}
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("address a mail: %w", err)
	}
	m.Subject(l.Subject)
	m.SetDate()
	if l.ID == "" {
		m.SetMessageID()
	} else {
		m.SetMessageIDWithValue(l.ID + "@" + s.domain())
	}
	if l.Unsubscribe != "" {
		m.SetGenHeader(smtp.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(smtp.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no answers of absence (RFC 3834)
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	return m, nil
}

// domain is that of who the letters are from.
func (s *Sender) domain() string {
	from := strings.TrimSuffix(s.from, ">")
	return from[strings.LastIndex(from, "@")+1:]
}
