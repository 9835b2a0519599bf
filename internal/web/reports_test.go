package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

const gone = "This was taken down."

// takeDown takes something down as a moderator, by the API.
func (s *site) takeDown(cookie, kind, target string) (d Takedown) {
	s.t.Helper()
	a := s.call("POST", "/api/v1/admin/takedowns", cookie, `{"kind":"`+kind+`","target":"`+target+`","reason":"copyright"}`)
	require.Equal(s.t, http.StatusCreated, a.status, a.body)
	require.NoError(s.t, json.Unmarshal([]byte(a.body), &d))
	return d
}

func requireGone(t *testing.T, a response, path string) {
	t.Helper()
	require.Equal(t, http.StatusGone, a.status, "%s: %.200s", path, a.body)
	require.Equal(t, gone+"\n", a.body, path)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
	require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
}

// Each address of media answers 410 of what was taken down, also to who had the
// right to watch; undone, all are as before.
func TestEveryAddressKnowsTakedowns(t *testing.T) {
	s := newSite(t, nil)
	mod := s.user("mod", account.RoleModerator)
	over := s.archived("alice")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	ofClip := slices.DeleteFunc(addressesOf("alice", over.ID, clip.ID), func(path string) bool { return !strings.Contains(path, clip.ID) })
	require.Len(t, ofClip, 4)
	_, cookie := s.member("alice", "the-member", account.PlaceMember)
	s.set("alice", account.Members)
	prefix := s.watch("broadcasts/"+over.ID, "Cookie", cookie).Prefix
	ofRecording := func() (list []string) {
		for _, path := range addressesOf("alice", over.ID, "") {
			if strings.Contains(path, over.ID) { // not what the channel has on air
				list = append(list, path)
			}
		}
		return append(list, ofClip...)
	}()
	require.Greater(t, len(ofRecording), 10)

	d := s.takeDown(mod, "clip", clip.ID)
	for _, path := range ofClip {
		requireGone(t, s.peek(prefix+path), path)
	}
	require.Equal(t, http.StatusOK, s.get(prefix+"/vod/"+over.ID+"/index.m3u8").status, "the recording is none of its business")
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status)
	for _, kind := range []string{"recording", "channel"} {
		target := map[string]string{"recording": over.ID, "channel": "alice"}[kind]
		d := s.takeDown(mod, kind, target)
		for _, path := range ofRecording {
			requireGone(t, s.peek(path), path)
			requireGone(t, s.peek(prefix+path), kind+": "+path)
		}
		require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status)
		for _, path := range ofRecording {
			require.Equal(t, http.StatusForbidden, s.peek(path).status, path)
			s.requirePrivate(s.peek(prefix+path), path)
		}
	}
}

// What was kept for a clip alone goes down with it, while other clips of the same
// recording stay up, and what these have of it.
func TestSegmentsOfAClipThatIsDown(t *testing.T) {
	s := newSite(t, nil)
	mod := s.user("mod", account.RoleModerator)
	over := s.archived("alice")
	down, up := s.clipIn(over.ID, 0, 1100*time.Millisecond), s.clipIn(over.ID, 2*time.Second, 3*time.Second)
	require.Equal(t, [4]int64{0, 1, 2, 2}, [4]int64{down.First, down.Last, up.First, up.Last}, "they share no segment")
	status := func(want int, names ...string) {
		t.Helper()
		for _, name := range names {
			path := "/media/" + over.ID + "/video/source/" + name
			if a := s.get(path); want == http.StatusGone {
				requireGone(t, a, path)
			} else {
				require.Equal(t, want, a.status, path)
			}
		}
	}
	ofDown, ofUp := []string{"seg0.m4s", "seg1.m4s", "seg0-source.ts"}, []string{"init0.mp4", "seg2.m4s", "seg2-source.ts"}
	d := s.takeDown(mod, "clip", down.ID)
	status(http.StatusOK, append(ofDown, ofUp...)...) // they are the recording's
	require.NoError(t, s.web.opts.Library.Remove(t.Context(), over.ID, nil))
	s.viewing.Forget(down.ChannelID) // as after a moment
	status(http.StatusGone, ofDown...)
	status(http.StatusOK, ofUp...)
	require.Equal(t, http.StatusOK, s.get("/vod/"+up.ID+"/download.mp4").status)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status)
	status(http.StatusOK, append(ofDown, ofUp...)...)
}

// A channel that is taken down goes off air and lets nobody in; its addresses of
// what is on air answer 410, like all others.
func TestTakedownEndsWhatIsOnAir(t *testing.T) {
	s := newSite(t, nil)
	mod := s.user("mod", account.RoleModerator)
	pub, b := s.publish("alice")
	d := s.takeDown(mod, "channel", "alice")
	for _, path := range addressesOf("alice", b.ID, "") {
		requireGone(t, s.peek(path), path)
	}
	<-pub.Kicked()
	require.Equal(t, "taken_down", pub.Reason().Code)
	pub.Close(live.Stopped, nil)
	s.await("it is off air", func() bool { return s.manager.Live("alice") == nil })
	request := live.Request{Protocol: "rtmp", Name: "alice"}
	_, err := s.manager.Publish(t.Context(), request)
	require.EqualError(t, err, gone)
	for _, path := range addressesOf("alice", b.ID, "") {
		requireGone(t, s.peek(path), path)
	}
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status, "once")
	require.Equal(t, http.StatusOK, s.get("/vod/"+b.ID+"/index.m3u8").status)
	pub, b = s.publish("alice")
	d = s.takeDown(mod, "recording", b.ID)
	<-pub.Kicked()
	pub.Close(live.Stopped, nil)
	s.await("it is off air", func() bool { return s.manager.Live("alice") == nil })
	require.Equal(t, http.StatusOK, s.get("/api/v1/channels/alice").status, "the channel is up")
	require.Equal(t, d.Target, b.ID)
}

// Everything that tells of what was taken down is a tombstone, and no list has
// it: operations of the API are walked, so that a new one is not forgotten.
func TestTombstones(t *testing.T) {
	s := newSite(t, nil)
	mod, owner := s.user("mod", account.RoleModerator), s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", owner, `{"name":"show"}`).status)
	over := s.archived("show")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	s.takeDown(mod, "channel", "show")
	fill := strings.NewReplacer("{channel}", "show", "{broadcast}", over.ID, "{clip}", clip.ID)
	walked := 0
	for path, methods := range s.description().Paths {
		what := tombstoneOf("GET", path, func(string) string { return "show" })
		names := strings.Contains(path, "{channel}") || strings.Contains(path, "{broadcast}") || strings.Contains(path, "{clip}")
		if !names || strings.HasPrefix(path, "/api/v1/admin/") || strings.HasPrefix(path, "/api/v1/me/") || strings.Count(path, "{") > 1 {
			continue
		}
		for method := range methods {
			body := map[string]string{"post": `{}`, "patch": `{"title":"x"}`, "put": `{}`}[method]
			a := s.call(strings.ToUpper(method), fill.Replace(path), owner, body)
			if what.Broadcast == "" && what.Name == "" || method == "patch" && path == "/api/v1/channels/{channel}" {
				require.NotEqual(t, http.StatusGone, a.status, "its owner's: %s %s", method, path)
				continue
			}
			walked++
			require.Equal(t, http.StatusGone, a.status, "%s %s: %s", method, path, a.body)
			require.Equal(t, "taken_down", a.code(), path)
		}
	}
	require.Greater(t, walked, 12)
	for _, path := range []string{
		"/@show", "/@show/about", "/@show/feed.xml", "/embed/@show", "/v/" + over.ID, "/embed/v/" + over.ID, "/c/" + clip.ID, "/embed/c/" + clip.ID,
	} {
		a := s.get(path)
		require.Equal(t, http.StatusGone, a.status, path)
		require.Contains(t, a.body, gone, path)
		require.NotContains(t, a.body, "Ha", path)
	}
	require.Equal(t, http.StatusGone, s.get("/api/oembed?url="+s.url+"/@show").status)
	for _, path := range []string{"/api/v1/broadcasts", "/api/v1/live"} {
		require.NotContains(t, s.get(path).body, `"show"`, path)
	}
	require.NotContains(t, s.get("/api/v1/search?q=show").body, over.ID)
}

// Anyone may report, a little; moderators decide, and it is logged.
func TestReports(t *testing.T) {
	s := newSite(t, nil)
	mod, vera := s.user("mod", account.RoleModerator), s.user("vera", account.RoleUser)
	over := s.archived("show")
	report := func(cookie, body string) response { return s.call("POST", "/api/v1/reports", cookie, body) }
	about := func(kind, target string) string {
		return `{"kind":"` + kind + `","target":"` + target + `","reason":"abuse","words":"Look."}`
	}
	for range 3 { // said again it is one
		require.Equal(t, http.StatusNoContent, report("", about("recording", over.ID)).status)
	}
	require.Equal(t, http.StatusNoContent, report(vera, about("channel", "Show")).status)
	require.Equal(t, http.StatusNotFound, report("", about("clip", over.ID)).status)
	require.Equal(t, http.StatusNotFound, report("", about("channel", "nobody")).status)
	long := strings.Repeat("ä", 2001)
	require.Equal(t, "bad_report", report("", `{"kind":"channel","target":"show","reason":"other","words":"`+long+`"}`).code())

	queue := func() []Report {
		var list struct{ Items []Report }
		a := s.call("GET", "/api/v1/admin/reports", mod, "")
		require.NoError(t, json.Unmarshal([]byte(a.body), &list))
		return list.Items
	}
	got := queue()
	require.Len(t, got, 2)
	require.Equal(t, "vera", got[0].Reporter)
	require.Equal(t, []string{"show", "/@show"}, []string{got[0].Target, got[0].URL})
	require.Equal(t, []string{over.ID, "/v/" + over.ID, ""}, []string{got[1].Target, got[1].URL, got[1].Reporter})
	require.Equal(t, http.StatusNoContent, s.call("POST", "/api/v1/admin/reports/"+got[0].ID+"/dismiss", mod, "").status)
	require.Equal(t, http.StatusNotFound, s.call("POST", "/api/v1/admin/reports/"+got[0].ID+"/dismiss", mod, "").status)
	s.takeDown(mod, "recording", over.ID)
	require.Empty(t, queue())
	require.Equal(t, http.StatusGone, report("", about("recording", over.ID)).status)
	require.Equal(t, "taken_down", s.call("POST", "/api/v1/admin/takedowns", mod, `{"kind":"recording","target":"`+over.ID+`","reason":"abuse"}`).code())
	acts, _, err := s.accounts.Acts(t.Context(), account.CommandLine(), "", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"takedown", "report.dismiss"}, []string{acts[0].Act, acts[1].Act})
	require.Equal(t, "mod", acts[0].Actor)

	var last response
	for range 30 {
		last = report("", about("channel", "show"))
	}
	require.Equal(t, http.StatusTooManyRequests, last.status)
}
