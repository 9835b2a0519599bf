package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
)

// pictured gives a recording stills that somebody made up.
func (s *site) pictured(b *broadcast.Broadcast) {
	s.t.Helper()
	for _, name := range []string{"cover.jpg", "storyboard.vtt", "storyboard-0.jpg"} {
		key, _, ok := still.Object(b.ID, name)
		require.True(s.t, ok)
		require.NoError(s.t, s.files.PutBytes(s.t.Context(), key, []byte("the "+name)))
	}
	require.NoError(s.t, s.db.Write(s.t.Context(), func(tx *store.Tx) error {
		return tx.PutStills(s.t.Context(), store.Stills{BroadcastID: b.ID, MadeAt: time.Now(), Cover: true, Tiles: 3, Sheets: 1})
	}))
}

func TestStillsOfARecording(t *testing.T) {
	s := newSite(t, nil)
	b := s.archived("alice")
	var told Broadcast
	s.json("/api/v1/broadcasts/"+b.ID, &told)
	require.Empty(t, told.Cover+told.Storyboard, "there are none")
	require.NotContains(t, s.get("/v/"+b.ID).body, "og:image")
	require.Equal(t, http.StatusNotFound, s.get("/vod/"+b.ID+"/cover.jpg").status)

	s.pictured(b)
	s.json("/api/v1/broadcasts/"+b.ID, &told)
	require.Equal(t, []string{"/vod/" + b.ID + "/cover.jpg", "/vod/" + b.ID + "/storyboard.vtt"}, []string{told.Cover, told.Storyboard})
	page := s.get("/v/" + b.ID).body
	require.Contains(t, page, `<meta property="og:image" content="`+s.url+told.Cover+`" />`)
	require.Contains(t, page, `<meta name="twitter:card" content="summary_large_image" />`)
	for name, kind := range map[string]string{"cover.jpg": "image/jpeg", "storyboard.vtt": "text/vtt; charset=utf-8", "storyboard-0.jpg": "image/jpeg"} {
		a := s.get("/vod/" + b.ID + "/" + name)
		require.Equal(t, http.StatusOK, a.status, name)
		require.Equal(t, "the "+name, a.body)
		require.Equal(t, kind, a.header.Get("Content-Type"))
		require.Equal(t, stillCache, a.header.Get("Cache-Control"))
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, http.StatusNotModified, s.get("/vod/"+b.ID+"/"+name, "If-None-Match", a.header.Get("ETag")).status)
		head := s.do(http.MethodHead, "/vod/"+b.ID+"/"+name)
		require.Empty(t, head.body)
		require.Equal(t, a.header.Get("Content-Length"), head.header.Get("Content-Length"))
	}
	require.Equal(t, http.StatusNotFound, s.get("/vod/"+b.ID+"/storyboard-1.jpg").status)
	require.Equal(t, http.StatusNotFound, s.get("/media/"+b.ID+"/stills/cover.jpg").status, "they have one address each")

	s.set("alice", account.Password)
	var hidden Broadcast
	s.json("/api/v1/broadcasts/"+b.ID, &hidden)
	require.Empty(t, hidden.Cover+hidden.Storyboard)
	require.NotContains(t, s.get("/v/"+b.ID).body, "og:image")
	requireRefused(t, s.get("/vod/"+b.ID+"/cover.jpg"), refused, "cover")
	var v BroadcastViewing
	require.NoError(t, json.Unmarshal([]byte(s.post("/api/v1/broadcasts/"+b.ID+"/viewings", `{"password":"`+watchword+`"}`).body), &v))
	require.True(t, strings.HasPrefix(v.Cover, "/~") && strings.HasPrefix(v.Storyboard, "/~"), "%+v", v)
	a := s.get(v.Cover)
	require.Equal(t, "the cover.jpg", a.body)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))

	s.set("alice", account.Public)
	require.Contains(t, s.get("/v/"+b.ID).body, "og:image")
	_, err := s.accounts.SetDetails(t.Context(), account.CommandLine(), "alice", account.AnyRevision, account.Details{Mature: new(true)})
	require.NoError(t, err)
	s.json("/api/v1/broadcasts/"+b.ID, &told)
	require.True(t, told.Mature)
	require.NotContains(t, s.get("/v/"+b.ID).body, "og:image", "previews of links ask nobody for their age")
	require.NoError(t, s.web.opts.Library.Remove(t.Context(), b.ID, nil))
	require.Equal(t, http.StatusGone, s.get("/vod/"+b.ID+"/cover.jpg").status, "they go with the recording")
}

// A clip's cover lies beside its recording's, is told where the clip may be
// watched, and goes with the clip alone.
func TestStillOfAClip(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	_, editor := s.member("show", "edith", account.PlaceEditor)
	c := s.clipIn(over.ID, 0, 2*time.Second)
	cover := "/vod/" + c.ID + "/cover.jpg"
	told := func() (got Clip) {
		t.Helper()
		s.json("/api/v1/clips/"+c.ID, &got)
		return got
	}
	put := func(bytes string) {
		t.Helper()
		key, kind, ok := still.ClipObject(c, "cover.jpg")
		require.True(t, ok)
		require.Equal(t, "image/jpeg", kind)
		require.NoError(t, s.files.PutBytes(t.Context(), key, []byte(bytes)))
	}
	for _, bytes := range []string{"none", ""} { // not made yet, and nothing could be made
		if bytes == "" {
			put("")
		}
		require.Empty(t, told().Cover)
		require.Equal(t, http.StatusNotFound, s.get(cover).status)
		require.NotContains(t, s.get("/c/"+c.ID).body, "og:image")
	}
	put("the cover")
	require.Equal(t, cover, told().Cover)
	var list struct{ Items []Clip }
	s.json("/api/v1/channels/show/clips", &list)
	require.Equal(t, cover, list.Items[0].Cover)
	require.Contains(t, s.get("/c/"+c.ID).body, `<meta property="og:image" content="`+s.url+cover+`" />`)
	require.Contains(t, s.get("/c/"+c.ID).body, `<meta name="twitter:card" content="summary_large_image" />`)
	a := s.get(cover)
	require.Equal(t, "the cover", a.body)
	require.Equal(t, stillCache, a.header.Get("Cache-Control"))
	require.Equal(t, http.StatusNotModified, s.get(cover, "If-None-Match", a.header.Get("ETag")).status)
	require.Equal(t, http.StatusNotFound, s.get("/vod/"+c.ID+"/storyboard.vtt").status)
	require.Equal(t, http.StatusNotFound, s.get("/media/"+over.ID+"/clips/"+c.ID+".jpg").status, "it has one address")

	s.set("show", account.Password)
	require.Empty(t, told().Cover)
	require.NotContains(t, s.get("/c/"+c.ID).body, "og:image")
	requireRefused(t, s.get(cover), refused, "cover")
	var v ClipViewing
	require.NoError(t, json.Unmarshal([]byte(s.post("/api/v1/clips/"+c.ID+"/viewings", `{"password":"`+watchword+`"}`).body), &v))
	require.Equal(t, v.Prefix+cover, v.Cover)
	require.Equal(t, "the cover", s.get(v.Cover).body)

	s.set("show", account.Public)
	_, err := s.accounts.SetDetails(t.Context(), account.CommandLine(), "show", account.AnyRevision, account.Details{Mature: new(true)})
	require.NoError(t, err)
	require.True(t, told().Mature)
	require.NotContains(t, s.get("/c/"+c.ID).body, "og:image", "previews of links ask nobody for their age")
	require.NoError(t, s.web.opts.Library.Remove(t.Context(), over.ID, nil))
	require.Equal(t, http.StatusOK, s.get(cover).status, "it outlives the recording, as its clip does")
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/clips/"+c.ID, editor, "").status)
	require.Equal(t, http.StatusGone, s.get(cover).status)
	key, _, _ := still.ClipObject(c, "cover.jpg")
	_, _, err = s.files.Get(t.Context(), key)
	require.ErrorIs(t, err, blob.ErrNotFound)
}

// withFFmpeg gives a site what makes stills.
func withFFmpeg(t *testing.T, path string) func(*Options) {
	return func(o *Options) {
		ffmpeg := transcode.New(transcode.Options{FFmpeg: path, Log: o.Log})
		t.Cleanup(ffmpeg.Close)
		stills := still.New(still.Options{DB: o.DB, Files: o.Files, Library: o.Library, Transcoder: ffmpeg, Log: o.Log})
		t.Cleanup(stills.Close)
		o.Stills, o.FFmpeg = stills, ffmpeg.Version
	}
}

// The still of what is on air has one address, which is told where it may be
// seen.
func TestPreview(t *testing.T) {
	s := newSite(t, withFFmpeg(t, "ffmpeg"))
	require.Equal(t, http.StatusNotFound, s.get("/live/alice/preview.jpg").status, "off air")
	_, b := s.publish("alice")
	var c Channel
	s.json("/api/v1/channels/alice", &c)
	require.Equal(t, "/live/alice/preview.jpg", c.Live.Preview)
	require.Contains(t, s.get("/@alice").body, `<meta property="og:image" content="`+s.url+c.Live.Preview+`" />`)
	var a response
	require.Eventually(t, func() bool { // ffmpeg gives way to all else: on a busy machine it may be long
		a = s.get(c.Live.Preview)
		return a.status == http.StatusOK
	}, 3*limit, 5*time.Millisecond, "a still")
	require.Equal(t, "image/jpeg", a.header.Get("Content-Type"))
	require.Equal(t, "public, max-age=5", a.header.Get("Cache-Control"))
	require.Equal(t, "image/jpeg", http.DetectContentType([]byte(a.body)))
	require.Contains(t, a.header.Get("ETag"), b.ID)
	require.Equal(t, http.StatusNotModified, s.get(c.Live.Preview, "If-None-Match", a.header.Get("ETag")).status)
	require.Empty(t, s.do(http.MethodHead, c.Live.Preview).body)

	s.set("alice", account.Password)
	requireRefused(t, s.get("/live/alice/preview.jpg"), refused, "preview")
	require.NotContains(t, s.get("/@alice").body, "og:image")
	var v ChannelViewing
	require.NoError(t, json.Unmarshal([]byte(s.post("/api/v1/channels/alice/viewings", `{"password":"`+watchword+`"}`).body), &v))
	require.True(t, strings.HasPrefix(v.Preview, "/~"), v.Preview)
	require.Equal(t, http.StatusOK, s.get(v.Preview).status)
}

// An admin is told what is missing. That others are not is TestOthersAreRefused's.
func TestStatus(t *testing.T) {
	for path, want := range map[string]FFmpeg{
		"ffmpeg":          {Wanted: true, Found: true},
		"":                {},
		"/nowhere/ffmpeg": {Wanted: true},
	} {
		s := newSite(t, withFFmpeg(t, path))
		a := s.get("/api/v1/admin/status", "Cookie", s.user("site-admin", account.RoleAdmin))
		require.Equal(t, http.StatusOK, a.status, a.body)
		var got Status
		require.NoError(t, json.Unmarshal([]byte(a.body), &got))
		require.Equal(t, want.Found, got.FFmpeg.Version != "", path)
		require.Equal(t, want.Wanted && !want.Found, got.FFmpeg.Problem != "", path)
		got.FFmpeg.Version, got.FFmpeg.Problem = "", ""
		require.Equal(t, want, got.FFmpeg, path)
	}
}
