package store

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryTableIsCarriedOrLeft fails when a migration makes a table, and nobody
// said in carried.go whether it belongs in a backup.
func TestEveryTableIsCarriedOrLeft(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			openFile(t, where)
			p, err := OpenSnapshot(t.Context(), where)
			require.NoError(t, err, "name the new table in carried.go: where it is filled from a backup, or why no backup has it")
			require.Equal(t, carried, p.Tables(), "carried.go names a table that there is no more")
			there, err := p.s.layout.list(t.Context(), p.reader)
			require.NoError(t, err)
			for name := range leftBehind {
				if kind == "SQLite" || name != "documents_words" {
					require.Contains(t, there, name)
				}
			}
			for _, table := range p.Tables() {
				for _, parent := range parents(t, p, table) {
					require.Less(t, slices.Index(carried, parent), slices.Index(carried, table), "%s refers to %s, which is filled later", table, parent)
				}
			}
			require.NoError(t, p.Close())
			require.NoError(t, p.Close(), "twice is fine")
			_, err = toCarry([]string{"users", "forgotten"})
			require.ErrorContains(t, err, `a table "forgotten"`)
		})
	}
}

// parents lists the tables that a table refers to.
func parents(t *testing.T, p *Snapshot, table string) []string {
	t.Helper()
	query := `SELECT "table" FROM pragma_foreign_key_list($1)`
	if p.s.matching.from == textVector.from {
		query = `SELECT CAST(f.relname AS TEXT) FROM pg_constraint c JOIN pg_class f ON f.oid = c.confrelid
			WHERE c.contype = 'f' AND c.conrelid = CAST($1 AS regclass)`
	}
	names, err := list(t.Context(), p.reader, scanText, query, table)
	require.NoError(t, err)
	return names
}

// filled makes a database with three rows in each table, in which each column
// has each of its kinds of values: by the schema alone, so that columns to come
// are filled too.
func filled(t testing.TB, where string) *DB {
	t.Helper()
	db := openFile(t, where)
	p, err := OpenSnapshot(t.Context(), where)
	require.NoError(t, err)
	s := db.source(t, where)
	for i := range p.tables {
		fillTable(t, s, &p.tables[i])
	}
	require.NoError(t, p.Close())
	return db
}

// source is that of a database that is open.
func (db *DB) source(t testing.TB, where string) source {
	t.Helper()
	s := source{name: where, read: db.read, write: db.write, layout: sqliteLayout}
	if isAddress(where) {
		s.layout = postgresLayout
	}
	return s
}

const rowsOfEach = 3

func fillTable(t testing.TB, s source, table *table) {
	t.Helper()
	columns := table.names()
	for n := range rowsOfEach {
		row := make([]any, len(columns))
		for i, c := range table.columns {
			row[i] = sample(table.name, c, n)
		}
		_, err := s.write.ExecContext(t.Context(), insertion(table.name, columns, 1), row...)
		require.NoError(t, err, "a row of %s: %v", table.name, row)
	}
}

// sample is the value of a column in the n-th row. What refers to another table
// has the id that its n-th row has.
func sample(table string, c column, n int) any {
	switch {
	case c.name == "leased_by": // a lease is the one thing that is not carried with its row
		return ""
	case c.name == "leased_until":
		return nil
	case c.kind == integers && c.name == "timescale":
		return int64(90000 + n)
	case c.kind == integers && n == 0:
		return int64(0)
	case c.typ == "integer": // of 32 bits in PostgreSQL
		return int64(1)<<(15*n) + int64(n)
	case c.kind == integers:
		return int64(1)<<(20*n) + int64(n)
	case c.kind == octets:
		return []byte{0, byte(n), 255}
	case c.name == "state":
		return "archived"
	case c.name == "id" || c.key > 0 || slices.Contains([]string{
		"user_id", "channel_id", "broadcast_id", "made_by", "used_by", "target_id",
	}, c.name):
		return fmt.Sprintf("id%d", n)
	}
	return fmt.Sprintf("%s.%s %d: \"quoted\" \\ \u00e4 \U0001F600\n\t", table, c.name, n)
}

// dump is all that a snapshot has, by table.
func dump(t testing.TB, where string) map[string][][]any {
	t.Helper()
	p, err := OpenSnapshot(t.Context(), where)
	require.NoError(t, err)
	all := map[string][][]any{}
	for _, table := range p.Tables() {
		columns := p.Columns(table)
		order := make([]int, len(columns))
		for i, name := range slices.Sorted(slices.Values(columns)) {
			order[i] = slices.Index(columns, name)
		}
		require.NoError(t, p.Rows(t.Context(), table, func(row []any) error {
			sorted := make([]any, len(row))
			for i, from := range order {
				sorted[i] = row[from]
			}
			all[table] = append(all[table], sorted)
			return nil
		}))
	}
	require.NoError(t, p.Close())
	return all
}

// load fills a new database with what another has.
func load(t testing.TB, from, to string) {
	t.Helper()
	ctx := t.Context()
	p, err := OpenSnapshot(ctx, from)
	require.NoError(t, err)
	l, err := Restore(ctx, to, p.Schema(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	for _, table := range p.Tables() {
		var rows [][]any
		require.NoError(t, p.Rows(ctx, table, func(row []any) error {
			rows = append(rows, slices.Clone(row))
			return nil
		}))
		require.NoError(t, l.Insert(ctx, table, p.Columns(table), rows))
	}
	require.NoError(t, l.Finish(ctx))
	require.NoError(t, l.Publish(ctx))
	require.NoError(t, l.Close())
	require.NoError(t, p.Close())
}

// TestLoadIsWhatWasDumped: from each database to each, every column of every
// table, and the new one goes on where the old one was.
func TestLoadIsWhatWasDumped(t *testing.T) {
	for from, source := range places {
		for to, target := range places {
			t.Run(from+" to "+to, func(t *testing.T) {
				here, there := source(t), target(t)
				require.NoError(t, filled(t, here).Close())
				load(t, here, there)
				want := dump(t, here)
				for _, table := range carried {
					require.Len(t, want[table], rowsOfEach, table)
				}
				equal(t, want, dump(t, there))
				if !isAddress(there) {
					left, err := filepath.Glob(there + "-*")
					require.NoError(t, err)
					require.Empty(t, left, "the file is whole by itself")
				}
				requireInUse(t, openFile(t, there))
			})
		}
	}
}

// requireInUse: counters go on, and what triggers and generated columns make is
// there.
func requireInUse(t *testing.T, db *DB) {
	t.Helper()
	c := addChannel(t, db, "after")
	found, err := db.SearchChannels(t.Context(), "after", 9)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, c.ID, found[0].ID)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		for _, table := range []string{"broadcasts", "channels", "users"} { // what refers to them goes with them
			if _, err := tx.exec(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
	rest, err := db.Segments(t.Context(), "id0", "id0", 0, 9)
	require.NoError(t, err)
	require.Empty(t, rest, "foreign keys are there")
}

func sortedColumns(columns []string) []string { return slices.Sorted(slices.Values(columns)) }
