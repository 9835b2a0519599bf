package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rostrumlive/rostrum/internal/account"
)

// The cookie of a session. By HTTPS it has the prefix that binds it to this
// host and to HTTPS (RFC 6265bis 4.1.3.2).
const (
	sessionCookie       = "rostrum_session"
	secureSessionCookie = "__Host-" + sessionCookie
	// cookieLasts is as long as a session can without being used.
	cookieLasts = 30 * 24 * time.Hour
)

type asker struct{}

// who is what the API knows of who asks.
type who struct {
	actor  account.Actor
	client account.Client
	https  bool
	origin string // of the site
}

// actor is who asks, by the context of an operation.
func actor(ctx context.Context) account.Actor { return whoOf(ctx).actor }

func whoOf(ctx context.Context) who {
	w, _ := ctx.Value(asker{}).(who)
	return w
}

// know finds out who asks, for each operation of the API. A session or a token
// that is no longer good is nobody's, save that a token is told so: its program
// would take the public answer for its own.
func (s *Server) know(api huma.API) func(ctx huma.Context, next func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		w, err := s.ask(r)
		if err != nil {
			var p *Problem
			if errors.As(s.problem(err), &p) {
				ctx.SetHeader("WWW-Authenticate", "Bearer")
				_ = huma.WriteErr(api, ctx, p.Status, p.Detail) // the client has gone
				return
			}
		}
		next(huma.WithValue(ctx, asker{}, w))
	}
}

func (s *Server) ask(r *http.Request) (who, error) {
	w := who{
		client: account.Client{Address: s.clientAddress(r), Agent: r.UserAgent()}, https: scheme(r) == "https", origin: s.origin(r),
	}
	w.actor.Address = w.client.Address
	if token, ok := bearer(r); ok {
		a, err := s.opts.Accounts.ByToken(r.Context(), token, w.client.Address)
		if err != nil {
			return w, err
		}
		w.actor = a
		return w, nil
	}
	token, ok := sessionToken(r)
	if !ok {
		return w, nil
	}
	a, err := s.opts.Accounts.BySession(r.Context(), token, w.client)
	switch {
	case errors.Is(err, account.ErrSignIn):
		return w, nil
	case err != nil:
		return w, err
	}
	w.actor = a
	return w, nil
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

func sessionToken(r *http.Request) (string, bool) {
	name := sessionCookie
	if scheme(r) == "https" {
		name = secureSessionCookie
	}
	c, err := r.Cookie(name)
	return cookieValue(c), err == nil
}

func cookieValue(c *http.Cookie) string {
	if c == nil {
		return ""
	}
	return c.Value
}

// cookie carries a session's token; an empty one takes it away.
func (w who) cookie(token string) http.Cookie {
	c := http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, Secure: w.https, SameSite: http.SameSiteLaxMode,
		MaxAge: int(cookieLasts / time.Second),
	}
	if w.https {
		c.Name = secureSessionCookie
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// clientAddress is where the client is: what a proxy that the server was told
// of says, else the other end of the connection.
func (s *Server) clientAddress(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	at = at.Unmap().WithZone("")
	// From the right: each proxy adds who asked it, and the first that is none of
	// ours is the client. What stands left of it the client may have made up.
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !s.isProxy(at) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		at = before.Unmap().WithZone("")
	}
	return at
}

func (s *Server) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.opts.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// ownOrigin refuses what a page of another site would have the viewer's browser
// do (CSRF). Programs send neither Origin nor Sec-Fetch-Site.
func ownOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, &Problem{Status: http.StatusForbidden, Code: codeForeign, Detail: "This was asked for by a page of another site."})
	}))
	return p.Handler(next)
}
