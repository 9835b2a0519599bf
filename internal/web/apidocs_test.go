package web

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// The examples of docs/api.md do what they say: each command is run by a shell,
// and its answer holds what stands below it.
func TestExamplesOfTheDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```sh\n(.*?)```\n\n```json\n(.*?)```").FindAllSubmatch(text, -1)
	require.GreaterOrEqual(t, len(examples), 7)
	s := newSite(t, nil)
	u, err := s.accounts.AddUser(t.Context(), account.CommandLine(), account.NewUser{Name: "alice", Password: goodPassword})
	require.NoError(t, err)
	session, err := s.accounts.OpenSession(t.Context(), u, account.ByPassword, account.Client{})
	require.NoError(t, err)
	alice, err := s.accounts.BySession(t.Context(), session, account.Client{})
	require.NoError(t, err)
	_, err = s.accounts.AddChannel(t.Context(), alice, "show")
	require.NoError(t, err)
	_, err = s.accounts.SetDetails(t.Context(), alice, "show", account.AnyRevision, account.Details{Title: new("My show")})
	require.NoError(t, err)
	token, _, err := s.accounts.MakeToken(t.Context(), alice, "docs", account.Scopes(), time.Time{})
	require.NoError(t, err)
	_, b := s.publish("show")
	s.await("the row is live", func() bool {
		var list broadcastList
		s.json("/api/v1/channels/show/broadcasts", &list)
		return len(list.Items) == 1 && list.Items[0].State == "live"
	})
	folder := t.TempDir()
	var avatar bytes.Buffer
	require.NoError(t, png.Encode(&avatar, image.NewGray(image.Rect(0, 0, 16, 16))))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "avatar.png"), avatar.Bytes(), 0o600))
	for _, example := range examples {
		command := exec.CommandContext(t.Context(), "sh", "-eu", "-c", string(example[1]))
		command.Dir, command.Env = folder, append(os.Environ(), "SITE="+s.url, "TOKEN="+token, "BROADCAST="+b.ID)
		out, err := command.Output()
		require.NoError(t, err, "%s: curl is installed by scripts/test-deps.sh", example[1])
		var want, got any
		require.NoError(t, json.Unmarshal(example[2], &want), "%s", example[2])
		require.NoError(t, json.Unmarshal(out, &got), "%s", out)
		requireWithin(t, string(example[1]), want, got)
	}
}

// requireWithin checks that all that is wanted is there.
func requireWithin(t *testing.T, at string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		require.True(t, ok, at)
		for name, value := range want {
			require.Contains(t, have, name, at)
			requireWithin(t, at+"."+name, value, have[name])
		}
	case []any:
		have, ok := got.([]any)
		require.True(t, ok, at)
		require.Len(t, have, len(want), at)
		for i := range want {
			requireWithin(t, at, want[i], have[i])
		}
	default:
		require.Equal(t, want, got, at)
	}
}
