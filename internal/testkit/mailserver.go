package testkit

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailLimit bounds the wait for a letter.
const mailLimit = time.Minute

// MailServer takes mail on a loopback port as a server for mail does, and keeps
// it for the test.
type MailServer struct {
	Addr  string         // host:port
	Roots *x509.CertPool // who vouches for it; nil without TLS

	listener net.Listener
	letters  chan SentLetter
	serving  sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
	count  int
	met    int // connections

	user, password string                         // see Ask
	answer         func(verb, rest string) string // see Answer
}

// Answer has it say what f returns to a command, from now on; empty is as always.
// After 421 it hangs up.
func (s *MailServer) Answer(f func(verb, rest string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

func (s *MailServer) answerTo(verb, rest string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer == nil {
		return ""
	}
	return s.answer(verb, rest)
}

// Ask has it take mail from nobody but this user from now on.
func (s *MailServer) Ask(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.user, s.password = user, password
}

// asked is whom it takes mail from; an empty user is everybody.
func (s *MailServer) asked() (user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user, s.password
}

// SentLetter is mail as it came.
type SentLetter struct {
	From string
	To   []string
	Data []byte
}

// ReadLetter is mail as its reader sees it.
type ReadLetter struct {
	Header  mail.Header
	Subject string
	Text    string // lines end in \n
}

// NewMailServer starts a server without TLS, which ends with the test.
func NewMailServer(t testing.TB) *MailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveMail(t, l)
}

// NewTLSMailServer starts one that speaks TLS from the beginning (smtps).
func NewTLSMailServer(t testing.TB) *MailServer {
	t.Helper()
	certFile, keyFile, root := selfSigned(t, t.TempDir())
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(root)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := serveMail(t, tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}))
	_, port, _ := net.SplitHostPort(s.Addr)
	s.Addr = net.JoinHostPort("localhost", port) // for which the certificate is
	s.Roots = x509.NewCertPool()
	s.Roots.AppendCertsFromPEM(text)
	return s
}

func serveMail(t testing.TB, l net.Listener) *MailServer {
	t.Helper()
	s := &MailServer{Addr: l.Addr().String(), listener: l, letters: make(chan SentLetter, 100), conns: map[net.Conn]bool{}}
	s.serving.Go(s.serve)
	t.Cleanup(s.Close)
	return s
}

// Close ends it, and returns when it has ended.
func (s *MailServer) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.serving.Wait()
}

// Next returns the next letter, which it waits for.
func (s *MailServer) Next(t testing.TB) SentLetter {
	t.Helper()
	select {
	case l := <-s.letters:
		return l
	case <-time.After(mailLimit):
		t.Fatal("no mail came")
		return SentLetter{}
	}
}

// Count is how many letters came so far.
func (s *MailServer) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Conns is how many connections came so far, and how many are open.
func (s *MailServer) Conns() (met, open int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.met, len(s.conns)
}

// Read decodes a letter of plain text.
func (l SentLetter) Read(t testing.TB) ReadLetter {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(l.Data))
	if err != nil {
		t.Fatalf("read mail: %v\n%s", err, l.Data)
	}
	r := ReadLetter{Header: m.Header}
	if r.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	body := m.Body
	switch m.Header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	r.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	return r
}

func (s *MailServer) serve() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			_ = c.Close() // it came while Close went through the others
		}
		s.conns[c] = true
		s.met++
		s.mu.Unlock()
		s.serving.Go(func() {
			s.talk(c)
			_ = c.Close()
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

// talk holds one conversation (RFC 5321).
func (s *MailServer) talk(c net.Conn) {
	in := textproto.NewReader(bufio.NewReader(c))
	say := func(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }
	say("220 test")
	var l SentLetter
	user, _ := s.asked()
	known := user == ""
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		if other := s.answerTo(strings.ToUpper(verb), rest); other != "" {
			if say("%s", other); strings.HasPrefix(other, "421") {
				return
			}
			continue
		}
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-test")
			say("250 AUTH PLAIN")
		case "AUTH":
			_, initial, _ := strings.Cut(rest, " ")
			if known = s.proves(initial); known {
				say("235 welcome")
			} else {
				say("535 no")
			}
		case "MAIL":
			if !known {
				say("530 who are you?")
				continue
			}
			l = SentLetter{From: pathOf(rest)}
			say("250 ok")
		case "RCPT":
			l.To = append(l.To, pathOf(rest))
			say("250 ok")
		case "DATA":
			say("354 go on")
			if l.Data, err = in.ReadDotBytes(); err != nil {
				return
			}
			s.mu.Lock()
			s.count++
			s.mu.Unlock()
			s.letters <- l
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// proves reads the answer of AUTH PLAIN (RFC 4616).
func (s *MailServer) proves(initial string) bool {
	b, err := base64.StdEncoding.DecodeString(initial)
	user, password := s.asked()
	return err == nil && string(b) == "\x00"+user+"\x00"+password
}

// pathOf reads the address of MAIL FROM:<…> and RCPT TO:<…>.
func pathOf(rest string) string {
	_, path, _ := strings.Cut(rest, "<")
	path, _, _ = strings.Cut(path, ">")
	return path
}
