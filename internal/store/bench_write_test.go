package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// durable returns an empty database of a PostgreSQL that writes to the disk
// what was committed.
func durable(b *testing.B) string {
	b.Helper()
	server, err := postgres.Start(b.Context(), true)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Remove()) })
	address, err := server.Create(b.Context(), "bench", "")
	require.NoError(b, err)
	return address
}

// BenchmarkWrite counts and then inserts, as the making of a stream key does,
// on both databases.
func BenchmarkWrite(b *testing.B) {
	for kind, place := range map[string]func() string{
		"SQLite":     func() string { return filepath.Join(b.TempDir(), "rostrum.db") },
		"PostgreSQL": func() string { return durable(b) },
	} {
		db := openFile(b, place())
		for _, writers := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/writers=%d", kind, writers), func(b *testing.B) {
				compete(b, writers, func(own Channel) error {
					return db.Write(b.Context(), func(tx *Tx) error { return countAndInsert(b.Context(), tx, db, own) })
				}, db)
			})
		}
	}
}

// BenchmarkWays compares the ways in which writers of PostgreSQL may keep out
// of each other's, each writer with a connection of its own: one after the
// other, as Write does; SERIALIZABLE, with another try after each conflict; and
// not at all, which is wrong and tells what the two cost.
func BenchmarkWays(b *testing.B) {
	address := durable(b)
	db := openFile(b, address)
	cfg, err := parseAddress(address)
	require.NoError(b, err)
	const most = 8
	pool := openPostgres(cfg, most)
	defer pool.Close()
	for name, way := range map[string]writing{
		"queue":        {options: &sql.TxOptions{Isolation: sql.LevelReadCommitted}, queue: queueStatement},
		"serializable": {options: &sql.TxOptions{Isolation: sql.LevelSerializable}},
		"nothing":      {options: &sql.TxOptions{Isolation: sql.LevelReadCommitted}},
	} {
		for _, writers := range []int{1, most} {
			b.Run(fmt.Sprintf("%s/writers=%d", name, writers), func(b *testing.B) {
				var again atomic.Int64
				crowd := &DB{write: pool, read: pool, writing: way, ids: idMaker{now: db.ids.now}}
				compete(b, writers, func(own Channel) error {
					for {
						err := crowd.Write(b.Context(), func(tx *Tx) error { return countAndInsert(b.Context(), tx, crowd, own) })
						var e *pgconn.PgError
						if !errors.As(err, &e) || e.Code != "40001" { // serialization_failure
							return err
						}
						again.Add(1)
					}
				}, db)
				b.ReportMetric(float64(again.Load())/float64(b.N), "repeats/op")
			})
		}
	}
}

func countAndInsert(ctx context.Context, tx *Tx, db *DB, own Channel) error {
	if _, err := tx.ValidStreamKeys(ctx, own.ID); err != nil {
		return err
	}
	id := db.NewID()
	return tx.InsertStreamKey(ctx, StreamKey{ID: id, ChannelID: own.ID, CreatedAt: day, RevokedAt: day}, id)
}

// compete has writers write b.N times in all, each to a channel of its own.
func compete(b *testing.B, writers int, write func(own Channel) error, db *DB) {
	b.Helper()
	own := make([]Channel, writers)
	for i := range own {
		own[i] = addChannel(b, db, db.NewID())
	}
	b.ResetTimer()
	var done atomic.Int64
	var g errgroup.Group
	for _, c := range own {
		g.Go(func() error {
			for done.Add(1) <= int64(b.N) {
				if err := write(c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(b, g.Wait())
}
