package vod

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// passingOf are the numbers of a rendition's segments that pass.
func (h *house) passingOf(id, rendition string) (numbers []int64) {
	for _, row := range h.rows(id, rendition) {
		if row.Passing {
			numbers = append(numbers, row.Number)
		}
	}
	return numbers
}

// stopAndGo has the clip on air: recorded for 6 s, stopped for 6, recorded for 6
// and stopped to its end.
func stopAndGo(t *testing.T) (*house, *onAir, cliptest.Clip) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	from, ok := a.recorder.Stop()
	require.True(t, ok)
	require.EqualValues(t, 4, from)
	a.record(clip, 11*time.Second)
	afresh, ok := a.recorder.Resume()
	require.True(t, afresh && ok)
	a.record(clip, 17*time.Second)
	_, ok = a.recorder.Stop()
	require.True(t, ok)
	clip.Between(17*time.Second, 24*time.Second).Send(a.pub)
	return h, a, clip
}

// While recording is stopped everything is on air as before, and none of it is of
// the recording: not of its lists, its files, its length or its bytes.
func TestStopAndResume(t *testing.T) {
	h, a, clip := stopAndGo(t)
	h.awaitRows(a.id, video, 12)
	for _, name := range []string{"seg5.m4s", "seg11.m4s"} { // on air all the same
		require.Equal(t, http.StatusOK, get(func(w http.ResponseWriter, r *http.Request) {
			require.True(t, a.packager.ServeMedia(w, r, video, name))
		}).Code)
	}
	growing := h.playlist(a.id, video).Body.String()
	require.Equal(t, 3, strings.Count(growing, "#EXT-X-GAP\n"), growing)
	require.NotContains(t, growing, "seg10.m4s")
	a.end()
	h.archive(a.id)
	check := func() {
		t.Helper()
		totals, err := h.db.Totals(t.Context(), a.id)
		require.NoError(t, err)
		for i, rendition := range []string{audio, video} {
			require.Equal(t, []int64{4, 5, 6, 10, 11, 12}, h.passingOf(a.id, rendition))
			var bytes int64
			var kept []store.Segment
			for _, row := range h.rows(a.id, rendition) {
				if !row.Passing {
					bytes += row.Bytes
					kept = append(kept, row)
				}
			}
			require.Len(t, kept, 7)
			require.Equal(t, bytes, totals[i].Bytes)
			require.InDelta(t, 18, totals[i].Duration.Seconds(), 0.05)
			list := h.playlist(a.id, rendition).Body.String()
			require.Equal(t, 3, strings.Count(list, "#EXT-X-GAP\n"), list)
			require.Equal(t, 10, strings.Count(list, "#EXTINF:"))
			require.Contains(t, list, "#EXT-X-ENDLIST")
			if rendition == video {
				requireFrames(t, clip.Between(0, 6*time.Second).Of(media.Video), h.frames(kept[:4]))
				requireFrames(t, clip.Between(12*time.Second, 18*time.Second).Of(media.Video), h.frames(kept[4:]))
			}
		}
		// Each stretch is a file.
		b, err := h.db.Broadcast(t.Context(), a.id)
		require.NoError(t, err)
		parts, err := h.lib.Downloads(t.Context(), b)
		require.NoError(t, err)
		require.Len(t, parts, 2)
		newest, err := h.lib.NewestPart(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, 2, newest)
		for i, query := range []string{"", "?part=2"} {
			require.InDelta(t, 6, parts[i].Duration.Seconds(), 0.1)
			file := h.saved(h.download(a.id, query))
			from := time.Duration(i) * 12 * time.Second
			want := clip.Between(from, from+6*time.Second).Of(media.Video)
			packets := testkit.Packets(t, file, "v")
			require.Len(t, packets, len(want))
			require.EqualValues(t, len(want), testkit.DecodedFrames(t, file, "v"))
		}
		require.Equal(t, 2, strings.Count(mpdOf(h, a.id), "<Period "))
		entries, err := h.lib.Entries(t.Context(), a.id, time.Second, 100)
		require.NoError(t, err)
		for _, e := range entries {
			require.False(t, e.At > 6100*time.Millisecond && e.At < 11900*time.Millisecond, "%v", e.At)
			require.Less(t, e.At, 18*time.Second)
		}
	}
	check()
	require.Equal(t, http.StatusOK, h.media(a.id, video, "seg5.m4s").Code, "a live list may be asked for still")
	require.NoError(t, h.lib.SettlePassing(t.Context(), a.id))
	check()
	for _, rendition := range []string{video, audio} {
		for _, name := range []string{"seg4.m4s", "seg6.m4s", "seg12.m4s"} {
			require.Equal(t, http.StatusGone, h.media(a.id, rendition, name).Code)
		}
		require.Equal(t, http.StatusOK, h.media(a.id, rendition, "seg3.m4s").Code)
		left, err := h.db.Unsettled(t.Context(), a.id, rendition, 0, 10)
		require.NoError(t, err)
		require.Empty(t, left)
	}
	require.NoError(t, h.lib.Remove(t.Context(), a.id, nil))
	h.requireGone(a.id)
}

func mpdOf(h *house, id string) string {
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeMPD(w, r, id, "manifest.mpd") }).Body.String()
}

// A crash while recording is stopped: what it cut off passes too, the next run goes
// on so, and what it had no time to remove is swept.
func TestStopOverACrash(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 5*time.Second)
	from, ok := a.recorder.Stop()
	require.True(t, ok)
	h.write(func(tx *store.Tx) error { return tx.StopRecording(t.Context(), a.id, from) })
	a.record(clip, 11*time.Second)
	h.kill(a)
	h.unlist(a.id, 5)
	h.open()
	for _, rendition := range []string{video, audio} {
		require.Equal(t, []int64{4, 5, 6}, h.passingOf(a.id, rendition))
	}
	totals, err := h.db.Totals(t.Context(), a.id)
	require.NoError(t, err)
	require.InDelta(t, 6, totals[1].Duration.Seconds(), 0.05)

	h.archive(a.id)
	h.exec("UPDATE broadcasts SET ended_at = ended_at - 3600000")
	_, err = h.lib.Sweep(t.Context(), Limits{})
	require.NoError(t, err)
	require.Equal(t, http.StatusGone, h.media(a.id, video, "seg6.m4s").Code)
	require.Equal(t, http.StatusOK, h.media(a.id, video, "seg3.m4s").Code)
	require.Equal(t, 4, strings.Count(h.playlist(a.id, video).Body.String(), "#EXTINF:"), "segments 0 to 3")
}

// What passes leaves the disk once live playlists have left it behind, and a clip
// of it lives on.
func TestPassingLeaves(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.TargetDuration = time.Second })
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{Segment: 500 * time.Millisecond, LiveWindow: time.Second}, 0)
	require.Equal(t, 9*time.Second, passingFor(a.packager.Options()))
	sent := time.Duration(0)
	send := func(to time.Duration) { // by the second, so that the recorder keeps up
		for sent < to {
			next := min(sent+time.Second, to)
			clip.Between(sent, next).Send(a.pub)
			sent = next
			h.awaitRows(a.id, video, int(sent/time.Second))
			h.awaitRows(a.id, audio, int(sent/time.Second))
		}
	}
	send(3500 * time.Millisecond)
	from, ok := a.recorder.Stop()
	require.True(t, ok)
	send(9 * time.Second)
	h.await("segments that pass", func() bool { return len(h.passingOf(a.id, video)) >= 4 && len(h.passingOf(a.id, audio)) >= 4 })
	at := h.rows(a.id, video)[from]
	b, err := h.db.Broadcast(t.Context(), a.id)
	require.NoError(t, err)
	start := media.Duration(at.Start, at.Timescale)
	c, err := h.lib.MakeClip(t.Context(), b, ClipOrder{Title: "x", Start: Moment{Media: start}, End: Moment{Media: start + 2500*time.Millisecond}})
	require.NoError(t, err)
	require.True(t, c.First <= from && c.Last > from, "%d to %d", c.First, c.Last)
	send(24 * time.Second)
	h.await("the end of what passed first", func() bool {
		return h.media(a.id, video, (&packager.Segment{Number: c.Last + 1}).Name()).Code == http.StatusGone
	})
	require.Equal(t, http.StatusOK, h.media(a.id, video, (&packager.Segment{Number: from - 1}).Name()).Code)
	require.Equal(t, http.StatusOK, h.media(a.id, video, (&packager.Segment{Number: c.Last}).Name()).Code, "for the clip")
	require.Equal(t, http.StatusOK, get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeClip(w, r, c, "video/source") }).Code)
	a.end()
	v, err := h.lib.view(t.Context(), c)
	require.NoError(t, err)
	for _, row := range v.rows[video] {
		require.False(t, row.Gap)
	}
}

// Stops are counted by what they leave out.
func TestStops(t *testing.T) {
	s := stops{newest: -1}
	from, ok := s.stop()
	require.True(t, ok)
	require.EqualValues(t, 1, from, "there is a first segment")
	_, ok = s.stop()
	require.False(t, ok)
	afresh, ok := s.resume()
	require.True(t, ok && !afresh, "nothing passed")
	_, ok = s.resume()
	require.False(t, ok)
	require.False(t, s.enter(1))
	from, _ = s.stop()
	require.EqualValues(t, 2, from)
	require.True(t, s.enter(2))
	afresh, _ = s.resume()
	require.True(t, afresh)
	require.True(t, s.has(2), "a rendition that lags")
	from, ok = s.stop()
	require.True(t, ok)
	require.EqualValues(t, 2, from, "nothing was kept between the two")
	require.True(t, s.enter(3))
	_, _ = s.resume()
	require.False(t, s.enter(4))
}
