package backup

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgres.Main(m)) }

var day = time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC)

// site is a server's data folder, with a little of everything in it.
type site struct {
	data  string
	db    *store.DB
	files *blob.Files
}

const segments = 4 // of each recording

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{data: t.TempDir()}
	s.db = storetest.Open(t, filepath.Join(s.data, "rostrum.db"), slog.New(slog.DiscardHandler))
	var err error
	s.files, err = blob.Open(filepath.Join(s.data, "media"))
	require.NoError(t, err)
	ctx := t.Context()
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertChannel(ctx, store.Channel{ID: "c1", Name: "mine", Title: "\u00e4\x00\xff", CreatedAt: day, Avatar: "c1-face.png"}); err != nil {
			return err
		}
		u := store.User{ID: "u1", Name: "vera", Email: "vera@example.org", EmailConfirmedAt: day, CreatedAt: day, Role: "user"}
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		return tx.PutSetting(ctx, "key", `"secret"`, day)
	}))
	s.put(t, "pictures/c1-face.png")
	require.NoError(t, os.WriteFile(filepath.Join(s.data, "demo-key"), []byte("rk_demo\n"), 0o600))
	s.record(t, "b1", store.StateArchived)
	s.record(t, "b2", store.StateLive)
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		return tx.PutStills(ctx, store.Stills{BroadcastID: "b1", MadeAt: day, Cover: true, Tiles: 3, Sheets: 2, Bytes: 9})
	}))
	for _, name := range []string{"cover.jpg", "storyboard.vtt", "storyboard-0.jpg", "storyboard-1.jpg"} {
		s.put(t, "b1/stills/"+name)
	}
	s.put(t, "b1/video/source/seg99.m4s") // no row speaks of it
	return s
}

// put makes an object, whose content tells its key.
func (s *site) put(t testing.TB, key string) {
	t.Helper()
	require.NoError(t, s.files.PutBytes(context.Background(), key, bytes.Repeat([]byte(key+"\n"), 100)))
}

// record makes a broadcast with segments.
func (s *site) record(t testing.TB, id string, state store.State) {
	t.Helper()
	ctx := context.Background()
	var rows []store.Segment
	for n := range int64(segments) {
		s.put(t, fmt.Sprintf("%s/video/source/seg%d.m4s", id, n))
		rows = append(rows, store.Segment{BroadcastID: id, Rendition: "video/source", Number: n, Timescale: 1000, Duration: 2000, Start: 2000 * n, Bytes: 7, ProgramTime: day})
	}
	s.put(t, id+"/video/source/init0.mp4")
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertBroadcast(ctx, store.Broadcast{ID: id, ChannelID: "c1", State: state, CreatedAt: day, StartedAt: day, Recorded: true}); err != nil {
			return err
		}
		if err := tx.PutInit(ctx, store.Init{BroadcastID: id, Rendition: "video/source", Key: id + "/video/source/init0.mp4", Timescale: 1000}); err != nil {
			return err
		}
		return tx.InsertSegments(ctx, rows)
	}))
}

// discard says that a recording goes, as a removal begins.
func (s *site) discard(t testing.TB, id string) {
	t.Helper()
	ctx := context.Background()
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error { return tx.DiscardBroadcast(ctx, id) }))
}

func (s *site) source(media bool) Source {
	return Source{
		Database: filepath.Join(s.data, "rostrum.db"), Objects: filepath.Join(s.data, "media"), Data: s.data,
		Files: []string{"demo-key", "demo-password"}, Product: "v1", Media: media,
	}
}

// backup returns a backup of the site.
func (s *site) backup(t testing.TB, media bool) ([]byte, Counts) {
	t.Helper()
	var b bytes.Buffer
	counts, err := Make(context.Background(), s.source(media), &b)
	require.NoError(t, err)
	return b.Bytes(), counts
}

// target is an empty place; address is that of a PostgreSQL, or empty.
func target(t testing.TB, address string) Target {
	t.Helper()
	data := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(data, "serve.lock"), nil, 0o600))
	return Target{
		Data: data, Ignore: []string{"serve.lock"}, Address: address, Database: "rostrum.db", Objects: "media",
		Files: []string{"demo-key"}, Log: slog.New(slog.DiscardHandler),
	}
}

// open opens what was restored.
func (r *Target) open(t testing.TB) *store.DB {
	t.Helper()
	where := r.Address
	if where == "" {
		where = filepath.Join(r.Data, "rostrum.db")
	}
	db, err := store.Open(t.Context(), where, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// objects lists what lies in a folder of objects.
func objects(t testing.TB, data string) []string {
	t.Helper()
	files, err := blob.OpenToRead(filepath.Join(data, "media"))
	require.NoError(t, err)
	var keys []string
	for key, err := range files.List(t.Context(), "") {
		require.NoError(t, err)
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// requireEmpty: nothing is there but what was before.
func requireEmpty(t testing.TB, r Target) {
	t.Helper()
	entries, err := os.ReadDir(r.Data)
	require.NoError(t, err)
	require.Len(t, entries, 1, "%v", entries)
}

// nobody takes what is read, and keeps nothing.
type nobody struct{}

func (nobody) begin(context.Context, Header) error                   { return nil }
func (nobody) rows(context.Context, string, []string, [][]any) error { return nil }
func (nobody) file(string, []byte) error                             { return nil }
func (nobody) missing(context.Context, store.Object) error           { return nil }
func (nobody) object(_ context.Context, _ string, r io.Reader, _ int64) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

var engines = map[string]func(testing.TB) string{
	"SQLite":     func(testing.TB) string { return "" },
	"PostgreSQL": func(t testing.TB) string { return postgres.Fresh(t) },
}
