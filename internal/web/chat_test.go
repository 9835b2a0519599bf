package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/store"
)

// upgrade asks for the chat of a channel and returns what was answered.
func (s *site) upgrade(path string, header ...string) (int, *bufio.Reader, net.Conn) {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = c.Close() })
	var more strings.Builder
	for i := 0; i < len(header); i += 2 {
		fmt.Fprintf(&more, "%s: %s\r\n", header[i], header[i+1])
	}
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: tv.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", path, more.String())
	b := bufio.NewReader(c)
	require.NoError(s.t, c.SetReadDeadline(time.Now().Add(limit)))
	res, err := http.ReadResponse(b, nil) //nolint:bodyclose // what follows is the test's
	require.NoError(s.t, err)
	return res.StatusCode, b, c
}

func frameOf(t *testing.T, b io.Reader) (e map[string]any) {
	t.Helper()
	for {
		h, err := ws.ReadHeader(b)
		require.NoError(t, err)
		p := make([]byte, h.Length)
		_, err = io.ReadFull(b, p)
		require.NoError(t, err)
		if h.OpCode == ws.OpPing { // nothing was said for a while
			continue
		}
		require.NoError(t, json.Unmarshal(p, &e), "%v: %s", h, p)
		return e
	}
}

func TestChatSocket(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	const path = "/api/v1/channels/show/chat"
	for name, c := range map[string]struct {
		path, origin string
		status       int
	}{
		"foreign": {path, "https://evil.example", 403}, "null": {path, "null", 403}, "none": {path, "", 101}, "own": {path, "http://tv.example", 101},
		"unknown": {"/api/v1/channels/nothing/chat", "", 404},
	} {
		var header []string
		if c.origin != "" {
			header = []string{"Origin", c.origin}
		}
		status, _, _ := s.upgrade(c.path, header...)
		require.Equal(t, c.status, status, name)
	}
	a := s.get(path)
	require.Equal(t, http.StatusUpgradeRequired, a.status)
	require.Equal(t, codeNoUpgrade, a.code())
	status, b, c := s.upgrade(path, "Cookie", alice)
	require.Equal(t, 101, status)
	hello := frameOf(t, b)
	require.Equal(t, "hello", hello["type"])
	require.Equal(t, "owner", hello["you"].(map[string]any)["role"])
	require.Equal(t, "history", frameOf(t, b)["type"])
	require.NoError(t, ws.WriteFrame(c, ws.MaskFrame(ws.NewTextFrame([]byte(`{"type":"message","text":"<b>hi</b>","nonce":"1"}`)))))
	seen := map[any]map[string]any{}
	for len(seen) < 2 {
		e := frameOf(t, b)
		seen[e["type"]] = e
	}
	require.Equal(t, "<b>hi</b>", seen["message"]["text"])
	require.Equal(t, seen["ack"]["id"], seen["message"]["id"])
	var list struct{ Items []map[string]any }
	s.json(path+"/messages", &list)
	require.Len(t, list.Items, 1)
	var schema struct {
		Defs map[string]any `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.get("/api/v1/chat.schema.json").body), &schema))
	require.Contains(t, schema.Defs, "Hello")
	require.Contains(t, schema.Defs, "SayMessage")
	for kind, fields := range map[string][]string{"Notice": {"command", "name", "durationMs", "value", "commands"}, "Refused": {"command", "usage"}} {
		for _, field := range fields {
			require.Contains(t, schema.Defs[kind].(map[string]any)["properties"], field)
			require.NotContains(t, schema.Defs[kind].(map[string]any)["required"], field)
		}
	}
	require.Equal(t, http.StatusNoContent, s.call("DELETE", path+"/messages/"+list.Items[0]["id"].(string), alice, "").status)
	require.Equal(t, []any{list.Items[0]["id"]}, func() any {
		for {
			if e := frameOf(t, b); e["type"] == "delete" {
				return e["ids"]
			}
		}
	}())
	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/me/color", alice, `{"color":"#FF8800"}`).status)
	require.Equal(t, http.StatusBadRequest, s.call("PUT", "/api/v1/me/color", alice, `{"color":"red"}`).status)
}

// An admin vouches for somebody, whose next line tells so on a socket that is open.
func TestVerifiedInChat(t *testing.T) {
	s := newSite(t, nil)
	alice, admin := s.user("alice", account.RoleUser), s.user("boss", account.RoleAdmin)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	_, b, c := s.upgrade("/api/v1/channels/show/chat", "Cookie", alice)
	next := func(kind string) map[string]any {
		t.Helper()
		for {
			if e := frameOf(t, b); e["type"] == kind {
				return e
			}
		}
	}
	next("hello")
	require.Equal(t, http.StatusForbidden, s.call("PATCH", "/api/v1/admin/users/alice", alice, `{"verified":true}`).status)
	a := s.call("PATCH", "/api/v1/admin/users/alice", admin, `{"verified":true}`)
	require.Equal(t, http.StatusOK, a.status, a.body)
	var u User
	require.NoError(t, json.Unmarshal([]byte(a.body), &u))
	require.NotNil(t, u.VerifiedAt)
	require.Contains(t, s.call("GET", "/api/v1/me", alice, "").body, `"verified_at":"`)
	next("you")
	require.NoError(t, ws.WriteFrame(c, ws.MaskFrame(ws.NewTextFrame([]byte(`{"type":"message","text":"It is me","nonce":"1"}`)))))
	require.Equal(t, []any{"owner", "verified"}, next("message")["user"].(map[string]any)["badges"])
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/me", alice, `{"display_name":"Somebody else"}`).status)
	require.Contains(t, s.call("GET", "/api/v1/me", alice, "").body, `"verified_at":null`)
	require.Equal(t, []any{"owner"}, next("you")["you"].(map[string]any)["badges"])
}

// Moderators see of a person whether the channel has blocked it, and block.
func TestBlockedInChat(t *testing.T) {
	s := newSite(t, nil)
	alice, mona := s.user("alice", account.RoleUser), s.user("mona", account.RoleModerator)
	s.user("eve", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	blocked := func() bool {
		t.Helper()
		var u ChatUser
		a := s.call("GET", "/api/v1/channels/show/chat/users/eve", mona, "")
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &u))
		require.Equal(t, "viewer", u.Role)
		return u.Blocked
	}
	require.False(t, blocked())
	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/channels/show/blocks/eve", mona, "").status)
	require.True(t, blocked())
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/channels/show/blocks/eve", mona, "").status)
	require.False(t, blocked())
}

func TestChatReplay(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	alice := s.user("alice", account.RoleUser)
	row, err := s.db.Broadcast(t.Context(), over.ID)
	require.NoError(t, err)
	require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error {
		var lines []store.ChatLine
		for i := range 5 {
			id := tx.NewID()
			lines = append(lines, store.ChatLine{ID: id, ChannelID: row.ChannelID, UserID: "u", BroadcastID: over.ID, Media: time.Duration(i/2) * time.Second, Line: fmt.Sprintf(`{"type":"message","id":%q,"text":"line %d","user":{"displayName":"Al"}}`, id, i)})
		}
		return tx.InsertChatLines(t.Context(), lines)
	}))
	type page struct {
		Items []struct {
			Text    string
			MediaMs int64
		}
		Next *string
	}
	var got []string
	for cursor, n := "", 0; ; n++ {
		var p page
		s.json(fmt.Sprintf("/api/v1/broadcasts/%s/chat?from_ms=0&to_ms=2000&limit=2&cursor=%s", over.ID, cursor), &p)
		for _, l := range p.Items {
			got = append(got, fmt.Sprint(l.Text, " at ", l.MediaMs))
		}
		if p.Next == nil {
			break
		}
		cursor = *p.Next
		require.Less(t, n, 5)
	}
	require.Equal(t, []string{"line 0 at 0", "line 1 at 0", "line 2 at 1000", "line 3 at 1000"}, got)
	clip := s.clipIn(over.ID, time.Second, 2*time.Second)
	var p page
	s.json("/api/v1/clips/"+clip.ID+"/chat", &p)
	require.Len(t, p.Items, 2)
	require.Equal(t, int64(0), p.Items[0].MediaMs)
	require.Equal(t, http.StatusForbidden, s.call("GET", "/api/v1/broadcasts/"+over.ID+"/chat.txt", alice, "").status)
	admin := s.user("boss", account.RoleAdmin)
	a := s.call("GET", "/api/v1/broadcasts/"+over.ID+"/chat.txt", admin, "")
	require.Equal(t, "[0:00:00] Al: line 0\n[0:00:00] Al: line 1\n[0:00:01] Al: line 2\n[0:00:01] Al: line 3\n[0:00:02] Al: line 4\n", a.body)
	const forMembers = `{"slow_ms":0,"followers_ms":-1,"members_only":false,"emote_only":false,"links":true,"closed":false,"duplicates":true,"members_read_only":true,"max_length":500,"rules":"","recent_on_join":0}`
	require.Equal(t, http.StatusOK, s.call("PUT", "/api/v1/channels/show/chat/settings", admin, forMembers).status)
	for _, path := range []string{"/api/v1/broadcasts/" + over.ID + "/chat", "/api/v1/clips/" + clip.ID + "/chat"} {
		require.Equal(t, http.StatusForbidden, s.get(path).status, "a chat for members is so in replay: %s", path)
		require.Equal(t, http.StatusForbidden, s.call("GET", path, alice, "").status, path)
		require.Equal(t, http.StatusOK, s.call("GET", path, admin, "").status, path)
	}
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/broadcasts/"+over.ID, admin, `{"visibility":"members"}`).status)
	require.Equal(t, http.StatusUnauthorized, s.get("/api/v1/broadcasts/"+over.ID+"/chat").status)
}

func TestEmotes(t *testing.T) {
	s := newSite(t, nil)
	alice, admin := s.user("alice", account.RoleUser), s.user("boss", account.RoleAdmin)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	m := image.NewNRGBA(image.Rect(0, 0, 300, 150))
	m.Set(1, 1, color.NRGBA{R: 255, A: 128})
	var sent, form bytes.Buffer
	require.NoError(t, png.Encode(&sent, m))
	w := multipart.NewWriter(&form)
	require.NoError(t, w.WriteField("code", "wave"))
	part, err := w.CreateFormFile("picture", "x.png")
	require.NoError(t, err)
	_, _ = part.Write(sent.Bytes())
	require.NoError(t, w.Close())
	const path = "/api/v1/channels/show/emotes"
	a := s.call("POST", path, alice, form.String(), "Content-Type", w.FormDataContentType())
	require.Equal(t, http.StatusCreated, a.status, a.body)
	require.Equal(t, http.StatusConflict, s.call("POST", path+"?code=wave", alice, sent.String(), "Content-Type", "image/png").status)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/admin/emotes?code=site", admin, sent.String(), "Content-Type", "image/png").status)
	require.Equal(t, http.StatusBadRequest, s.call("POST", path+"?code=no", alice, "<svg onload=alert(1)>", "Content-Type", "image/svg+xml").status)
	require.Equal(t, http.StatusBadRequest, s.call("POST", path+"?code=a%20b", alice, sent.String(), "Content-Type", "image/png").status)
	var list struct{ Items []Emote }
	s.json(path, &list)
	require.Len(t, list.Items, 2)
	require.Equal(t, "wave", list.Items[0].Code)
	require.True(t, list.Items[1].Site)
	served := s.get(list.Items[0].URL)
	require.Equal(t, "image/png", served.header.Get("Content-Type"))
	require.Equal(t, "nosniff", served.header.Get("X-Content-Type-Options"))
	require.Contains(t, served.header.Get("Cache-Control"), "immutable")
	size, err := png.DecodeConfig(strings.NewReader(served.body))
	require.NoError(t, err)
	require.Equal(t, [2]int{112, 56}, [2]int{size.Width, size.Height})
	require.Equal(t, http.StatusNoContent, s.call("DELETE", path+"/"+list.Items[0].ID, alice, "").status)
	require.Equal(t, http.StatusNotFound, s.get(list.Items[0].URL).status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", path+"/"+list.Items[1].ID, alice, "").status, "it is the site's")
}

// The emotes of a channel are for who may read its chat, or the replay that they
// stand in.
func TestWhoSeesEmotes(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	admin, alice := s.user("boss", account.RoleAdmin), s.user("alice", account.RoleUser)
	s.clipIn(over.ID, time.Second, 2*time.Second)
	const path = "/api/v1/channels/show/emotes"
	require.Equal(t, http.StatusOK, s.get(path).status)
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/broadcasts/"+over.ID, admin, `{"visibility":"public"}`).status)
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/channels/show", admin, `{"visibility":"members"}`).status)
	require.Equal(t, http.StatusForbidden, s.get(path).status)
	require.Equal(t, http.StatusForbidden, s.call("GET", path, alice, "").status)
	require.Equal(t, http.StatusOK, s.call("GET", path, admin, "").status)
	require.Equal(t, http.StatusOK, s.get(path+"?broadcast="+over.ID).status, "a public recording of it")
	require.Equal(t, http.StatusForbidden, s.get(path+"?broadcast=0&clip=0").status)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"other"}`).status)
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/channels/other", alice, `{"visibility":"members"}`).status)
	require.Equal(t, http.StatusForbidden, s.get("/api/v1/channels/other/emotes?broadcast="+over.ID).status, "that is another channel's")
	require.Equal(t, http.StatusOK, s.call("PATCH", "/api/v1/broadcasts/"+over.ID, admin, `{"visibility":"members"}`).status)
	require.Equal(t, http.StatusForbidden, s.get(path+"?broadcast="+over.ID).status)
}

// An emote that moves is served without its motion, too.
func TestStillEmote(t *testing.T) {
	s := newSite(t, nil)
	e := store.Emote{ID: s.db.NewID(), Code: "spin", Animated: true, CreatedAt: time.Now()}
	e.Picture = e.ID + ".webp"
	moving, err := os.ReadFile("../picture/testdata/opaque.webp")
	require.NoError(t, err)
	require.NoError(t, s.files.PutBytes(t.Context(), chat.EmoteObject(e.Picture), moving))
	require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error { return tx.InsertEmote(t.Context(), e) }))
	a := s.call("GET", "/api/v1/admin/emotes", s.user("boss", account.RoleAdmin), "")
	var list struct{ Items []Emote }
	require.NoError(t, json.Unmarshal([]byte(a.body), &list))
	require.Equal(t, string(moving), s.get(list.Items[0].URL).body)
	still := s.get(list.Items[0].Still)
	require.Equal(t, "image/jpeg", still.header.Get("Content-Type"))
	require.Contains(t, still.header.Get("Cache-Control"), "immutable")
	m, err := jpeg.Decode(strings.NewReader(still.body))
	require.NoError(t, err)
	require.Equal(t, image.Pt(40, 20), m.Bounds().Size())
	red, _, blue, _ := m.At(20, 10).RGBA()
	require.Greater(t, red, 0xc000+blue/2, "the first picture is red, the next ones are blue")
}
