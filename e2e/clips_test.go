package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// clip is a clip as the API tells of it.
type clip struct {
	ID, Title, HLS, Download string
	StartMS                  int64   `json:"start_ms"`
	EndMS                    int64   `json:"end_ms"`
	OffsetMS                 float64 `json:"offset_ms"`
	Recording                bool
}

// asUser sends a request as somebody who is signed in.
func asUser(t *testing.T, s *testkit.Server, cookie, method, path string, body, answer any) int {
	t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		require.NoError(t, err)
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL(path), sent)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", cookie)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	if answer != nil {
		require.Less(t, res.StatusCode, 300, "%s %s: %s", method, path, got)
		require.NoError(t, json.Unmarshal(got, answer), "%s", got)
	}
	return res.StatusCode
}

// signIn makes an account by the command line, and signs it in.
func signIn(t *testing.T, s *testkit.Server, name string, args ...string) (cookie string) {
	t.Helper()
	const password = "correct horse battery"
	_, code := s.CommandTyping(t, password+"\n", append([]string{"user", "add", name}, args...)...)
	require.Zero(t, code)
	body, err := json.Marshal(map[string]string{"login": name, "password": password})
	require.NoError(t, err)
	res, err := http.Post(s.URL("/api/v1/sessions"), "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	defer res.Body.Close()
	require.Len(t, res.Cookies(), 1)
	return res.Cookies()[0].Name + "=" + res.Cookies()[0].Value
}

// mediaFiles are those of a broadcast in the data folder.
func mediaFiles(t *testing.T, s *testkit.Server, id string) (names []string) {
	t.Helper()
	root := filepath.Join(s.Data, "media", id)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path[len(root)+1:])
		}
		return nil // what is missing is not listed
	})
	require.NoError(t, err)
	return names
}

// requirePictures checks that a file shows pictures of the source, one behind
// the other and all in a row, and returns which the first is.
func requirePictures(t *testing.T, source []testkit.Packet, address string) (first, n int) {
	t.Helper()
	got := testkit.Decoded(t, 0, address, "v")
	require.NotEmpty(t, got)
	first = -1
	for i := range source {
		if source[i].Hash == got[0].Hash {
			first = i
		}
	}
	require.GreaterOrEqual(t, first, 0, "the first picture is one of the source")
	for i := range got {
		require.Equal(t, source[first+i].Hash, got[i].Hash, "picture %d of the clip", i)
	}
	require.Zero(t, got[0].PTS)
	return first, len(got)
}

// TestClips: a viewer clips what is on air, and a recording, to the picture; the
// recording is deleted and the clips play on; with the last of them the bytes go.
func TestClips(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	viewer, admin := signIn(t, s, "vera"), signIn(t, s, "adam", "--role", "admin")
	// Each picture differs from all others, and there are B-frames.
	path := testkit.Clip{Seconds: 16, BFrames: 2, GOP: 45}.Path(t)
	source := testkit.Decoded(t, 0, path, "v")
	encoder := testkit.Publish(t, path, s.PublishURL("show"))
	now := onAir(t, s, "show")
	clips := "/api/v1/broadcasts/" + now.Broadcast + "/clips"

	// On air: the newest seconds, the end of which is not recorded yet.
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if time.Since(now.StartedAt) < 7*time.Second {
			return fmt.Errorf("on air since %v", now.StartedAt)
		}
		return nil
	})
	require.Equal(t, http.StatusUnauthorized, asUser(t, s, "", "POST", clips, map[string]any{"start_ms": 0, "end_ms": 3000}, nil))
	var live, over clip
	asUser(t, s, viewer, "POST", clips, map[string]any{"title": "Just now", "start_ms": 3210, "end_ms": 6600}, &live)
	require.Equal(t, "Just now", live.Title)
	first, n := requirePictures(t, source, s.URL(live.Download))
	require.InDelta(t, 3.2, float64(first)/30, 0.2, "the broadcast begins with its first picture, or sound before it")
	require.InDelta(t, 3.4*30, n, 2)

	require.Zero(t, encoder.Wait(t, limit))
	row := archived(t, s, "show", now.Broadcast)
	asUser(t, s, viewer, "POST", clips, map[string]any{"start_ms": live.StartMS + 5000, "end_ms": live.StartMS + 8000}, &over)
	again, n := requirePictures(t, source, s.URL(over.Download))
	require.InDelta(t, first+5*30, again, 1)
	require.InDelta(t, 3*30, n, 1)

	// The playlist is a view of the same segments, and says where to begin.
	m, err := testkit.FetchMultivariant(t.Context(), s.URL(over.HLS))
	require.NoError(t, err)
	require.Len(t, m.Variants, 1)
	list, err := testkit.FetchMedia(t.Context(), s.URL("/vod/"+over.ID+"/"+m.Variants[0].URI))
	require.NoError(t, err)
	require.True(t, list.EndList)
	require.InDelta(t, over.OffsetMS, float64(list.Start)/1e6, 0.011)
	shown := testkit.Decoded(t, 0, s.URL(over.HLS), "v")
	at := slices.Index(hashes(shown), source[again].Hash)
	require.GreaterOrEqual(t, at, 0, "the first picture is in the list")
	require.InDelta(t, list.Start.Seconds(), float64(at)/30, 0.1, "and where that says, but for the delay of B-frames")

	// The recording goes, and leaves what the clips need.
	require.Eventually(t, func() bool { // they are made one by one, beside everything else
		pictures := 0
		for _, name := range mediaFiles(t, s, row.ID) {
			if strings.HasPrefix(name, "clips/") {
				pictures++
			}
		}
		return pictures == 2
	}, time.Minute, 50*time.Millisecond, "the pictures of both clips")
	before := mediaFiles(t, s, row.ID)
	require.Equal(t, http.StatusForbidden, asUser(t, s, viewer, "DELETE", "/api/v1/broadcasts/"+row.ID, nil, nil))
	require.Equal(t, http.StatusNoContent, asUser(t, s, admin, "DELETE", "/api/v1/broadcasts/"+row.ID, nil, nil))
	require.Equal(t, http.StatusGone, get(t, s, row.HLS).Status)
	require.Equal(t, http.StatusGone, get(t, s, "/media/"+row.ID+"/video/source/seg0.m4s").Status)
	left := mediaFiles(t, s, row.ID)
	require.Less(t, len(left), len(before))
	for _, c := range []clip{live, over} {
		requirePictures(t, source, s.URL(c.Download))
		var told clip
		require.NoError(t, getJSON(t.Context(), s, "/api/v1/clips/"+c.ID, &told))
		require.False(t, told.Recording)
		require.Contains(t, string(get(t, s, "/c/"+c.ID).Body), "<title>"+c.Title)
	}

	// A start of the server leaves them alone.
	s.Stop(t)
	s.Start(t)
	requirePictures(t, source, s.URL(live.Download))
	require.Equal(t, left, mediaFiles(t, s, row.ID))

	require.Equal(t, http.StatusNoContent, asUser(t, s, viewer, "DELETE", "/api/v1/clips/"+live.ID, nil, nil))
	require.Equal(t, http.StatusGone, get(t, s, live.HLS).Status)
	require.Equal(t, http.StatusGone, get(t, s, "/c/"+live.ID).Status)
	requirePictures(t, source, s.URL(over.Download))
	require.Equal(t, http.StatusNoContent, asUser(t, s, admin, "DELETE", "/api/v1/clips/"+over.ID, nil, nil))
	require.Empty(t, mediaFiles(t, s, row.ID), "nothing is left: %s", strings.Join(left, " "))
}
