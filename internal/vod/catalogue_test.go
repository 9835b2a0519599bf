package vod

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// segmentOf makes a row and its object.
func (h *house) segmentOf(id string, number int64) store.Segment {
	h.t.Helper()
	row := store.Segment{BroadcastID: id, Rendition: video, Number: number, Duration: 2, Timescale: 1, Bytes: 4}
	require.NoError(h.t, h.files.PutBytes(h.t.Context(), segmentKey(id, video, number), []byte("data")))
	return row
}

// Rows wait for a database that cannot be written, in their order, and the
// recording goes on meanwhile.
func TestCatalogueRetries(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	h.exec("ALTER TABLE segments RENAME TO hidden")
	clip.Between(5*time.Second, 24*time.Second).Send(a.pub)
	h.await("objects without rows", func() bool {
		_, err := os.Stat(filepath.Join(h.dir, "media", a.id, video, "seg10.m4s"))
		return err == nil
	})
	h.exec("ALTER TABLE hidden RENAME TO segments")
	a.end()
	rows := h.rows(a.id, video)
	requireWhole(t, rows)
	requireGaps(t, rows)
	require.Len(t, rows, 13)
	require.Zero(t, h.lib.Stats().LostSegments)
}

// Rows speak of what is safe only: an object that somebody took away is a gap,
// and what remains is listed.
func TestCatalogueListsWhatIsThere(t *testing.T) {
	h := newHouse(t, nil)
	id := h.broadcast(store.StateLive)
	for n := range int64(3) {
		h.lib.rows.add(func(b *batch) { b.segments = append(b.segments, h.segmentOf(id, n)) })
		if n == 1 {
			require.NoError(t, h.files.Delete(t.Context(), segmentKey(id, video, 1)))
		}
	}
	require.NoError(t, h.lib.rows.flush(t.Context()))
	requireGaps(t, h.rows(id, video), 1)
	require.EqualValues(t, 1, h.lib.Stats().LostSegments)
}

// A broadcast whose row was deleted does not stop the others.
func TestCatalogueGoesOnWithoutDeletedBroadcasts(t *testing.T) {
	h := newHouse(t, nil)
	gone, stays := h.broadcast(store.StateLive), h.broadcast(store.StateLive)
	h.exec("DELETE FROM broadcasts WHERE id = ?", gone)
	h.lib.rows.add(func(b *batch) {
		b.segments = append(b.segments, h.segmentOf(gone, 0), h.segmentOf(stays, 0))
		b.inits = append(b.inits, store.Init{BroadcastID: gone, Rendition: video, Key: segmentKey(gone, video, 0), Timescale: 1})
		b.renditions = append(b.renditions, store.Rendition{BroadcastID: gone, Name: video})
	})
	require.NoError(t, h.lib.rows.flush(t.Context()))
	require.Len(t, h.rows(stays, video), 1)
	require.Empty(t, h.rows(gone, video))
}

// Close writes what waits, twice is once, and a flush of nothing returns.
func TestCatalogueClose(t *testing.T) {
	h := newHouse(t, nil)
	require.NoError(t, h.lib.rows.flush(t.Context()))
	id := h.broadcast(store.StateLive)
	h.lib.rows.add(func(b *batch) { b.segments = append(b.segments, h.segmentOf(id, 0)) })
	h.lib.Close()
	h.lib.Close()
	require.Len(t, h.rows(id, video), 1)
}

func TestCatalogueIsBounded(t *testing.T) {
	h := newHouse(t, nil)
	h.exec("ALTER TABLE segments RENAME TO hidden")
	const over = 10
	id := h.broadcast(store.StateLive)
	h.lib.rows.add(func(b *batch) {
		for n := range int64(maxRows + over) {
			b.segments = append(b.segments, gapRow(id, video, n, time.Now(), time.Second))
		}
	})
	require.EqualValues(t, over, h.lib.Stats().LostSegments)
	h.exec("ALTER TABLE hidden RENAME TO segments")
	require.NoError(t, h.lib.rows.flush(t.Context()))
	rows, err := h.db.Segments(t.Context(), id, video, 0, 2*maxRows)
	require.NoError(t, err)
	require.Len(t, rows, maxRows)
	require.EqualValues(t, over, rows[0].Number, "the oldest went")
}

// Trims of one rendition become one, and delete rows before objects.
func TestTrims(t *testing.T) {
	var b batch
	b.trim(trim{broadcast: "x", rendition: video, from: 0, through: 3})
	b.trim(trim{broadcast: "x", rendition: audio, from: 0, through: 1})
	b.trim(trim{broadcast: "x", rendition: video, from: 4, through: 5})
	require.Equal(t, []trim{{broadcast: "x", rendition: video, from: 0, through: 5}, {broadcast: "x", rendition: audio, from: 0, through: 1}}, b.trims)
	later := batch{trims: []trim{{broadcast: "x", rendition: video, from: 6, through: 7}}}
	later.precede(&b)
	require.Equal(t, []trim{{broadcast: "x", rendition: video, from: 0, through: 7}, {broadcast: "x", rendition: audio, from: 0, through: 1}}, later.trims)

	h := newHouse(t, nil)
	id := h.broadcast(store.StateLive)
	h.lib.rows.add(func(b *batch) {
		b.segments = append(b.segments, h.segmentOf(id, 0), h.segmentOf(id, 1), h.segmentOf(id, 2))
		b.trim(trim{broadcast: id, rendition: video, from: 0, through: 1})
	})
	require.NoError(t, h.lib.rows.flush(t.Context()))
	require.Len(t, h.rows(id, video), 1)
	_, _, err := h.files.Get(t.Context(), segmentKey(id, video, 1))
	require.Error(t, err)
	_, _, err = h.files.Get(t.Context(), segmentKey(id, video, 2))
	require.NoError(t, err)
}
