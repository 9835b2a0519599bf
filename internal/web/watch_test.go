package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
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

// mediaAddress is a request for each route of media. The names stand for what
// a test has on air and recorded.
var mediaAddresses = map[string][]string{
	"GET /live/{channel}/index.m3u8":    {"/live/CHANNEL/index.m3u8"},
	"GET /live/{channel}/plain.m3u8":    {"/live/CHANNEL/plain.m3u8"},
	"GET /live/{channel}/rewind.m3u8":   {"/live/CHANNEL/rewind.m3u8"},
	"GET /live/{channel}/ts/index.m3u8": {"/live/CHANNEL/ts/index.m3u8"},
	"GET /live/{channel}/manifest.mpd":  {"/live/CHANNEL/manifest.mpd"},
	"GET /live/{channel}/preview.jpg":   {"/live/CHANNEL/preview.jpg"},
	"GET /live/{channel}/{mpd}":         {"/live/CHANNEL/BROADCAST.mpd"},
	"GET /live/{channel}/{broadcast}/{playlist...}": {
		"/live/CHANNEL/BROADCAST/video/source.m3u8", "/live/CHANNEL/BROADCAST/plain/audio/source.m3u8",
		"/live/CHANNEL/BROADCAST/rewind/video/source.m3u8", "/live/CHANNEL/BROADCAST/ts/video/source.m3u8",
	},
	"GET /live/{file}":                   {"/live/CHANNEL.flv"},
	"GET /media/{broadcast}/{path...}":   {"/media/BROADCAST/video/source/init0.mp4", "/media/BROADCAST/video/source/seg0.m4s", "/media/BROADCAST/video/source/seg0-source.ts"},
	"GET /vod/{broadcast}/download.mp4":  {"/vod/BROADCAST/download.mp4", "/vod/BROADCAST/download.mp4?to=0", "/vod/CLIP/download.mp4"},
	"GET /vod/{broadcast}/{playlist...}": {"/vod/BROADCAST/index.m3u8", "/vod/BROADCAST/video/source.m3u8", "/vod/BROADCAST/manifest.mpd", "/vod/BROADCAST/live.mpd", "/vod/BROADCAST/cover.jpg", "/vod/BROADCAST/storyboard.vtt", "/vod/BROADCAST/storyboard-0.jpg", "/vod/CLIP/index.m3u8", "/vod/CLIP/video/source.m3u8", "/vod/CLIP/cover.jpg"},
}

// notMedia are routes that show nothing to watch. What is added here shows no
// media to whoever asks.
var notMedia = regexp.MustCompile(`^(GET /(healthz|readyz|\{\$\}|\{page\}|v/\{broadcast\}|c/\{clip\}|embed/\{page\}|embed/v/\{broadcast\}|embed/c/\{clip\}|search|category/\{category\}|legal/\{page\}|pictures/\{key\}|emotes/\{file\}|chat/\{page\}|overlay/\{page\}/chat|dashboard/\{channel\}.*|)|GET /live/clock|(GET|OPTIONS) /(live|media|vod)/|(GET|POST) /unsubscribe|[A-Z]+ /api/.*)$`)

// Every route is known here, as one of media that is tried below or as another.
// Who adds one has to say which it is.
func TestEveryRouteIsKnown(t *testing.T) {
	s := newSite(t, nil)
	patterns := s.web.routes().patterns
	require.Greater(t, len(patterns), 40)
	for _, p := range patterns {
		_, media := mediaAddresses[p]
		_, personal := personalPages[strings.TrimPrefix(p, "GET ")]
		require.True(t, media != (personal || notMedia.MatchString(p)), "%s: is it media?", p)
	}
	for p := range mediaAddresses {
		require.Contains(t, patterns, p)
	}
}

// addressesOf are all media addresses of a broadcast, and those of a clip of it
// where there is one.
func addressesOf(channel, id, clip string) (list []string) {
	names := strings.NewReplacer("CHANNEL", channel, "BROADCAST", id, "CLIP", clip)
	for _, addresses := range mediaAddresses {
		for _, a := range addresses {
			if clip != "" || !strings.Contains(a, "CLIP") {
				list = append(list, names.Replace(a))
			}
		}
	}
	slices.Sort(list)
	return list
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

func requireRefused(t *testing.T, a response, sentence, path string) {
	t.Helper()
	require.Equal(t, http.StatusForbidden, a.status, "%s: %.200s", path, a.body)
	require.Equal(t, sentence+"\n", a.body, path)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
	require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	require.Empty(t, a.header.Get("Www-Authenticate"), path)
	require.Empty(t, a.header.Get("Set-Cookie"), path)
}

const (
	refused = "You may not watch this: it is not public."
	revoked = "You may not watch this any longer."
	lapsed  = "This viewing has lapsed. Begin another."
)

// TestEveryAddressAsks: each address of media, of something on air and of a
// recording that is over, for each visibility.
func TestEveryAddressAsks(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("alice")
	s.await("a recording", func() bool {
		return strings.Contains(s.get("/vod/"+onAir.ID+"/video/source.m3u8").body, "seg0.m4s") && s.get("/vod/"+onAir.ID+"/download.mp4?to=0").status == http.StatusOK
	})
	clips := map[*broadcast.Broadcast]string{over: s.clipIn(over.ID, 0, 2*time.Second).ID, onAir: s.clipIn(onAir.ID, 0, time.Second).ID}
	_, _ = s.publish("bob")
	s.set("bob", account.Password)
	foreign := s.watch("channels/bob").Prefix
	_, cookie := s.member("alice", "the-member", account.PlaceMember)

	for _, v := range []account.Visibility{account.Public, account.Unlisted, account.Password, account.Members} {
		s.set("alice", v)
		open := viewing.IsOpen(v)
		channel := s.watch("channels/alice", "Cookie", cookie)
		require.Equal(t, open, channel.Prefix == "")
		require.Equal(t, open, channel.FirstUse == nil)
		for _, b := range []*broadcast.Broadcast{onAir, over} {
			recording := s.watch("broadcasts/"+b.ID, "Cookie", cookie)
			for _, path := range addressesOf("alice", b.ID, clips[b]) {
				plain := s.peek(path)
				if open {
					s.requirePublic(plain, path)
				} else {
					requireRefused(t, plain, refused, path)
				}
				if a := s.peek(foreign + path); open {
					s.requirePublic(a, path)
				} else {
					requireRefused(t, a, refused, "another channel's "+path)
				}
				broken := foreign[:len(foreign)-1] + "."
				requireRefused(t, s.peek(broken+path), refused, "a broken token of "+path)
				if open {
					continue
				}
				s.requirePrivate(s.peek(channel.Prefix+path), path)
				head := s.do(http.MethodHead, channel.Prefix+path)
				s.requirePrivate(head, "HEAD "+path)
				if b == onAir || strings.Contains(path, b.ID) || strings.Contains(path, clips[b]) { // not what the channel has on air by now
					s.requirePrivate(s.peek(recording.Prefix+path), "as a recording: "+path)
				}
				require.Equal(t, http.StatusNoContent, s.do(http.MethodOptions, channel.Prefix+path).status)
			}
		}
	}
}

// isStill reports whether an address is that of a still. The site has no ffmpeg
// to make any, and says so to those alone who may see them.
func isStill(path string) bool {
	return strings.HasSuffix(path, ".jpg") || strings.HasSuffix(path, ".vtt")
}

// beginsViewing are the addresses at which viewings begin.
var beginsViewing = regexp.MustCompile(`^(/~[^/]+)?/live/[^/]+/((index|plain|rewind|ts/index)\.m3u8|manifest\.mpd)$`)

func (s *site) requirePublic(a response, path string) {
	s.t.Helper()
	if isStill(path) {
		require.Equal(s.t, http.StatusNotFound, a.status, path)
		return
	}
	require.Contains(s.t, []int{http.StatusOK, http.StatusFound}, a.status, path)
	switch {
	case strings.HasSuffix(path, ".flv"):
	case beginsViewing.MatchString(path):
		require.Equal(s.t, "no-store", a.header.Get("Cache-Control"), "%s: each has another", path)
	default:
		require.Contains(s.t, a.header.Get("Cache-Control"), "public, max-age=", path)
	}
}

// requirePrivate checks that no shared cache keeps an answer.
func (s *site) requirePrivate(a response, path string) {
	s.t.Helper()
	if !isStill(path) {
		require.Contains(s.t, []int{http.StatusOK, http.StatusFound}, a.status, "%s: %.200s", path, a.body)
	} else {
		require.Equal(s.t, http.StatusNotFound, a.status, path)
	}
	require.Equal(s.t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	want := "no-store"
	if strings.HasPrefix(a.header.Get("Content-Type"), "video/") && !strings.HasSuffix(path, ".flv") && a.status == http.StatusOK {
		want = "private, max-age=3600"
	}
	require.Equal(s.t, want, a.header.Get("Cache-Control"), path)
	if location := a.header.Get("Location"); location != "" {
		require.Regexp(s.t, `^download\.mp4\?to=[0-9]+$`, location, "relative, so that it stays under the token")
	}
}

// quickly has the right to watch asked for again at once.
func quickly(t *testing.T, v viewing.Options) func(*Options) {
	return func(o *Options) {
		v.DB, v.Accounts, v.Log, v.Ask = o.DB, o.Accounts, o.Log, 10*time.Millisecond
		s, err := viewing.New(t.Context(), v)
		require.NoError(t, err)
		t.Cleanup(s.Close)
		o.Accounts.Watch(s.Forget)
		o.Viewing = s
	}
}

// Once a viewing has lapsed, no address answers it.
func TestAViewingLapses(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{Lapse: time.Millisecond}))
	_, b := s.publish("alice")
	s.set("alice", account.Password)
	v := s.watch("channels/alice")
	require.Equal(t, http.StatusOK, s.get(v.HLS).status)
	s.await("it lapses", func() bool {
		return s.get(v.Prefix+"/media/"+b.ID+"/video/source/init0.mp4").status == http.StatusForbidden
	})
	for _, path := range addressesOf("alice", b.ID, "") {
		requireRefused(t, s.peek(v.Prefix+path), lapsed, path)
	}
	require.Equal(t, http.StatusOK, s.get(v.Prefix+"/live/clock").status, "the clock is nobody's")
}

// Once the right is gone, no address answers, and a body that goes on ends.
func TestAViewingIsRevoked(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	_, b := s.publish("alice")
	s.set("alice", account.Members)
	u, cookie := s.member("alice", "the-member", account.PlaceMember)
	v := s.watch("channels/alice", "Cookie", cookie)
	res, err := s.client.Get(s.url + v.FLV)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode)
	_, err = io.ReadFull(res.Body, make([]byte, 1000))
	require.NoError(t, err)
	require.NoError(t, s.accounts.SetPlace(t.Context(), account.CommandLine(), "alice", u.Name, account.PlaceNone))
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err, "it has come to its end")
	for _, path := range addressesOf("alice", b.ID, "") {
		requireRefused(t, s.peek(v.Prefix+path), revoked, path)
	}
}

// What waits for media when the right is taken away is refused, and is no empty
// playlist.
func TestWhatWaitsIsRefused(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	_, b := s.publish("alice")
	s.set("alice", account.Password)
	prefix := s.watch("channels/alice").Prefix
	list := prefix + "/live/alice/" + b.ID + "/video/source.m3u8"
	text := s.get(list).body
	hint := regexp.MustCompile(`PRELOAD-HINT:TYPE=PART,URI="[./]*(/media/[^"]+)"`).FindStringSubmatch(text)
	require.NotNil(t, hint, text)
	var waiting errgroup.Group
	for _, path := range []string{fmt.Sprintf("%s?_HLS_msn=%d", list, strings.Count(text, "#EXTINF")), prefix + hint[1]} {
		waiting.Go(func() error {
			res, err := s.client.Get(s.url + path)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != http.StatusForbidden || string(body) != revoked+"\n" {
				return fmt.Errorf("%s: %s, %.200q, %w", path, res.Status, body, err)
			}
			return nil
		})
	}
	s.set("alice", account.Members)
	require.NoError(t, waiting.Wait())
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

// A long download that goes on when its right is gone ends with the segment
// that it is in.
func TestALongDownloadEnds(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	over := s.archived("alice")
	s.end()
	s.set("alice", account.Password)
	g, ok := s.viewing.Read(s.watch("broadcasts/" + over.ID).Prefix[2:])
	require.True(t, ok)
	stay, err := s.viewing.Admit(t.Context(), g, viewing.What{Broadcast: over.ID}, viewing.Body)
	require.NoError(t, err)
	defer stay.End()
	w := &heldWriter{ResponseWriter: httptest.NewRecorder(), stay: stay}
	_, err = w.Write([]byte("x"))
	require.NoError(t, err)
	s.set("alice", account.Members)
	<-stay.Context().Done()
	_, err = w.Write([]byte("x"))
	require.ErrorIs(t, err, viewing.ErrRevoked)
	_, err = w.ReadFrom(strings.NewReader("x"))
	require.ErrorIs(t, err, viewing.ErrRevoked)
}

// takeOne is a response that stands still after its first bytes until it is let
// on.
type takeOne struct {
	http.ResponseWriter
	began, goOn chan struct{}
	once        sync.Once
	bytes       int
}

func (w *takeOne) Write(b []byte) (int, error) {
	w.bytes += len(b)
	w.once.Do(func() {
		close(w.began)
		<-w.goOn
	})
	return len(b), nil
}

// A download for everybody that is under way ends as well when what it is of is
// taken down, or for everybody no longer; its caching is as it was.
func TestAPublicDownloadEnds(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	mod := s.user("mod", account.RoleModerator)
	over := s.archived("alice")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	s.end()
	for name, c := range map[string]struct {
		path string
		act  func() (undo func())
	}{
		"taken down": {"/vod/" + over.ID + "/download.mp4", func() func() {
			d := s.takeDown(mod, "recording", over.ID)
			return func() { s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "") }
		}},
		"a clip": {"/vod/" + clip.ID + "/download.mp4", func() func() {
			d := s.takeDown(mod, "clip", clip.ID)
			return func() { s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "") }
		}},
		"private": {"/vod/" + over.ID + "/download.mp4", func() func() {
			s.set("alice", account.Members)
			return func() { s.set("alice", account.Public) }
		}},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.path, http.NoBody)
		require.NoError(t, err)
		rest := httptest.NewRecorder()
		w := &takeOne{ResponseWriter: rest, began: make(chan struct{}), goOn: make(chan struct{})}
		var held context.Context
		done := make(chan struct{})
		go func() {
			defer close(done)
			mux := &routes{ServeMux: http.NewServeMux()}
			s.web.watch(mux, "GET /vod/{broadcast}/download.mp4", viewing.Body, s.web.onRecording, func(w http.ResponseWriter, r *http.Request) {
				held = r.Context()
				s.web.download(w, r)
			})
			mux.ServeHTTP(w, req)
		}()
		<-w.began
		require.Contains(t, rest.Header().Get("Cache-Control"), "public", name)
		undo := c.act()
		<-held.Done()
		require.NoError(t, ctx.Err(), name)
		close(w.goOn)
		<-done
		whole, err := strconv.Atoi(rest.Header().Get("Content-Length"))
		require.NoError(t, err)
		require.Less(t, w.bytes, whole, name)
		undo()
		cancel()
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
