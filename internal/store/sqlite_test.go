package store

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
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

func TestManyOpenAnEmptyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rostrum.db")
	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			db, err := Open(t.Context(), path, slog.New(slog.DiscardHandler))
			if err != nil {
				return err
			}
			return db.Close()
		})
	}
	require.NoError(t, g.Wait())
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

// planner is a querier that also keeps how SQLite goes about each query.
type planner struct {
	querier
	t     *testing.T
	steps []string
}

func (p *planner) explain(ctx context.Context, query string, args []any) {
	steps, err := list(ctx, Reader{p.querier}, func(row scanner) (s string, err error) {
		var id, parent, unused int
		err = row.Scan(&id, &parent, &unused, &s)
		return s, err
	}, `EXPLAIN QUERY PLAN `+query, args...)
	require.NoError(p.t, err)
	p.steps = append(p.steps, steps...)
}

func (p *planner) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.explain(ctx, query, args)
	return p.querier.QueryContext(ctx, query, args...)
}

func (p *planner) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.explain(ctx, query, args)
	return p.querier.QueryRowContext(ctx, query, args...)
}

// TestListsUseIndexes keeps the lists from reading whole tables, and from
// sorting more than they return.
func TestListsUseIndexes(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "rostrum.db"))
	for name, ask := range map[string]func(context.Context, Reader) error{
		"channels": func(ctx context.Context, r Reader) error { _, err := r.Channels(ctx, "x", 9); return err },
		"of channel": func(ctx context.Context, r Reader) error {
			_, err := r.BroadcastsByChannel(ctx, "x", "", 9)
			return err
		},
		"live":       func(ctx context.Context, r Reader) error { _, err := r.LiveBroadcasts(ctx, "", 9); return err },
		"recordings": func(ctx context.Context, r Reader) error { _, err := r.LatestRecordings(ctx, "", 9); return err },
		"unfinished": func(ctx context.Context, r Reader) error { _, err := r.UnfinishedBroadcasts(ctx); return err },
		"events":     func(ctx context.Context, r Reader) error { _, err := r.Events(ctx, "x", "", 9); return err },
		"segments":   func(ctx context.Context, r Reader) error { _, err := r.Segments(ctx, "x", "y", 7, 9); return err },
		"newest":     func(ctx context.Context, r Reader) error { _, err := r.NewestSegments(ctx, "x", "y", 9); return err },
		"cuts":       func(ctx context.Context, r Reader) error { _, err := r.Discontinuities(ctx, "x", "y", 7); return err },
		"seams":      func(ctx context.Context, r Reader) error { _, err := r.Seams(ctx, "x", "y", 7); return err },
		"extents":    func(ctx context.Context, r Reader) error { _, err := r.Extents(ctx, "x"); return err },
	} {
		p := &planner{querier: db.read, t: t}
		require.NoError(t, ask(t.Context(), Reader{p}), name)
		require.NotEmpty(t, p.steps, name)
		for _, step := range p.steps {
			for _, table := range []string{"b", "c", "broadcasts", "channels", "segments", "broadcast_events"} {
				require.NotEqual(t, "SCAN "+table, step, name)
				require.NotContains(t, step, "SCAN "+table+" ", name)
			}
			if name == "cuts" || name == "seams" {
				require.NotContains(t, step, "segments USING INDEX sqlite_autoindex", name)
			}
			if name != "live" && name != "unfinished" { // what is on air is few
				require.NotContains(t, step, "TEMP B-TREE", name)
			}
		}
	}
}
