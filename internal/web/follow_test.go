package web

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/notify"
)

func TestFollowing(t *testing.T) {
	s := newSite(t, nil)
	alice, vera := s.user("alice", account.RoleUser), s.user("vera", account.RoleUser)
	for _, name := range []string{"show", "quiet", "later"} {
		require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"`+name+`"}`).status)
	}
	state := func(channel string) (f Follow) {
		t.Helper()
		a := s.call("GET", "/api/v1/me/following/"+channel, vera, "")
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &f))
		return f
	}
	require.Equal(t, Follow{}, state("show"))
	for _, name := range []string{"show", "quiet", "later"} {
		a := s.call("PUT", "/api/v1/me/following/"+name, vera, "")
		require.Equal(t, http.StatusOK, a.status, a.body)
	}
	require.True(t, state("show").Following)
	a := s.call("PUT", "/api/v1/me/following/show/notify", vera, `{"page":null,"push":false,"mail":true}`)
	require.Equal(t, http.StatusOK, a.status, a.body)
	f := state("show")
	require.Nil(t, f.Notify.Page)
	require.Equal(t, []bool{false, true}, []bool{*f.Notify.Push, *f.Notify.Mail})

	var c Channel
	s.json("/api/v1/channels/show", &c)
	require.EqualValues(t, 1, *c.Followers)
	s.publish("show")
	var list struct {
		Items []Followed
		Next  *string
	}
	read := func(query string) (names []string) {
		t.Helper()
		list.Items, list.Next = nil, nil
		a := s.call("GET", "/api/v1/me/following"+query, vera, "")
		require.NoError(t, json.Unmarshal([]byte(a.body), &list), a.body)
		for _, f := range list.Items {
			names = append(names, f.Channel.Name)
		}
		return names
	}
	s.await("its row says so too", func() bool { return read("")[0] == "show" })
	require.Equal(t, []string{"show", "later", "quiet"}, read(""))
	require.NotNil(t, list.Items[0].Channel.Live)
	require.Equal(t, []string{"show"}, read("?limit=1"))
	require.Equal(t, []string{"later", "quiet"}, read("?cursor="+url.QueryEscape(*list.Next)))

	var followers struct{ Items []Follower }
	a = s.call("GET", "/api/v1/channels/show/followers", alice, "")
	require.NoError(t, json.Unmarshal([]byte(a.body), &followers))
	require.Len(t, followers.Items, 1)
	require.Equal(t, "vera", followers.Items[0].Name)

	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/channels/show/blocks/vera", alice, "").status)
	require.True(t, state("show").Blocked)
	refused := s.call("PUT", "/api/v1/me/following/show", vera, "")
	require.Equal(t, http.StatusForbidden, refused.status)
	require.Equal(t, "blocked", refused.code())
	require.Contains(t, s.call("GET", "/api/v1/channels/show/blocks", alice, "").body, `"name":"vera"`)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/channels/show/blocks/vera", alice, "").status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", "/api/v1/channels/show/blocks/vera", alice, "").status)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/me/following/quiet", vera, "").status)
	require.Equal(t, []string{"later"}, read(""))
}

func TestNotifications(t *testing.T) {
	s := newSite(t, nil)
	vera := s.user("vera", account.RoleUser)
	var n Notifications
	read := func(a response) Notifications {
		t.Helper()
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &n))
		require.Len(t, n.PushKey, 87)
		n.PushKey = ""
		return n
	}
	require.Equal(t, Notifications{Page: true, Push: true}, read(s.call("GET", "/api/v1/me/notifications", vera, "")))
	require.Equal(t, Notifications{Mail: true}, read(s.call("PUT", "/api/v1/me/notifications", vera, `{"page":false,"push":false,"mail":true}`)))

	const keys = `"keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}`
	a := s.call("POST", "/api/v1/me/push", vera, `{"endpoint":"https://push.example.org/1",`+keys+`}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	var sub PushSubscription
	require.NoError(t, json.Unmarshal([]byte(a.body), &sub))
	require.True(t, sub.Current)
	require.Contains(t, s.call("GET", "/api/v1/me/push", vera, "").body, sub.ID)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/me/push/"+sub.ID, vera, "").status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", "/api/v1/me/push/"+sub.ID, vera, "").status)
	bad := s.call("POST", "/api/v1/me/push", vera, `{"endpoint":"https://push.example.org/1","keys":{"p256dh":"x","auth":"y"}}`)
	require.Equal(t, http.StatusBadRequest, bad.status)
	require.Equal(t, notify.ErrBadSubscription.Code, bad.code())
}

// A link that no letter had ends nothing, and says so: to people, to the page and
// to programs for mail.
func TestLinksThatNoLetterHad(t *testing.T) {
	s := newSite(t, nil)
	require.Equal(t, http.StatusOK, s.get("/unsubscribe?token=x").status, "the page says it")
	for _, a := range []response{
		s.call("GET", "/api/v1/unsubscribe?token=x", "", ""),
		s.call("POST", "/api/v1/unsubscribe", "", `{"token":"a.b.c"}`),
		s.call("POST", "/unsubscribe?token=x", "", "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded"),
		s.call("POST", "/unsubscribe", "", ""),
	} {
		require.Equal(t, http.StatusNotFound, a.status, a.body)
		require.Equal(t, notify.ErrBadLink.Code, a.code())
	}
}

// dialEvents begins a WebSocket as a browser does.
func (s *site) dialEvents(cookie, origin string) (net.Conn, *bufio.Reader, error) {
	header := http.Header{"Cookie": {cookie}}
	if origin != "" {
		header.Set("Origin", origin)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), limit)
	defer cancel()
	conn, read, _, err := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header)}.Dial(ctx, strings.Replace(s.url, "http", "ws", 1)+"/api/v1/me/events")
	if read == nil && conn != nil {
		read = bufio.NewReader(conn)
	}
	return conn, read, err
}

func TestEvents(t *testing.T) {
	s := newSite(t, func(o *Options) { o.AccessLog = &strings.Builder{} })
	vera := s.user("vera", account.RoleUser)
	for _, foreign := range []string{"https://evil.example", "null", "http://localhost.evil.example"} {
		_, _, err := s.dialEvents(vera, foreign)
		var status ws.StatusError
		require.ErrorAs(t, err, &status, foreign)
		require.EqualValues(t, http.StatusForbidden, status, foreign)
	}
	_, _, err := s.dialEvents("", s.url)
	var status ws.StatusError
	require.ErrorAs(t, err, &status)
	require.EqualValues(t, http.StatusUnauthorized, status)
	plain := s.get("/api/v1/me/events", "Cookie", vera)
	require.Equal(t, http.StatusUpgradeRequired, plain.status)
	require.Equal(t, "websocket", plain.header.Get("Upgrade"))

	for _, origin := range []string{"", s.url} {
		conn, read, err := s.dialEvents(vera, origin)
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(limit)))
		h, err := ws.ReadHeader(read)
		require.NoError(t, err)
		const hello = `{"type":"hello"}`
		require.EqualValues(t, len(hello), h.Length)
		said := make([]byte, len(hello))
		_, err = io.ReadFull(read, said)
		require.NoError(t, err)
		require.Equal(t, hello, string(said))
		require.NoError(t, conn.Close())
	}
}
