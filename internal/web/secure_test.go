package web

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// ask asks for an address as if by a name, by TLS or not.
func (s *site) ask(method, host, target string, secure bool, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.t.Context(), method, target, http.NoBody)
	r.Host = host
	if secure {
		r.TLS = &tls.ConnectionState{}
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// TestRedirect: pages go to HTTPS, and nothing else does.
func TestRedirect(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Secure = Secure{Port: "8443", Redirect: true} })
	over := s.archived("alice")
	_, b := s.publish("bob")
	for target, want := range map[string]string{
		"/":                         "/",
		"/?a=b&c":                   "/?a=b&c",
		"/@bob":                     "/@bob",
		"/@bob?t=1":                 "/@bob?t=1",
		"/v/" + over.ID:             "/v/" + over.ID,
		"/embed/@bob":               "/embed/@bob",
		"http://elsewhere.example/": "/",

		"/healthz":             "",
		"/readyz":              "",
		"/api/v1/live":         "",
		"/api/v1/channels/bob": "",
		"/api/openapi.json":    "",
		"/live/bob/index.m3u8": "",
		"/live/bob/plain.m3u8": "",
		"/live/bob/" + b.ID + "/video/source.m3u8":   "",
		"/live/nobody/index.m3u8":                    "",
		"/media/" + b.ID + "/video/source/init0.mp4": "",
		"/media/" + b.ID + "/video/source/seg0.m4s":  "",
		"/vod/" + over.ID + "/index.m3u8":            "",
		"/assets/index-abc123.js":                    "",
		"/nosuch":                                    "",
		"/@nobody":                                   "",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := s.ask(method, "tv.example:8080", target, false)
			if want == "" {
				require.NotEqual(t, 3, w.Code/100, target)
				require.Empty(t, w.Header().Get("Location"), target)
				continue
			}
			require.Equal(t, http.StatusPermanentRedirect, w.Code, target)
			require.Equal(t, "https://tv.example:8443"+want, w.Header().Get("Location"))
			require.Equal(t, "public, max-age=3600", w.Header().Get("Cache-Control"))
			require.Empty(t, w.Header().Get("Strict-Transport-Security"))
			require.Equal(t, http.StatusOK, s.ask(method, "tv.example:8443", target, true).Code, "no loop")
		}
	}
	require.Equal(t, http.StatusOK, s.ask(http.MethodGet, "tv.example", "/@bob", false, "X-Forwarded-Proto", "https").Code, "no loop by way of a proxy")
	require.Equal(t, http.StatusOK, s.ask(http.MethodGet, "", "/@bob", false).Code, "there is no name to go to")
	require.Equal(t, http.StatusNoContent, s.ask(http.MethodOptions, "tv.example", "/live/bob/index.m3u8", false).Code)
}

func TestSecurePlace(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"tv.example:8080", "8443"}: "tv.example:8443",
		{"tv.example", "8443"}:      "tv.example:8443",
		{"tv.example:80", "443"}:    "tv.example",
		{"tv.example", "443"}:       "tv.example",
		{"[::1]:8080", "8443"}:      "[::1]:8443",
		{"[::1]", "8443"}:           "[::1]:8443",
		{"[::1]:80", "443"}:         "[::1]",
		{"192.0.2.1:80", "443"}:     "192.0.2.1",
	} {
		require.Equal(t, want, securePlace(in[0], in[1]))
	}
}

// TestOrigin: pages bear the address that their reader came by.
func TestOrigin(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Secure = Secure{Port: "443"} })
	s.publish("bob")
	for _, tc := range []struct {
		secure bool
		header []string
		want   string
	}{
		{false, nil, "http://tv.example/@bob"},
		{true, nil, "https://tv.example/@bob"},
		{false, []string{"X-Forwarded-Proto", "https"}, "https://tv.example/@bob"},
		{false, []string{"X-Forwarded-Proto", "http"}, "http://tv.example/@bob"},
		{false, []string{"X-Forwarded-Proto", `javascript:"><script>`}, "http://tv.example/@bob"},
		{true, []string{"X-Forwarded-Proto", "http"}, "https://tv.example/@bob"},
	} {
		w := s.ask(http.MethodGet, "tv.example", "/@bob", tc.secure, tc.header...)
		require.Equal(t, http.StatusOK, w.Code, "nothing is redirected unless it is wanted")
		require.Contains(t, w.Body.String(), `<link rel="canonical" href="`+tc.want+`" />`)
		require.Empty(t, w.Header().Get("Strict-Transport-Security"))
	}
}

// TestStrict: only pages by HTTPS say it, as RFC 6797 7.2 wants.
func TestStrict(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Secure = Secure{Port: "443", Redirect: true, Strict: true} })
	require.Equal(t, strictFor, s.ask(http.MethodGet, "tv.example", "/", true).Header().Get("Strict-Transport-Security"))
	require.Empty(t, s.ask(http.MethodGet, "tv.example", "/", false).Header().Get("Strict-Transport-Security"))
	require.Equal(t, "https://tv.example/", s.ask(http.MethodGet, "tv.example", "/", false).Header().Get("Location"))
}

// TestURL: a site that was told its address bears it whatever it is asked for.
func TestURL(t *testing.T) {
	s := newSite(t, func(o *Options) { o.URL = "https://tv.example" })
	s.publish("bob")
	w := s.ask(http.MethodGet, "evil.example", "/@bob", false)
	require.Contains(t, w.Body.String(), `<link rel="canonical" href="https://tv.example/@bob" />`)
	require.NotContains(t, w.Body.String(), "evil.example")
	admin := s.user("boss", account.RoleAdmin)
	for _, path := range []string{"/api/v1/admin/users/boss/reset-link", "/api/v1/admin/invitations"} {
		a := s.call(http.MethodPost, path, admin, "{}", "Host", "evil.example")
		require.Equal(t, http.StatusCreated, a.status, a.body)
		require.Contains(t, a.body, `"url":"https://tv.example/`)
	}
}
