package store

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpenMakesPrivateFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b ?#%") // all that a file's address could stumble over
	path := filepath.Join(dir, "rostrum.db")
	db := openFile(t, path)
	addChannel(t, db, "mine")
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
}

func TestOpenFailsClearly(t *testing.T) {
	dir := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	_, err := Open(t.Context(), dir, log)
	require.ErrorContains(t, err, "open database")

	path := filepath.Join(dir, "notes.txt")
	require.NoError(t, os.WriteFile(path, []byte("this is a text and no database, long enough to be read as a page"), 0o600))
	_, err = Open(t.Context(), path, log)
	require.ErrorContains(t, err, "not a database")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Open(ctx, filepath.Join(dir, "rostrum.db"), log)
	require.ErrorIs(t, err, context.Canceled)
}

func TestOpenRefusesNewerDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rostrum.db")
	db := openFile(t, path)
	_, err := db.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	require.NoError(t, err)
	require.NoError(t, db.Close())

	_, err = Open(t.Context(), path, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "made by a newer version of Rostrum")
	require.ErrorContains(t, err, "9999")
}

func TestConnectionsAreSetUp(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "rostrum.db"))
	for name, pool := range map[string]*sql.DB{"write": db.write, "read": db.read} {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1",
		} {
			var got string
			require.NoError(t, pool.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			require.Equal(t, want, got, "%s of the pool that is to %s", pragma, name)
		}
	}
	require.Equal(t, 1, db.write.Stats().MaxOpenConnections)
	require.Equal(t, readConnections, db.read.Stats().MaxOpenConnections)
	_, err := db.read.ExecContext(t.Context(), `DELETE FROM channels`)
	require.ErrorContains(t, err, "readonly")
}
