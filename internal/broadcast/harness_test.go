package broadcast

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a manager with all that it stands on.
type house struct {
	t        *testing.T
	dir      string
	db       *store.DB
	accounts *account.Service
	library  *vod.Library
	m        *Manager
}

func newHouse(t *testing.T, open Openness) *house {
	t.Helper()
	return openHouse(t, t.TempDir(), Options{Open: open})
}

// openHouse is a house over a data folder, with what o says.
func openHouse(t *testing.T, dir string, o Options) *house {
	t.Helper()
	h := &house{t: t, dir: dir}
	log := slog.New(slog.NewTextHandler(testWriter{t}, nil))
	h.db = storetest.Open(t, h.path(), log)
	h.accounts = account.New(h.db)
	files, err := blob.Open(filepath.Join(h.dir, "media"))
	require.NoError(t, err)
	h.library, err = vod.New(t.Context(), vod.Options{
		DB: h.db, Files: files, Spool: filepath.Join(h.dir, "spool"), Heads: filepath.Join(h.dir, "heads"), TargetDuration: 4 * time.Second, Log: log,
	})
	require.NoError(t, err)
	t.Cleanup(h.library.Close)
	o.DB, o.Accounts, o.Library, o.HLS, o.Log = h.db, h.accounts, h.library, packager.Options{}, log
	h.m, err = New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		_ = h.m.Shutdown(ctx) // its answer is looked at by the tests of it
	})
	return h
}

func (h *house) path() string { return filepath.Join(h.dir, "rostrum.db") }

// exec runs statements past the store, as nothing but a test does.
func (h *house) exec(statements ...string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path()+"?_pragma=busy_timeout(10000)")
	require.NoError(h.t, err)
	for _, s := range statements {
		_, err = db.ExecContext(h.t.Context(), s)
		require.NoError(h.t, err)
	}
	require.NoError(h.t, db.Close())
}

// key makes a channel and a key for it.
func (h *house) key(channel string) string {
	h.t.Helper()
	_, err := h.accounts.EnsureChannel(h.t.Context(), channel)
	require.NoError(h.t, err)
	plain, _, err := h.accounts.MakeKey(h.t.Context(), account.CommandLine(), channel, "", time.Time{})
	require.NoError(h.t, err)
	return plain
}

// from is a request of an encoder at some address.
func from(addr, name string) live.Request {
	return live.Request{Protocol: "rtmp", App: "live", Name: name, Encoder: "test/1", Remote: netip.MustParseAddrPort(addr)}
}

// publish lets an encoder in.
func (h *house) publish(name string) (*live.Publisher, *Broadcast) {
	h.t.Helper()
	pub, err := h.m.Publish(h.t.Context(), from("127.0.0.1:1", name))
	require.NoError(h.t, err)
	b := h.m.Live(pub.Channel())
	require.NotNil(h.t, b)
	pub.Expect(media.Video, media.Audio)
	return pub, b
}

// await waits until cond holds.
func (h *house) await(why string, cond func() bool) {
	h.t.Helper()
	require.Eventually(h.t, cond, limit, 5*time.Millisecond, why)
}

// row reads a broadcast's row.
func (h *house) row(id string) store.Broadcast {
	h.t.Helper()
	row, err := h.db.Broadcast(h.t.Context(), id)
	require.NoError(h.t, err)
	return row
}

// awaitState waits until a broadcast's row stands there.
func (h *house) awaitState(id string, s store.State) store.Broadcast {
	h.t.Helper()
	h.await("the broadcast is "+string(s), func() bool { return h.row(id).State == s })
	return h.row(id)
}

// awaitEvents waits until a broadcast's events are of these kinds.
func (h *house) awaitEvents(id string, kinds ...string) {
	h.t.Helper()
	h.await("events", func() bool {
		events, err := h.db.Events(h.t.Context(), id, "", 100)
		require.NoError(h.t, err)
		var got []string
		for _, e := range events {
			got = append(got, e.Kind)
		}
		return slices.Equal(kinds, got)
	})
}

// ended waits until the channel is free again.
func ended(t *testing.T, b *Broadcast) {
	t.Helper()
	select {
	case <-b.over:
	case <-time.After(limit):
		t.Fatal("the broadcast does not end")
	}
}

// refused checks that err is a refusal with that code, and returns its reason.
func refused(t *testing.T, code string, err error) string {
	t.Helper()
	var no *live.Refusal
	require.ErrorAs(t, err, &no)
	require.Equal(t, code, no.Code, no.Reason)
	require.Regexp(t, `^[A-Z].*\.$`, no.Reason, "a sentence")
	return no.Reason
}

// playlist asks the broadcast's packager for one of its media playlists.
func playlist(t *testing.T, b *Broadcast, rendition string) string {
	t.Helper()
	w := httptest.NewRecorder()
	require.True(t, b.Packager().ServePlaylist(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), rendition, packager.Live))
	return w.Body.String()
}

// testWriter is the log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}
