package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// Legal pages are there once they are written, and are safe to show.
func TestLegalPages(t *testing.T) {
	s := newSite(t, nil)
	admin := s.user("ada", account.RoleAdmin)
	put := func(body string) response { return s.call("PUT", "/api/v1/admin/settings", admin, body) }
	const base = `{"site_name":"Stage","sign_up":"open","make_channels":true`
	require.Equal(t, http.StatusNotFound, s.get("/legal/terms").status)
	require.Equal(t, http.StatusNotFound, s.get("/api/v1/legal/terms").status)
	require.Equal(t, http.StatusNoContent, put(base+`,"terms":"# Rules\n\nBe *kind*. <script>alert(1)</script>"}`).status)
	var page LegalPage
	s.json("/api/v1/legal/terms", &page)
	require.Equal(t, "<h1>Rules</h1>\n<p>Be <em>kind</em>. alert(1)</p>\n", page.HTML)
	require.Contains(t, s.get("/legal/terms").body, "<title>Terms · Stage</title>")
	require.Equal(t, http.StatusNotFound, s.get("/legal/privacy").status)
	require.Equal(t, http.StatusNotFound, s.get("/legal/none").status)
	var info ServerInfo
	s.json("/api/v1/server", &info)
	require.Equal(t, []string{"terms"}, info.Legal)

	require.Equal(t, http.StatusNoContent, put(base+`}`).status)
	require.Equal(t, http.StatusOK, s.get("/legal/terms").status, "what is left out stays")
	require.Equal(t, http.StatusNoContent, put(base+`,"terms":""}`).status)
	require.Equal(t, http.StatusNotFound, s.get("/legal/terms").status)
}

// A colour counts with the next page; one that cannot be read is refused.
func TestAccentColour(t *testing.T) {
	s := newSite(t, nil)
	admin := s.user("ada", account.RoleAdmin)
	put := func(more string) response {
		return s.call("PUT", "/api/v1/admin/settings", admin, `{"site_name":"Stage","sign_up":"open","make_channels":true`+more+`}`)
	}
	require.NotContains(t, s.get("/").body, "--accent")
	require.Equal(t, http.StatusNoContent, put(`,"accent_light":"#8a1c4a"`).status)
	body := s.get("/").body
	require.Contains(t, body, ":root:root { --accent: #8a1c4a }")
	require.Contains(t, body, "[data-theme='dark'] { --accent: "+account.DefaultAccentDark+" }", "the dark theme keeps its own")
	require.Equal(t, http.StatusNoContent, put(`,"accent_dark":"#ff9ac1"`).status)
	require.Contains(t, s.get("/").body, "--accent: #ff9ac1")
	a := put(`,"accent_light":"#ff9ac1"`)
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Equal(t, "bad_accent_light", a.code())
	require.Contains(t, a.body, "hard to read")
	require.Contains(t, s.get("/").body, "#8a1c4a", "what was refused changes nothing")
}
