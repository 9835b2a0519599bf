package store

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// places names an empty database of each kind.
var places = map[string]func(testing.TB) string{
	"SQLite":     func(t testing.TB) string { return filepath.Join(t.TempDir(), "rostrum.db") },
	"PostgreSQL": func(t testing.TB) string { return postgres.Fresh(t) },
}

// snapshots are rows as versions before wrote them: each is inserted into the
// schema whose number it has, and must still be there in the newest.
var snapshots = map[int64][]string{
	1: {
		`INSERT INTO channels (id, name, title, created_at) VALUES ('c1', 'mine', 'Mine', 1000)`,
		`INSERT INTO stream_keys (id, channel_id, label, hash, hint, created_at, revoked_at) VALUES ('k1', 'c1', 'home', 'h1', 'wxyz', 1000, 2000)`,
	},
	2: {
		`INSERT INTO broadcasts (id, channel_id, state, created_at, started_at, end_reason, protocol, encoder, remote, recorded, duration_ms, bytes)
			VALUES ('b1', 'c1', 'live', 1000, 1001, '', 'rtmp', 'obs', '192.0.2.7:1000', 1, 0, 0)`,
	},
	3: {
		`INSERT INTO renditions (broadcast_id, name, kind, codecs, timescale, width, height, frame_rate_num, frame_rate_den, sample_rate, channels)
			VALUES ('b1', 'video/source', 'video', 'avc1.64001f', 90000, 1280, 720, 30, 1, 0, 0)`,
		`INSERT INTO inits (broadcast_id, rendition, number, blob_key, codecs, timescale, bytes)
			VALUES ('b1', 'video/source', 1, 'media/b1/1.mp4', 'avc1.64001f', 90000, 700)`,
		`INSERT INTO segments (broadcast_id, rendition, number, init, start, duration, timescale, bytes, pdt_ms, discontinuity, gap, independent)
			VALUES ('b1', 'video/source', 5, 1, 0, 180000, 90000, 500, 1001, 1, 0, 1)`,
	},
	4: {`INSERT INTO broadcast_events (id, broadcast_id, at, kind, text, duration_ms) VALUES ('e1', 'b1', 1500, 'interrupted', 'Lost.', 0)`},
	5: {`UPDATE stream_keys SET auth_verifier = 'v1'`},
	6: {`UPDATE renditions SET transfer = 16`},
	7: {`UPDATE segments SET seam = 1`},
}

// TestMigrateFromEachVersion: a database of any version before, with rows in
// it, comes up to date and has kept them.
func TestMigrateFromEachVersion(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			db := openFile(t, where)
			var newest int64
			require.NoError(t, db.read.QueryRowContext(t.Context(), `SELECT MAX(version_id) FROM goose_db_version`).Scan(&newest))
			require.NoError(t, db.Close())
			for version := int64(1); version < newest; version++ {
				where := place(t)
				snapshot(t, where, version)
				requireSnapshot(t, openFile(t, where), version)
			}
		})
	}
}

// snapshot makes a database as a version before left it.
func snapshot(t *testing.T, where string, version int64) {
	t.Helper()
	open := sqliteSource
	if isAddress(where) {
		open = postgresSource
	}
	s, err := open(where)
	require.NoError(t, err)
	p, err := migrator(s, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	for v := int64(1); v <= version; v++ {
		_, err = p.UpTo(t.Context(), v)
		require.NoError(t, err)
		for _, statement := range snapshots[v] {
			_, err := s.write.ExecContext(t.Context(), statement)
			require.NoError(t, err)
		}
	}
	require.NoError(t, errors.Join(s.read.Close(), s.write.Close()))
}

// requireSnapshot reads the rows of a snapshot.
func requireSnapshot(t *testing.T, db *DB, version int64) {
	t.Helper()
	ctx := t.Context()
	c, err := db.ChannelByName(ctx, "mine")
	require.NoError(t, err)
	require.Equal(t, "c1", c.ID)
	require.Equal(t, "newest", c.Takeover)
	require.Nil(t, c.ReconnectWindow)
	k, err := db.StreamKeyByHash(ctx, "h1")
	require.NoError(t, err)
	require.EqualValues(t, 2000, k.RevokedAt.UnixMilli())
	if version >= 2 {
		b, err := db.Broadcast(ctx, "b1")
		require.NoError(t, err)
		require.Equal(t, StateLive, b.State)
		require.True(t, b.Recorded)
		require.Zero(t, b.Keep)
	}
	if version >= 3 {
		r, err := db.Renditions(ctx, "b1")
		require.NoError(t, err)
		require.Len(t, r, 1)
		require.Equal(t, uint8(map[bool]int{true: 16}[version >= 6]), r[0].Transfer)
		s, err := db.Segment(ctx, "b1", "video/source", 5)
		require.NoError(t, err)
		require.True(t, s.Discontinuity)
		require.Equal(t, version >= 7, s.Seam)
		inits, err := db.Inits(ctx, "b1", "video/source")
		require.NoError(t, err)
		require.Len(t, inits, 1)
	}
	if version >= 4 {
		events, err := db.Events(ctx, "b1", "", 9)
		require.NoError(t, err)
		require.Len(t, events, 1)
	}
	// It takes what today's version writes.
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "new", CreatedAt: day})
	})
}

func TestManyOpenAnEmptyDatabase(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			var g errgroup.Group
			for range 4 {
				g.Go(func() error {
					db, err := Open(t.Context(), where, slog.New(slog.DiscardHandler))
					if err != nil {
						return err
					}
					return db.Close()
				})
			}
			require.NoError(t, g.Wait())
		})
	}
}
