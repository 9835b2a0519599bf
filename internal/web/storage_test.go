package web

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/vod"
)

func TestStorage(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits = vod.Limits{MaxAge: 36 * time.Hour} })
	admin := s.user("site-admin", account.RoleAdmin)
	s.archived("alice")
	s.archived("bobby")
	s.archived("bobby")

	read := func(path string, into any) {
		a := s.get(path, "Cookie", admin)
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), into))
	}
	var all Storage
	read("/api/v1/admin/storage", &all)
	require.EqualValues(t, 3, all.Kept.Recordings)
	require.Positive(t, all.Kept.RecordingBytes)
	require.Positive(t, all.Disk.FreeBytes)
	require.Greater(t, all.Disk.TotalBytes, all.Disk.FreeBytes)
	require.Equal(t, Retention{RetentionDays: 1.5}, all.Configured)
	require.Equal(t, Limits{ChannelsPerUser: 20}, all.Limits)

	var first, second page[ChannelStorage]
	read("/api/v1/admin/storage/channels?limit=1", &first)
	require.Len(t, first.Items, 1)
	require.Equal(t, "bobby", first.Items[0].Channel)
	require.EqualValues(t, 2, first.Items[0].Recordings)
	require.NotNil(t, first.Next)
	read("/api/v1/admin/storage/channels?limit=1&cursor="+*first.Next, &second)
	require.Equal(t, "alice", second.Items[0].Channel)
	require.Nil(t, second.Next)
	require.Equal(t, all.Kept.RecordingBytes, first.Items[0].RecordingBytes+second.Items[0].RecordingBytes)
	read("/api/v1/admin/storage/channels?cursor=x", &first)
	require.Empty(t, first.Items)

	set := func(body string) response { return s.call("PUT", "/api/v1/admin/limits", admin, body) }
	require.Equal(t, http.StatusNoContent, set(`{"retention_days":7,"retention_bytes":0,"channels_per_user":3}`).status)
	days, none := 7.0, int64(0)
	read("/api/v1/admin/storage", &all)
	require.Equal(t, Limits{RetentionDays: &days, RetentionBytes: &none, ChannelsPerUser: 3}, all.Limits)
	// The other settings leave them alone.
	require.Equal(t, http.StatusNoContent, s.call("PUT", "/api/v1/admin/settings", admin, `{"site_name":"Mine","sign_up":"open","make_channels":true}`).status)
	read("/api/v1/admin/storage", &all)
	require.Equal(t, 3, all.Limits.ChannelsPerUser)
	for _, body := range []string{
		`{"retention_days":-1,"retention_bytes":null,"channels_per_user":3}`,
		`{"retention_days":4000,"retention_bytes":null,"channels_per_user":3}`,
		`{"retention_days":null,"retention_bytes":-1,"channels_per_user":3}`,
		`{"retention_days":null,"retention_bytes":null,"channels_per_user":501}`,
		`{}`,
	} {
		require.Equal(t, http.StatusUnprocessableEntity, set(body).status, body)
	}
}
