package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// TestPostgres: the whole product with its rows in a PostgreSQL. Its database
// goes away while a channel is on air, which costs that broadcast nothing; and
// the server goes away, after which the next broadcast goes on.
func TestPostgres(t *testing.T) {
	t.Parallel()
	db, err := postgres.Start(t.Context(), false)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Remove()) })
	address, err := db.Create(t.Context(), "rostrum", "")
	require.NoError(t, err)
	s := startServer(t, "--db-url", address)
	command := func(args ...string) string {
		t.Helper()
		out, code := s.Command(t, append(args, "--db-url", address)...)
		require.Zero(t, code, out)
		return out
	}
	command("channel", "add", "stage")
	key := strings.TrimSpace(command("channel", "key", "stage"))

	first := throughOutage(t, s, db, key)
	requireBeginning(t, s, first, hardyClip, 30*2*blackout)
	second := throughRestart(t, s, key)
	require.NotEqual(t, first, second)
	for _, id := range []string{first, second} {
		lists, err := watchAll(t.Context(), s.URL("/vod/"+id+"/index.m3u8"))
		require.NoError(t, err)
		for _, w := range lists {
			require.True(t, w.last.EndList, w.address)
		}
		require.Positive(t, testkit.DecodedFrames(t, s.URL("/vod/"+id+"/download.mp4"), "v"))
	}
	require.Contains(t, command("channel", "list"), "stage")
	require.Contains(t, command("channel", "log", "stage"), second)
	s.Stop(t)
	require.NotContains(t, s.Log(), postgres.Password)
	files, err := filepath.Glob(filepath.Join(s.Data, "*.db*"))
	require.NoError(t, err)
	require.Empty(t, files, "no other database")
}

// blackout is how many segments, of 2 s, are seen live while there is no
// database, at least.
const blackout = 3

// throughOutage publishes, and takes the database away meanwhile. It returns
// the broadcast, which is archived.
func throughOutage(t *testing.T, s *testkit.Server, db *postgres.Server, key string) string {
	t.Helper()
	encoder := testkit.Publish(t, hardyClip.Path(t), s.PublishURL(key))
	now := onAir(t, s, "stage")
	list := mediaAddress(t, s.URL(now.HLS), "/video/")
	follow := func(segments int64) {
		t.Helper()
		begun := int64(-1)
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		require.NoError(t, testkit.Follow(ctx, list, func(p *testkit.MediaPlaylist) error {
			next, _ := p.Next()
			if begun < 0 {
				begun = next
			}
			if next < begun+segments {
				return nil
			}
			return testkit.ErrStop
		}))
	}
	follow(1)
	require.NoError(t, db.Stop())
	follow(blackout)
	var live page[channel]
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/live", &live), "what is on air is known without it")
	require.Len(t, live.Items, 1)
	require.Equal(t, http.StatusInternalServerError, get(t, s, "/api/v1/channels/stage").Status)
	refused := testkit.Publish(t, hardyClip.Path(t), s.PublishURL(key))
	require.NotZero(t, refused.Wait(t, limit), "who comes new is refused, and takes nothing over")

	require.NoError(t, db.Start(t.Context()))
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		var c channel
		if err := getJSON(ctx, s, "/api/v1/channels/stage", &c); err != nil {
			return err
		}
		if c.Live == nil || c.Live.Broadcast != now.Broadcast {
			return fmt.Errorf("another broadcast is on air: %+v", c.Live)
		}
		return nil
	})
	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "stage", now.Broadcast)
	return now.Broadcast
}

// throughRestart publishes, and starts the server anew meanwhile. It returns
// the broadcast, which is archived.
func throughRestart(t *testing.T, s *testkit.Server, key string) string {
	t.Helper()
	testkit.PublishTest(t, "30", s.PublishURL(key))
	now := onAir(t, s, "stage")
	beforeEnd(t, mediaAddress(t, s.URL(now.HLS), "/video/"), 12)
	s.Stop(t)
	s.Start(t)
	encoder := testkit.PublishTest(t, "30", s.PublishURL(key))
	again := onAir(t, s, "stage")
	require.Equal(t, now.Broadcast, again.Broadcast, "it goes on")
	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "stage", now.Broadcast)
	return now.Broadcast
}
