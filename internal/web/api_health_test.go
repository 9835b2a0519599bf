package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

func TestHealthOfAChannel(t *testing.T) {
	s := newSite(t, nil)
	alice, bob := s.user("alice", account.RoleUser), s.user("bob", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	ask := func(cookie, query string) (h Health, status int) {
		a := s.call("GET", "/api/v1/channels/show/health"+query, cookie, "")
		if a.status == http.StatusOK {
			require.NotContains(t, a.body, "null")
			require.NoError(t, json.Unmarshal([]byte(a.body), &h))
		}
		return h, a.status
	}
	h, _ := ask(alice, "")
	require.Empty(t, h.Broadcast+h.State)
	require.Empty(t, h.Series.FrameRate)

	_, status := ask(bob, "")
	require.Equal(t, http.StatusForbidden, status)
	require.NoError(t, s.accounts.SetPlace(t.Context(), account.CommandLine(), "show", "bob", account.PlaceModerator))
	_, status = ask(bob, "?seconds=601")
	require.Equal(t, http.StatusUnprocessableEntity, status)

	pub, b := s.publish("show")
	s.await("a second is over", func() bool { h, _ := ask(bob, ""); return len(h.Series.FrameRate) > 1 })
	h, _ = ask(bob, "?seconds=1")
	require.Equal(t, b.ID, h.Broadcast)
	require.Equal(t, "live", h.State)
	require.False(t, h.Settled)
	for _, list := range []int{
		len(h.Series.FrameRate), len(h.Series.VideoBitrate), len(h.Series.AudioBitrate), len(h.Series.KeyFrameInterval),
		len(h.Series.SoundLevel), len(h.Series.Silent),
	} {
		require.Equal(t, 1, list)
	}
	pub.Close(live.Stopped, nil)
	s.await("it is over", func() bool { return s.manager.Live("show") == nil })
	h, status = ask(alice, "")
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, h.Broadcast)
}
