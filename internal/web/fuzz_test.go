package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzAccessLine: whatever a client sends, a request is one line of printable
// ASCII, and no query is in it.
func FuzzAccessLine(f *testing.F) {
	f.Add("/live/a/index.m3u8?key=s3cret", "https://elsewhere/?token=s3cret#s3cret", "Mozilla/5.0 (\"x\")")
	f.Add("/%0a%22 x", "\n127.0.0.1 - - [", "a\x1b[31m\x00\xff世")
	f.Add("//", "", "")
	f.Fuzz(func(t *testing.T, target, referer, agent string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = u
		r.Header.Set("Referer", referer)
		r.Header.Set("User-Agent", agent)
		line := accessLine(r, &loggedWriter{status: 200}, time.Unix(0, 0))
		require.True(t, strings.HasSuffix(line, "\n"))
		line = strings.TrimSuffix(line, "\n")
		for _, c := range []byte(line) {
			require.True(t, 0x20 <= c && c < 0x7f, "%q", line)
		}
		if len(u.RawQuery) > 20 && !strings.Contains(u.EscapedPath()+referer+agent, u.RawQuery) {
			require.NotContains(t, line, u.RawQuery)
		}
	})
}

// FuzzRTMPURL: the address for encoders is made of the Host that a client
// named, and is an address whatever that was.
func FuzzRTMPURL(f *testing.F) {
	for _, host := range []string{"example.org", "example.org:8080", "[::1]:8080", "::1", "[::1]", "", ":", "a:b:c", "[[::1]]"} {
		f.Add(host, "1935")
		f.Add(host, "1936")
	}
	f.Fuzz(func(t *testing.T, host, port string) {
		address := rtmpURL(host, port)
		require.True(t, strings.HasPrefix(address, "rtmp://"))
		require.True(t, strings.HasSuffix(address, "/live"))
		require.LessOrEqual(t, len(address), len("rtmp://[]:/live")+len(host)+len(port))
	})
}
