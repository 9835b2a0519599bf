package vod

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// crash brings a recording into the state that a kill -9 leaves: the rows of
// the last segments are missing, and the newest is a file in the spool that
// ends inside a part. It returns the rows that can be made of that.
func (h *house) crash(a *onAir, unlisted int64) (before map[string][]store.Segment) {
	h.t.Helper()
	before = map[string][]store.Segment{}
	for _, rendition := range []string{video, audio} {
		rows := h.rows(a.id, rendition)
		before[rendition] = rows
		newest := &rows[len(rows)-1]
		h.exec("DELETE FROM segments WHERE broadcast_id = ? AND rendition = ? AND number >= ?", a.id, rendition, newest.Number-unlisted)
		bytes := h.stored(*newest)
		fragments, err := fmp4.ParseFragments(bytes)
		require.NoError(h.t, err)
		cut := fragments[len(fragments)-1]
		name := spoolName(&packager.Segment{Number: newest.Number, Init: &packager.Init{Number: newest.Init}, Time: newest.ProgramTime})
		path := filepath.Join(h.lib.spoolFolder(a.id, rendition), name)
		require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(h.t, os.WriteFile(path, bytes[:cut.Offset+cut.Size/2], 0o600))
		require.NoError(h.t, h.files.Delete(h.t.Context(), segmentKey(a.id, rendition, newest.Number)))

		newest.Bytes, newest.Duration = int64(cut.Offset), cut.DecodeTime-newest.Start
	}
	return before
}

func TestSalvage(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	clip.Send(a.pub)
	a.end()
	before := h.crash(a, 2)
	h.lib.Close()
	h.open()

	for rendition, kind := range map[string]media.Kind{video: media.Video, audio: media.Audio} {
		rows := h.rows(a.id, rendition)
		for i := range rows { // program time is steered by a millisecond a segment
			require.InDelta(t, 0, rows[i].ProgramTime.Sub(before[rendition][i].ProgramTime).Milliseconds(), 4)
			rows[i].ProgramTime = before[rendition][i].ProgramTime
		}
		newest, want := &rows[len(rows)-1], before[rendition][len(rows)-1]
		require.InDelta(t, want.Duration, newest.Duration, float64(want.Timescale)/1000, "the length of the last sample is a guess")
		newest.Duration = want.Duration
		require.Equal(t, before[rendition], rows)
		kept := h.frames(rows)
		requireFrames(t, clip.Of(kind)[:len(kept)], kept)
		require.Less(t, len(kept), len(clip.Of(kind)))
	}
	left, err := os.ReadDir(h.options.Spool)
	require.NoError(t, err)
	require.Empty(t, left)

	// It is done once: a further start changes nothing.
	rows := h.rows(a.id, video)
	h.lib.Close()
	h.open()
	require.Equal(t, rows, h.rows(a.id, video))
}

// A crash before the first commit leaves no row at all.
func TestSalvageWithoutRows(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	clip.Between(0, 5*time.Second).Send(a.pub)
	a.end()
	before := h.crash(a, 100)
	h.write(func(tx *store.Tx) error { return tx.DeleteMedia(t.Context(), a.id) })
	h.lib.Close()
	h.open()

	rows := h.rows(a.id, video)
	require.Len(t, rows, len(before[video]))
	kept := h.frames(rows)
	requireFrames(t, clip.Of(media.Video)[:len(kept)], kept)
	h.archive(a.id)
	require.Contains(t, h.multivariant(a.id).Body.String(), "RESOLUTION=1280x720")
	require.Contains(t, h.playlist(a.id, video).Body.String(), "/init0.mp4")
}

// What cannot be used is left out, and what lies behind it is listed.
func TestSalvageOfBrokenFiles(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Send(a.pub)
	a.end()
	before := h.crash(a, 3)
	hole := before[video][len(before[video])-2]
	require.NoError(t, h.files.PutBytes(t.Context(), segmentKey(a.id, video, hole.Number), []byte("no fragment")))
	for _, name := range []string{"strange", "7-0-x.m4s", "99-7-1.m4s", "98-0-1.m4s"} { // no names; no such section; no bytes
		require.NoError(t, os.WriteFile(filepath.Join(h.lib.spoolFolder(a.id, video), name), nil, 0o600))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(h.options.Spool, "stranger", "video"), 0o700))
	h.lib.Close()
	h.open()
	rows := h.rows(a.id, video)
	require.Len(t, rows, len(before[video]))
	requireWhole(t, rows)
	requireGaps(t, rows, hole.Number)
	left, err := os.ReadDir(h.options.Spool)
	require.NoError(t, err)
	require.Empty(t, left)
}

// A recording that is closed is not touched.
func TestSalvageLeavesArchivesAlone(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 7*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	h.crash(a, 1)
	rows := h.rows(a.id, video)
	h.lib.Close()
	h.open()
	require.Equal(t, rows, h.rows(a.id, video))
}

func TestSpoolNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := spooled{
			number: rapid.Int64Range(0, 1<<62-1).Draw(t, "number"), init: rapid.Int64Range(0, 1<<62-1).Draw(t, "init"),
			time:          time.UnixMilli(rapid.Int64Range(0, 1<<50).Draw(t, "ms")),
			discontinuity: rapid.Bool().Draw(t, "discontinuity"),
		}
		got, ok := parseSpoolName(spoolName(&packager.Segment{
			Number: want.number, Init: &packager.Init{Number: want.init}, Time: want.time, Discontinuity: want.discontinuity,
		}))
		require.True(t, ok)
		require.Equal(t, want, got)
	})
	for _, name := range []string{"", ".m4s", "1-2.m4s", "1-2-3", "1-2-3-4.m4s", "-1-2-3.m4s", "1-2-3-d-d.m4s", "a-2-3.m4s"} {
		_, ok := parseSpoolName(name)
		require.False(t, ok, name)
	}
}

func TestNumbersInNames(t *testing.T) {
	for name, want := range map[string]int64{"seg0.m4s": 0, "seg12.m4s": 12, "seg012.m4s": -1, "seg+1.m4s": -1, "segx.m4s": -1, "init1.mp4": -1} {
		n, ok := SegmentNumber(name)
		require.Equal(t, want >= 0, ok, name)
		if ok {
			require.Equal(t, want, n)
		}
	}
	for path, want := range map[string][2]string{"a/b/c": {"a/b", "c"}, "c": {"", "c"}, "": {"", ""}, "a/": {"a", ""}} {
		folder, name := cutLast(path)
		require.Equal(t, want, [2]string{folder, name}, fmt.Sprintf("%q", path))
	}
}
