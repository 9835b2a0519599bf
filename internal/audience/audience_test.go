package audience

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is a whole minute.
var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// hall is a service whose clock a test moves, with a broadcast on air. It
// sweeps when the test says so.
type hall struct {
	*Service
	t    *testing.T
	room *Room
	id   string

	mu  sync.Mutex
	now time.Time
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, now: noon}
	db := storetest.Open(t, filepath.Join(t.TempDir(), "rostrum.db"), slog.New(slog.DiscardHandler))
	h.Service = New(Options{DB: db, Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.now
	}})
	t.Cleanup(h.Close)
	h.id = "b1"
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertChannel(t.Context(), store.Channel{ID: "c1", Name: "anna", CreatedAt: noon}); err != nil {
			return err
		}
		return tx.InsertBroadcast(t.Context(), store.Broadcast{ID: h.id, ChannelID: "c1", State: store.StateOpening, CreatedAt: noon})
	}))
	h.room = h.Open(h.id, "c1")
	return h
}

// pass lets time go by, second by second.
func (h *hall) pass(d time.Duration) {
	for range d / time.Second {
		h.mu.Lock()
		h.now = h.now.Add(time.Second)
		h.mu.Unlock()
		h.room.sweep()
	}
}

// history is that until now.
func (h *hall) history() (History, error) { return h.History(h.t.Context(), h.id, noon, h.o.Now()) }

func id(n int) string { return fmt.Sprintf("viewing-%016d", n) }

// Players that go on asking count, exactly; those that stop are gone when they
// have lapsed, and have watched until they asked last.
func TestPlayersCountWhileTheyAsk(t *testing.T) {
	h := newHall(t)
	for second := range 60 {
		for n := range 2000 {
			if n < 500 || second < 30 {
				h.room.Seen(id(n))
				h.room.Seen(id(n)) // pictures and sound have a list each
			}
		}
		want := 2000
		if second >= 45 { // those that stopped asking have lapsed
			want = 500
		}
		require.Equal(t, want, h.room.Count(), "second %d", second)
		h.pass(time.Second)
	}
	require.Equal(t, 500, h.room.Count())
	h.pass(DefaultLapse + time.Second)
	require.Zero(t, h.room.Count())

	got, err := h.history()
	require.NoError(t, err)
	require.EqualValues(t, 2000, got.Viewings)
	require.EqualValues(t, 2000, got.Peak)
	require.Equal(t, 500*59*time.Second+1500*29*time.Second, got.Watched)
}

// What is in no row yet, and what is, are one history; a restart adds to it.
func TestHistoryGoesOnOverARestart(t *testing.T) {
	h := newHall(t)
	watch := func(n int, d time.Duration) {
		for range d / time.Second {
			for i := range n {
				h.room.Seen(id(i))
			}
			h.pass(time.Second)
		}
	}
	watch(4, 90*time.Second)
	require.True(t, h.room.Tell(id(0), Report{Startup: 300 * time.Millisecond, Played: 10 * time.Second, Latency: 900 * time.Millisecond, Height: 720}))
	h.room.sweep()
	before, err := h.history()
	require.NoError(t, err)
	require.Equal(t, 4, before.Now)
	require.Len(t, before.Points, 2)
	for i, p := range before.Points {
		require.Equal(t, noon.Add(time.Duration(i)*time.Minute), p.At)
		require.InDelta(t, 4, p.Mean, 0.2, "a second may count to the next minute")
		require.Equal(t, 4, p.Peak)
	}
	require.EqualValues(t, 1, before.Quality.Players)

	h.Shut(t.Context(), h.room)
	require.Zero(t, h.room.Count())
	h.room.Seen(id(9))
	require.Zero(t, h.room.Count(), "what is over has no viewers")
	after, err := h.history()
	require.NoError(t, err)
	require.Equal(t, before.Points, after.Points)
	require.Equal(t, before.Quality, after.Quality)

	h.room = h.Open(h.id, "c1")
	watch(7, 60*time.Second)
	require.True(t, h.room.Tell(id(1), Report{Startup: 3 * time.Second, Stalls: 1, Stalled: time.Second, Played: 20 * time.Second, Height: 720}))
	h.writeAll()
	last, err := h.history()
	require.NoError(t, err)
	require.EqualValues(t, 11, last.Viewings)
	require.EqualValues(t, 7, last.Peak)
	require.Equal(t, Quality{
		Players: 2, Startups: []int64{0, 0, 1, 0, 0, 1, 0, 0}, Latencies: []int64{0, 10_000, 0, 0, 0, 0, 0, 0},
		Stalls: 1, StalledMs: 1000, PlayedMs: 30_000, Rungs: map[int]int64{720: 30_000},
	}, last.Quality)
}

// Who watches by one body counts for as long as it lasts, though it asks once.
func TestBodiesCountWhileTheyLast(t *testing.T) {
	h := newHall(t)
	leave := h.room.Stay(id(1))
	h.pass(10 * time.Minute)
	require.Equal(t, 1, h.room.Count())
	leave()
	leave()
	require.Zero(t, h.room.Count())
	got, err := h.history()
	require.NoError(t, err)
	require.Equal(t, 10*time.Minute, got.Watched)
}

// A player's word keeps its viewing alive, ends it, and cannot say more than is
// possible; a stranger's is not heard.
func TestReports(t *testing.T) {
	h := newHall(t)
	require.False(t, h.room.Tell(id(1), Report{Played: time.Hour}))
	h.room.Seen(id(1))
	require.True(t, h.room.Tell(id(1), Report{Startup: time.Second, Played: 1000 * time.Hour, Stalled: 1000 * time.Hour, Stalls: 1 << 60, Height: 1 << 30}))
	require.True(t, h.room.Tell(id(1), Report{}), "one that counts backwards")
	h.pass(40 * time.Second)
	require.Equal(t, 1, h.room.Count(), "a cache answers for the playlists")
	h.room.Leave(id(1))
	require.Zero(t, h.room.Count())
	got, err := h.history()
	require.NoError(t, err)
	require.Equal(t, reportLapse.Milliseconds(), got.Quality.PlayedMs)
	require.Equal(t, reportLapse.Milliseconds(), got.Quality.StalledMs)
	require.EqualValues(t, 45, got.Quality.Stalls)
	require.Equal(t, []int64{0, 0, 0, 1, 0, 0, 0, 0}, got.Quality.Startups)
	for height := range 100 {
		h.room.Seen(id(height))
		h.room.Tell(id(height), Report{Height: height + 1, Played: time.Second})
	}
	got, err = h.history()
	require.NoError(t, err)
	require.Len(t, got.Quality.Rungs, maxRungs)
}

// Many at once lose no count.
func TestManyAtOnce(t *testing.T) {
	h := newHall(t)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := range 1000 {
				h.room.Seen(id(n % 500))
				defer h.room.Stay(fmt.Sprintf("body-%d-%010d", g, n))()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 500, h.room.Count())
}

func TestIDs(t *testing.T) {
	for text, valid := range map[string]bool{
		"": false, "short": false, id(1): true, "ABCDEFGHIJKLMNOPQRSTUVWXYZ": true, "0123456789abcde/": false, "0123456789abcde\x00": false,
		"0123456789abcde@": false, "0123456789abcde[": false, fmt.Sprintf("%065d", 0): false,
	} {
		require.Equal(t, valid, ValidID(text), text)
	}
	var nobody *Room
	nobody.Seen(id(1))
	nobody.Stay(id(1))()
	require.Zero(t, nobody.Count())
	(*Service)(nil).Shut(context.Background(), (*Service)(nil).Open("b", "c"))
}

func BenchmarkSeen(b *testing.B) {
	s := New(Options{Log: slog.New(slog.DiscardHandler)}) // it writes no room that it does not know
	b.Cleanup(s.Close)
	r := newRoom(s, "b", "c")
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = id(i)
		r.Seen(ids[i])
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			r.Seen(ids[i%len(ids)])
		}
	})
}
