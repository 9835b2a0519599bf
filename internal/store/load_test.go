package store

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// TestSnapshotIsOneMoment: rows that are written together are both in it or both
// not, and its rows are not gone though they are removed.
func TestSnapshotIsOneMoment(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			db := openFile(t, where)
			c := addChannel(t, db, "busy")
			ctx, stop := context.WithCancel(t.Context())
			var g errgroup.Group
			wrote := make(chan struct{}, 1)
			g.Go(func() error {
				for ctx.Err() == nil {
					b := Broadcast{ID: db.NewID(), ChannelID: c.ID, State: StateArchived, CreatedAt: day}
					err := db.Write(t.Context(), func(tx *Tx) error {
						if err := tx.InsertBroadcast(t.Context(), b); err != nil {
							return err
						}
						return tx.InsertSegments(t.Context(), []Segment{segment(b, "video/source", 1)})
					})
					if err != nil {
						return err
					}
					select {
					case wrote <- struct{}{}:
					default:
					}
				}
				return nil
			})
			for range 5 {
				<-wrote
				p, err := OpenSnapshot(t.Context(), where)
				require.NoError(t, err)
				count := func(table string) (n int) {
					require.NoError(t, p.Rows(t.Context(), table, func([]any) error { n++; return nil }))
					return n
				}
				before := count("segments")
				<-wrote
				<-wrote
				require.Positive(t, before)
				require.Equal(t, before, count("broadcasts"))
				require.Equal(t, before, count("segments"))
				require.NoError(t, p.Close())
			}
			stop()
			require.NoError(t, g.Wait())
		})
	}
}

// TestObjectsOfRows: those that rows speak of, and none of what is being removed.
func TestObjectsOfRows(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			db := filled(t, where)
			write(t, db, func(ctx context.Context, tx *Tx) error {
				for _, query := range []string{
					`UPDATE broadcasts SET state = 'discarded' WHERE id = 'id1'`,
					`UPDATE stills SET cover = 1`, `UPDATE clips SET removed_at = NULL WHERE id = 'id1'`, `UPDATE segments SET gap = 0`, `UPDATE kept_segments SET gap = 0`, `UPDATE channels SET banner = '', offline = ''`,
				} {
					if _, err := tx.exec(ctx, query); err != nil {
						return err
					}
				}
				return nil
			})
			p, err := OpenSnapshot(t.Context(), where)
			require.NoError(t, err)
			defer p.Close()
			count := func(media bool) map[ObjectKind]int {
				n := map[ObjectKind]int{}
				require.NoError(t, p.Objects(t.Context(), media, func(o Object) error {
					n[o.Kind]++
					named, err := p.Named(t.Context(), o)
					require.NoError(t, err)
					require.True(t, named, "%+v", o)
					return nil
				}))
				return n
			}
			require.Equal(t, map[ObjectKind]int{Picture: 3, EmoteImage: 3, Cover: 2, ClipCover: 1}, count(false))
			// What is kept for clips of the one that is being removed is there, too.
			require.Equal(t, map[ObjectKind]int{Picture: 3, EmoteImage: 3, Cover: 2, ClipCover: 1, Storyboard: 1, InitObject: 3, Media: 5}, count(true))
			require.NoError(t, p.End())
			named, err := p.Named(t.Context(), Object{Kind: Media, Broadcast: "id1", Rendition: "id1", Number: 99})
			require.NoError(t, err)
			require.False(t, named)
		})
	}
}

// TestRestoreRefuses: what is there stays, and what is wrong leaves nothing.
func TestRestoreRefuses(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	full := postgres.Fresh(t)
	addChannel(t, openFile(t, full), "mine")
	_, err := Restore(t.Context(), full, newest(t), log)
	require.ErrorContains(t, err, "the database is not empty")
	require.ErrorContains(t, err, "there are announcements, api_tokens")
	require.NotContains(t, err.Error(), postgres.Password)
	c, err := openFile(t, full).ChannelByName(t.Context(), "mine")
	require.NoError(t, err)
	require.Equal(t, "mine", c.Name)

	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			for _, schema := range []int64{-1, 0, 1 << 40} {
				_, err := Restore(t.Context(), where, schema, log)
				require.ErrorContains(t, err, "with the version that made it, or a newer one")
				forget(t, where)
			}
			l, err := Restore(t.Context(), where, newest(t), log)
			require.NoError(t, err)
			for name, try := range map[string]struct {
				table   string
				columns []string
				row     []any
			}{
				"no table":       {"sqlite_master", []string{"name"}, []any{"x"}},
				"left":           {"sessions", []string{"id"}, []any{"x"}},
				"no column":      {"settings", []string{"name", "value", "changed_at, evil"}, []any{"a", "b", int64(1)}},
				"column missing": {"settings", []string{"name", "value"}, []any{"a", "b"}},
				"column twice":   {"settings", []string{"name", "value", "value"}, []any{"a", "b", "c"}},
				"text as number": {"settings", []string{"name", "value", "changed_at"}, []any{"a", "b", "1"}},
				"number as text": {"settings", []string{"name", "value", "changed_at"}, []any{int64(1), "b", int64(1)}},
				"null":           {"settings", []string{"name", "value", "changed_at"}, []any{"a", nil, int64(1)}},
				"short":          {"settings", []string{"name", "value", "changed_at"}, []any{"a"}},
				"orphan":         {"api_tokens", []string{"id", "user_id", "label", "hash", "hint", "scopes", "created_at", "expires_at", "last_used_at"}, []any{"a", "none", "", "", "", "", int64(1), nil, nil}},
			} {
				require.Error(t, l.Insert(t.Context(), try.table, try.columns, [][]any{try.row}), name)
			}
			require.NoError(t, l.Close())
			require.NoError(t, l.Close(), "twice is fine")
			forget(t, where)
			load(t, seed(t), where) // it was left empty
		})
	}
}

// newest is the schema of today.
func newest(t *testing.T) int64 {
	t.Helper()
	s, err := sqliteSource(places["SQLite"](t))
	require.NoError(t, err)
	n, err := newestSchema(s)
	require.NoError(t, errors.Join(err, s.close()))
	return n
}

// forget removes the caller's file, where there is one.
func forget(t *testing.T, where string) {
	t.Helper()
	if !isAddress(where) {
		require.NoError(t, os.Remove(where))
	}
}

// seed is a database with a little in it.
func seed(t *testing.T) string {
	t.Helper()
	where := places["SQLite"](t)
	addBroadcast(t, openFile(t, where), addChannel(t, openFile(t, where), "mine"), StateLive, true)
	return where
}

// TestLoadFromEachSchema: a backup of a version before comes up to date, and
// what was on air is not taken up again.
func TestLoadFromEachSchema(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			base := places["SQLite"](t)
			for version := int64(1); version <= 7; version++ {
				advance(t, base, version)
				if version != 1 && version != 3 && version != 7 {
					continue // these have tables or columns that those before have not
				}
				old, where := copied(t, base), place(t)
				load(t, old, where)
				db := openFile(t, where)
				requireSnapshot(t, db, version)
				if version >= 2 {
					b, err := db.Broadcast(t.Context(), "b1")
					require.NoError(t, err)
					require.EqualValues(t, 0, b.InterruptedAt.UnixMilli())
				}
			}
		})
	}
}

// TestForget: rows cease to speak of what is missing.
func TestForget(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			from, to := places["SQLite"](t), place(t)
			require.NoError(t, filled(t, from).Close())
			rows := dump(t, from)
			ctx := t.Context()
			p, err := OpenSnapshot(ctx, from)
			require.NoError(t, err)
			l, err := Restore(ctx, to, p.Schema(), slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			for _, table := range p.Tables() {
				sorted := p.Columns(table)
				require.NoError(t, l.Insert(ctx, table, sortedColumns(sorted), rows[table]))
			}
			require.NoError(t, p.Close())
			require.NoError(t, l.Finish(ctx))
			avatar := "channels.avatar 1: \"quoted\" \\ \u00e4 \U0001F600\n\t"
			for _, o := range []Object{
				{Kind: Picture, Key: avatar},
				{Kind: Cover, Broadcast: "id0"},
				{Kind: InitObject, Broadcast: "id1", Rendition: "id1", Number: 1<<20 + 1},
				{Kind: Media, Broadcast: "id1", Rendition: "id1", Number: 1<<20 + 1},
				{Kind: Media, Broadcast: "id0", Rendition: "id0", Lost: true},
			} {
				require.NoError(t, l.Forget(ctx, o))
			}
			require.Error(t, l.Forget(ctx, Object{Kind: "none"}))
			require.NoError(t, l.Publish(ctx))
			require.NoError(t, l.Close())
			got := dump(t, to)
			for table, n := range map[string]int{"stills": 2, "inits": 2, "segments": 2, "kept_segments": 2, "channels": 3} {
				require.Len(t, got[table], n, table)
			}
			s, err := openFile(t, to).Segment(ctx, "id0", "id0", 0)
			require.NoError(t, err)
			require.True(t, s.Gap)
			require.Zero(t, s.Bytes)
		})
	}
}
