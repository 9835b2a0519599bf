package packager

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestAReloadIsWokenWhenItsPartIsThereAndNotBefore(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(l.feed.p.Options().Segment)
	w := l.feed.p.Windows()[0]
	s := w.snap.Load()
	edge := s.edge()
	_, soon := w.watchFor(reload{blocks: true, msn: edge, part: len(s.parts) + 2})
	_, whole := w.watchFor(reload{blocks: true, msn: edge, part: -1})
	_, far := w.watchFor(reload{blocks: true, msn: edge + 1, part: 0})
	_, past := w.watchFor(reload{blocks: true, msn: edge, part: 1 << 30}) // the same as far
	_, first := w.watchFor(reload{part: -1})
	var order []string
	waiting := map[string]<-chan struct{}{"soon": soon, "whole": whole, "far": far, "past": past, "first": first}
	for at := l.feed.p.Options().Segment; len(waiting) > 0; at += l.feed.p.Options().Part {
		require.Less(t, at, 10*l.feed.p.Options().Segment, "still waiting: %v", waiting)
		l.write(at)
		l.cut()
		now := w.snap.Load()
		for name, want := range map[string]bool{
			"soon":  now.has(edge, len(s.parts)+2),
			"whole": now.has(edge, -1),
			"far":   now.has(edge+1, 0),
			"past":  now.has(edge+1, 0),
		} {
			if c := waiting[name]; c != nil {
				require.Equal(t, want, isClosed(c), name)
			}
		}
		for _, name := range []string{"first", "soon", "whole", "far", "past"} {
			if c := waiting[name]; c != nil && isClosed(c) {
				order = append(order, name)
				delete(waiting, name)
			}
		}
	}
	require.Equal(t, "first", order[0])
	require.Equal(t, "soon", order[1])
	require.Empty(t, w.waiters.news)
}

func TestWhoWaitsIsWokenWhenTheEncoderGoes(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(l.feed.p.Options().Segment)
	w := l.feed.p.Windows()[0]
	_, far := w.watchFor(reload{blocks: true, msn: w.snap.Load().edge() + 2, part: -1})
	w.stand()
	require.True(t, isClosed(far))
	_, again := w.watchFor(reload{blocks: true, msn: w.snap.Load().edge() + 2, part: -1})
	w.close(false)
	require.True(t, isClosed(again))
}

// TestPlacesToWaitForAreBounded: whoever makes up parts does not make the
// server keep a place for each.
func TestPlacesToWaitForAreBounded(t *testing.T) {
	var ws waiters
	for part := range 10 * maxParts {
		ws.on(reload{blocks: true, msn: 1, part: part})
	}
	require.LessOrEqual(t, len(ws.news), maxParts+1)
}

// BenchmarkPartBesideParkedReloads is a part's cost beside 5,000 requests that
// wait for the segment after the one that is being made.
func BenchmarkPartBesideParkedReloads(b *testing.B) {
	l := newLoop(b, Options{})
	l.run(l.feed.p.Options().Segment)
	w := l.feed.p.Windows()[0]
	var ws waiters
	for i := range 5000 {
		ws.on(reload{blocks: true, msn: w.snap.Load().edge() + 1, part: i % usualParts})
	}
	s := w.snap.Load()
	b.ReportAllocs()
	for b.Loop() {
		ws.tell(s, false)
	}
}
