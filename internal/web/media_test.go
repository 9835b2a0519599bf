package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

// last returns the last line of a playlist that is an address, joined to the
// address of the playlist.
func last(t *testing.T, base, playlist string) string {
	t.Helper()
	lines := strings.Fields(playlist)
	for i := len(lines) - 1; i >= 0; i-- {
		if !strings.HasPrefix(lines[i], "#") {
			return join(base, lines[i])
		}
	}
	t.Fatal("no address in " + playlist)
	return ""
}

// join resolves a relative address that goes up and down only.
func join(base, relative string) string {
	folder := base[:strings.LastIndexByte(base, '/')]
	for strings.HasPrefix(relative, "../") {
		relative, folder = relative[3:], folder[:strings.LastIndexByte(folder, '/')]
	}
	return folder + "/" + relative
}

// A player goes from a channel's name to media, through every kind of list;
// and a list goes on answering when its broadcast has left the memory.
func TestFromNameToMedia(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("alice")
	s.await("a recording", func() bool {
		return strings.Contains(s.get("/vod/"+b.ID+"/video/source.m3u8").body, "seg1.m4s")
	})
	for entry, cache := range map[string]string{
		"/live/alice/index.m3u8":       "no-store",
		"/live/ALICE/plain.m3u8":       "no-store",
		"/live/alice/rewind.m3u8":      "no-store",
		"/vod/" + b.ID + "/index.m3u8": "public, max-age=0, s-maxage=1",
	} {
		multi := s.get(entry)
		require.Equal(t, http.StatusOK, multi.status, entry)
		require.Equal(t, "application/vnd.apple.mpegurl", multi.header.Get("Content-Type"))
		require.Equal(t, cache, multi.header.Get("Cache-Control"))
		require.Equal(t, "*", multi.header.Get("Access-Control-Allow-Origin"))
		list := last(t, entry, multi.body)
		media := s.get(list)
		require.Equal(t, http.StatusOK, media.status, list)
		init := regexp.MustCompile(`EXT-X-MAP:URI="([^"]+)"`).FindStringSubmatch(media.body)
		a := s.get(join(list, init[1]))
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "video/mp4", a.header.Get("Content-Type"))
		a = s.get(last(t, list, media.body))
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "video/iso.segment", a.header.Get("Content-Type"))
		require.Equal(t, "public, max-age=31536000, immutable", a.header.Get("Cache-Control"))
		require.Equal(t, strconv.Itoa(len(a.body)), a.header.Get("Content-Length"))
		part := s.get(last(t, list, media.body), "Range", "bytes=4-7")
		require.Equal(t, http.StatusPartialContent, part.status)
		require.Equal(t, a.body[4:8], part.body)
	}

	lists := []string{"/live/alice/" + b.ID + "/video/source.m3u8", "/live/alice/" + b.ID + "/plain/audio/source.m3u8", "/live/alice/" + b.ID + "/rewind/video/source.m3u8"}
	for _, list := range lists {
		require.NotContains(t, s.get(list).body, "ENDLIST")
	}
	segment := "/media/" + b.ID + "/video/source/seg0.m4s"
	before := s.get(segment).body
	pub.Close(live.Stopped, nil)
	s.await("the channel is free", func() bool { return s.manager.Live("alice") == nil })
	for _, list := range lists {
		require.Contains(t, s.get(list).body, "#EXT-X-ENDLIST\n", "from memory")
	}
	off := s.get("/live/alice/index.m3u8")
	require.Equal(t, http.StatusNotFound, off.status)
	require.Equal(t, "2", off.header.Get("Retry-After"))
	require.Equal(t, "no-store", off.header.Get("Cache-Control"))

	s.end()
	require.Nil(t, s.manager.Get(b.ID))
	for _, list := range lists {
		a := s.get(list)
		require.Contains(t, a.body, "#EXT-X-ENDLIST\n", "from the recording")
		require.Equal(t, "public, max-age=3600", a.header.Get("Cache-Control"))
		require.Equal(t, http.StatusOK, s.get(last(t, list, a.body)).status)
	}
	require.Equal(t, before, s.get(segment).body, "an address has one content")
}

// A broadcast's FLV is one body to its end; off air there is none.
func TestFLV(t *testing.T) {
	s := newSite(t, nil)
	pub, _ := s.publish("alice")
	var c Channel
	s.json("/api/v1/channels/alice", &c)
	require.Equal(t, "/live/alice.flv", c.Live.FLV)
	head := s.do(http.MethodHead, "/live/ALICE.flv")
	require.Equal(t, http.StatusOK, head.status)
	require.Equal(t, "video/x-flv", head.header.Get("Content-Type"))
	require.Empty(t, head.body)
	pub.Close(live.Stopped, nil)
	s.await("the channel is free", func() bool { return s.manager.Live("alice") == nil })
	for _, path := range []string{"/live/alice.flv", "/live/nobody.flv"} {
		off := s.get(path)
		require.Equal(t, http.StatusNotFound, off.status, path)
		require.Equal(t, "2", off.header.Get("Retry-After"))
		require.Equal(t, "no-store", off.header.Get("Cache-Control"))
		require.Equal(t, "*", off.header.Get("Access-Control-Allow-Origin"))
	}
}

// A body goes to its end although its broadcast is forgotten before it.
func TestFLVEndsWithItsBroadcast(t *testing.T) {
	s := newSite(t, nil)
	pub, _ := s.publish("alice")
	res, err := s.client.Get(s.url + "/live/alice.flv")
	require.NoError(t, err)
	defer res.Body.Close()
	pub.Close(live.Stopped, nil)
	s.end()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	file, err := flv.ParseFile(b)
	require.NoError(t, err, "whole tags")
	require.Greater(t, len(file), 30)
}

func TestPathsThatLeadNowhere(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("bob")
	for _, path := range []string{
		"/live/.flv", "/live/a%2fb.flv", "/live/alice.flv.flv", "/live/%00.flv",
		"/live/", "/live/alice", "/live/alice/", "/live/bob/other.m3u8", "/live/nobody/index.m3u8", "/live/bob/index.mpd", "/live/%00/index.m3u8",
		"/live/bob/" + onAir.ID + "/video/source", "/live/bob/" + onAir.ID + "/video/other.m3u8", "/live/bob/" + onAir.ID + "/.m3u8",
		"/live/alice/" + onAir.ID + "/video/source.m3u8", "/live/bob/" + over.ID + "/video/source.m3u8", "/live/bob/nosuch/video/source.m3u8",
		"/live/alice/" + over.ID + "/plain/plain/video/source.m3u8", "/live/alice/" + over.ID + "/ts/plain/video/source.m3u8", "/live/bob/ts/video/source.m3u8",
		"/live/bob/" + onAir.ID + "/ts/video/other.m3u8", "/live/nobody/ts/index.m3u8", "/media/" + over.ID + "/video/source/seg99.ts",
		"/media/" + over.ID + "/video/source/seg0-other.ts", "/media/" + over.ID + "/video/source/seg0-.ts", "/media/" + over.ID + "/audio/source/seg0-source.ts",
		"/media/" + over.ID + "/video/source/seg00.ts", "/media/" + over.ID + "/video/source/init0.ts", "/media/" + onAir.ID + "/video/source/seg99-source.ts",
		"/media/" + over.ID + "/video/source/seg0-..%2fsource.ts", "/media/../seg0.ts", "/media/nosuch/video/source/seg0.ts",
		"/live/bob/" + onAir.ID + "/rewind/video/other.m3u8",
		"/live/bob/" + onAir.ID + "/rewind/rewind/video/source.m3u8", "/live/nobody/rewind.m3u8",
		"/media/", "/media/x", "/media/" + over.ID, "/media/" + over.ID + "/", "/media/" + over.ID + "/seg0.m4s",
		"/media/" + over.ID + "/video/source/", "/media/" + over.ID + "/video/source/seg99.m4s", "/media/" + over.ID + "/video/source/index.html",
		"/media/" + onAir.ID + "/video/source/part999999.m4s", "/media/" + onAir.ID + "/video/source/seg00.m4s",
		"/media/%2e%2e/%2e%2e/rostrum.db", "/media/..%2f..%2f/rostrum.db", "/media/" + over.ID + "/..%2f..%2f..%2frostrum.db",
		"/media/" + over.ID + "/video/source/..%5c..%5crostrum.db", "/media/.tmp/x/seg0.m4s", "/media/" + over.ID + "/video%00/source/seg0.m4s",
		"/media/" + strings.Repeat("x", 5000) + "/video/source/seg0.m4s",
		"/vod/", "/vod/x", "/vod/nosuch/index.m3u8", "/vod/" + over.ID + "/index.mpd", "/vod/" + over.ID + "/video/other.m3u8",
		"/vod/" + over.ID + "/..%2findex.m3u8", "/vod/" + over.ID + "/" + strings.Repeat("x", 5000) + ".m3u8",
	} {
		a := s.get(path)
		require.NotContains(t, a.body, "SQLite", path)
		if a.status >= 300 && a.status < 400 { // a path with dots is sent to where it leads
			require.NotContains(t, a.header.Get("Location"), "..", path)
			a = s.get(a.header.Get("Location"))
		}
		require.Equal(t, http.StatusNotFound, a.status, path)
		if cache := a.header.Get("Cache-Control"); !strings.Contains(a.body, "<html>") {
			require.Equal(t, "no-store", cache, path)
			require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
		}
	}
	for _, path := range []string{"/live/bob/index.m3u8", "/media/x/y/seg0.m4s", "/vod/x/index.m3u8"} {
		a := s.do(http.MethodPost, path)
		require.Equal(t, http.StatusMethodNotAllowed, a.status)
		require.Equal(t, "GET, HEAD, OPTIONS", a.header.Get("Allow"))
		a = s.do(http.MethodOptions, path)
		require.Equal(t, http.StatusNoContent, a.status)
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "Range", a.header.Get("Access-Control-Allow-Headers"))
	}
}

func TestHead(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	s.end()
	for _, path := range []string{
		"/healthz", "/api/v1/live", "/vod/" + over.ID + "/index.m3u8", "/vod/" + over.ID + "/video/source.m3u8",
		"/media/" + over.ID + "/video/source/seg0.m4s", "/media/" + over.ID + "/video/source/init0.mp4", "/media/" + over.ID + "/video/source/seg99.m4s",
	} {
		get, head := s.get(path), s.do(http.MethodHead, path)
		require.Equal(t, get.status, head.status, path)
		require.Empty(t, head.body, path)
		require.Equal(t, get.header.Get("Content-Type"), head.header.Get("Content-Type"), path)
		require.Equal(t, get.header.Get("Content-Length"), head.header.Get("Content-Length"), path)
	}
}

// FuzzPaths: whatever the path and the query, the server answers, and with
// nothing that is a fault of its own.
func FuzzPaths(f *testing.F) {
	for _, seed := range []string{
		"/", "/@a", "/v/a", "/embed/@a", "/live/a/index.m3u8?_HLS_msn=1", "/live/a/b/plain/video/source.m3u8", "/live/a/ts/index.m3u8", "/live/a/b/rewind/video/source.m3u8?_HLS_skip=v2", "/media/a/video/source/seg1-b.ts", "/media/a/video/source/seg1.m4s",
		"/vod/a/video/source.m3u8", "/api/v1/broadcasts?cursor=a&limit=2", "/api/v1/channels/a/broadcasts", "/media/%2e%2e/a", "/%00", "//", "/live//",
	} {
		f.Add(seed)
	}
	s := newSite(f, nil)
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") {
			return // net/http refuses it before
		}
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.URL, req.RequestURI = u, path
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, req)
		require.Less(t, w.Code, http.StatusInternalServerError)
	})
}

// TestMediaPathsDoNotRedirect: players of other pages do not follow a redirect
// that their origin may not read, and a shared address keeps its folders. What
// is not the address is not there.
func TestMediaPathsDoNotRedirect(t *testing.T) {
	s := newSite(t, nil)
	_, b := s.publish("alice")
	for _, path := range []string{
		"/live//alice/index.m3u8", "/live/./alice/index.m3u8", "/live/bob/../alice/index.m3u8",
		"/live/alice/index.m3u8/", "/live", "/vod", "/media", "/vod//" + b.ID + "/index.m3u8", "/media/" + b.ID + "//video/source/init0.mp4",
	} {
		a := s.get(path)
		require.Equal(t, http.StatusNotFound, a.status, path)
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	}
}
