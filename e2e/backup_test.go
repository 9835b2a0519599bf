package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// TestBackup: a server is backed up while it is on air and restored to another
// folder and the other database. There the recording plays picture by picture,
// the one that was on air is as after a kill, and people sign in as before.
func TestBackup(t *testing.T) {
	s := startOpen(t)
	signIn(t, s, "vera")
	path := testkit.Clip{Seconds: 4, GOP: 30}.Path(t)
	encoder := testkit.Publish(t, path, s.PublishURL("show"))
	recorded := onAir(t, s, "show").Broadcast
	require.Zero(t, encoder.Wait(t, limit))
	archived(t, s, "show", recorded)

	testkit.PublishTest(t, "30", s.PublishURL("show"))
	now := onAir(t, s, "show")
	testkit.Eventually(t, limit, func(context.Context) error { // until something of it is recorded
		if files := mediaFiles(t, s, now.Broadcast); len(files) < 8 {
			return fmt.Errorf("of it there are %v", files)
		}
		return nil
	})
	file := filepath.Join(t.TempDir(), "rostrum.tar.gz")
	out, code := s.Command(t, "backup", file, "--media")
	require.Zero(t, code, out)

	db, err := postgres.Start(t.Context(), false)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Remove()) })
	address, err := db.Create(t.Context(), "rostrum", "")
	require.NoError(t, err)
	data := filepath.Join(t.TempDir(), "data")
	restore := testkit.Command{Path: s.Binary(), Args: []string{"restore", file, "--data", data, "--db-url", address}, Dir: s.Data}
	out, code = testkit.Run(t, limit, restore)
	require.Zero(t, code, out)
	restored := startServer(t, "--data", data, "--db-url", address)
	before, after := recordedFrames(t, s, recorded), recordedFrames(t, restored, recorded)
	require.Equal(t, 120, len(before["v"]))
	require.Equal(t, before, after)

	// What was on air is over there, and goes on here.
	row := archived(t, restored, "show", now.Broadcast)
	require.Positive(t, row.DurationMS)
	require.Positive(t, testkit.DecodedFrames(t, restored.URL("/vod/"+now.Broadcast+"/index.m3u8"), "v"))
	require.Equal(t, now.Broadcast, onAir(t, s, "show").Broadcast)

	res, err := http.Post(restored.URL("/api/v1/sessions"), "application/json", bytes.NewReader([]byte(`{"login":"vera","password":"correct horse battery"}`)))
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, res.Body)
	require.NoError(t, res.Body.Close())
	require.Less(t, res.StatusCode, 300)
	_, code = s.Command(t, "restore", file)
	require.NotZero(t, code, "a server uses the folder")
}

// recordedFrames are the hashes of what a recording shows and sounds like.
func recordedFrames(t *testing.T, s *testkit.Server, id string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, kind := range []string{"v", "a"} {
		all[kind] = hashes(testkit.Decoded(t, 0, s.URL("/vod/"+id+"/index.m3u8"), kind))
	}
	return all
}
