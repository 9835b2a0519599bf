package packager

import (
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

// TestAllocationsPerPart bounds what the six units of a part cost from
// live.Rendition.Write on when nobody watches: a wake channel each, and the
// part's bytes, its snapshot and now and then its segment.
func TestAllocationsPerPart(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	l := newLoop(t, Options{})
	l.run(10 * time.Second)
	const runs, perPart = 500, 6
	units := make([]*media.AccessUnit, (runs+1)*perPart)
	at := 10 * time.Second
	for i := range units {
		at += time.Second / 30
		dts := media.Ticks(at, media.VideoTimescale)
		units[i] = &media.AccessUnit{
			Track: l.tracks[0], DTS: dts, PTS: dts, Key: i%60 == 0, Data: l.data[0], Arrived: epoch.Add(at),
		}
	}
	next := 0
	allocs := testing.AllocsPerRun(runs, func() {
		for range perPart {
			l.video.Write(units[next])
			next++
			l.cut()
			l.feed.cut.deadline()
		}
	})
	t.Logf("%v allocations for each part", allocs)
	require.LessOrEqual(t, allocs, perPart+3.0)
}

// TestARenderedPlaylistIsShared bounds what those who watch add: one text for
// each snapshot that is asked for, nothing for each who asks.
func TestARenderedPlaylistIsShared(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	l := newLoop(t, Options{})
	l.run(time.Minute)
	w := l.feed.p.Window("video/source")
	s := w.snap.Load()
	w.playlist(s, Live).zipped()
	require.Zero(t, testing.AllocsPerRun(100, func() { w.playlist(w.snap.Load(), Live).zipped() }))
	require.Zero(t, testing.AllocsPerRun(100, func() { l.feed.p.Windows() }))
}
