package vod

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// comeBack lets another encoder feed the broadcast.
func (a *onAir) comeBack() {
	a.stream.Interrupt(a.pub)
	a.pub = live.NewPublisher(a.stream, func(*live.Publisher, live.End, error) {})
	a.pub.Expect(media.Video, media.Audio)
}

// kill ends the library and what it records as a kill -9 does, which leaves the
// spool as it is.
func (h *house) kill(a *onAir) {
	h.t.Helper()
	aside := filepath.Join(h.dir, "aside")
	require.NoError(h.t, os.CopyFS(aside, os.DirFS(h.options.Spool)))
	a.abort()
	a.work.Wait()
	h.lib.Close()
	require.NoError(h.t, os.RemoveAll(h.options.Spool))
	require.NoError(h.t, os.Rename(aside, h.options.Spool))
}

// unlist takes the rows of a broadcast's segments from a number on away, as if
// they had not been written yet, and returns what they were.
func (h *house) unlist(id string, from int64) (rows map[string][]store.Segment) {
	h.t.Helper()
	rows = map[string][]store.Segment{}
	for _, rendition := range []string{video, audio} {
		rows[rendition] = h.rows(id, rendition)
	}
	h.exec("DELETE FROM segments WHERE broadcast_id = ? AND number >= ?", id, from)
	return rows
}

// requireListed checks that the rows are there again, and at most the segment
// that was being written behind them.
func (h *house) requireListed(id string, before map[string][]store.Segment) {
	h.t.Helper()
	for rendition, want := range before {
		rows := h.rows(id, rendition)
		require.GreaterOrEqual(h.t, len(rows), len(want), rendition)
		require.LessOrEqual(h.t, len(rows), len(want)+1, rendition)
		for i := range want {
			require.WithinDuration(h.t, want[i].ProgramTime, rows[i].ProgramTime, 5*time.Millisecond, "%s %d", rendition, i)
			rows[i].ProgramTime = want[i].ProgramTime
			require.InDelta(h.t, want[i].Duration, rows[i].Duration, float64(want[i].Timescale)/1000)
			rows[i].Duration = want[i].Duration
			require.Equal(h.t, want[i], rows[i], "%s %d", rendition, i)
		}
	}
}

// recoded is the clip with pictures of another size, as their track says.
func recoded(clip cliptest.Clip) cliptest.Clip {
	clip = slices.Clone(clip)
	var track *media.Track
	for i := range clip {
		if clip[i].Track.Kind() != media.Video {
			continue
		}
		if track == nil {
			t := *clip[i].Track
			t.Width *= 2
			track = &t
		}
		clip[i].Track = track
	}
	return clip
}

// A segment that is complete and has no row yet is listed for what it is, also
// when it is the first one after its encoder came back.
func TestSalvageAfterAResume(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	a.comeBack()
	recoded(clip).Between(6*time.Second, 11*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 6)
	h.awaitRows(a.id, video, 6)
	h.kill(a)
	before := h.unlist(a.id, 4)
	require.True(t, before[video][4].Discontinuity)
	require.EqualValues(t, 1, before[video][4].Init)
	h.open()
	h.requireListed(a.id, before)
}

// So is one behind a gap.
func TestSalvageBehindAGap(t *testing.T) {
	var least uint64
	h := newHouse(t, func(o *Options) { o.MinFree = func(uint64) uint64 { return least } })
	set := func(n uint64) { // as if the time that a measurement is believed had passed
		h.lib.space.mu.Lock()
		defer h.lib.space.mu.Unlock()
		least, h.lib.space.checked = n, time.Time{}
	}
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	a.comeBack() // so that the initialisation section is another one
	clip = recoded(clip)
	clip.Between(6*time.Second, 9*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 5)
	h.awaitRows(a.id, video, 5)
	set(1 << 62)
	clip.Between(9*time.Second, 15*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 8)
	h.awaitRows(a.id, video, 8)
	set(0)
	clip.Between(15*time.Second, 21*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 11)
	h.awaitRows(a.id, video, 11)
	h.kill(a)
	rows := h.rows(a.id, video)
	first := len(rows) - 1
	for !rows[first-1].Gap {
		first--
	}
	require.EqualValues(t, 1, rows[first].Init)
	before := h.unlist(a.id, rows[first].Number)
	h.open()
	h.requireListed(a.id, before)
}
