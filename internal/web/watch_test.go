package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

const watchword = "open sesame"

// set changes who may watch a channel.
func (s *site) set(channel string, v account.Visibility) {
	s.t.Helper()
	word := watchword
	_, err := s.accounts.SetDetails(s.t.Context(), account.CommandLine(), channel, account.AnyRevision, account.Details{Visibility: &v, Password: &word})
	require.NoError(s.t, err)
}

// setRecording gives a broadcast a visibility of its own.
func (s *site) setRecording(id string, v account.Visibility) {
	s.t.Helper()
	row, err := s.db.Broadcast(s.t.Context(), id)
	require.NoError(s.t, err)
	row.Visibility = string(v)
	require.NoError(s.t, s.db.Write(s.t.Context(), func(tx *store.Tx) error { return tx.UpdateBroadcast(s.t.Context(), row) }))
	s.viewing.Forget(row.ChannelID)
}

// post sends JSON.
func (s *site) post(path, body string, header ...string) response {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return response{res.StatusCode, res.Header, string(b)}
}

// started is a viewing as a client reads it.
type started struct {
	Prefix                                      string
	FirstUse                                    *time.Time `json:"first_use_until"`
	HLS, Rewind, Plain, TS, FLV, DASH, Download string
}

// watch begins a viewing with the password.
func (s *site) watch(thing string, header ...string) (v started) {
	s.t.Helper()
	a := s.post("/api/v1/"+thing+"/viewings", `{"password":"`+watchword+`"}`, header...)
	require.Equal(s.t, http.StatusCreated, a.status, a.body)
	require.Equal(s.t, "no-store", a.header.Get("Cache-Control"))
	require.NoError(s.t, json.Unmarshal([]byte(a.body), &v))
	return v
}

// member signs somebody in who has a place in a channel, and returns a header
// that says so.
func (s *site) member(channel, name string, p account.Place) (u account.User, cookie string) {
	s.t.Helper()
	ctx := s.t.Context()
	u, err := s.accounts.AddUser(ctx, account.CommandLine(), account.NewUser{Name: name})
	require.NoError(s.t, err)
	if p != account.PlaceNone {
		require.NoError(s.t, s.accounts.SetPlace(ctx, account.CommandLine(), channel, name, p))
	}
	token, err := s.accounts.OpenSession(ctx, u, account.ByPassword, account.Client{})
	require.NoError(s.t, err)
	return u, sessionCookie + "=" + token
}

// peek asks for an address, and leaves when it has the head of the answer: a
// body of HTTP-FLV has no end.
func (s *site) peek(path string, header ...string) response {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	require.NoError(s.t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	var body []byte
	if !strings.Contains(path, ".flv") || res.StatusCode != http.StatusOK {
		body, err = io.ReadAll(res.Body)
		require.NoError(s.t, err)
	}
	return response{res.StatusCode, res.Header, string(body)}
}

// Playlists, MPDs and redirects lead on under the token, and what they say is
// the same for everybody.
func TestEverythingStaysUnderTheToken(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("alice")
	s.await("a recording", func() bool { return strings.Contains(s.get("/vod/"+onAir.ID+"/video/source.m3u8").body, "seg0.m4s") })
	public := map[string]string{}
	lists := slices.DeleteFunc(append(addressesOf("alice", over.ID, s.clipIn(over.ID, 0, 2*time.Second).ID), addressesOf("alice", onAir.ID, "")...), func(path string) bool {
		return !strings.HasSuffix(path, ".m3u8") && !strings.HasSuffix(path, ".mpd")
	})
	uri := regexp.MustCompile(`(?m)URI="([^"]+)"|^([^#\n<].*)$|media="([^"]+)"|initialization="([^"]+)"|<BaseURL>([^<]+)|<Location>([^<]+)|value="([^"]*/clock)"`)
	for _, path := range lists {
		public[path] = s.get(path).body
		found := 0
		for _, m := range uri.FindAllStringSubmatch(public[path], -1) {
			for _, address := range m[1:] {
				if address != "" {
					found++
					require.NotRegexp(t, `^(/|[a-z]+:)`, address, path)
				}
			}
		}
		require.Positive(t, found, "%s: %s", path, public[path])
	}
	s.set("alice", account.Password)
	v := s.watch("channels/alice")
	for _, path := range lists {
		require.Equal(t, withoutDates(public[path]), withoutDates(s.get(v.Prefix+path).body), path)
	}
	// As a player goes: each address joined to the one before.
	for _, entry := range []string{v.HLS, v.Rewind, v.Plain, v.TS, v.Prefix + "/vod/" + over.ID + "/index.m3u8"} {
		multi := s.get(entry)
		require.Equal(t, http.StatusOK, multi.status, entry)
		list := last(t, entry, multi.body)
		media := s.get(list)
		require.Equal(t, http.StatusOK, media.status, list)
		piece := last(t, list, media.body)
		require.True(t, strings.HasPrefix(piece, v.Prefix+"/media/"), piece)
		a := s.get(piece)
		require.Equal(t, http.StatusOK, a.status)
		part := s.get(piece, "Range", "bytes=4-7")
		require.Equal(t, http.StatusPartialContent, part.status)
		require.Equal(t, a.body[4:8], part.body)
		require.Equal(t, "private, max-age=3600", part.header.Get("Cache-Control"))
	}
}

// withoutDates leaves out when an MPD was made, and for which viewing.
func withoutDates(text string) string {
	return regexp.MustCompile(`publishTime="[^"]*"|\?v=[A-Z2-7]{26}`).ReplaceAllString(text, "")
}

// What begins with a token and leads to no media is nothing.
func TestATokenOpensMediaAlone(t *testing.T) {
	s := newSite(t, nil)
	s.publish("alice")
	s.set("alice", account.Password)
	prefix := s.watch("channels/alice").Prefix
	for _, path := range []string{"", "/", "/api/v1/live", "/@alice", "/healthz", "/~x/live/alice/index.m3u8", "//live/alice/index.m3u8", "/embed/@alice"} {
		require.Equal(t, http.StatusNotFound, s.get(prefix+path).status, path)
	}
	for _, path := range []string{"/live/", "/live/nobody/index.m3u8", "/live/../live/alice/index.m3u8", "/media/x/y/seg0.m4s", "/vod/x/index.m3u8"} {
		require.Equal(t, http.StatusNotFound, s.get(prefix+path).status, path)
		requireRefused(t, s.get("/~x"+path), refused, path)
	}
	spelled := strings.Replace(prefix, "~", "%7e", 1)
	require.Equal(t, http.StatusOK, s.get(spelled+"/live/alice/index.m3u8").status, "an escaped tilde is one")
	requireRefused(t, s.get("/~%41"+prefix[3:]+"/live/alice%2f/index.m3u8"), refused, "an escaped token")
	require.Equal(t, http.StatusMethodNotAllowed, s.do(http.MethodPost, prefix+"/live/alice/index.m3u8").status)
}

func TestViewingsInTheAccessLog(t *testing.T) {
	log := &lines{}
	s := newSite(t, func(o *Options) { o.AccessLog = log })
	s.publish("alice")
	s.set("alice", account.Password)
	prefix := s.watch("channels/alice").Prefix
	s.get(prefix+"/live/alice/index.m3u8", "Referer", s.url+prefix+"/live/alice/index.m3u8")
	s.get("/%7E" + prefix[2:])
	s.get("/x", "Referer", "https://example.org/~jane/page")
	all := strings.Join(log.await(t, 4), "")
	require.NotContains(t, all, prefix[2:])
	require.Contains(t, all, `"GET /~*/live/alice/index.m3u8 HTTP/1.1" 200`)
	require.Contains(t, all, `/~*/live/alice/index.m3u8"`)
	require.Contains(t, all, `"https://example.org/~jane/page"`)
}

// A file of private media reaches the connection as a file.
func TestPrivateMediaKeepSendfile(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	s.end()
	s.set("alice", account.Password)
	prefix := s.watch("broadcasts/" + over.ID).Prefix
	for _, path := range []string{"/media/" + over.ID + "/video/source/seg0.m4s", "/vod/" + over.ID + "/download.mp4"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, prefix+path, http.NoBody)
		require.NoError(t, err)
		w := &readerFrom{ResponseWriter: httptest.NewRecorder()}
		s.handler.ServeHTTP(w, req)
		l, ok := w.from.(*io.LimitedReader)
		require.True(t, ok, "%s: net/http knows a file inside of %T", path, w.from)
		require.IsType(t, &os.File{}, l.R, path)
		require.Equal(t, "private, max-age=3600", w.Header().Get("Cache-Control"))
	}
}

// Media that anyone may watch costs no memory more than before.
func TestPublicMediaIsAskedAboutForNothing(t *testing.T) {
	s := newSite(t, nil)
	_, b := s.publish("alice")
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	w := httptest.NewRecorder()
	serve := func(http.ResponseWriter, *http.Request) {}
	for name, of := range map[string]func() viewing.What{
		"channel":   func() viewing.What { return s.web.whatChannel(t.Context(), "alice") },
		"broadcast": func() viewing.What { return s.web.whatBroadcast(b.ID) },
	} {
		require.Zero(t, testing.AllocsPerRun(1000, func() { s.web.allowed(w, r, of(), viewing.Media, serve) }), name)
	}
	require.Zero(t, w.Body.Len())
}
