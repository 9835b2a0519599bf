package vod

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// TestTSOfARecording: where a segment of the picture or of the sound is
// missing the list names the other alone, under an address that never held
// both.
func TestTSOfARecording(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 11*time.Second).Send(a.pub)
	a.end()
	gap := func(rendition string, number int64) {
		h.exec("UPDATE segments SET gap = 1, bytes = 0 WHERE broadcast_id = $1 AND rendition = $2 AND number = $3", a.id, rendition, number)
	}
	gap(audio, 1)
	gap(video, 2)
	gap(audio, 3)
	gap(video, 3)
	h.archive(a.id)
	list := func(rendition string) string {
		w := get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeEnded(w, r, a.id, rendition, packager.TS) })
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		return w.Body.String()
	}
	const folder = "../../../../../media/"
	text := list(video)
	require.NotContains(t, text, "EXT-X-MAP")
	require.True(t, strings.HasSuffix(text, "#EXT-X-ENDLIST\n"))
	for i, want := range []string{"video/source/seg0-source.ts", "video/source/seg1.ts", "audio/source/seg2.ts", "", "video/source/seg4-source.ts"} {
		if want == "" {
			require.Regexp(t, `#EXT-X-GAP\n#EXTINF:[0-9.]+,\n`+folder+a.id+`/video/source/seg3.ts\n`, text)
			continue
		}
		require.Contains(t, text, ",\n"+folder+a.id+"/"+want+"\n", "segment %d", i)
	}
	require.Equal(t, 1, strings.Count(text, "EXT-X-GAP"))
	require.Contains(t, list(audio), folder+a.id+"/audio/source/seg2.ts\n")

	source := func(rendition, name string) (packager.TSSource, error) {
		n, ok := packager.ParseTSName(name)
		require.True(t, ok)
		return h.lib.TSSource(t.Context(), a.id, rendition, n)
	}
	src, err := source(video, "seg0-source.ts")
	require.NoError(t, err)
	require.Len(t, src.Pieces, 2)
	for _, name := range []string{"seg1-source.ts", "seg2.ts", "seg3.ts", "seg99.ts", "seg0-other.ts"} {
		_, err = source(video, name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
	}
	_, err = source(audio, "seg0-source.ts")
	require.ErrorIs(t, err, fs.ErrNotExist, "sound with sound")
	require.NoError(t, h.files.DeletePrefix(t.Context(), a.id))
	_, err = source(video, "seg0-source.ts")
	require.ErrorIs(t, err, ErrRemoved)

	h.exec("UPDATE renditions SET codecs = 'av01.0.00M.08' WHERE name = $1", video)
	h.open() // nothing is kept in memory
	w := get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeEnded(w, r, a.id, video, packager.TS) })
	require.Equal(t, http.StatusNotAcceptable, w.Code)
}
