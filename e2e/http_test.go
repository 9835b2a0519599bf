package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestHTTP: what caches, pages of other sites and plain clients hold on to.
func TestHTTP(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	testkit.PublishTest(t, "60", s.PublishURL("http"))
	onAir(t, s, "http")
	list := mediaAddress(t, s.URL("/live/http/index.m3u8"), "/video/")
	beforeEnd(t, list, 12)

	t.Run("playlists", func(t *testing.T) {
		for address, cache := range map[string]string{
			s.URL("/live/http/index.m3u8"): "no-store", s.URL("/live/http/plain.m3u8"): "no-store", // a viewing begins with it
			list: "public, max-age=0, s-maxage=1",
		} {
			r := fetch(t, address)
			require.Equal(t, "application/vnd.apple.mpegurl", r.Header.Get("Content-Type"), address)
			require.Equal(t, cache, r.Header.Get("Cache-Control"), address)
			require.Contains(t, r.Header.Get("Vary"), "Accept-Encoding", address)
			require.Equal(t, "*", r.Header.Get("Access-Control-Allow-Origin"), address)
			require.Empty(t, r.Header.Get("Content-Encoding"), address)
			require.Empty(t, r.Header.Get("Set-Cookie"), address)
		}
	})
	t.Run("compression", func(t *testing.T) {
		r := fetch(t, list, "Accept-Encoding", "gzip")
		require.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
		z, err := gzip.NewReader(bytes.NewReader(r.Body))
		require.NoError(t, err)
		text, err := io.ReadAll(z)
		require.NoError(t, err)
		_, err = testkit.ParseMedia(string(text))
		require.NoError(t, err)
		require.Less(t, len(r.Body), len(text))
	})
	t.Run("blocking reload", func(t *testing.T) {
		p, err := testkit.FetchMedia(t.Context(), list)
		require.NoError(t, err)
		msn, part := p.Next()
		r := fetch(t, fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=%d", list, msn, part))
		require.Equal(t, "public, max-age=24", r.Header.Get("Cache-Control"), "six target durations")
		later, err := testkit.ParseMedia(string(r.Body))
		require.NoError(t, err)
		require.NoError(t, testkit.CheckReload(p, later))
		laterMSN, laterPart := later.Next()
		require.True(t, laterMSN > msn || laterMSN == msn && laterPart > part, "the answer holds the part that was asked for")

		// A number alone waits for the whole segment (RFC 8216bis 6.2.5.2).
		msn, _ = later.Next()
		whole, err := testkit.FetchMedia(t.Context(), fmt.Sprintf("%s?_HLS_msn=%d", list, msn))
		require.NoError(t, err)
		require.NotNil(t, whole.Segment(msn))
		for _, bad := range []string{"_HLS_msn=999999", "_HLS_part=0", "_HLS_msn=x", "_HLS_msn=-1"} {
			r, err := testkit.Get(t.Context(), list+"?"+bad)
			require.NoError(t, err)
			require.Equal(t, http.StatusBadRequest, r.Status, bad)
			require.Equal(t, "no-store", r.Header.Get("Cache-Control"), bad)
		}
	})
	t.Run("preload hint", func(t *testing.T) {
		p, err := testkit.FetchMedia(t.Context(), list)
		require.NoError(t, err)
		require.NotEmpty(t, p.Hint)
		r := fetch(t, resolve(t, list, p.Hint)) // held until the part is there
		require.NotEmpty(t, r.Body)
		require.Equal(t, r.Body, fetch(t, resolve(t, list, p.Hint)).Body, "an address never has two contents")
	})
	t.Run("media", func(t *testing.T) {
		p, err := testkit.FetchMedia(t.Context(), list)
		require.NoError(t, err)
		first := p.Segments[0]
		for uri, kind := range map[string]string{first.Map: "video/mp4", first.URI: "video/iso.segment", first.Parts[0].URI: "video/iso.segment"} {
			address := resolve(t, list, uri)
			r := fetch(t, address)
			require.Equal(t, kind, r.Header.Get("Content-Type"), uri)
			require.Equal(t, "public, max-age=31536000, immutable", r.Header.Get("Cache-Control"), uri)
			require.Equal(t, "*", r.Header.Get("Access-Control-Allow-Origin"), uri)
			require.Equal(t, fmt.Sprint(len(r.Body)), r.Header.Get("Content-Length"), uri)
			require.Empty(t, r.Header.Get("Set-Cookie"), uri)

			head, err := testkit.Head(t.Context(), address)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, head.Status, uri)
			require.Equal(t, fmt.Sprint(len(r.Body)), head.Header.Get("Content-Length"), uri)
		}
		u, err := url.Parse(resolve(t, list, first.URI))
		require.NoError(t, err)
		for _, path := range []string{u.Path + "x", "/media/nothing/video/source/0.m4s", "/media/%2e%2e/%2e%2e/rostrum.db", "/live/http/nothing/video/source.m3u8"} {
			r := get(t, s, path)
			require.Equal(t, http.StatusNotFound, r.Status, path)
			require.Equal(t, "no-store", r.Header.Get("Cache-Control"), path)
		}
	})
	t.Run("probes", func(t *testing.T) {
		require.Less(t, get(t, s, "/healthz").Status, 300)
		require.Equal(t, http.StatusOK, get(t, s, "/readyz").Status)
		metrics, err := testkit.Fetch(t.Context(), "http://"+s.Metrics+"/metrics")
		require.NoError(t, err)
		require.Contains(t, string(metrics), "go_goroutines")
		require.NotEqual(t, http.StatusOK, get(t, s, "/metrics").Status, "metrics have an address of their own")
	})
}

func fetch(t *testing.T, address string, headers ...string) *testkit.Response {
	t.Helper()
	r, err := testkit.Get(t.Context(), address, headers...)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.Status, "%s: %.200s", address, r.Body)
	return r
}

func resolve(t *testing.T, base, uri string) string {
	t.Helper()
	address, err := testkit.Resolve(base, uri)
	require.NoError(t, err)
	return address
}
