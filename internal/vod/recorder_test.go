package vod

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	video = "video/source"
	audio = "audio/source"
)

// requireWhole checks that the rows of a recording follow each other: no
// number is missing, and no time is claimed twice or by nobody.
func requireWhole(t *testing.T, rows []store.Segment) {
	t.Helper()
	require.NotEmpty(t, rows)
	for i := 1; i < len(rows); i++ {
		before := rows[i-1]
		require.Equal(t, before.Number+1, rows[i].Number)
		require.InDelta(t, 0, rows[i].ProgramTime.Sub(endOf(&before)).Seconds(), 0.1, "program time of segment %d", rows[i].Number)
		if !before.Gap && !rows[i].Gap {
			require.Equal(t, before.Start+before.Duration, rows[i].Start)
		}
	}
}

func TestRecorderKeepsEveryFrame(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	clip.Send(a.pub)
	a.end()

	for rendition, kind := range map[string]media.Kind{video: media.Video, audio: media.Audio} {
		rows := h.rows(a.id, rendition)
		requireWhole(t, rows)
		requireFrames(t, clip.Of(kind), h.frames(rows))
		var length time.Duration
		for _, row := range rows {
			length += media.Duration(row.Duration, row.Timescale)
		}
		require.InDelta(t, 24, length.Seconds(), 0.05)

		inits, err := h.db.Inits(t.Context(), a.id, rendition)
		require.NoError(t, err)
		require.Len(t, inits, 1)
		init := h.media(a.id, rendition, "init0.mp4")
		require.Equal(t, http.StatusOK, init.Code)
		track, err := fmp4.ParseInit(init.Body.Bytes())
		require.NoError(t, err)
		require.Equal(t, clip.Of(kind)[0].Track.Config, track.Config)
	}
	require.Zero(t, h.lib.Stats().LostSegments)
	left, err := os.ReadDir(h.options.Spool)
	require.NoError(t, err)
	require.Empty(t, left)
}

// While it is on air, viewers are sent the very bytes that are kept.
func TestLiveIsServedFromTheFiles(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 9*time.Second).Send(a.pub)
	rows := h.awaitRows(a.id, video, 3)
	served := get(func(w http.ResponseWriter, r *http.Request) {
		require.True(t, a.packager.ServeMedia(w, r, video, "seg1.m4s"))
	})
	require.Equal(t, h.stored(rows[1]), served.Body.Bytes())
	a.end()
}

// requireGaps checks that only these segments are gaps.
func requireGaps(t *testing.T, rows []store.Segment, gaps ...int64) {
	t.Helper()
	var found []int64
	for _, row := range rows {
		if row.Gap {
			require.Zero(t, row.Bytes)
			require.Positive(t, row.Duration)
			found = append(found, row.Number)
		}
	}
	require.Equal(t, gaps, found)
}

func TestMinFreeStopsRecordingAlone(t *testing.T) {
	var least uint64
	h := newHouse(t, func(o *Options) { o.MinFree = func(uint64) uint64 { return least } })
	set := func(n uint64) { // as if the time that a measurement is believed had passed
		h.lib.space.mu.Lock()
		defer h.lib.space.mu.Unlock()
		least, h.lib.space.checked = n, time.Time{}
	}
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second) // segments 0 to 2 are complete, 3 is begun
	set(1 << 62)
	require.False(t, h.lib.Stats().Recording)
	clip.Between(5*time.Second, 11*time.Second).Send(a.pub)
	h.awaitRows(a.id, video, 6)
	require.True(t, a.packager.ServeMedia(newSink(), getRequest(), video, "seg5.m4s"), "live goes on")
	set(0)
	require.True(t, h.lib.Stats().Recording)
	clip.Between(11*time.Second, 24*time.Second).Send(a.pub)
	a.end()

	rows := h.rows(a.id, video)
	requireWhole(t, rows)
	var gaps int
	for _, row := range rows {
		if row.Gap {
			gaps++
			require.Contains(t, []int64{4, 5, 6}, row.Number)
		}
	}
	require.GreaterOrEqual(t, gaps, 2)
	require.GreaterOrEqual(t, h.lib.Stats().LostSegments, int64(gaps))
	require.Contains(t, h.playlist(a.id, video).Body.String(), "#EXT-X-GAP\n")
}

// spooledFiles counts a broadcast's files in the spool.
func spooledFiles(t *testing.T, h *house, id string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.options.Spool, id, "*", "*", "*"))
	require.NoError(t, err)
	return len(files)
}

// A spool that cannot be written costs what could not be written.
func TestSpoolTroubleCostsGaps(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	require.NoError(t, os.RemoveAll(h.options.Spool))
	require.NoError(t, os.WriteFile(h.options.Spool, nil, 0o600))
	clip.Between(5*time.Second, 9*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 5)
	h.awaitRows(a.id, video, 5)
	require.NoError(t, os.Remove(h.options.Spool))
	clip.Between(9*time.Second, 24*time.Second).Send(a.pub)
	a.end()

	for _, rendition := range []string{video, audio} {
		rows := h.rows(a.id, rendition)
		requireWhole(t, rows)
		gaps := map[int64]bool{}
		for _, row := range rows {
			gaps[row.Number] = row.Gap
		}
		require.True(t, gaps[3] && gaps[4], rendition) // the one's file was taken away, the other could not be begun
		require.False(t, gaps[1] || gaps[2] || gaps[6] || gaps[7], rendition)
	}
}

// An object store that takes nothing costs the same, and live is served from
// memory.
func TestObjectTroubleCostsGaps(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	folder := filepath.Join(h.dir, "media", a.id, "video")
	require.NoError(t, os.Rename(folder, folder+".away"))
	require.NoError(t, os.WriteFile(folder, nil, 0o600))
	clip.Between(5*time.Second, 9*time.Second).Send(a.pub)
	rows := h.awaitRows(a.id, video, 5)
	requireGaps(t, rows[:5], 3, 4)
	for _, name := range []string{"seg3.m4s", "seg4.m4s"} {
		require.True(t, a.packager.ServeMedia(newSink(), getRequest(), video, name))
	}
	require.NoError(t, os.Remove(folder))
	require.NoError(t, os.Rename(folder+".away", folder))
	clip.Between(9*time.Second, 24*time.Second).Send(a.pub)
	a.end()
	rows = h.rows(a.id, video)
	requireWhole(t, rows)
	require.False(t, rows[len(rows)-1].Gap)
}

// A recorder that is held up for longer than the window is long loses whole
// segments, and lists them.
func TestOverrunIsListedAsGaps(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t).Repeat(3)
	a := h.begin(packager.Options{LiveWindow: 16 * time.Second}, 0)
	a.record(clip, 5*time.Second)
	h.lib.space.mu.Lock() // the next segment asks whether there is room
	unlock := sync.OnceFunc(h.lib.space.mu.Unlock)
	t.Cleanup(unlock)
	clip.Between(5*time.Second, 61*time.Second).Send(a.pub)
	h.await("the window has moved on", func() bool {
		return !a.packager.ServeMedia(newSink(), getRequest(), video, "seg10.m4s") && a.packager.ServeMedia(newSink(), getRequest(), video, "seg30.m4s")
	})
	unlock()
	clip.Between(61*time.Second, 65*time.Second).Send(a.pub)
	a.end()

	rows := h.rows(a.id, video)
	requireWhole(t, rows)
	var gaps int64
	for _, row := range rows {
		if row.Gap {
			gaps++
		}
	}
	require.GreaterOrEqual(t, gaps, int64(10))
	require.GreaterOrEqual(t, h.lib.Stats().LostSegments, gaps)
	require.False(t, rows[len(rows)-1].Gap)
}

func TestKeepTrims(t *testing.T) {
	cache := bodies.New(64 << 20)
	h := newHouse(t, func(o *Options) { o.Bodies = cache })
	clip := cliptest.Load(t).Repeat(3)
	a := h.begin(packager.Options{LiveWindow: 16 * time.Second}, time.Millisecond) // raised to 32 s
	for at := time.Second; at <= 61*time.Second; at += 6 * time.Second {           // no faster than it is recorded
		a.record(clip, at)
		if at > 6*time.Second && cache.Stats().Misses == 0 { // it is asked for by TLS, while it is there
			h.await("the first segment is stored", func() bool { return h.mediaByTLS(a.id, video, "seg0.m4s").Code == http.StatusOK })
		}
	}
	first := func(rendition string) int64 {
		rows := h.rows(a.id, rendition)
		if len(rows) == 0 {
			return 0
		}
		return rows[0].Number
	}
	h.await("old rows are deleted", func() bool { return first(video) > 8 && first(audio) > 8 })
	h.await("old objects are deleted", func() bool {
		_, _, err := h.files.Get(t.Context(), segmentKey(a.id, video, 8))
		return err != nil
	})

	rows := h.rows(a.id, video)
	list := h.playlist(a.id, video)
	require.Equal(t, http.StatusOK, list.Code)
	require.NotContains(t, list.Body.String(), "EXT-X-PLAYLIST-TYPE")
	require.Contains(t, list.Body.String(), fmt.Sprintf("#EXT-X-MEDIA-SEQUENCE:%d\n", rows[0].Number))
	require.Equal(t, http.StatusGone, h.media(a.id, video, "seg0.m4s").Code)
	require.Equal(t, http.StatusGone, h.mediaByTLS(a.id, video, "seg0.m4s").Code, "the cache does not bring it back")
	require.Zero(t, cache.Stats().Bytes)
	require.Equal(t, http.StatusOK, h.media(a.id, video, fmt.Sprintf("seg%d.m4s", rows[0].Number)).Code)

	a.record(clip, 67*time.Second)
	a.end()
	h.archive(a.id)
	for _, rendition := range []string{video, audio} {
		rows := h.rows(a.id, rendition)
		requireWhole(t, rows)
		var length time.Duration
		for _, row := range rows {
			h.stored(row)
			length += media.Duration(row.Duration, row.Timescale)
		}
		require.GreaterOrEqual(t, length, 32*time.Second)
		require.Less(t, length, 37*time.Second)
	}
	// The list that was read before the deletion follows it.
	final := h.playlist(a.id, video).Body.String()
	require.Contains(t, final, "#EXT-X-PLAYLIST-TYPE:VOD\n")
	require.Contains(t, final, fmt.Sprintf("#EXT-X-MEDIA-SEQUENCE:%d\n", first(video)))
	require.Equal(t, len(h.rows(a.id, video)), bytes.Count([]byte(final), []byte("#EXTINF:")))
}

// What viewers may still be sent is kept whatever the settings say.
func TestKeepIsNoLessThanTheWindow(t *testing.T) {
	h := newHouse(t, nil)
	p := packager.New(live.NewStream("mine", "id", live.Limits{}), packager.Options{LiveWindow: 30 * time.Second})
	require.Equal(t, time.Minute, time.Duration(h.lib.Recorder(p, time.Second).keep.Load()))
	require.Equal(t, time.Hour, time.Duration(h.lib.Recorder(p, time.Hour).keep.Load()))
	require.Zero(t, time.Duration(h.lib.Recorder(p, 0).keep.Load()))
}

// An abort ends the recorder at once. What it had written of the open segment
// is for the next start.
func TestAbort(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	a.abort()
	a.work.Wait()
	require.Error(t, a.err)
	h.lib.Close()
	h.open()
	for _, rendition := range []string{video, audio} {
		rows := h.rows(a.id, rendition)
		requireWhole(t, rows)
		require.Len(t, rows, 4, rendition)
		h.frames(rows) // what has a row has bytes
	}
	require.Zero(t, spooledFiles(t, h, a.id))
}

// A change of parameters makes a new initialisation section, under the same
// rendition.
func TestTrackChange(t *testing.T) {
	h := newHouse(t, nil)
	first, second := cliptest.Load(t).Between(0, 6*time.Second), cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	first.Send(a.pub)
	second = second.Between(6*time.Second, 12*time.Second)
	second.Send(a.pub)
	a.end()
	h.archive(a.id)

	rows := h.rows(a.id, video)
	requireFrames(t, append(first.Of(media.Video), second.Of(media.Video)...), h.frames(rows))
	var changed bool
	for _, row := range rows {
		require.Equal(t, changed || row.Discontinuity, row.Init == 1)
		changed = changed || row.Discontinuity
	}
	require.True(t, changed)
	list := h.playlist(a.id, video).Body.String()
	require.Contains(t, list, "#EXT-X-DISCONTINUITY\n")
	require.Contains(t, list, "/init0.mp4")
	require.Contains(t, list, "/init1.mp4")
	_, _, err := h.files.Get(t.Context(), initKey(a.id, video, 1))
	require.NotErrorIs(t, err, blob.ErrNotFound)
}
