package vod

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// A recording is an EVENT while the broadcast is on air, and VOD from the
// moment that its row says so: no list read just before stands in the way.
func TestEventThenVOD(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	held := make(chan *httptest.ResponseRecorder, 2)
	go func() { held <- h.multivariant(a.id) }()
	go func() { held <- h.playlist(a.id, video) }()
	clip := cliptest.Load(t)
	a.record(clip, 7*time.Second)
	for range 2 { // those who came before there was anything are answered with it
		w := <-held
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		require.Equal(t, "public, max-age=0, s-maxage=1", w.Header().Get("Cache-Control"))
	}

	multi := h.multivariant(a.id).Body.String()
	require.Contains(t, multi, "\n"+video+".m3u8\n")
	require.Contains(t, multi, `URI="`+audio+`.m3u8"`)
	require.Contains(t, multi, "RESOLUTION=1280x720")
	require.Contains(t, multi, "FRAME-RATE=30.000")
	event := h.playlist(a.id, video).Body.String()
	require.Contains(t, event, "#EXT-X-PLAYLIST-TYPE:EVENT\n")
	require.Contains(t, event, "#EXT-X-TARGETDURATION:4\n")
	require.NotContains(t, event, "INDEPENDENT", "the second segment begins off a key frame")
	require.NotContains(t, event, "ENDLIST")
	require.Contains(t, event, "\n../../../media/"+a.id+"/"+video+"/seg1.m4s\n")

	clip.Between(7*time.Second, 24*time.Second).Send(a.pub)
	a.end()
	require.Contains(t, h.playlist(a.id, video).Body.String(), "EVENT")
	h.archive(a.id)
	for range 2 {
		w := h.playlist(a.id, video)
		require.Equal(t, "public, max-age=3600", w.Header().Get("Cache-Control"))
		vod := w.Body.String()
		require.Contains(t, vod, "#EXT-X-PLAYLIST-TYPE:VOD\n")
		require.True(t, strings.HasSuffix(vod, "#EXT-X-ENDLIST\n"))
		require.Equal(t, len(h.rows(a.id, video)), strings.Count(vod, "#EXTINF:"))
	}
	require.Equal(t, "public, max-age=3600", h.multivariant(a.id).Header().Get("Cache-Control"))
}

// The range of light of what is on air is in its recording's list too, and the
// whole colour in the stored section, from which a restored broadcast goes on.
func TestColourOfARecording(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	clip := cliptest.Load(t).Between(0, 5*time.Second)
	track := *clip.Of(media.Video)[0].Track
	track.Colour = media.NewColour(9, media.TransferPQ, 9, false)
	track.Colour.Light = media.Light{MaxCLL: 1000, MaxFALL: 400}
	for i := range clip {
		if clip[i].Track.Kind() == media.Video {
			clip[i].Track = &track
		}
	}
	clip.Send(a.pub)
	a.end()
	onAir := string(packager.Multivariant(a.packager.Describe(packager.Live)).AppendTo(nil))
	require.Contains(t, onAir, ",VIDEO-RANGE=PQ,")
	h.archive(a.id)
	require.Contains(t, h.multivariant(a.id).Body.String(), ",VIDEO-RANGE=PQ,")

	b, err := h.db.Broadcast(t.Context(), a.id)
	require.NoError(t, err)
	past, err := h.lib.Past(t.Context(), b, packager.Options{})
	require.NoError(t, err)
	for _, w := range past.Windows {
		want := media.Colour{}
		if w.Kind == media.Video {
			want = track.Colour
		}
		require.Equal(t, want, w.Inits[0].Track.Colour)
	}
}

// Live playlists that outlive their broadcast are answered from the recording,
// with addresses that fit where they lie.
func TestServeEnded(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 5*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	for kind, up := range map[packager.Kind]string{packager.Live: "../../../../", packager.Plain: "../../../../../"} {
		w := get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeEnded(w, r, a.id, video, kind) })
		require.Equal(t, http.StatusOK, w.Code)
		require.Contains(t, w.Body.String(), "\n"+up+"media/"+a.id+"/"+video+"/seg0.m4s\n")
		require.Contains(t, w.Body.String(), "#EXT-X-ENDLIST\n")
	}
}

// They reach back no further than they did on air, so that numbers do not go
// back for a player that missed the end; plain ones have no seams.
func TestServeEndedReachesBackAsOnAir(t *testing.T) {
	h := newHouse(t, nil)
	h.options.Reach = packager.Options{LiveWindow: time.Minute}.ReachOf
	h.open()
	a := h.begin(packager.Options{}, 0)
	clip := cliptest.Load(t).Repeat(5)
	a.recordInSteps(clip, 119*time.Second)
	clip.Between(a.sent, 120*time.Second).Send(a.pub)
	live := map[packager.Kind]string{}
	a.stream.Close()
	a.work.Wait()
	kinds := []packager.Kind{packager.Live, packager.Plain, packager.Rewind}
	sequence := regexp.MustCompile(`EXT-X-(DISCONTINUITY|MEDIA)-SEQUENCE:[0-9]+`)
	for _, k := range kinds {
		w := get(func(w http.ResponseWriter, r *http.Request) {
			require.True(t, a.packager.ServePlaylist(w, r, video, k))
		})
		live[k] = fmt.Sprint(sequence.FindAllString(w.Body.String(), -1))
	}
	for number, seam := range map[int]int{2: 1, 4: 0, 50: 1, 55: 0} {
		h.exec("UPDATE segments SET discontinuity = 1, seam = $1 WHERE number = $2", seam, number)
	}
	h.archive(a.id)
	h.open() // nothing is kept in memory
	for _, k := range kinds {
		w := get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeEnded(w, r, a.id, video, k) })
		require.Equal(t, http.StatusOK, w.Code)
		text := w.Body.String()
		got := fmt.Sprint(sequence.FindAllString(text, -1))
		discontinuities := strings.Count(text, "EXT-X-DISCONTINUITY\n")
		require.Contains(t, text, "#EXT-X-ENDLIST\n")
		switch k {
		case packager.Live:
			require.Equal(t, strings.Replace(live[k], "]", " EXT-X-DISCONTINUITY-SEQUENCE:2]", 1), got)
			require.Equal(t, 2, discontinuities)
		case packager.Plain:
			require.Equal(t, strings.Replace(live[k], "]", " EXT-X-DISCONTINUITY-SEQUENCE:1]", 1), got)
			require.Equal(t, 1, discontinuities)
		case packager.Rewind:
			require.Equal(t, "[EXT-X-MEDIA-SEQUENCE:0]", got)
			require.Equal(t, 4, discontinuities)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 5*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)

	status := func(want int, sentence string, w *httptest.ResponseRecorder) {
		t.Helper()
		require.Equal(t, want, w.Code)
		require.Contains(t, w.Body.String(), sentence)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
	}
	status(404, "no such recording", h.multivariant("nosuch"))
	status(404, "no such recording", h.playlist("nosuch", video))
	status(404, "no such rendition", h.playlist(a.id, "video/other"))
	status(404, "never on air", h.multivariant(h.broadcast(store.StateFailed)))
	status(410, "removed", h.multivariant(h.broadcast(store.StateDiscarded)))
	for _, name := range []string{
		"seg9.m4s", "seg01.m4s", "seg-1.m4s", "seg.m4s", "init7.mp4", "part0.m4s", "", "..", "../../rostrum.db", "seg99999999999999999999.m4s", "SEG0.m4s",
	} {
		status(404, "no such piece", h.media(a.id, video, name))
	}
	status(404, "no such piece", h.media("nosuch", video, "seg0.m4s"))
	status(404, "no such piece", h.media(a.id, "../"+a.id+"/"+video, "seg0.m4s"))
	require.Empty(t, h.lib.lists.items, "what is not there takes no place")

	require.Equal(t, http.StatusOK, h.media(a.id, video, "seg0.m4s").Code)
	h.write(func(tx *store.Tx) error { return tx.DeleteMedia(t.Context(), a.id) })
	require.NoError(t, h.files.DeletePrefix(t.Context(), a.id))
	status(410, "removed", h.multivariant(a.id))
	status(410, "removed", h.playlist(a.id, video))
	status(410, "removed", h.media(a.id, video, "seg0.m4s"))
	status(410, "removed", h.media(a.id, video, "init0.mp4"))
}

// A request that gives up while it is held is let go of.
func TestHeldRequestThatLeaves(t *testing.T) {
	h := newHouse(t, nil)
	id := h.broadcast(store.StateOpening)
	w := get(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		h.lib.ServeMultivariant(w, r.WithContext(ctx), id)
	})
	require.Empty(t, w.Body.String())
}

// The lists in memory are bounded, and one that was let go of is made again.
func TestListsAreBounded(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 5*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	want := h.playlist(a.id, video).Body.String()
	for i := range 3 * maxCached {
		h.lib.lists.get(string(rune('a' + i)))
	}
	require.LessOrEqual(t, len(h.lib.lists.items), maxCached)
	require.Equal(t, want, h.playlist(a.id, video).Body.String())
}
