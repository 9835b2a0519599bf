package rtmp

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

// Logins knows who may log in by user name and password, beside the Gate,
// which then admits what was proved. Its methods may be called by several
// goroutines.
type Logins interface {
	// LoginSalt is what encoders hash between name and password.
	LoginSalt() string
	// Login returns what an encoder has proved that says it is user. proves
	// reports whether its answer fits a verifier, the base64 of the MD5 of
	// name, salt and password. A *live.Refusal says why it does not, any other
	// error is the server's own trouble. It may block on a database; ctx
	// bounds it.
	Login(ctx context.Context, user string, proves func(verifier string) bool) (live.Login, error)
}

// Adobe's authentication of publishers is in no specification. An encoder
// whose user has filled in a name and a password connects as any other; only
// when the server refuses that and asks does it connect again with its name,
// and, refused with a challenge, a third time with its answer: in arguments at
// the end of app and tcUrl, each time on a new connection. What it looks for
// in a refusal are the pieces of text below, and for arguments behind the last
// question mark to the text's end.
const (
	rejected     = "[ AccessManager.Reject ] : "
	askForName   = rejected + "[ code=403 need auth; authmod=adobe ] : "
	askForProof  = rejected + "[ authmod=adobe ] : ?reason=needauth&user=%s&salt=%s&challenge=%s&opaque=%s"
	loginFailed  = rejected + "[ authmod=adobe ] : ?reason=authfailed"
	otherAuthmod = rejected + "[ this kind of authentication is not supported ] : ?reason=authfailed"

	codeRejected = "NetConnection.Connect.Rejected"
	adobe        = "adobe"

	// askingApp is the first part of the path under which an encoder is asked
	// for a name, as nothing in its first words tells that it has one.
	askingApp = "auth"

	maxUser = 64 // bytes of a name, which our question repeats
)

// credentials are an encoder's arguments.
type credentials struct {
	mode, user, challenge, response string
}

// cutCredentials takes an encoder's arguments from the end of an app or a
// tcUrl. They begin with authmod, behind a question mark even when the address
// has one already.
func cutCredentials(address string) (rest string, cr credentials, ok bool) {
	const begin = "authmod="
	at := strings.LastIndex(address, begin)
	if at < 1 || address[at-1] != '?' && address[at-1] != '&' {
		return address, credentials{}, false
	}
	for pair := range strings.SplitSeq(address[at:], "&") {
		k, v, _ := strings.Cut(pair, "=")
		switch k {
		case "authmod":
			cr.mode = v
		case "user":
			cr.user = strings.ToLower(unescape(v)) // as the salted hash has it
		case "challenge":
			cr.challenge = withoutRest(unescape(v))
		case "response":
			cr.response = withoutRest(unescape(v))
		}
	}
	return address[:at-1], cr, true
}

// withoutRest takes from the end of a text in base64, or in hexadecimal, what
// does not belong to it: a librtmp that is built with GnuTLS, as Debian's is,
// sends what lies behind the text in its memory.
func withoutRest(s string) string {
	padding := false
	for i, r := range s {
		plain := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("+/-_", r)
		if r != '=' && (padding || !plain) {
			return s[:i]
		}
		padding = r == '='
	}
	return s
}

// asks reports whether an address is one under which the encoder is asked for
// a name.
func asks(tcURL, app string) bool {
	path, ok := cutHost(app)
	if !ok {
		path = app
	}
	if path == "" {
		path, _ = cutHost(tcURL)
	}
	path, _ = cutQuery(path)
	first, _, _ := strings.Cut(strings.TrimLeft(path, "/"), "/")
	return first == askingApp
}

// logIn does a connect's part of the authentication, and takes that part out
// of the encoder's address. It returns a farewell unless the encoder is logged
// in, or need not be.
func (c *conn) logIn(cl *call) error {
	var fromApp, fromURL credentials
	var inApp, inURL bool
	c.peer.app, fromApp, inApp = cutCredentials(c.peer.app)
	c.peer.tcURL, fromURL, inURL = cutCredentials(c.peer.tcURL)
	cr := fromApp
	if !inApp {
		cr = fromURL
	}
	switch {
	case c.srv.opts.Logins == nil, !inApp && !inURL && !asks(c.peer.tcURL, c.peer.app):
		return nil
	case !inApp && !inURL:
		return c.reject(cl, askForName, &farewell{why: "the encoder was asked for a user name", usual: true})
	case cr.mode != adobe:
		return c.reject(cl, otherAuthmod, &farewell{
			why: fmt.Sprintf("The encoder logs in with authmod=%s; only Adobe's authentication (authmod=adobe) is supported.", flv.Printable(cr.mode)),
		})
	case cr.user == "" || len(cr.user) > maxUser || strings.ContainsAny(cr.user, "&=?"):
		return c.loginRefused(cl, &live.Refusal{Code: "login_failed", Reason: "The user name is not one of a channel."})
	case cr.response == "":
		challenge := c.srv.logins.challenge(cr.user, c.remote.Addr())
		// Some encoders hash the challenge and some the opaque text: they are
		// the same. None need give either back.
		question := fmt.Sprintf(askForProof, cr.user, c.srv.opts.Logins.LoginSalt(), challenge, challenge)
		return c.reject(cl, question, &farewell{why: "the encoder was asked for a password", usual: true})
	}
	return c.proved(cl, cr)
}

// proved looks at an encoder's answer to our question.
func (c *conn) proved(cl *call, cr credentials) error {
	ctx, cancel := context.WithTimeout(c.srv.ctx, c.srv.opts.GateTimeout)
	defer cancel()
	proves := c.srv.logins.judge(cr, c.remote.Addr())
	login, err := c.srv.opts.Logins.Login(ctx, cr.user, proves)
	if err != nil {
		return c.loginRefused(cl, err)
	}
	c.peer.login = &login
	return nil
}

// loginRefused makes the end of a connection from the error of a login. The
// encoder is told one thing whatever was wrong; the reason is for the log.
func (c *conn) loginRefused(cl *call, err error) error {
	if c.srv.ctx.Err() != nil {
		return errShutdown
	}
	c.srv.counts.refused.Add(1)
	var no *live.Refusal
	if errors.As(err, &no) {
		return c.reject(cl, loginFailed, &farewell{why: no.Reason})
	}
	return c.reject(cl, loginFailed, &farewell{why: "The server could not check a login", err: err})
}

// reject answers a connect with an error and returns f.
func (c *conn) reject(cl *call, description string, f *farewell) error {
	c.command(0, "_error", cl.transaction, nil, flv.Object{
		{Name: "level", Value: "error"},
		{Name: "code", Value: codeRejected},
		{Name: "description", Value: description},
	})
	return f
}
