package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/oidc"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

const tv = "https://tv.example"

// ssoSite is a site at https://tv.example with a provider.
func ssoSite(t *testing.T, signUp bool) (*site, *testkit.Provider) {
	t.Helper()
	there := testkit.NewProvider(t, tv+OIDCCallback)
	s := newSite(t, func(o *Options) {
		p := oidc.New(oidc.Options{Issuer: there.URL, ClientID: there.Client, ClientSecret: there.Secret, Callback: tv + OIDCCallback})
		t.Cleanup(p.Close)
		o.OIDC, o.URL = &SingleSignOn{Provider: p, Name: "Example ID", SignUp: signUp}, tv
	})
	return s, there
}

// browser keeps the cookies of somebody who visits https://tv.example.
type browser struct {
	s       *site
	cookies map[string]string
}

func (s *site) browser() *browser { return &browser{s, map[string]string{}} }

func (b *browser) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	b.s.t.Helper()
	r := httptest.NewRequestWithContext(b.s.t.Context(), method, tv+path, strings.NewReader(body))
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.s.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		require.True(b.s.t, c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == "", c.Name)
		require.True(b.s.t, strings.HasPrefix(c.Name, "__Host-"))
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}

func (b *browser) get(path string, header ...string) *httptest.ResponseRecorder {
	b.s.t.Helper()
	return b.do(http.MethodGet, path, "", header...)
}

// visit goes to the provider and comes back; path is where it lands.
func (b *browser) visit(there *testkit.Provider, path string, header ...string) (back string) {
	b.s.t.Helper()
	w := b.get(path, header...)
	require.Equal(b.s.t, http.StatusSeeOther, w.Code, w.Body.String())
	require.Equal(b.s.t, "no-store", w.Header().Get("Cache-Control"))
	u := there.Visit(b.s.t, w.Header().Get("Location"))
	return u.RequestURI()
}

// me is who is signed in.
func (b *browser) me() (me struct {
	Name, Email      string
	DisplayName      string  `json:"display_name"`
	FreshUntil       *string `json:"fresh_until"`
	EmailConfirmedAt *string `json:"email_confirmed_at"`
},
) {
	b.s.t.Helper()
	w := b.get("/api/v1/me")
	if w.Code == http.StatusOK {
		require.NoError(b.s.t, json.Unmarshal(w.Body.Bytes(), &me))
	}
	return me
}

func (s *site) requireLands(w *httptest.ResponseRecorder, at string) {
	s.t.Helper()
	require.Equal(s.t, http.StatusSeeOther, w.Code, w.Body.String())
	require.Equal(s.t, at, w.Header().Get("Location"))
}

// requireNotice checks for a page of one sentence.
func (s *site) requireNotice(w *httptest.ResponseRecorder, status int, says string) {
	s.t.Helper()
	require.Equal(s.t, status, w.Code, w.Body.String())
	require.Contains(s.t, w.Header().Get("Content-Type"), "text/html")
	require.Equal(s.t, "no-store", w.Header().Get("Cache-Control"))
	require.Contains(s.t, w.Body.String(), says)
	require.Contains(s.t, w.Body.String(), "Test &amp; Site")
	require.NotContains(s.t, w.Body.String(), "<script")
}

func TestSignInByAnotherSite(t *testing.T) {
	s, there := ssoSite(t, true)
	there.Claims = map[string]any{"sub": "1", "preferred_username": "Álice B.", "name": "Alice B.", "email": "Alice@example.org", "email_verified": true}
	b := s.browser()
	require.Contains(t, b.get("/api/v1/server").Body.String(), `"oidc":{"name":"Example ID"}`)
	back := b.visit(there, "/sign-in/oidc?to=/@show%3Ft=1")
	require.Len(t, b.cookies, 1, "the flow's")
	s.requireLands(b.get(back), "/@show?t=1")
	require.Len(t, b.cookies, 1, "the session's: the flow's is gone")
	me := b.me()
	require.Equal(t, "lice-b", me.Name)
	require.Equal(t, "Alice B.", me.DisplayName)
	require.Equal(t, "alice@example.org", me.Email)
	require.NotNil(t, me.EmailConfirmedAt, "the other site has verified it")
	require.NotNil(t, me.FreshUntil, "who has no other way in has just proved it")

	s.requireNotice(b.get(back), http.StatusForbidden, "could not be finished")
	require.Equal(t, "lice-b", b.me().Name, "a replayed callback changes nothing")

	old := b.cookies[secureSessionCookie]
	s.requireLands(b.get(b.visit(there, "/sign-in/oidc")), "/")
	require.Equal(t, "lice-b", b.me().Name, "the same account")
	require.NotEqual(t, old, b.cookies[secureSessionCookie], "a session is renewed at sign-in")
	us, _, err := s.accounts.Users(t.Context(), account.CommandLine(), "", 10)
	require.NoError(t, err)
	require.Len(t, us, 1)

	there.Claims = map[string]any{"sub": "2", "preferred_username": "lice-b", "email": "alice@example.org", "email_verified": true}
	other := s.browser()
	s.requireLands(other.get(other.visit(there, "/sign-in/oidc")), "/")
	require.Equal(t, "lice-b-2", other.me().Name, "the name is taken")
	require.Empty(t, other.me().Email, "and so is the address, which makes nobody the same person")

	require.NoError(t, s.accounts.SetDisabled(t.Context(), account.CommandLine(), "lice-b", true))
	there.Claims["sub"] = "1"
	b = s.browser()
	s.requireNotice(b.get(b.visit(there, "/sign-in/oidc")), http.StatusForbidden, "disabled")
	require.Empty(t, b.cookies)
}

func TestWhoIsUnknownGetsNoAccount(t *testing.T) {
	s, there := ssoSite(t, false)
	b := s.browser()
	s.requireNotice(b.get(b.visit(there, "/sign-in/oidc")), http.StatusForbidden, "No account here belongs to this sign-in")
	require.Empty(t, b.cookies)
	us, _, err := s.accounts.Users(t.Context(), account.CommandLine(), "", 10)
	require.NoError(t, err)
	require.Empty(t, us)
}

func TestCallbacksThatAreRefused(t *testing.T) {
	s, there := ssoSite(t, true)
	b := s.browser()
	for name, change := range map[string]func(url.Values){
		"another state": func(q url.Values) { q.Set("state", "other") },
		"another code":  func(q url.Values) { q.Set("code", "other") },
		"sent away":     func(q url.Values) { q.Set("error", `access_denied"><script>`) },
		"another one":   func(q url.Values) { q.Set("iss", "https://evil.example") },
	} {
		u, err := url.Parse(b.visit(there, "/sign-in/oidc"))
		require.NoError(t, err)
		q := u.Query()
		change(q)
		s.requireNotice(b.get(u.Path+"?"+q.Encode()), http.StatusForbidden, "could not be finished")
		require.Empty(t, b.cookies, name)
	}
	// In another browser: somebody is handed a link that would sign them in as
	// the attacker.
	back := b.visit(there, "/sign-in/oidc")
	victim := s.browser()
	s.requireNotice(victim.get(back), http.StatusForbidden, "could not be finished")
	require.Empty(t, victim.cookies)
	s.requireNotice(b.get(OIDCCallback), http.StatusForbidden, "could not be finished")

	there.Lie = func(claims map[string]any) { claims["nonce"] = "other" }
	s.requireNotice(b.get(b.visit(there, "/sign-in/oidc")), http.StatusForbidden, "could not be finished")
	there.SetDown(true)
	s.requireNotice(b.get(OIDCCallback), http.StatusForbidden, "could not be finished")
	require.Empty(t, b.cookies)
}

func TestAProviderThatIsDown(t *testing.T) {
	s, there := ssoSite(t, true)
	there.SetDown(true)
	b := s.browser()
	s.requireNotice(b.get("/sign-in/oidc"), http.StatusBadGateway, "Example ID does not answer")
	require.Equal(t, http.StatusOK, b.get("/sign-in").Code)
	there.SetDown(false)
	s.requireLands(b.get(b.visit(there, "/sign-in/oidc")), "/")
}

func TestConnectAnotherSite(t *testing.T) {
	s, there := ssoSite(t, false)
	const fromHere = "same-origin"
	b := s.browser()
	_, err := s.accounts.AddUser(t.Context(), account.CommandLine(), account.NewUser{Name: "alice", Email: "alice@example.org", Password: goodPassword})
	require.NoError(t, err)
	s.requireNotice(b.get("/sign-in/oidc?link=1", "Sec-Fetch-Site", fromHere), http.StatusUnauthorized, "Sign in first")
	require.Equal(t, http.StatusCreated, b.do("POST", "/api/v1/sessions", `{"login":"alice","password":"`+goodPassword+`"}`).Code)
	for _, header := range [][]string{
		nil,
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "none"},
		{"Referer", "https://evil.example/"},
		{"Referer", "https://tv.example.evil.example/"},
		{"Sec-Fetch-Site", "cross-site", "Referer", tv + "/account"},
	} {
		s.requireNotice(b.get("/sign-in/oidc?link=1", header...), http.StatusForbidden, "another site")
	}
	there.Claims = map[string]any{"sub": "1", "preferred_username": "al", "email": "alice@example.org", "email_verified": true}
	s.requireLands(b.get(b.visit(there, "/sign-in/oidc?link=1&to=/account/security", "Referer", tv+"/account/security")), "/account/security")
	s.requireLands(b.get(b.visit(there, "/sign-in/oidc?link=1&to=/account/security", "Sec-Fetch-Site", fromHere)), "/account/security")
	var list struct{ Items []Identity }
	require.NoError(t, json.Unmarshal(b.get("/api/v1/me/identities").Body.Bytes(), &list))
	require.Len(t, list.Items, 1, "the second time it is there already")
	require.Equal(t, there.URL, list.Items[0].Issuer)

	again := s.browser()
	s.requireLands(again.get(again.visit(there, "/sign-in/oidc")), "/")
	require.Equal(t, "alice", again.me().Name)
	require.Nil(t, again.me().FreshUntil, "who has a password proves with it")
	s.requireNotice(again.get("/sign-in/oidc?link=1", "Sec-Fetch-Site", fromHere), http.StatusForbidden, "sign in again")

	// Another user comes with the same identity.
	_, err = s.accounts.AddUser(t.Context(), account.CommandLine(), account.NewUser{Name: "mallory", Password: goodPassword})
	require.NoError(t, err)
	m := s.browser()
	require.Equal(t, http.StatusCreated, m.do("POST", "/api/v1/sessions", `{"login":"mallory","password":"`+goodPassword+`"}`).Code)
	s.requireNotice(m.get(m.visit(there, "/sign-in/oidc?link=1", "Sec-Fetch-Site", fromHere)), http.StatusConflict, "belongs to another account")

	// Who signed out meanwhile, or is somebody else now, gets nothing.
	there.Claims["sub"] = "2"
	back := m.visit(there, "/sign-in/oidc?link=1", "Sec-Fetch-Site", fromHere)
	m.cookies[secureSessionCookie] = b.cookies[secureSessionCookie]
	s.requireNotice(m.get(back), http.StatusUnauthorized, "Sign in first")

	q := url.Values{"issuer": {there.URL}, "subject": {"1"}}
	require.Equal(t, http.StatusNotFound, m.do("DELETE", "/api/v1/me/identities?issuer=a&subject=1", "").Code)
	require.Equal(t, http.StatusNoContent, b.do("DELETE", "/api/v1/me/identities?"+q.Encode(), "").Code)
	require.Equal(t, http.StatusNotFound, b.do("DELETE", "/api/v1/me/identities?"+q.Encode(), "").Code)
}

// The only way in cannot be taken away.
func TestTheLastWayIn(t *testing.T) {
	s, there := ssoSite(t, true)
	b := s.browser()
	s.requireLands(b.get(b.visit(there, "/sign-in/oidc")), "/")
	require.Equal(t, "viewer", b.me().Name)
	address := "/api/v1/me/identities?" + url.Values{"issuer": {there.URL}, "subject": {"1234"}}.Encode()
	w := b.do("DELETE", address, "")
	require.Equal(t, http.StatusConflict, w.Code)
	require.Contains(t, w.Body.String(), "last_way_in")
	require.Equal(t, http.StatusNoContent, b.do("PUT", "/api/v1/me/password", `{"next":"`+goodPassword+`"}`).Code)
	require.Equal(t, http.StatusNoContent, b.do("DELETE", address, "").Code)
}

func TestWhereToGoAfterwards(t *testing.T) {
	for to, want := range map[string]string{
		"": "/", "/": "/", "/@show": "/@show", "/@show?a=b#c": "/@show?a=b#c",
		"https://evil.example/": "/", "//evil.example/": "/", "/\\evil.example": "/", "\\/evil.example": "/", "/\t/evil.example": "/", "evil": "/",
		"javascript:alert(1)": "/", "/%zz": "/", "http:/x": "/", "///evil.example": "/",
	} {
		require.Equal(t, want, localPath(to), to)
	}
}

func TestSignInsByAnotherSiteAreLimited(t *testing.T) {
	s, there := ssoSite(t, true)
	b := s.browser()
	n := 0
	for b.get("/sign-in/oidc").Code == http.StatusSeeOther {
		n++
		require.Less(t, n, 1000, "they are not")
	}
	require.Equal(t, http.StatusTooManyRequests, b.get("/sign-in/oidc").Code)
	require.Less(t, there.Asked(), 10, "the provider is asked once, however often somebody begins")
	require.ErrorIs(t, s.accounts.Attempt(account.Client{Address: s.web.clientAddress(httptest.NewRequestWithContext(context.Background(), "GET", "/", http.NoBody))}), account.ErrTooManyAttempts)
}

func TestNoOtherSite(t *testing.T) {
	s := newSite(t, nil)
	require.Contains(t, s.get("/api/v1/server").body, `"oidc":null`)
	require.Equal(t, http.StatusNotFound, s.get("/sign-in/oidc").status)
	require.Equal(t, http.StatusNotFound, s.get(OIDCCallback).status)
}
