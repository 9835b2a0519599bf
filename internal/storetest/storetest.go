// Package storetest opens databases for tests: as new as store.Open makes them,
// in a thirtieth of the time. A schema is made of all its migrations, which
// takes a second where data races are looked for, and most tests ask for one
// that nobody has used.
package storetest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Open is store.Open of a file. One that is not there is made as the first of
// this process was. The database is closed when the test ends.
func Open(t testing.TB, path string, log *slog.Logger) *store.DB {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		fresh, err := empty()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, fresh, 0o600))
	}
	db, err := store.Open(t.Context(), path, log)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// empty is the file of a database that nobody has used.
var empty = sync.OnceValues(func() (fresh []byte, err error) {
	dir, err := os.MkdirTemp("", "storetest-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "rostrum.db")
	db, err := store.Open(context.Background(), path, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // with it all is in the one file
		return nil, err
	}
	return os.ReadFile(path)
})
