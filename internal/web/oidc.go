package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/oidc"
)

// SingleSignOn is the sign-in by another site.
type SingleSignOn struct {
	Provider *oidc.Provider
	Name     string // what people call it
	SignUp   bool   // who is unknown gets an account
}

// OIDCCallback is the path to which the provider sends people back.
const OIDCCallback = "/sign-in/oidc/callback"

// flowCookie binds a flow to the browser that began it, so that nobody can be
// signed in by a link as somebody else.
const flowCookie = "rostrum_oidc"

// errand is why somebody went to the provider, and where to go afterwards.
type errand struct {
	To   string
	Link string // the session that gets one more way in; empty: a sign-in
}

func (s *Server) oidcRoutes(mux *routes) {
	if s.opts.OIDC == nil {
		return
	}
	mux.HandleFunc("GET /sign-in/oidc", s.beginOIDC)
	mux.HandleFunc("GET "+OIDCCallback, s.finishOIDC)
}

// beginOIDC sends somebody to the provider.
func (s *Server) beginOIDC(w http.ResponseWriter, r *http.Request) {
	if s.secured(w, r) {
		return
	}
	who, err := s.ask(r)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	why := errand{To: localPath(r.URL.Query().Get("to"))}
	if r.URL.Query().Get("link") != "" {
		if !s.fromHere(r) {
			// A link on another site could hang the attacker's identity on who follows it.
			s.refusePage(w, r, &Problem{Status: http.StatusForbidden, Code: codeForeign, Detail: "This was asked for by a page of another site."})
			return
		}
		if err := s.opts.Accounts.RequireFresh(r.Context(), who.actor); err != nil {
			s.refusePage(w, r, err)
			return
		}
		why.Link = who.actor.Session
	}
	if err := s.opts.Accounts.Attempt(who.client); err != nil {
		s.refusePage(w, r, err)
		return
	}
	purpose, err := json.Marshal(why)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	address, secret, err := s.opts.OIDC.Provider.Begin(r.Context(), string(purpose))
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	http.SetCookie(w, who.flowCookie(secret))
	s.leave(w, r, address)
}

// finishOIDC takes somebody back from the provider.
func (s *Server) finishOIDC(w http.ResponseWriter, r *http.Request) {
	who, err := s.ask(r)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	secret := ""
	if c, err := r.Cookie(who.flowCookie("").Name); err == nil {
		secret = c.Value
	}
	http.SetCookie(w, who.flowCookie(""))
	q := r.URL.Query()
	id, purpose, err := s.opts.OIDC.Provider.Finish(r.Context(), secret, oidc.Answer{
		State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error"),
	})
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	var why errand
	if err := json.Unmarshal([]byte(purpose), &why); err != nil {
		s.refusePage(w, r, err)
		return
	}
	v := account.Vouched{Issuer: id.Issuer, Subject: id.Subject, Username: id.Username, Name: id.Name, Email: id.Email}
	if why.Link != "" {
		s.link(w, r, who, why, v)
		return
	}
	token, _, err := s.opts.Accounts.SignInByIdentity(r.Context(), v, s.opts.OIDC.SignUp, who.client)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	s.endOld(r.Context(), who.actor)
	c := who.cookie(token)
	http.SetCookie(w, &c)
	s.leave(w, r, why.To)
}

// link adds the identity to the user who asked for that, if that is still who
// asks.
func (s *Server) link(w http.ResponseWriter, r *http.Request, who who, why errand, v account.Vouched) {
	if who.actor.Session != why.Link {
		s.refusePage(w, r, account.ErrSignIn)
		return
	}
	if err := s.opts.Accounts.LinkIdentity(r.Context(), who.actor, v); err != nil {
		s.refusePage(w, r, err)
		return
	}
	s.leave(w, r, why.To)
}

// leave sends the browser on.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, address string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address has a code in it
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// flowCookie carries a flow's secret; an empty one takes it away.
func (w who) flowCookie(secret string) *http.Cookie {
	c := w.cookie(secret)
	c.Name = strings.Replace(c.Name, sessionCookie, flowCookie, 1)
	if secret != "" {
		c.MaxAge = int(oidc.Lasts / time.Second)
	}
	return &c
}

// localPath is where to go on this site, and the home page for all else.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t\r\n") {
		return "/"
	}
	return to
}

// fromHere reports whether a page of this site leads here. Browsers say so
// (Fetch Metadata), but to HTTPS and loopback alone; elsewhere the page that
// was left is known by its address.
func (s *Server) fromHere(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	u, err := url.Parse(r.Referer())
	return err == nil && u.Host != "" && u.Scheme+"://"+u.Host == s.origin(r)
}

// refusePage tells a person why a sign-in by another site came to nothing.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	n := notice{Title: "Not signed in", Link: "/sign-in", Text: "Back to the sign-in page"}
	var p *Problem
	switch {
	case errors.Is(err, oidc.ErrUnavailable):
		s.log.Warn("the provider of OpenID Connect does not answer", "error", err)
		n.Status, n.Sentence = http.StatusBadGateway, s.opts.OIDC.Name+" does not answer. Try again in a moment."
	case errors.Is(err, oidc.ErrRefused):
		s.log.Info("a sign-in by OpenID Connect is refused", "error", err)
		n.Status, n.Sentence = http.StatusForbidden, "This sign-in by "+s.opts.OIDC.Name+" could not be finished: it took too long, was ended there, or was not begun in this browser."
	case errors.As(s.problem(err), &p):
		n.Status, n.Sentence = p.Status, p.Detail
		if p.Code == account.ErrSignInAgain.Code {
			n.Title, n.Link, n.Text = "Sign in again", "/account/security", "Back to your account"
		}
	default: // the client has gone
		n.Status, n.Sentence = http.StatusServiceUnavailable, "The request was ended."
	}
	s.notice(w, r, n)
}
