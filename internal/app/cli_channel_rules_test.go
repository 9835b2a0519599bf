package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestChannelRules(t *testing.T) {
	data := t.TempDir()
	channel := func(args ...string) (int, string, string) {
		return run(t, append([]string{"channel", "--data", data}, args...)...)
	}
	code, _, _ := channel("add", "alice")
	require.Zero(t, code)
	for args, want := range map[string]string{
		"set alice":                "nothing to set",
		"set alice --takeover old": "one of newest, refuse and priority",
		"set alice --window 40m":   "40m is too long",
		"set alice --window 40":    "has no unit",
		"set alice --max-age 2":    "not a number of days",
		"set alice --max-bytes 50": "has no unit",
		"log alice --broadcasts 0": "a number from 1 on",
	} {
		code, _, errs := channel(strings.Fields(args)...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, errs, want)
	}
	for _, step := range []struct{ args, want string }{
		{"set alice --takeover refuse", "channel alice: reconnect window default, takeover refuse, visibility public\n"},
		{"set alice --window 90s", "channel alice: reconnect window 1m30s, takeover refuse, visibility public\n"},
		{"set alice --window 0s --takeover priority", "channel alice: reconnect window 0s, takeover priority, visibility public\n"},
		{"set alice --window default", "channel alice: reconnect window default, takeover priority, visibility public\n"},
	} {
		code, out, errs := channel(strings.Fields(step.args)...)
		require.Zero(t, code, errs)
		require.Equal(t, step.want, out)
	}
	for _, step := range []struct{ args, want string }{
		{"--max-age 30d --max-bytes 50GB --clips nobody", "recordings kept for 30d, recordings of at most 50GB, clips by nobody\n"},
		{"--max-bytes 3GiB", "visibility public, recordings of at most 3GiB\n"},
		{"--max-age default --max-bytes default --clips signed_in", "recordings kept for default, recordings of at most default, clips by signed_in\n"},
		{"--max-age 7d --max-bytes 1500MB --clips nobody", "recordings kept for 7d, recordings of at most 1500MB, clips by nobody\n"},
	} {
		code, out, errs := channel(append([]string{"set", "alice"}, strings.Fields(step.args)...)...)
		require.Zero(t, code, errs)
		require.Contains(t, out, step.want)
	}
	for args, want := range map[string]string{
		"--clips everybody": "nobody and signed_in",
		"--max-age off":     "an hour to ten years",
		"--max-bytes off":   "at least one byte",
	} {
		code, _, errs := channel(append([]string{"set", "alice"}, strings.Fields(args)...)...)
		require.Equal(t, exitFailed, code, args)
		require.Contains(t, errs, want)
	}
	word := filepath.Join(data, "word")
	require.NoError(t, os.WriteFile(word, []byte("open sesame\n"), 0o600))
	code, out, errs := channel("set", "alice", "--visibility", "password")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, errs, "needs one")
	code, out, _ = channel("set", "alice", "--visibility", "password", "--password-file", word)
	require.Zero(t, code)
	require.Contains(t, out, "visibility password\n")
	code, _, errs = channel("set", "alice", "--visibility", "nobody")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "public, unlisted, password and members")
	db, err := store.Open(t.Context(), filepath.Join(data, "rostrum.db"), newLogger(t.Output(), LogConfig{Format: "text"}))
	require.NoError(t, err)
	defer db.Close()
	accounts := account.New(db)
	c, err := accounts.Channel(t.Context(), "alice")
	require.NoError(t, err)
	require.Equal(t, 7*day, *c.Retention)
	require.EqualValues(t, 1_500_000_000, *c.RetentionBytes)
	require.Equal(t, string(account.ClipsNobody), c.Clips)
	matches, err := accounts.PasswordMatches(t.Context(), "open sesame", c.Password)
	require.NoError(t, err)
	require.True(t, matches, "without the end of the line")

	code, _, errs = channel("set", "nobody", "--takeover", "newest")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "there is no such channel")
}

func TestChannelLog(t *testing.T) {
	data := t.TempDir()
	code, _, _ := run(t, "channel", "add", "alice", "--data", data)
	require.Zero(t, code)
	code, _, errs := run(t, "channel", "log", "alice", "--data", data)
	require.Zero(t, code)
	require.Contains(t, errs, "was never on air")

	db, err := store.Open(t.Context(), filepath.Join(data, "rostrum.db"), newLogger(t.Output(), LogConfig{Format: "text"}))
	require.NoError(t, err)
	c, err := account.New(db).Channel(t.Context(), "alice")
	require.NoError(t, err)
	id, now := db.NewID(), time.Now()
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		ctx := context.Background()
		require.NoError(t, tx.InsertBroadcast(ctx, store.Broadcast{ID: id, ChannelID: c.ID, State: store.StateLive, CreatedAt: now}))
		require.NoError(t, tx.PutEvent(ctx, store.Event{ID: db.NewID(), BroadcastID: id, At: now, Kind: "recording_gap", Text: "The disk was full.", Duration: 12 * time.Second}))
		return tx.EndBroadcast(ctx, id, now, "The encoder stopped.", time.Minute)
	}))
	require.NoError(t, db.Close())
	code, out, _ := run(t, "channel", "log", "alice", "--data", data)
	require.Zero(t, code)
	require.Regexp(t, id+` .* Began\.\n`+id+` .* The disk was full\. \(12s\)\n`+id+` .* The encoder stopped\.\n`, out)
}
