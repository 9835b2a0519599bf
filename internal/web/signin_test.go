package web

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

func cookieOf(t *testing.T, r response) *http.Cookie {
	t.Helper()
	c, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	require.NoError(t, err)
	return c
}

// From the server's token to an admin who invites somebody who signs in.
func TestFromSetupToSignIn(t *testing.T) {
	s := newSite(t, nil)
	token, err := s.accounts.SetupToken(t.Context())
	require.NoError(t, err)
	var info struct {
		Setup  bool
		SignUp string `json:"sign_up"`
	}
	s.json("/api/v1/server", &info)
	require.True(t, info.Setup)
	a := s.call("POST", "/api/v1/setup", "", `{"token":"`+token+`","name":"Alice","password":"`+goodPassword+`"}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	c := cookieOf(t, a)
	require.True(t, c.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, c.SameSite)
	require.Equal(t, "/", c.Path)
	require.False(t, c.Secure, "it came in clear text")
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	admin := c.Name + "=" + c.Value
	s.json("/api/v1/server", &info)
	require.False(t, info.Setup)

	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/admin/settings", admin, `{"site_name":"Stage","sign_up":"invitation","make_channels":true}`).status)
	bob := `{"name":"bobby","password":"` + goodPassword + `"`
	require.Equal(t, "bad_invitation", s.call("POST", "/api/v1/users", "", bob+`}`).code())
	a = s.call("POST", "/api/v1/admin/invitations", admin, `{"note":"for Bob"}`, "Host", "stage.example.org")
	var link struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(a.body), &link))
	_, invitation, ok := strings.Cut(link.URL, "/sign-up#")
	require.True(t, ok, link.URL)
	a = s.call("POST", "/api/v1/users", "", bob+`,"invitation":"`+invitation+`"}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)

	require.Equal(t, "sign_in_failed", s.call("POST", "/api/v1/sessions", "", `{"login":"bobby","password":"wrong"}`).code())
	a = s.call("POST", "/api/v1/sessions", "", `{"login":"bobby","password":"`+goodPassword+`"}`, "X-Forwarded-Proto", "https")
	require.Equal(t, http.StatusCreated, a.status, a.body)
	c = cookieOf(t, a)
	require.Equal(t, secureSessionCookie, c.Name)
	require.True(t, c.Secure)
	again := s.call("POST", "/api/v1/sessions", c.Name+"="+c.Value, `{"login":"bobby","password":"`+goodPassword+`"}`, "X-Forwarded-Proto", "https")
	require.NotEqual(t, c.Value, cookieOf(t, again).Value, "a session is renewed at sign-in")
	require.Equal(t, http.StatusUnauthorized, s.call("GET", "/api/v1/me", c.Name+"="+c.Value, "", "X-Forwarded-Proto", "https").status, "and the old one is over")
	c = cookieOf(t, again)
	require.Equal(t, http.StatusOK, s.call("GET", "/api/v1/me", c.Name+"="+c.Value, "", "X-Forwarded-Proto", "https").status)
	out := s.call("DELETE", "/api/v1/sessions/current", c.Name+"="+c.Value, "", "X-Forwarded-Proto", "https")
	require.Equal(t, http.StatusNoContent, out.status)
	require.Negative(t, cookieOf(t, out).MaxAge)
	require.Equal(t, http.StatusUnauthorized, s.call("GET", "/api/v1/me", c.Name+"="+c.Value, "", "X-Forwarded-Proto", "https").status)
}

func TestAPITokensAreBearers(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	a := s.call("POST", "/api/v1/me/tokens", alice, `{"label":"bot","scopes":["read"]}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	var token struct{ Text, Hint string }
	require.NoError(t, json.Unmarshal([]byte(a.body), &token))
	require.True(t, strings.HasSuffix(token.Text, token.Hint))
	require.Equal(t, http.StatusOK, s.call("GET", "/api/v1/channels/show/keys", "", "", "Authorization", "Bearer "+token.Text).status)
	require.Equal(t, "scope", s.call("POST", "/api/v1/channels/show/keys", "", `{}`, "Authorization", "Bearer "+token.Text).code())
	require.Equal(t, http.StatusUnauthorized, s.call("GET", "/api/v1/live", "", "", "Authorization", "Bearer nonsense").status, "a program is told that its token is no good")
	require.NotContains(t, s.call("GET", "/api/v1/me/tokens", alice, "").body, token.Text)
}

// Only proxies that the server was told of say where a client is.
func TestClientAddress(t *testing.T) {
	s := newSite(t, func(o *Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	})
	for _, tc := range []struct{ from, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "203.0.113.9", "192.0.2.1"},
		{"10.0.0.1:5", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5", "1.2.3.4, 203.0.113.9, 10.2.3.4", "203.0.113.9"},
		{"[fd00::1]:5", "2001:db8::7", "2001:db8::7"},
		{"10.0.0.1:5", "nonsense", "10.0.0.1"},
		{"10.0.0.1:5", "", "10.0.0.1"},
	} {
		r := &http.Request{RemoteAddr: tc.from, Header: http.Header{}}
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		require.Equal(t, tc.want, s.web.clientAddress(r).String(), tc)
	}
}

func TestChannelSettings(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	a := s.call("POST", "/api/v1/channels", alice, `{"name":"Show"}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	tag := a.header.Get("ETag")
	a = s.call("PATCH", "/api/v1/channels/show", alice, `{"title":"My show","description":"**Hi** <script>alert(1)</script> [x](javascript:alert(1)) https://example.org","tags":["go"],"reconnect_seconds":90,"retention_days":7}`, "If-Match", tag)
	require.Equal(t, http.StatusOK, a.status, a.body)
	require.NotEqual(t, tag, a.header.Get("ETag"))
	require.Equal(t, "changed", s.call("PATCH", "/api/v1/channels/show", alice, `{"title":"Other"}`, "If-Match", tag).code())
	a = s.call("PATCH", "/api/v1/channels/show", alice, `{"titel":"typo"}`)
	require.Equal(t, http.StatusUnprocessableEntity, a.status, "unknown fields are refused")
	require.Contains(t, a.body, "titel")
	a = s.call("PATCH", "/api/v1/channels/show", alice, `{"title":" "}`)
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Equal(t, "bad_channel", a.code())

	var c struct {
		Title           string
		DescriptionHTML string `json:"description_html"`
	}
	s.json("/api/v1/channels/show", &c)
	require.Equal(t, "My show", c.Title)
	require.Contains(t, c.DescriptionHTML, "<strong>Hi</strong>")
	require.Contains(t, c.DescriptionHTML, `href="https://example.org"`)
	require.Contains(t, c.DescriptionHTML, "nofollow")
	require.NotContains(t, c.DescriptionHTML, "<script")
	require.NotContains(t, c.DescriptionHTML, "javascript:")

	var set ChannelSettings
	require.NoError(t, json.Unmarshal([]byte(s.call("GET", "/api/v1/channels/show/settings", alice, "").body), &set))
	require.InDelta(t, 90, *set.ReconnectSeconds, 0)
	require.InDelta(t, 7, *set.RetentionDays, 0)
	require.Equal(t, "owner", set.Place)
	a = s.call("PATCH", "/api/v1/channels/show", alice, `{"reconnect_seconds":-1,"retention_days":0,"visibility":"password","password":"sesame"}`)
	require.Equal(t, http.StatusOK, a.status, a.body)
	require.NoError(t, json.Unmarshal([]byte(a.body), &set))
	require.Nil(t, set.ReconnectSeconds)
	require.Nil(t, set.RetentionDays)
	require.True(t, set.HasPassword)
	require.NotContains(t, a.body, "sesame")
	require.NotContains(t, a.body, "argon2")
}

// An old address leads to the new one; players are not sent elsewhere, they are
// answered.
func TestARenamedChannel(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	_, b := s.publish("show")
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/channels/show", alice, `{"name":"new-show"}`).status)
	a := s.get("/@show")
	require.Equal(t, http.StatusMovedPermanently, a.status)
	require.Equal(t, "/@new-show", a.header.Get("Location"))
	require.Equal(t, "/embed/@new-show", s.get("/embed/@show").header.Get("Location"))
	require.Equal(t, http.StatusOK, s.get("/@new-show").status)
	for _, name := range []string{"show", "new-show"} {
		s.await("the stream is there under "+name, func() bool { return s.get("/live/"+name+"/index.m3u8").status == http.StatusOK })
		s.await("its playlist too", func() bool { return s.get("/live/"+name+"/"+b.ID+"/video/source.m3u8").status == http.StatusOK })
		var c struct {
			Name string
			Live *struct{ HLS string }
		}
		s.await("it is on air under its new name", func() bool {
			s.json("/api/v1/channels/"+name, &c)
			return c.Live != nil
		})
		require.Equal(t, "new-show", c.Name)
		require.Equal(t, "/live/new-show/index.m3u8", c.Live.HLS)
	}
}

func TestPictures(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	var sent bytes.Buffer
	require.NoError(t, png.Encode(&sent, image.NewGray(image.Rect(0, 0, 640, 480))))
	a := s.call("PUT", "/api/v1/channels/show/pictures/avatar", alice, sent.String(), "Content-Type", "image/png")
	require.Equal(t, http.StatusOK, a.status, a.body)
	var set ChannelSettings
	require.NoError(t, json.Unmarshal([]byte(a.body), &set))
	p := s.get(*set.Avatar)
	require.Equal(t, http.StatusOK, p.status)
	require.Equal(t, "image/jpeg", p.header.Get("Content-Type"))
	require.Equal(t, "nosniff", p.header.Get("X-Content-Type-Options"))
	require.Contains(t, p.header.Get("Cache-Control"), "immutable")
	mod := s.user("mod", account.RoleModerator)
	down := s.takeDown(mod, "channel", "show")
	gone := s.get(*set.Avatar)
	require.Equal(t, http.StatusGone, gone.status, "it is down with its channel")
	require.Equal(t, "no-store", gone.header.Get("Cache-Control"))
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+down.ID, mod, "").status)
	require.Equal(t, http.StatusOK, s.get(*set.Avatar).status)
	m, _, err := image.Decode(strings.NewReader(p.body))
	require.NoError(t, err)
	require.Equal(t, image.Pt(320, 320), m.Bounds().Size())

	for name, body := range map[string]string{"svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "text": "hello"} {
		require.Equal(t, "bad_picture", s.call("PUT", "/api/v1/channels/show/pictures/banner", alice, body, "Content-Type", "image/png").code(), name)
	}
	require.Equal(t, http.StatusRequestEntityTooLarge, s.call("PUT", "/api/v1/channels/show/pictures/banner", alice, strings.Repeat("x", 9<<20), "Content-Type", "image/png").status)
	require.Equal(t, http.StatusUnprocessableEntity, s.call("PUT", "/api/v1/channels/show/pictures/other", alice, "x", "Content-Type", "image/png").status)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/channels/show/pictures/avatar", alice, "").status)
	require.Equal(t, http.StatusNotFound, s.get(*set.Avatar).status)
	require.Equal(t, http.StatusNotFound, s.get("/pictures/..%2f..%2frostrum.db").status)
}
