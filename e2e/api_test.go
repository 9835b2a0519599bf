package e2e

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestAPI: the three reads that scripts rely on, without sign-in.
func TestAPI(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	var none page[channel]
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/live", &none))
	require.Empty(t, none.Items)
	require.Nil(t, none.Next)
	require.Equal(t, http.StatusNotFound, get(t, s, "/api/v1/channels/nobody").Status)
	require.Equal(t, http.StatusNotFound, get(t, s, "/api/v1/channels/nobody/broadcasts").Status)

	encoder := testkit.PublishTest(t, "60", s.PublishURL("api"))
	now := onAir(t, s, "api")
	watchOnAir(t, s, "api")
	require.NotEmpty(t, now.Broadcast)
	require.WithinDuration(t, time.Now(), now.StartedAt, limit)
	require.Equal(t, "/live/api/index.m3u8", now.HLS)
	require.Equal(t, "/live/api/plain.m3u8", now.Plain)
	require.Equal(t, "/live/api/ts/index.m3u8", now.TS)
	require.Empty(t, now.Notices)
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		var c channel
		if err := getJSON(ctx, s, "/api/v1/channels/api", &c); err != nil {
			return err
		}
		if c.Live == nil || len(c.Live.Renditions) < 2 {
			return errors.New("two renditions are not told")
		}
		now = *c.Live
		return nil
	})
	for _, r := range now.Renditions {
		switch r.Name {
		case "video/source":
			require.Equal(t, "video", r.Kind)
			require.True(t, strings.HasPrefix(r.Codecs, "avc1."), r.Codecs)
			require.Equal(t, 320, r.Width)
		case "audio/source":
			require.Equal(t, "audio", r.Kind)
			require.Equal(t, "mp4a.40.2", r.Codecs)
		default:
			t.Errorf("unknown rendition %q", r.Name)
		}
	}
	var onair page[channel]
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/live", &onair))
	require.Len(t, onair.Items, 1)
	require.Equal(t, "api", onair.Items[0].Name)
	require.Equal(t, now.Broadcast, onair.Items[0].Live.Broadcast)

	encoder.Signal(syscall.SIGTERM)
	b := archived(t, s, "api", now.Broadcast)
	require.Equal(t, "api", b.Channel)
	require.Equal(t, "/vod/"+b.ID+"/index.m3u8", b.HLS)
	require.Positive(t, b.DurationMS)
	require.NotNil(t, b.EndedAt)
	require.True(t, b.EndedAt.After(b.StartedAt))
	var c channel
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/channels/api", &c))
	require.Nil(t, c.Live)

	r := get(t, s, "/api/v1/live", "Origin", "https://elsewhere.example")
	require.Empty(t, r.Header.Get("Access-Control-Allow-Origin"), "the API is closed to other sites")
	require.Contains(t, r.Header.Get("Content-Type"), "application/json")
	require.Equal(t, http.StatusOK, get(t, s, "/api/openapi.json").Status)
}
