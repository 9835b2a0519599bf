package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// clipIn makes a clip of a broadcast that nobody is said to have made.
func (s *site) clipIn(id string, from, to time.Duration) store.Clip {
	s.t.Helper()
	row, err := s.db.Broadcast(s.t.Context(), id)
	require.NoError(s.t, err)
	c, err := s.web.opts.Library.MakeClip(s.t.Context(), row, vod.ClipOrder{
		Title: "Ha", Start: vod.Moment{Media: media.Origin + from}, End: vod.Moment{Media: media.Origin + to},
	})
	require.NoError(s.t, err)
	return c
}

const twoSeconds = `{"title":"Well said","start_ms":0,"end_ms":2000}`

// Whoever watches may clip where the channel lets them; its moderators always
// may. Clips are changed by who made them, and by moderators.
func TestWhoMayClip(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	_, editor := s.member("show", "edith", account.PlaceEditor)
	_, moderator := s.member("show", "morris", account.PlaceModerator)
	_, member := s.member("show", "mabel", account.PlaceMember)
	_, viewer := s.member("show", "vera", account.PlaceNone)
	_, other := s.member("show", "oscar", account.PlaceNone)
	address := "/api/v1/broadcasts/" + over.ID + "/clips"
	clip := func(cookie string, want int, code string) (c Clip) {
		t.Helper()
		a := s.call("POST", address, cookie, twoSeconds)
		require.Equal(t, want, a.status, a.body)
		require.Equal(t, code, a.code())
		if want == http.StatusCreated {
			require.NoError(t, json.Unmarshal([]byte(a.body), &c))
		}
		return c
	}
	clip("", http.StatusUnauthorized, "sign_in")
	made := clip(viewer, http.StatusCreated, "")
	require.Equal(t, "vera", made.Author.Name)
	require.True(t, made.MayChange)
	require.True(t, made.Recording)
	require.Equal(t, int64(2000), made.EndMS)

	nobody := account.ClipsNobody
	_, err := s.accounts.SetDetails(t.Context(), account.CommandLine(), "show", account.AnyRevision, account.Details{Clips: &nobody})
	require.NoError(t, err)
	clip(viewer, http.StatusForbidden, "no_clips")
	clip(member, http.StatusForbidden, "no_clips")
	clip(moderator, http.StatusCreated, "")
	clip(editor, http.StatusCreated, "")

	signedIn := account.ClipsSignedIn
	_, err = s.accounts.SetDetails(t.Context(), account.CommandLine(), "show", account.AnyRevision, account.Details{Clips: &signedIn})
	require.NoError(t, err)
	s.set("show", account.Members)
	clip(viewer, http.StatusForbidden, "forbidden")
	clip(member, http.StatusCreated, "")
	s.set("show", account.Password)
	clip(viewer, http.StatusForbidden, "forbidden")
	v := s.watch("broadcasts/" + over.ID)
	a := s.call("POST", address, viewer, `{"start_ms":0,"end_ms":2000,"viewing":"`+v.Prefix+`"}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	s.set("show", account.Public)

	for name, c := range map[string]struct {
		cookie, method, body string
		status               int
	}{
		"nobody renames":     {"", "PATCH", `{"title":"Mine"}`, http.StatusUnauthorized},
		"another renames":    {other, "PATCH", `{"title":"Mine"}`, http.StatusForbidden},
		"a member deletes":   {member, "DELETE", "", http.StatusForbidden},
		"the maker renames":  {viewer, "PATCH", `{"title":"Mine"}`, http.StatusOK},
		"a bad title":        {viewer, "PATCH", `{"title":" "}`, http.StatusBadRequest},
		"moderators rename":  {moderator, "PATCH", `{"title":"Ours"}`, http.StatusOK},
		"no such operation":  {viewer, "PUT", `{}`, http.StatusMethodNotAllowed},
		"the maker may look": {viewer, "GET", "", http.StatusOK},
	} {
		require.Equal(t, c.status, s.call(c.method, "/api/v1/clips/"+made.ID, c.cookie, c.body).status, name)
	}
	var got Clip
	s.json("/api/v1/clips/"+made.ID, &got)
	require.False(t, got.MayChange, "nobody is asking")
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/clips/"+made.ID, viewer, "").status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", "/api/v1/clips/"+made.ID, viewer, "").status)
	require.Equal(t, "unknown_clip", s.call("GET", "/api/v1/clips/"+made.ID, viewer, "").code())
	require.Equal(t, http.StatusGone, s.get("/vod/"+made.ID+"/index.m3u8").status)
	require.Equal(t, http.StatusGone, s.get("/c/"+made.ID).status)
	require.Equal(t, http.StatusNotFound, s.get("/c/none").status)

	// What cannot be, and too much of it.
	for body, want := range map[string]int{
		`{"start_ms":0}`: http.StatusUnprocessableEntity,
		`{"start_ms":0,"start_at":"2026-01-01T00:00:00Z","end_ms":2000}`: http.StatusUnprocessableEntity,
		`{"start_ms":0,"end_ms":900}`:                                    http.StatusBadRequest,
		`{"start_ms":0,"end_ms":90000}`:                                  http.StatusConflict,
	} {
		require.Equal(t, want, s.call("POST", address, moderator, body).status, body)
	}
	last := response{}
	for range 12 {
		last = s.call("POST", address, other, twoSeconds)
	}
	require.Equal(t, http.StatusTooManyRequests, last.status)
	require.NotEmpty(t, last.header.Get("Retry-After"))

	// What moderators of the site do is logged, what makers do is not.
	acts, _, err := s.accounts.Acts(t.Context(), account.CommandLine(), "", 100)
	require.NoError(t, err)
	for _, act := range acts {
		require.NotContains(t, []string{"clip.change", "clip.remove"}, act.Act, "nobody came from outside the channel")
	}
	admin := s.user("site-admin", account.RoleAdmin)
	var list struct{ Items []Clip }
	s.json("/api/v1/channels/show/clips", &list)
	require.NotEmpty(t, list.Items)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/clips/"+list.Items[0].ID, admin, "").status)
	acts, _, err = s.accounts.Acts(t.Context(), account.CommandLine(), "", 1)
	require.NoError(t, err)
	require.Equal(t, "clip.remove", acts[0].Act)
	require.Equal(t, "channel/show", acts[0].Target)
	require.Contains(t, acts[0].Details, list.Items[0].ID)
}

// A clip is watched by whom its broadcast is.
func TestClipsAreWatchedAsTheirBroadcast(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	c := s.clipIn(over.ID, 0, 2*time.Second)
	addresses := []string{"/vod/" + c.ID + "/index.m3u8", "/vod/" + c.ID + "/video/source.m3u8", "/vod/" + c.ID + "/download.mp4"}
	for _, at := range addresses {
		require.Equal(t, http.StatusOK, s.get(at).status, at)
	}
	require.Equal(t, http.StatusNotFound, s.get("/vod/"+c.ID+"/manifest.mpd").status)
	require.Equal(t, "video/mp4", s.get(addresses[2]).header.Get("Content-Type"))
	require.Contains(t, s.get("/c/"+c.ID).body, "<title>Ha · show · Test &amp; Site</title>")
	require.Contains(t, s.get("/embed/c/"+c.ID).header.Get("Content-Security-Policy"), "frame-ancestors *")
	require.Contains(t, s.get("/embed/v/"+over.ID).header.Get("Content-Security-Policy"), "frame-ancestors *")
	require.Contains(t, s.get("/c/"+c.ID).header.Get("Content-Security-Policy"), "frame-ancestors 'none'")

	for _, v := range []account.Visibility{account.Members, account.Password} {
		s.setRecording(over.ID, v)
		s.set("show", account.Public) // the channel's own has nothing to do with it
		for _, at := range addresses {
			requireRefused(t, s.get(at), refused, at)
		}
		require.Contains(t, s.get("/c/"+c.ID).body, "noindex")
		var got Clip
		s.json("/api/v1/clips/"+c.ID, &got)
		require.Empty(t, got.HLS)
		require.Empty(t, got.Download)
		var list struct{ Items []Clip }
		s.json("/api/v1/channels/show/clips?broadcast="+over.ID, &list)
		require.Empty(t, list.Items)
		s.json("/api/v1/channels/show/clips", &list)
		require.Empty(t, list.Items)
	}
	v := s.watch("clips/" + c.ID)
	require.Equal(t, v.Prefix+addresses[0], v.HLS)
	for _, at := range addresses {
		require.Equal(t, http.StatusOK, s.get(v.Prefix+at).status, at)
	}
	require.Equal(t, http.StatusOK, s.get(v.Prefix+"/media/"+over.ID+"/video/source/seg0.m4s").status, "its segments are the broadcast's")
	another := s.archived("show")
	s.setRecording(another.ID, account.Password)
	requireRefused(t, s.get(v.Prefix+"/vod/"+s.clipIn(another.ID, 0, 2*time.Second).ID+"/index.m3u8"), refused, "another broadcast's clip")
}

// A recording is deleted once it is over; its clips stay, or go with it.
func TestDeleteRecording(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("show")
	_, editor := s.member("show", "edith", account.PlaceEditor)
	_, moderator := s.member("show", "morris", account.PlaceModerator)
	ask := func(cookie, query string) response {
		return s.call("DELETE", "/api/v1/broadcasts/"+b.ID+query, cookie, "")
	}
	require.Equal(t, "on_air", ask(editor, "").code())
	pub.Close(live.Stopped, nil)
	s.await("the broadcast is over", func() bool {
		row, err := s.db.Broadcast(t.Context(), b.ID)
		return err == nil && row.State == store.StateArchived && s.manager.Live("show") == nil
	})
	c := s.clipIn(b.ID, 0, 2*time.Second)
	require.Equal(t, http.StatusForbidden, ask(moderator, "").status)
	require.Equal(t, http.StatusNoContent, ask(editor, "").status)
	require.Equal(t, http.StatusNoContent, ask(editor, "").status, "said again")
	require.Equal(t, http.StatusGone, s.get("/vod/"+b.ID+"/index.m3u8").status)
	require.Equal(t, http.StatusGone, s.get("/live/show/"+b.ID+"/video/source.m3u8").status, "not from memory either")
	require.Equal(t, http.StatusOK, s.get("/vod/"+c.ID+"/video/source.m3u8").status)
	require.Equal(t, http.StatusOK, s.get("/vod/"+c.ID+"/download.mp4").status)
	var got Clip
	s.json("/api/v1/clips/"+c.ID, &got)
	require.False(t, got.Recording)
	require.Equal(t, "not_recorded", s.call("POST", "/api/v1/broadcasts/"+b.ID+"/clips", editor, twoSeconds).code())

	other := s.archived("show")
	c = s.clipIn(other.ID, 0, 2*time.Second)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/broadcasts/"+other.ID+"?clips=true", editor, "").status)
	require.Equal(t, http.StatusGone, s.get("/vod/"+c.ID+"/index.m3u8").status)
	require.Equal(t, http.StatusGone, s.get("/media/"+other.ID+"/video/source/seg0.m4s").status)
}

// Titles that a broadcast has on air become its chapters.
func TestChapters(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("show")
	_, editor := s.member("show", "edith", account.PlaceEditor)
	chapters := func() (c Chapters) {
		t.Helper()
		s.json("/api/v1/broadcasts/"+b.ID+"/chapters", &c)
		return c
	}
	title := func(text string) {
		t.Helper()
		a := s.call("PATCH", "/api/v1/broadcasts/"+b.ID, editor, `{"title":"`+text+`"}`)
		require.Equal(t, http.StatusOK, a.status, a.body)
	}
	require.Empty(t, chapters().Items)
	title("Welcome") // soon after the beginning: it is what the broadcast was called
	require.Equal(t, []Chapter{{0, "Welcome"}}, chapters().Items)
	cliptest.Load(t).Between(3*time.Second, 15*time.Second).Send(pub)
	s.await("the media", func() bool { return b.Packager().Newest() > media.Origin+12*time.Second })
	title("Questoins")
	title("Questions") // a slip of the pen is no chapter
	title("Questions")
	got := chapters().Items
	require.Len(t, got, 2)
	require.Equal(t, Chapter{0, "Welcome"}, got[0])
	require.Equal(t, "Questions", got[1].Title)
	require.InDelta(t, (b.Packager().Newest() - media.Origin).Milliseconds(), got[1].StartMS, 1)
	pub.Close(live.Stopped, nil)
	s.await("the broadcast is over", func() bool {
		row, err := s.db.Broadcast(t.Context(), b.ID)
		return err == nil && row.State == store.StateArchived && s.manager.Live("show") == nil
	})
	title("The whole evening")
	require.Len(t, chapters().Items, 2, "what is over has no more chapters")
	require.True(t, strings.Contains(s.get("/v/"+b.ID).body, "The whole evening"))
}
