package vod

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// rewind returns a rewind playlist of a broadcast on air, without the parts and
// what else there is only at the edge.
func rewind(t *testing.T, p *packager.Packager, rendition string) string {
	t.Helper()
	w := httptest.NewRecorder()
	require.True(t, p.ServePlaylist(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), rendition, packager.Rewind))
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var entries []string
	for line := range strings.SplitSeq(w.Body.String(), "\n") {
		if tag, _, _ := strings.Cut(line, ":"); tag != "#EXT-X-PART" && tag != "#EXT-X-PRELOAD-HINT" && tag != "#EXT-X-RENDITION-REPORT" {
			entries = append(entries, line)
		}
	}
	_, text, ok := strings.Cut(strings.Join(entries, "\n"), "#EXT-X-MEDIA-SEQUENCE") // a restart may find another part target
	require.True(t, ok)
	return text[:strings.LastIndex(text, ".m4s\n")+len(".m4s\n")] // not what is said of the segment to come
}

// recordInSteps records so that the recorder keeps up.
func (a *onAir) recordInSteps(c cliptest.Clip, to time.Duration) {
	for a.sent < to {
		a.record(c, min(to, a.sent.Truncate(2*time.Second)+5*time.Second))
	}
}

// TestRewindingReachesStorage: what has left the memory is listed from rows,
// each segment once and for ever in the same words, also after the server was
// started again.
func TestRewindingReachesStorage(t *testing.T) {
	h := newHouse(t, nil)
	o := packager.Options{LiveWindow: 16 * time.Second, Archive: h.lib} // 32 s in memory
	a := h.begin(o, 0)
	clip := cliptest.Load(t).Repeat(4)
	a.recordInSteps(clip, 31*time.Second)
	early := rewind(t, a.packager, video)
	a.recordInSteps(clip, 83*time.Second)
	text := rewind(t, a.packager, video)
	require.True(t, strings.HasPrefix(text, early), "entries do not change")
	for _, rendition := range []string{video, audio} {
		text := rewind(t, a.packager, rendition)
		for _, row := range h.rows(a.id, rendition) {
			name := (&packager.Segment{Number: row.Number}).Name()
			require.Equal(t, 1, strings.Count(text, "/"+name[:strings.IndexByte(name, '.')]+"."), name)
		}
		require.Equal(t, http.StatusOK, h.media(a.id, rendition, "seg0.m4s").Code)
	}
	a.packager.Suspend()
	a.end()
	before := rewind(t, a.packager, video)
	require.True(t, strings.HasPrefix(before, text))

	h.lib.Close()
	h.open()
	o.Archive = h.lib
	row, err := h.db.Broadcast(t.Context(), a.id)
	require.NoError(t, err)
	past, err := h.lib.Past(t.Context(), row, o)
	require.NoError(t, err)
	require.Less(t, len(past.Windows[0].Segments), 25, "the rest is in storage")
	stream := live.NewStream("mine", a.id, live.Limits{Age: time.Hour, Bytes: 1 << 30})
	again := packager.Restore(stream, o, past.Past, time.Now())
	for _, w := range again.Windows() {
		require.Equal(t, media.Video == w.Kind, w.Name == video)
	}
	require.Equal(t, before, rewind(t, again, video))
	require.Contains(t, before, "/seg0.m4s\n")
}

// TestRewindingEndsWhereStorageIsCleared, with room enough for those who are
// behind (RFC 8216bis 6.2.2).
func TestRewindingEndsWhereStorageIsCleared(t *testing.T) {
	require.Equal(t, 2*time.Hour, Rewindable(2*time.Hour, 0, 4*time.Second))
	require.Zero(t, Rewindable(0, 0, 4*time.Second))
	require.Equal(t, 298*time.Second, Rewindable(2*time.Hour, 10*time.Minute, 4*time.Second))
	require.Equal(t, 298*time.Second, Rewindable(0, 10*time.Minute, 4*time.Second))
	require.Equal(t, time.Minute, Rewindable(time.Minute, 10*time.Minute, 4*time.Second))

	h := newHouse(t, nil)
	const keep = 60 * time.Second
	o := packager.Options{LiveWindow: 16 * time.Second, Archive: h.lib, Window: Rewindable(0, keep, 4*time.Second)}
	a := h.begin(o, keep)
	clip := cliptest.Load(t).Repeat(6)
	var listed string // the oldest segment of a list that is as old as it is long
	for at := 31 * time.Second; at < 140*time.Second; at += 14 * time.Second {
		a.recordInSteps(clip, at)
		if listed != "" {
			require.Equal(t, http.StatusOK, h.media(a.id, video, listed).Code, listed)
		}
		text := rewind(t, a.packager, video)
		i := strings.Index(text, "/seg")
		listed = text[i+1 : i+strings.IndexByte(text[i:], '\n')]
	}
	require.NotEqual(t, "seg0.m4s", listed)
	require.Equal(t, http.StatusGone, h.media(a.id, video, "seg0.m4s").Code)
	rows := h.rows(a.id, video)
	require.Positive(t, rows[0].Number)
}
