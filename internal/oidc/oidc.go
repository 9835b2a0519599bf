// Package oidc asks another site who somebody is: OpenID Connect's
// authorization code flow, with PKCE (RFC 7636), state and nonce. It must not
// know users, sessions or cookies: it begins a flow, and tells who came back.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	upstream "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/rostrumlive/rostrum/internal/ticket"
)

const (
	// Lasts is how long somebody may take to come back.
	Lasts = 10 * time.Minute
	// patience bounds each question to the provider.
	patience = 10 * time.Second
	// mostFlows bounds how many are on their way; the oldest makes room.
	mostFlows = 10_000
)

// ErrUnavailable is what a sign-in meets when the provider does not answer, or with nonsense. It is to be
// tried again later.
var ErrUnavailable = errors.New("the provider does not answer")

// ErrRefused is what somebody meets who came back and is not to be believed, or whom the
// provider sent away.
var ErrRefused = errors.New("the sign-in is not to be believed")

// Options say who the provider is, and who we are to it.
type Options struct {
	Issuer       string
	ClientID     string
	ClientSecret string // empty: a public client
	Callback     string // the address to which the provider sends people back
}

// Identity is who somebody is, as the provider says. Issuer and Subject
// together are somebody for ever; all else may change, or be empty.
type Identity struct {
	Issuer, Subject string
	Username        string
	Name            string // for people
	Email           string // empty unless the provider has verified it
}

// Provider is another site that vouches for people. Its methods may be called
// by any number of goroutines.
type Provider struct {
	opts   Options
	client *http.Client
	flows  *ticket.Desk[flow]

	asking singleflight.Group
	known  atomic.Pointer[upstream.Provider]
}

// flow is what must come back unchanged.
type flow struct {
	state, nonce, verifier string
	purpose                string
}

// New makes a Provider. It asks nothing yet: the provider may be down while we
// start.
func New(o Options) *Provider {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	return &Provider{opts: o, client: &http.Client{Timeout: patience, Transport: transport}, flows: ticket.NewDesk[flow](Lasts, mostFlows)}
}

// Close lets connections go.
func (p *Provider) Close() { p.client.CloseIdleConnections() }

// Begin returns where somebody is to be sent, and a secret that their browser
// keeps and hands to Finish, which returns the purpose. It fails with
// ErrUnavailable.
func (p *Provider) Begin(ctx context.Context, purpose string) (address, secret string, err error) {
	provider, err := p.provider(ctx)
	if err != nil {
		return "", "", err
	}
	f := flow{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), purpose: purpose}
	secret = rand.Text()
	p.flows.Keep(secret, f)
	return p.config(provider).AuthCodeURL(f.state, upstream.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier)), secret, nil
}

// Answer is what somebody comes back with: the parameters of the callback.
type Answer struct {
	State, Code string
	Issuer      string // RFC 9207; most providers leave it out
	Error       string // such as access_denied
}

// Finish returns who came back, once for each secret. It fails with ErrRefused
// or ErrUnavailable.
func (p *Provider) Finish(ctx context.Context, secret string, a Answer) (id Identity, purpose string, err error) {
	f, ok := p.flows.Take(secret)
	switch {
	case !ok:
		return Identity{}, "", fmt.Errorf("%w: it was not begun here, took too long, or has ended already", ErrRefused)
	case subtle.ConstantTimeCompare([]byte(f.state), []byte(a.State)) != 1:
		return Identity{}, "", fmt.Errorf("%w: another state", ErrRefused)
	case a.Issuer != "" && a.Issuer != p.opts.Issuer:
		return Identity{}, "", fmt.Errorf("%w: another issuer answered", ErrRefused)
	case a.Error != "":
		return Identity{}, f.purpose, fmt.Errorf("%w: the provider says %.100q", ErrRefused, a.Error)
	}
	provider, err := p.provider(ctx)
	if err != nil {
		return Identity{}, f.purpose, err
	}
	id, err = p.exchange(ctx, provider, f, a.Code)
	return id, f.purpose, err
}

// exchange hands the code in and reads what it stands for.
func (p *Provider) exchange(ctx context.Context, provider *upstream.Provider, f flow, code string) (Identity, error) {
	ctx = upstream.ClientContext(ctx, p.client)
	token, err := p.config(provider).Exchange(ctx, code, oauth2.VerifierOption(f.verifier))
	if err != nil {
		return Identity{}, told(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: there is no ID token", ErrRefused)
	}
	verified, err := provider.Verifier(&upstream.Config{ClientID: p.opts.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(f.nonce)) != 1 {
		return Identity{}, fmt.Errorf("%w: another nonce", ErrRefused)
	}
	var c claims
	if err := verified.Claims(&c); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	// OpenID Connect Core 3.1.3.7: with several audiences, or when it is there.
	if c.AuthorizedParty != "" && c.AuthorizedParty != p.opts.ClientID || len(verified.Audience) > 1 && c.AuthorizedParty == "" {
		return Identity{}, fmt.Errorf("%w: the token is for another", ErrRefused)
	}
	if c.Username == "" && provider.UserInfoEndpoint() != "" {
		p.askMore(ctx, provider, token, verified.Subject, &c)
	}
	return c.identity(verified), nil
}

// told tells why a code was not taken, without what the provider answered: that
// may repeat what it was sent.
func told(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) || answer.Response == nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if answer.Response.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %s", ErrUnavailable, answer.Response.Status)
	}
	return fmt.Errorf("%w: the code is not taken: %.100q", ErrRefused, answer.ErrorCode)
}

// askMore reads what the provider keeps out of its tokens. Without it somebody
// is known all the same, by another name.
func (p *Provider) askMore(ctx context.Context, provider *upstream.Provider, token *oauth2.Token, subject string, c *claims) {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != subject { // OpenID Connect Core 5.3.2
		return
	}
	var more claims
	if info.Claims(&more) == nil {
		*c = more
	}
}

// claims are those that we read.
type claims struct {
	AuthorizedParty string  `json:"azp"`
	Username        string  `json:"preferred_username"`
	Name            string  `json:"name"`
	Email           string  `json:"email"`
	EmailVerified   boolish `json:"email_verified"`
}

func (c claims) identity(t *upstream.IDToken) Identity {
	id := Identity{Issuer: t.Issuer, Subject: t.Subject, Username: c.Username, Name: c.Name}
	if c.EmailVerified {
		id.Email = c.Email
	}
	return id
}

// boolish is true also as a text, as some providers write it.
type boolish bool

// UnmarshalJSON takes anything; true alone is true.
func (b *boolish) UnmarshalJSON(text []byte) error {
	*b = string(text) == "true" || string(text) == `"true"`
	return nil
}

func (p *Provider) config(provider *upstream.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.opts.ClientID, ClientSecret: p.opts.ClientSecret, RedirectURL: p.opts.Callback,
		Endpoint: provider.Endpoint(), Scopes: []string{upstream.ScopeOpenID, "profile", "email"},
	}
}

// provider returns what the provider says of itself. Many who ask at once ask
// it once; when it fails the next one asks again.
func (p *Provider) provider(ctx context.Context) (*upstream.Provider, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	found, err, _ := p.asking.Do("", func() (any, error) {
		// Who asked first may go; the others still want to know.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		found, err := upstream.NewProvider(upstream.ClientContext(ctx, p.client), p.opts.Issuer)
		if err == nil {
			p.known.Store(found)
		}
		return found, err
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return found.(*upstream.Provider), nil
}
