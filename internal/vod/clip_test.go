package vod

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
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

// clip makes a clip of a broadcast by its media time.
func (h *house) clip(id string, from, to time.Duration) store.Clip {
	h.t.Helper()
	c, err := h.tryClip(id, Moment{Media: from}, Moment{Media: to})
	require.NoError(h.t, err)
	return c
}

func (h *house) tryClip(id string, from, to Moment) (store.Clip, error) {
	h.t.Helper()
	b, err := h.db.Broadcast(h.t.Context(), id)
	require.NoError(h.t, err)
	return h.lib.MakeClip(h.t.Context(), b, ClipOrder{Title: "Ha", Start: from, End: to})
}

func (h *house) clipList(c store.Clip, name string) *httptest.ResponseRecorder {
	h.t.Helper()
	c, err := h.db.Clip(h.t.Context(), c.ID)
	require.NoError(h.t, err)
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeClip(w, r, c, name) })
}

func (h *house) clipFile(c store.Clip) *httptest.ResponseRecorder {
	h.t.Helper()
	c, err := h.db.Clip(h.t.Context(), c.ID)
	require.NoError(h.t, err)
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeClipDownload(w, r, c) })
}

// times are those at which the pictures of a recording are shown, in order.
func (h *house) times(id, rendition string) (list []time.Duration) {
	h.t.Helper()
	rows := h.rows(id, rendition)
	for _, f := range h.frames(rows) {
		list = append(list, media.Duration(f.at+int64(f.sample.CompositionOffset), rows[0].Timescale))
	}
	slices.Sort(list)
	return list
}

// archivedClip is the whole of the demo clip, recorded.
func (h *house) archivedClip() string {
	h.t.Helper()
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(h.t).Send(a.pub)
	a.end()
	h.archive(a.id)
	return a.id
}

// segmentsIn are the numbers of the segments that a playlist lists.
func segmentsIn(list string) (names []string) {
	for line := range strings.Lines(list) {
		if i := strings.LastIndex(line, "/seg"); i >= 0 {
			names = append(names, strings.TrimSpace(line[i+1:]))
		}
	}
	return names
}

// A clip's file shows the very pictures between its ends, the first at once.
func TestClipIsExact(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	source := testkit.Decoded(t, 0, clipFile, "v")
	shown := h.times(id, video)
	require.Len(t, shown, len(source))
	for _, at := range []struct{ from, to int }{
		{0, 40},                         // the beginning
		{61, 151},                       // between key frames
		{120, 180},                      // at one
		{len(source) - 47, len(source)}, // the end
		{len(source)/2 + 17, len(source)/2 + 17 + 90}, // far from one
	} {
		end := shown[len(shown)-1] + time.Second/30
		if at.to < len(shown) {
			end = shown[at.to]
		}
		c := h.clip(id, shown[at.from].Round(time.Millisecond), end.Round(time.Millisecond))
		require.Equal(t, shown[at.from].Round(time.Millisecond), c.Start)
		file := h.saved(h.clipFile(c))
		got := testkit.Decoded(t, 0, file, "v")
		require.Len(t, got, at.to-at.from, "pictures from %d to %d", at.from, at.to)
		for i := range got {
			require.Equal(t, source[at.from+i].Hash, got[i].Hash, "picture %d of the clip", i)
			require.InDelta(t, (shown[at.from+i] - shown[at.from]).Seconds(), (got[i].PTS - got[0].PTS).Seconds(), 0.002)
		}
		require.Zero(t, got[0].PTS, "it is shown at once")
		sound := testkit.Decoded(t, 0, file, "a")
		first, last := sound[0].PTS, sound[len(sound)-1].PTS
		require.InDelta(t, 0, first.Seconds(), 0.03, "and so is the sound heard")
		require.InDelta(t, (end - shown[at.from]).Seconds(), last.Seconds(), 0.05)
	}
}

// Who is between two pictures gets the one that is shown then.
func TestClipBeginsWithWhatIsShown(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	shown := h.times(id, video)
	for _, i := range []int{77, 120, 301} {
		at := shown[i].Round(time.Millisecond)
		require.Equal(t, at, h.clip(id, at, at+2*time.Second).Start)
		require.Equal(t, at, h.clip(id, at+7*time.Millisecond, at+2*time.Second).Start)
		require.Equal(t, shown[i-1].Round(time.Millisecond), h.clip(id, at-time.Millisecond, at+2*time.Second).Start)
	}
	first := shown[0].Round(time.Millisecond)
	require.Equal(t, first, h.clip(id, 0, first+2*time.Second).Start, "the beginning is the first picture")
}

// A clip's playlist lists whole segments from a key frame on, and says where
// among them it begins.
func TestClipPlaylist(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	c := h.clip(id, 5500*time.Millisecond, 9500*time.Millisecond)
	rows := h.rows(id, video)
	require.LessOrEqual(t, media.Duration(rows[c.First].Start, rows[0].Timescale), c.Start)
	require.Greater(t, media.Duration(rows[c.First+1].Start, rows[0].Timescale), c.Start-100*time.Millisecond)

	w := h.clipList(c, "index")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), "video/source.m3u8")
	require.Contains(t, w.Body.String(), "audio/source.m3u8")
	for _, rendition := range []string{video, audio} {
		w := h.clipList(c, rendition)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, archivedCache, w.Header().Get("Cache-Control"))
		list, err := testkit.ParseMedia(w.Body.String())
		require.NoError(t, err)
		require.NoError(t, list.Check())
		require.True(t, list.EndList)
		require.Contains(t, w.Body.String(), "#EXT-X-PLAYLIST-TYPE:VOD\n")
		require.Contains(t, w.Body.String(), "../../../media/"+id+"/"+rendition+"/seg")
		require.Len(t, list.Segments, int(c.Last-c.First+1))
		require.Equal(t, c.First, list.MediaSequence)
		first := h.rows(id, rendition)[c.First]
		offset := media.Duration(rows[c.First].Start, rows[0].Timescale) + c.Lead - media.Duration(first.Start, first.Timescale)
		require.Regexp(t, `#EXT-X-START:TIME-OFFSET=\d+\.\d{5},PRECISE=YES\n`, w.Body.String())
		require.GreaterOrEqual(t, list.Start, offset)
		require.Less(t, list.Start, offset+20*time.Microsecond)
	}
	require.Equal(t, http.StatusNotFound, h.clipList(c, "video/other").Code)
	require.Equal(t, http.StatusBadRequest, get(func(w http.ResponseWriter, r *http.Request) {
		r.URL.RawQuery = "to=3"
		h.lib.ServeClipDownload(w, r, c)
	}).Code)
	require.Equal(t, http.StatusNotFound, get(func(w http.ResponseWriter, r *http.Request) {
		r.URL.RawQuery = "part=2"
		h.lib.ServeClipDownload(w, r, c)
	}).Code)
}

// A clip of what is on air waits for its end to be recorded, and is told by the
// clock on the wall as well.
func TestClipOfWhatIsOnAir(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	film := cliptest.Load(t)
	a.record(film, 7*time.Second)
	made := make(chan error, 1)
	var c store.Clip
	begun := h.rows(a.id, video)[1].ProgramTime
	go func() {
		b, err := h.db.Broadcast(context.WithoutCancel(t.Context()), a.id)
		if err == nil {
			c, err = h.lib.MakeClip(context.WithoutCancel(t.Context()), b, ClipOrder{Title: "Now", Start: Moment{Wall: begun.Add(time.Second)}, End: Moment{Media: 6500 * time.Millisecond}})
		}
		made <- err
	}()
	a.record(film, 9*time.Second)
	select {
	case err := <-made:
		require.NoError(t, err)
	case <-time.After(limit):
		t.Fatal("the clip was not made when its end was recorded")
	}
	require.Equal(t, 6500*time.Millisecond, c.End)
	rows := h.rows(a.id, video)
	require.InDelta(t, (media.Duration(rows[1].Start, rows[1].Timescale) + time.Second).Seconds(), c.Start.Seconds(), 0.05)
	require.Equal(t, http.StatusOK, h.clipList(c, video).Code)
	require.NotEmpty(t, h.clipFile(c).Body.Bytes())
	// The last half minute of what has been on air for some seconds is all of it.
	early, err := h.tryClip(a.id, Moment{Wall: rows[0].ProgramTime.Add(-20 * time.Second)}, Moment{Media: 4 * time.Second})
	require.NoError(t, err)
	require.InDelta(t, media.Duration(rows[0].Start, rows[0].Timescale).Seconds(), early.Start.Seconds(), 0.001)
	a.end()
	b, err := h.db.Broadcast(t.Context(), a.id)
	require.NoError(t, err)
	require.Equal(t, store.StateLive, b.State)
	_, err = h.lib.MakeClip(t.Context(), b, ClipOrder{Start: Moment{Media: time.Second}, End: Moment{Media: time.Minute}})
	require.ErrorIs(t, err, ErrClipOutside, "it is not waited for what is far ahead")
	require.Equal(t, segmentsIn(h.clipList(c, video).Body.String()), segmentsIn(h.clipList(c, audio).Body.String()))
}

func TestClipIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	at := func(d time.Duration) Moment { return Moment{Media: d} }
	for name, c := range map[string]struct {
		from, to Moment
		want     error
	}{
		"short":    {at(5 * time.Second), at(5900 * time.Millisecond), ErrClipLength},
		"backward": {at(9 * time.Second), at(5 * time.Second), ErrClipLength},
		"beyond":   {at(20 * time.Second), at(40 * time.Second), ErrClipOutside},
		"before":   {Moment{Wall: time.Unix(1, 0)}, at(5 * time.Second), ErrClipOutside},
	} {
		_, err := h.tryClip(id, c.from, c.to)
		require.ErrorIs(t, err, c.want, name)
	}
	none := h.broadcast(store.StateFailed)
	_, err := h.tryClip(none, at(0), at(5*time.Second))
	require.ErrorIs(t, err, ErrClipOutside)
	require.NoError(t, h.lib.Remove(t.Context(), id, nil))
	_, err = h.tryClip(id, at(0), at(5*time.Second))
	require.ErrorIs(t, err, ErrClipOutside)
}

// keys lists the objects of a broadcast.
func (h *house) keys(id string) (keys []string) {
	h.t.Helper()
	for k, err := range h.files.List(h.t.Context(), id) {
		require.NoError(h.t, err)
		keys = append(keys, strings.TrimPrefix(k, id+"/"))
	}
	slices.Sort(keys)
	return keys
}

// A recording that goes leaves to its clips what they refer to and nothing
// else, and that goes with the last of them.
func TestClipsOutliveTheirRecording(t *testing.T) {
	h := newHouse(t, nil)
	id := h.archivedClip()
	one, two := h.clip(id, 3*time.Second, 7*time.Second), h.clip(id, 6*time.Second, 11*time.Second)
	before := h.clipFile(one).Body.Bytes()
	stranger := filepath.Join(h.dir, "media", id, "notes.txt")
	require.NoError(t, os.WriteFile(stranger, []byte("not ours"), 0o600))
	require.NoError(t, h.files.PutBytes(t.Context(), Beside(id)+"/cover.jpg", []byte("of the whole")))

	require.NoError(t, h.lib.Remove(t.Context(), id, nil))
	require.NoError(t, h.lib.Remove(t.Context(), id, nil), "said again")
	require.Equal(t, http.StatusGone, h.multivariant(id).Code)
	require.Equal(t, http.StatusGone, h.playlist(id, video).Code)
	require.Equal(t, http.StatusGone, h.download(id, "").Code)
	require.Equal(t, http.StatusGone, h.media(id, video, "seg0.m4s").Code)
	parts, err := h.lib.Downloads(t.Context(), store.Broadcast{ID: id, State: store.StateDiscarded})
	require.NoError(t, err)
	require.Empty(t, parts)

	want := []string{"notes.txt", audio + "/init0.mp4", video + "/init0.mp4"}
	for n := one.First; n <= two.Last; n++ {
		for _, rendition := range []string{video, audio} {
			want = append(want, strings.TrimPrefix(segmentKey(id, rendition, n), id+"/"))
		}
	}
	slices.Sort(want)
	require.Equal(t, want, h.keys(id), "exactly that is left")

	h.lib.heads.drop(one.ID) // it is made of what is left
	require.Equal(t, before, h.clipFile(one).Body.Bytes())
	for _, name := range segmentsIn(h.clipList(two, video).Body.String()) {
		require.Equal(t, http.StatusOK, h.media(id, video, name).Code)
	}

	require.NoError(t, h.lib.RemoveClip(t.Context(), one.ID, nil))
	require.Equal(t, http.StatusGone, h.clipList(one, "index").Code)
	require.Equal(t, http.StatusGone, h.clipList(one, video).Code)
	require.Equal(t, http.StatusGone, h.clipFile(one).Code)
	require.Equal(t, http.StatusOK, h.clipList(two, video).Code)
	require.Equal(t, http.StatusGone, h.media(id, video, (&packager.Segment{Number: one.First}).Name()).Code)
	require.Equal(t, http.StatusOK, h.media(id, video, (&packager.Segment{Number: two.First}).Name()).Code)

	require.NoError(t, h.lib.RemoveClip(t.Context(), two.ID, nil))
	require.NoError(t, h.lib.RemoveClip(t.Context(), two.ID, nil), "said again")
	require.Empty(t, h.keys(id))
	require.ErrorIs(t, h.lib.RemoveClip(t.Context(), "none", nil), store.ErrNotFound)
	left, err := h.db.UnsweptClips(t.Context(), 9)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What a process that died was removing is gone on with.
func TestSweepGoesOnWithClips(t *testing.T) {
	h := newHouse(t, nil)
	id, whole := h.archivedClip(), h.archivedClip()
	gone, lives := h.clip(id, 3*time.Second, 7*time.Second), h.clip(whole, 3*time.Second, 7*time.Second)
	require.NoError(t, h.lib.Remove(t.Context(), id, nil))
	h.exec(`UPDATE clips SET removed_at = 1 WHERE id = $1`, gone.ID)
	h.exec(`UPDATE broadcasts SET state = 'discarded' WHERE id = $1`, whole)
	n, err := h.lib.Sweep(t.Context(), Limits{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Empty(t, h.keys(id))
	require.Equal(t, http.StatusOK, h.clipList(lives, video).Code)
	require.NotEmpty(t, h.keys(whole))
	n, err = h.lib.Sweep(t.Context(), Limits{})
	require.NoError(t, err)
	require.Zero(t, n, "there is nothing more")
}

// A recording of which only the newest is kept leaves a clip behind it.
func TestClipsOutliveATrim(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{LiveWindow: 16 * time.Second}, time.Millisecond) // raised to 32 s
	film := cliptest.Load(t).Repeat(3)
	a.record(film, 7*time.Second)
	c := h.clip(a.id, 2500*time.Millisecond, 4500*time.Millisecond)
	before := segmentsIn(h.clipList(c, video).Body.String())
	a.record(film, 65*time.Second)
	h.await("the trim", func() bool { return h.rows(a.id, video)[0].Number > c.Last+1 })
	a.end()
	h.archive(a.id)
	h.lib.lists.forget(c.ID)
	require.Equal(t, before, segmentsIn(h.clipList(c, video).Body.String()))
	list, err := testkit.ParseMedia(h.playlist(a.id, video).Body.String())
	require.NoError(t, err)
	require.Greater(t, list.MediaSequence, c.Last, "the recording knows nothing of it")
	for _, name := range before {
		require.Equal(t, http.StatusOK, h.media(a.id, video, name).Code)
	}
	require.Equal(t, http.StatusGone, h.media(a.id, video, (&packager.Segment{Number: c.Last + 1}).Name()).Code)
	require.NoError(t, h.lib.RemoveClip(t.Context(), c.ID, nil))
	require.Equal(t, http.StatusGone, h.media(a.id, video, before[0]).Code)
	require.Equal(t, http.StatusOK, h.playlist(a.id, video).Code)
}

// Of recordings that take too much together the oldest go.
func TestSweepKeepsToBytes(t *testing.T) {
	h := newHouse(t, nil)
	old, young := h.recorded(), h.recorded()
	h.exec(`UPDATE broadcasts SET bytes = 60 WHERE id = $1`, old)
	h.exec(`UPDATE broadcasts SET bytes = 50 WHERE id = $1`, young)
	n, err := h.lib.Sweep(t.Context(), Limits{MaxBytes: 110})
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = h.lib.Sweep(t.Context(), Limits{MaxBytes: 109})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	h.requireGone(old)
	h.exec(`UPDATE channels SET retention_bytes = 49`)
	n, err = h.lib.Sweep(t.Context(), Limits{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	h.requireGone(young)
}
