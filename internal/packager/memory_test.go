package packager

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

// memory is what the window holds of complete segments.
func (w *Window) memory() (bytes int64) {
	for _, s := range w.snap.Load().complete {
		bytes += s.held()
	}
	return bytes
}

func TestStoredSegmentsLeaveMemory(t *testing.T) {
	l := newLoop(t, Options{})
	for at := time.Second; at < time.Minute; at += time.Second {
		l.write(at)
		l.cut()
		for _, w := range l.feed.p.Windows() {
			for _, s := range w.snap.Load().complete {
				s.Stored(nil)
			}
			require.Zero(t, w.memory())
		}
	}
}

func TestSegmentsThatAreNotStoredLeaveMemoryWithTheLivePlaylist(t *testing.T) {
	l := newLoop(t, Options{LiveWindow: 20 * time.Second})
	l.run(2 * time.Minute)
	w := l.feed.p.Window("video/source")
	require.InEpsilon(t, 20*30*12_000, w.memory(), 0.15)
	require.InDelta(t, 20, len(w.snap.Load().complete), 2, "listed or not, they can be asked for as long again")
}

// TestNothingHoldsOnToUnits: once its part is made and the ring has let it go,
// a unit is garbage.
func TestNothingHoldsOnToUnits(t *testing.T) {
	f, units := cutAndForget(t)
	runtime.GC()
	alive := 0
	for _, u := range units {
		if u.Value() != nil {
			alive++
		}
	}
	require.Greater(t, len(units), 700)
	require.LessOrEqual(t, alive, 4, "the newest of each rendition, and what waits for the picture")
	runtime.KeepAlive(f)
}

// cutAndForget cuts ten seconds and lets go of the stream.
func cutAndForget(t *testing.T) (*feed, []weak.Pointer[media.AccessUnit]) {
	l := newLoop(t, Options{})
	f := l.feed
	var units []weak.Pointer[media.AccessUnit]
	for at := 50 * time.Millisecond; at < 10*time.Second; at += 50 * time.Millisecond {
		l.write(at)
		for {
			u, news, err := f.reader.Poll()
			require.NoError(t, err)
			if news != nil {
				break
			}
			units = append(units, weak.Make(u.AccessUnit))
			require.NoError(t, f.cut.push(u))
		}
	}
	f.stream, f.reader, f.pub = nil, nil, nil
	f.p.stream = live.NewStream("demo", "b1", live.Limits{})
	return f, units
}
