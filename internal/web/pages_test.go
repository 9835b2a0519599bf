package web

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestPages(t *testing.T) {
	s := newSite(t, nil)
	// Titles come from people, and not always by way of account.
	require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertChannel(t.Context(), store.Channel{
			ID: s.db.NewID(), Name: "evil", Title: `</title><script>alert("1")</script>&`, CreatedAt: time.Now(),
		})
	}))
	over := s.archived("alice")
	s.publish("bob")
	for path, want := range map[string][]string{
		"/": {"<title>Test &amp; Site</title>", `content="website"`},
		"/@bob": {
			"<title>bob · Test &amp; Site</title>", `content="bob is live now."`, `content="video.other"`,
			`<link rel="canonical" href="` + s.url + `/@bob" />`,
		},
		"/@Bob":   {`/@bob" />`},
		"/@alice": {`content="alice is off air. Watch the latest recordings."`},
		"/@evil":  {"<title>&lt;/title&gt;&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&amp; · "},
		"/v/" + over.ID: {
			"<title>alice · " + time.Now().UTC().Format("2 January 2006") + " · ", `/v/` + over.ID + `" />`,
		},
		"/embed/@alice": {"<title>alice</title>", `/@alice" />`},
	} {
		a := s.get(path)
		require.Equal(t, http.StatusOK, a.status, path)
		require.Equal(t, "text/html; charset=utf-8", a.header.Get("Content-Type"))
		require.Equal(t, "no-cache", a.header.Get("Cache-Control"))
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		for _, w := range want {
			require.Contains(t, a.body, w, path)
		}
		require.NotContains(t, a.body, "<script>", path)
		require.NotContains(t, a.body, headMark)
		require.Equal(t, 1, strings.Count(a.body, `property="og:title"`))
		require.Contains(t, a.body, `<div id="app"></div>`)

		policy := a.header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'; script-src 'self';")
		frames := "frame-ancestors 'none'"
		if strings.HasPrefix(path, "/embed/") {
			frames = "frame-ancestors *"
		}
		require.True(t, strings.HasSuffix(policy, "; "+frames), "%s: %s", path, policy)

		head := s.do(http.MethodHead, path)
		require.Equal(t, a.status, head.status)
		require.Empty(t, head.body)
		require.Equal(t, a.header.Get("Content-Length"), head.header.Get("Content-Length"))
	}
	for _, path := range []string{
		"/nosuch", "/@nobody", "/@", "/@a%20b", "/v/nosuch", "/v/", "/embed/bob", "/embed/@nobody", "/embed/", "/@bob/", "/index.html",
		"/account/", "/account/nosuch", "/admin/nosuch", "/dashboard/bob", "/dashboard/@bob/nosuch", "/dashboard/@a%20b", "/sign-in/", "/setup/x",
		"/.gitkeep", "/assets/", "/assets/nosuch.js", "/@%00", "/v/" + strings.Repeat("x", 5000), "/%2e%2e/etc/passwd",
	} {
		a := s.get(path)
		require.Equal(t, http.StatusNotFound, a.status, path)
		require.Contains(t, a.body, "<title>Not found · Test &amp; Site</title>", path)
		require.Contains(t, a.body, `<div id="app"></div>`, "the page tells people so")
	}
	require.Equal(t, http.StatusMethodNotAllowed, s.do(http.MethodPost, "/@bob").status)
}

func TestPersonalPages(t *testing.T) {
	s := newSite(t, nil)
	pages := maps.Clone(personalPages)
	pages["/dashboard/@nobody"] = "Dashboard"
	for _, part := range dashboardParts {
		pages["/dashboard/@nobody/"+part] = "Dashboard"
	}
	for path, title := range pages {
		a := s.get(path)
		require.Equal(t, http.StatusOK, a.status, path)
		require.Contains(t, a.body, "<title>"+title+" · Test &amp; Site</title>", path)
		require.Contains(t, a.body, `<div id="app"></div>`)
		require.NotContains(t, a.body, "canonical", path)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
		require.Equal(t, "noindex", a.header.Get("X-Robots-Tag"), path)
		require.Contains(t, a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Equal(t, http.StatusOK, s.do(http.MethodHead, path).status, path)
		require.Equal(t, http.StatusMethodNotAllowed, s.do(http.MethodPost, path).status, path)
	}
}

// TestChatPages: what shows a channel's chat alone follows the channel, and is
// nothing for search engines.
func TestChatPages(t *testing.T) {
	s := newSite(t, nil)
	s.publish("bob")
	for _, path := range []string{"/chat/@bob", "/overlay/@bob/chat", "/overlay/@Bob/chat?size=40"} {
		a := s.get(path)
		require.Equal(t, http.StatusOK, a.status, path)
		require.Contains(t, a.body, "<title>Chat of bob · Test &amp; Site</title>", path)
		require.Contains(t, a.body, `<link rel="canonical" href="`+s.url+`/@bob" />`, path)
		require.Contains(t, a.body, `<meta name="robots" content="noindex" />`, path)
		require.Equal(t, "noindex", a.header.Get("X-Robots-Tag"), path)
		policy := a.header.Get("Content-Security-Policy")
		require.Contains(t, policy, "connect-src 'self'", "which is the socket's too")
		require.True(t, strings.HasSuffix(policy, "; frame-ancestors 'none'"), policy)
	}
	for _, path := range []string{"/chat/bob", "/chat/@nobody", "/chat/@", "/overlay/bob/chat", "/overlay/@nobody/chat", "/overlay/@bob", "/overlay/@bob/", "/chat/@bob/x"} {
		require.Equal(t, http.StatusNotFound, s.get(path).status, path)
	}
}

// The name that a client gives a server goes into pages as text.
func TestHostIsText(t *testing.T) {
	s := newSite(t, nil)
	_, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "alice")
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/@alice", http.NoBody)
	require.NoError(t, err)
	req.Host = `x'"`
	res, err := s.client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NotContains(t, string(body), `x'"`)
}

func TestAssets(t *testing.T) {
	s := newSite(t, nil)
	for path, cache := range map[string]string{"/assets/index-abc123.js": "public, max-age=31536000, immutable", "/theme.js": "no-cache"} {
		a := s.get(path)
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, script, a.body)
		require.Equal(t, cache, a.header.Get("Cache-Control"))
		require.Equal(t, "text/javascript; charset=utf-8", a.header.Get("Content-Type"))
		require.Equal(t, "Accept-Encoding", a.header.Get("Vary"))
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))

		a = s.get(path, "Accept-Encoding", "br, gzip")
		require.Equal(t, "gzip", a.header.Get("Content-Encoding"))
		z, err := gzip.NewReader(strings.NewReader(a.body))
		require.NoError(t, err)
		plain, err := io.ReadAll(z)
		require.NoError(t, err)
		require.Equal(t, script, string(plain))
		head := s.do(http.MethodHead, path, "Accept-Encoding", "gzip")
		require.Equal(t, a.header.Get("Content-Length"), head.header.Get("Content-Length"))
		require.Empty(t, head.body)
	}
	tiny := s.get("/assets/tiny-abc123.xyz", "Accept-Encoding", "gzip")
	require.Equal(t, "x", tiny.body, "what gzip makes longer is sent as it is")
	require.Equal(t, "image/svg+xml", s.get("/icon.svg").header.Get("Content-Type"))
}

func TestTakesGzip(t *testing.T) {
	for accept, want := range map[string]bool{
		"gzip": true, "GZIP": true, "br, gzip;q=0.5": true, "gzip ; q=1.0": true, "deflate,gzip": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "x-gzipped": false, "identity": false,
	} {
		require.Equal(t, want, takesGzip(accept), accept)
	}
}

func TestPagesThatAreNotBuilt(t *testing.T) {
	_, err := New(Options{UI: fstest.MapFS{}})
	require.ErrorContains(t, err, "make build")
	_, err = New(Options{UI: fstest.MapFS{"index.html": {Data: []byte("<html>")}}})
	require.ErrorContains(t, err, headMark)
}

func TestHealth(t *testing.T) {
	s := newSite(t, nil)
	requireAnswer := func(path string, status int, body string) {
		t.Helper()
		a := s.get(path)
		require.Equal(t, status, a.status)
		require.Equal(t, body, a.body)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	}
	requireAnswer("/healthz", http.StatusOK, "ok\n")
	requireAnswer("/readyz", http.StatusServiceUnavailable, "not ready\n")
	s.web.SetReady(true)
	requireAnswer("/readyz", http.StatusOK, "ready\n")
	s.web.SetReady(false)
	requireAnswer("/readyz", http.StatusServiceUnavailable, "not ready\n")
}
