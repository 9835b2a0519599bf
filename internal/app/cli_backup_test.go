package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// typing runs a command with that on its standard input.
func typing(t *testing.T, in []byte, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = runWith(&invocation{ctx: t.Context(), stdin: bytes.NewReader(in), stdout: &out, stderr: &errs}, args)
	return code, out.String(), errs.String()
}

// backedUp is a data folder with a user and a channel in it, and its backup.
func backedUp(t *testing.T) (data, file string) {
	t.Helper()
	data = t.TempDir()
	code, _, errs := typing(t, []byte("correct horse battery\n"), "user", "add", "vera", "--data", data)
	require.Zero(t, code, errs)
	code, _, errs = run(t, "channel", "add", "stage", "--owner", "vera", "--data", data)
	require.Zero(t, code, errs)
	file = filepath.Join(t.TempDir(), "rostrum.tar.gz")
	code, out, errs := run(t, "backup", file, "--data", data)
	require.Zero(t, code, errs)
	require.Empty(t, out)
	require.Contains(t, errs, "It holds secrets")
	return data, file
}

func TestBackupAndRestore(t *testing.T) {
	data, file := backedUp(t)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing unfinished is left beside it")

	code, _, errs := run(t, "backup", file, "--data", data)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, file+" is there: choose another name")

	address := postgres.Fresh(t)
	for _, args := range [][]string{{"--data", filepath.Join(t.TempDir(), "new")}, {"--data", t.TempDir(), "--db-url", address}} {
		code, out, errs := run(t, append([]string{"restore", file}, args...)...)
		require.Zero(t, code, errs)
		require.Contains(t, out, "restored to "+args[1])
		code, out, _ = run(t, append([]string{"channel", "members", "stage"}, args...)...)
		require.Zero(t, code)
		require.Contains(t, out, "vera")
		code, _, errs = run(t, append([]string{"restore", file}, args...)...)
		require.Equal(t, exitFailed, code)
		require.Contains(t, errs, "nothing was restored: ")
		require.Contains(t, errs, "not empty")
		require.NotContains(t, errs, postgres.Password)
	}
	code, _, errs = run(t, "restore", file, "--data", t.TempDir(), "--db-url", address)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "the database is not empty, there are announcements")
}

// A pipe carries a backup from the one to the other.
func TestBackupThroughAPipe(t *testing.T) {
	data, _ := backedUp(t)
	code, out, errs := run(t, "backup", "-", "--media", "--data", data)
	require.Zero(t, code, errs)
	to := t.TempDir()
	code, _, errs = typing(t, []byte(out[:len(out)/2]), "restore", "-", "--data", to)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "the backup is damaged or not whole")
	code, _, errs = typing(t, []byte(out), "restore", "-", "--data", to)
	require.Zero(t, code, errs)
	code, out, _ = run(t, "user", "list", "--data", to)
	require.Zero(t, code)
	require.Contains(t, out, "vera")
}

func TestNoBackup(t *testing.T) {
	folder := t.TempDir()
	for _, args := range [][]string{
		{"backup", filepath.Join(folder, "b"), "--data", filepath.Join(folder, "none")},
		{"backup", filepath.Join(folder, "b"), "--data", folder, "--db-url", "postgres://me:s3cret@127.0.0.1:1/none"},
		{"backup", filepath.Join(folder, "no", "folder"), "--data", folder},
		{"restore", filepath.Join(folder, "b"), "--data", filepath.Join(folder, "new")},
	} {
		code, _, errs := run(t, args...)
		require.Equal(t, exitFailed, code, args)
		require.NotEmpty(t, errs)
		requireNoSecret(t, errs)
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Empty(t, entries, args)
	}
}

func TestNothingIsRestoredUnderAServer(t *testing.T) {
	_, file := backedUp(t)
	data := t.TempDir()
	lock, err := lockData(data)
	require.NoError(t, err)
	code, _, errs := run(t, "restore", file, "--data", data)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "another server uses the folder")
	require.NoError(t, lock.Close())
	code, _, errs = run(t, "restore", file, "--data", data)
	require.Zero(t, code, errs)
}

// TestDataFolderIsKnown fails when a server makes something in its data folder of
// which nobody said in data.go whether it belongs in a backup.
func TestDataFolderIsKnown(t *testing.T) {
	cfg, _, err := loadConfig(sources{demo: true, flags: map[string]string{
		"data": t.TempDir(), "http.addr": "127.0.0.1:0", "rtmp.addr": "127.0.0.1:0", "metrics.addr": "off",
	}})
	require.NoError(t, err)
	cfg.Demo = true
	s := &server{cfg: cfg, log: slog.New(slog.DiscardHandler), out: &strings.Builder{}}
	require.NoError(t, s.build(t.Context()))
	require.NoError(t, s.greet(t.Context()))
	require.Empty(t, strangeEntries(cfg.Data))
	require.FileExists(t, filepath.Join(cfg.Data, demoKeyFile))
	require.NoError(t, s.close())
	require.NoError(t, os.WriteFile(filepath.Join(cfg.Data, "notes.txt"), nil, 0o600))
	require.Equal(t, []string{"notes.txt"}, strangeEntries(cfg.Data))
}
