package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const callback = "https://tv.example/sign-in/oidc/callback"

func provider(t *testing.T) (*testkit.Provider, *Provider) {
	t.Helper()
	there := testkit.NewProvider(t, callback)
	p := New(Options{Issuer: there.URL, ClientID: there.Client, ClientSecret: there.Secret, Callback: callback})
	t.Cleanup(p.Close)
	return there, p
}

func answerOf(back *url.URL) Answer {
	q := back.Query()
	return Answer{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error")}
}

func TestSomebodyComesBack(t *testing.T) {
	there, p := provider(t)
	for name, tc := range map[string]struct {
		claims map[string]any
		want   Identity
	}{
		"all": {
			map[string]any{"sub": "1", "preferred_username": "Alice", "name": "Alice A.", "email": "alice@example.org", "email_verified": true},
			Identity{Subject: "1", Username: "Alice", Name: "Alice A.", Email: "alice@example.org"},
		},
		"not verified": {
			map[string]any{"sub": "1", "preferred_username": "alice", "email": "alice@example.org", "email_verified": false},
			Identity{Subject: "1", Username: "alice"},
		},
		"nothing said of it": {
			map[string]any{"sub": "1", "preferred_username": "alice", "email": "alice@example.org"},
			Identity{Subject: "1", Username: "alice"},
		},
		"verified in writing": {
			map[string]any{"sub": "1", "preferred_username": "alice", "email": "alice@example.org", "email_verified": "true"},
			Identity{Subject: "1", Username: "alice", Email: "alice@example.org"},
		},
		"nothing else": {map[string]any{"sub": "1"}, Identity{Subject: "1"}},
		"for us among others": {
			map[string]any{"sub": "1", "aud": []string{"other", "rostrum"}, "azp": "rostrum"}, Identity{Subject: "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			there.Claims = tc.claims
			address, secret, err := p.Begin(t.Context(), "watch")
			require.NoError(t, err)
			require.NotContains(t, address, secret)
			a := answerOf(there.Visit(t, address))
			a.Issuer = there.URL
			id, purpose, err := p.Finish(t.Context(), secret, a)
			require.NoError(t, err)
			require.Equal(t, "watch", purpose)
			tc.want.Issuer = there.URL
			require.Equal(t, tc.want, id)

			_, _, err = p.Finish(t.Context(), secret, a)
			require.ErrorIs(t, err, ErrRefused, "once")
		})
	}
}

// What a provider keeps out of its tokens is asked for.
func TestMoreIsAskedFor(t *testing.T) {
	for name, tc := range map[string]struct {
		info map[string]any
		want string
	}{
		"the same person": {map[string]any{"sub": "1234", "preferred_username": "alice"}, "alice"},
		"another person":  {map[string]any{"sub": "5678", "preferred_username": "mallory"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			there, p := provider(t)
			there.UserInfo = tc.info
			address, secret, err := p.Begin(t.Context(), "")
			require.NoError(t, err)
			id, _, err := p.Finish(t.Context(), secret, answerOf(there.Visit(t, address)))
			require.NoError(t, err)
			require.Equal(t, "1234", id.Subject)
			require.Equal(t, tc.want, id.Username)
		})
	}
}

func TestWhoIsNotBelieved(t *testing.T) {
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	set := func(name string, value any) func(*testkit.Provider, *Answer) {
		return func(there *testkit.Provider, _ *Answer) {
			there.Lie = func(claims map[string]any) { claims[name] = value }
		}
	}
	for name, lie := range map[string]func(*testkit.Provider, *Answer){
		"another nonce":        set("nonce", "other"),
		"no nonce":             set("nonce", ""),
		"expired":              set("exp", time.Now().Add(-time.Hour).Unix()),
		"not yet":              set("nbf", time.Now().Add(time.Hour).Unix()),
		"another issuer":       set("iss", "https://evil.example"),
		"for another":          set("aud", "other"),
		"for several":          set("aud", []string{"rostrum", "other"}),
		"another party":        set("azp", "other"),
		"another key":          func(there *testkit.Provider, _ *Answer) { there.Key = stranger },
		"another secret of us": func(there *testkit.Provider, _ *Answer) { there.Secret = "other" },
		"another state":        func(_ *testkit.Provider, a *Answer) { a.State = "other" },
		"no state":             func(_ *testkit.Provider, a *Answer) { a.State = "" },
		"another code":         func(_ *testkit.Provider, a *Answer) { a.Code = "other" },
		"another one answers":  func(_ *testkit.Provider, a *Answer) { a.Issuer = "https://evil.example" },
		"sent away":            func(_ *testkit.Provider, a *Answer) { a.Error = "access_denied" },
	} {
		t.Run(name, func(t *testing.T) {
			there, p := provider(t)
			ours := there.Secret
			address, secret, err := p.Begin(t.Context(), "")
			require.NoError(t, err)
			a := answerOf(there.Visit(t, address))
			lie(there, &a)
			id, _, err := p.Finish(t.Context(), secret, a)
			require.ErrorIs(t, err, ErrRefused)
			require.NotErrorIs(t, err, ErrUnavailable)
			require.Zero(t, id)
			require.NotContains(t, err.Error(), ours)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

// Two flows do not mix: each one's code is for its own verifier and nonce.
func TestFlowsDoNotMix(t *testing.T) {
	there, p := provider(t)
	mine, secret, err := p.Begin(t.Context(), "")
	require.NoError(t, err)
	other, _, err := p.Begin(t.Context(), "")
	require.NoError(t, err)
	a := answerOf(there.Visit(t, mine))
	a.Code = answerOf(there.Visit(t, other)).Code
	_, _, err = p.Finish(t.Context(), secret, a)
	require.ErrorIs(t, err, ErrRefused)
	_, _, err = p.Finish(t.Context(), "", answerOf(there.Visit(t, other)))
	require.ErrorIs(t, err, ErrRefused)
}

// A provider that is down is asked again by the next who comes.
func TestAProviderThatIsDown(t *testing.T) {
	there, p := provider(t)
	require.Zero(t, there.Asked(), "nothing is asked at the start")
	there.SetDown(true)
	_, _, err := p.Begin(t.Context(), "")
	require.ErrorIs(t, err, ErrUnavailable)
	there.SetDown(false)
	var g errgroup.Group
	for range 8 {
		g.Go(func() error {
			_, _, err := p.Begin(t.Context(), "")
			return err
		})
	}
	require.NoError(t, g.Wait())
	address, secret, err := p.Begin(t.Context(), "")
	require.NoError(t, err)
	a := answerOf(there.Visit(t, address))
	there.SetDown(true)
	_, _, err = p.Finish(t.Context(), secret, a)
	require.ErrorIs(t, err, ErrUnavailable)

	there.SetDown(false)
	elsewhere := New(Options{Issuer: there.URL + "/other", ClientID: "rostrum"})
	t.Cleanup(elsewhere.Close)
	_, _, err = elsewhere.Begin(t.Context(), "")
	require.ErrorIs(t, err, ErrUnavailable)
}
