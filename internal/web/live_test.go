package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

// Moderators of the site see all that is on air; they stop it, as the channel's
// own do, and keep a channel off the air.
func TestStopAndBan(t *testing.T) {
	s := newSite(t, nil)
	mod, boss := s.user("mod", account.RoleModerator), s.user("boss", account.RoleAdmin)
	pub, b := s.publish("show")
	_, own := s.member("show", "morris", account.PlaceModerator)
	_, member := s.member("show", "mabel", account.PlaceMember)
	s.set("show", account.Members)
	onAir := func() []OnAir {
		var list OnAirList
		require.NoError(t, json.Unmarshal([]byte(s.call("GET", "/api/v1/admin/live", mod, "").body), &list))
		return list.Items
	}
	require.Len(t, onAir(), 1)
	require.Equal(t, b.ID, onAir()[0].Broadcast)
	require.Positive(t, onAir()[0].Bitrate)
	require.Equal(t, "live", onAir()[0].State)

	stop := func(cookie string) response { return s.call("POST", "/api/v1/channels/show/stop", cookie, "") }
	require.Equal(t, http.StatusForbidden, stop(member).status)
	require.Equal(t, http.StatusNoContent, stop(own).status)
	<-pub.Kicked()
	require.Equal(t, "A moderator stopped the broadcast.", pub.Reason().Reason)
	pub.Close(live.Stopped, nil)
	s.await("it is off air", func() bool { return s.manager.Live("show") == nil })
	require.Equal(t, "off_air", stop(own).code())
	require.Empty(t, onAir())
	row, err := s.db.Broadcast(t.Context(), b.ID)
	require.NoError(t, err)
	require.Equal(t, "A moderator stopped the broadcast.", row.EndReason)

	pub, _ = s.publish("show")
	require.Equal(t, http.StatusForbidden, s.call("PUT", "/api/v1/admin/bans/show", own, "").status)
	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/admin/bans/show", mod, "").status)
	<-pub.Kicked()
	require.Equal(t, "banned", pub.Reason().Code)
	pub.Close(live.Stopped, nil)
	s.await("it is off air", func() bool { return s.manager.Live("show") == nil })
	_, err = s.manager.Publish(t.Context(), live.Request{Protocol: "rtmp", Name: "show"})
	require.EqualError(t, err, "This channel is banned from going live.")
	var settings ChannelSettings
	require.NoError(t, json.Unmarshal([]byte(s.call("GET", "/api/v1/channels/show/settings", boss, "").body), &settings))
	require.True(t, settings.Banned)
	require.Contains(t, s.call("GET", "/api/v1/admin/bans", mod, "").body, `"show"`)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/bans/show", mod, "").status)
	require.NotContains(t, s.call("GET", "/api/v1/admin/bans", mod, "").body, `"show"`)
	_, _ = s.publish("show")
	acts, _, err := s.accounts.Acts(t.Context(), account.CommandLine(), "", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"channel.unban", "channel.ban"}, []string{acts[0].Act, acts[1].Act})
}
