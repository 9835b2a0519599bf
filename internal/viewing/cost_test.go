package viewing

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// Public media is asked about for each request: that costs no memory.
func TestPublicMediaCostsNoAllocation(t *testing.T) {
	h := newHouse(t, account.Public)
	h.Service = h.start(Options{Fresh: limit})
	ctx := background(t)
	for _, what := range []What{h.live(), h.recorded(), {Broadcast: h.recording, Channel: h.channel.ID}} {
		require.Zero(t, testing.AllocsPerRun(1000, func() {
			open, err := h.Open(ctx, what)
			if err != nil || !open || h.Withheld(ctx, what.Broadcast, func() (int64, bool) { return 0, len(what.Name) > 0 }) {
				t.Fatal("not open")
			}
		}))
	}
}

// A viewing takes less than 200 bytes.
func TestMemoryOfAViewing(t *testing.T) {
	h := newHouse(t, account.Password)
	h.Service = h.start(Options{Most: 1 << 20})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const n = 50_000
	before := heap()
	for range n {
		s := h.Service
		v := &viewing{}
		s.confirm(v, account.PlaceMember)
		s.viewings.add(random(), v, s.clock())
	}
	each := int64(heap()-before) / n
	require.Equal(t, n, h.Count())
	require.Less(t, each, int64(200))
	t.Logf("%d bytes each", each)
}

func BenchmarkOpen(b *testing.B) {
	h := newHouse(b, account.Public)
	ctx, what := background(b), h.recorded()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if open, err := h.Open(ctx, what); err != nil || !open {
				b.Fail()
			}
		}
	})
}

// BenchmarkAdmit is what a request for private media costs beside its token:
// each by one of ten thousand viewers.
func BenchmarkAdmit(b *testing.B) {
	h := newHouse(b, account.Password)
	ctx, what := background(b), h.live()
	var all []Grant
	for range 10_000 {
		all = append(all, h.begin(what, Asker{Password: secret}))
	}
	var next atomic.Uint64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			stay, err := h.Admit(ctx, all[next.Add(1)%uint64(len(all))], what, Playlist)
			if err != nil {
				b.Fail()
				return
			}
			stay.End()
		}
	})
}
