package vod

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// mpd is as much of an MPD as is looked at.
type mpd struct {
	Type     string `xml:"type,attr"`
	Start    string `xml:"availabilityStartTime,attr"`
	Duration string `xml:"mediaPresentationDuration,attr"`
	Location string
	Periods  []struct {
		ID    string `xml:"id,attr"`
		Start string `xml:"start,attr"`
		Sets  []struct {
			ID              int `xml:"id,attr"`
			Representations []struct {
				ID       string `xml:"id,attr"`
				Codecs   string `xml:"codecs,attr"`
				Template struct {
					Offset int64  `xml:"presentationTimeOffset,attr"`
					Init   string `xml:"initialization,attr"`
					First  int64  `xml:"startNumber,attr"`
					Spans  []struct {
						T string `xml:"t,attr"`
						D int64  `xml:"d,attr"`
						R int64  `xml:"r,attr"`
					} `xml:"SegmentTimeline>S"`
				} `xml:"SegmentTemplate"`
			} `xml:"Representation"`
		} `xml:"AdaptationSet"`
	} `xml:"Period"`
}

func readMPD(t *testing.T, text string) (m mpd) {
	t.Helper()
	require.NoError(t, xml.Unmarshal([]byte(text), &m), text)
	return m
}

// fixed is what never changes of a period: its id, its start, and of each
// rendition its set and what stands there.
func (m *mpd) fixed() []string {
	var list []string
	for _, p := range m.Periods {
		line := p.ID + " " + p.Start
		for _, s := range p.Sets {
			for _, r := range s.Representations {
				line += fmt.Sprintf(" %d %s %s %d %s", s.ID, r.ID, r.Codecs, r.Template.Offset, r.Template.Init)
			}
		}
		list = append(list, line)
	}
	return list
}

// segments counts a rendition's.
func (m *mpd) segments(rendition string) (n int64) {
	for _, p := range m.Periods {
		for _, s := range p.Sets {
			for _, r := range s.Representations {
				for _, span := range r.Template.Spans {
					if r.ID == rendition {
						n += 1 + span.R
					}
				}
			}
		}
	}
	return n
}

func (h *house) recordingMPD(id, name string) (mpd, http.Header) {
	h.t.Helper()
	w := get(func(w http.ResponseWriter, r *http.Request) { require.True(h.t, h.lib.ServeMPD(w, r, id, name)) })
	require.Equal(h.t, http.StatusOK, w.Code, w.Body.String())
	require.Equal(h.t, "application/dash+xml", w.Header().Get("Content-Type"))
	return readMPD(h.t, w.Body.String()), w.Header()
}

func liveMPD(t *testing.T, p *packager.Packager) mpd {
	t.Helper()
	w := get(p.ServeMPD)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	return readMPD(t, w.Body.String())
}

// A recording says of its periods what the live MPD said of them, while it
// grows, when it has ended, and, of those that are still in the window, when
// the server was started again.
func TestMPDsAgree(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{Begun: time.Now().Truncate(time.Second)}, 0)
	a.record(clip, 5*time.Second)
	a.comeBack()
	clip.Between(6*time.Second, 13*time.Second).Send(a.pub)
	h.awaitRows(a.id, audio, 7)
	h.awaitRows(a.id, video, 7)

	var was mpd
	h.await("the whole of it", func() bool {
		was = liveMPD(t, a.packager)
		return was.segments(video) >= 6 && was.segments(audio) >= 6
	})
	require.Equal(t, "dynamic", was.Type)
	require.Equal(t, a.id+".mpd", was.Location)
	require.Len(t, was.Periods, 2)
	h.exec("UPDATE broadcasts SET created_at = ? WHERE id = ?", a.packager.Options().Begun.UnixMilli(), a.id)
	grows, header := h.recordingMPD(a.id, "manifest.mpd")
	require.Equal(t, "dynamic", grows.Type)
	require.Equal(t, "../../vod/"+a.id+"/live.mpd", grows.Location)
	require.Equal(t, "public, max-age=0, s-maxage=1", header.Get("Cache-Control"))
	require.Equal(t, was.fixed(), grows.fixed())
	require.Equal(t, was.Start, grows.Start)

	h.kill(a)
	h.open()
	row, err := h.db.Broadcast(t.Context(), a.id)
	require.NoError(t, err)
	past, err := h.lib.Past(t.Context(), row, packager.Options{})
	require.NoError(t, err)
	s := live.NewStream("mine", a.id, live.Limits{Age: time.Hour, Bytes: 1 << 30})
	s.StartAt(past.End)
	p := packager.Restore(s, packager.Options{Begun: row.CreatedAt}, past.Past, time.Now())
	again := liveMPD(t, p)
	require.Equal(t, was.Start, again.Start)
	require.Equal(t, was.fixed(), again.fixed(), "after a restart")

	// It goes on behind them.
	pub := live.NewPublisher(s, func(*live.Publisher, live.End, error) {})
	pub.Expect(media.Video, media.Audio)
	clip.Between(14*time.Second, 19*time.Second).Send(pub)
	s.Close()
	require.NoError(t, p.Run(t.Context()))
	ended := liveMPD(t, p)
	require.Equal(t, "static", ended.Type)
	require.Len(t, ended.Periods, 3)
	require.Equal(t, was.fixed(), ended.fixed()[:2])

	h.archive(a.id)
	static, header := h.recordingMPD(a.id, growing)
	require.Equal(t, "static", static.Type)
	require.Equal(t, "public, max-age=3600", header.Get("Cache-Control"))
	require.Equal(t, was.fixed(), static.fixed(), "who was watching goes on")
	packed, _ := h.recordingMPD(a.id, "manifest.mpd")
	require.Equal(t, "static", packed.Type)
	require.Empty(t, packed.Start)
	require.Equal(t, "PT0S", packed.Periods[0].Start)
	require.Len(t, packed.Periods, 2)
	var sum time.Duration
	for _, r := range h.rows(a.id, video) {
		sum += media.Duration(r.Duration, r.Timescale)
	}
	length, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(packed.Duration, "PT")))
	require.NoError(t, err)
	require.InDelta(t, sum.Seconds(), length.Seconds(), 0.1, "as long as its media")
	for _, rendition := range []string{video, audio} {
		require.Equal(t, int64(len(h.rows(a.id, rendition))), packed.segments(rendition))
	}
}

// What was deleted of a recording is not in its MPD, and what is left stays
// where it was.
func TestMPDOfATrimmedRecording(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	a.record(cliptest.Load(t), 9*time.Second)
	before, _ := h.recordingMPD(a.id, "manifest.mpd")
	h.write(func(tx *store.Tx) error {
		for _, rendition := range []string{video, audio} {
			if _, err := tx.DeleteSegments(t.Context(), a.id, rendition, 1); err != nil {
				return err
			}
		}
		return nil
	})
	var after mpd
	h.await("the list is read again", func() bool {
		after, _ = h.recordingMPD(a.id, "manifest.mpd")
		return after.segments(video) == before.segments(video)-2
	})
	require.Equal(t, before.fixed(), after.fixed())
	require.Equal(t, int64(2), after.Periods[0].Sets[0].Representations[0].Template.First)
	a.end()
	h.archive(a.id)
	packed, _ := h.recordingMPD(a.id, "manifest.mpd")
	require.Equal(t, "PT0S", packed.Periods[0].Start)
	r := packed.Periods[0].Sets[0].Representations[0]
	require.Equal(t, fmt.Sprint(r.Template.Offset), r.Template.Spans[0].T, "it begins with what is left")
}

// A rendition whose rows have not come is waited for, within bounds; at the
// end there is no more waiting.
func TestSettle(t *testing.T) {
	rows := func(n int64) []store.Segment {
		list := make([]store.Segment, n)
		for i := range list {
			list[i] = store.Segment{Number: int64(i), Duration: 1, Timescale: 1}
		}
		return list
	}
	for name, c := range map[string]struct {
		picture, sound int64
		final          bool
		want           int64
	}{
		"level":         {5, 5, false, 5},
		"behind":        {5, 3, false, 3},
		"behind at end": {5, 3, true, 5},
		"far behind":    {mostAhead + 9, 3, false, 9},
		"never came":    {5, 0, false, 5},
	} {
		t.Run(name, func(t *testing.T) {
			d := builder{tracks: []*recorded{{}, {}}}
			d.tracks[0].take(rows(c.picture))
			d.tracks[1].take(rows(c.sound))
			d.settle(c.final)
			require.Equal(t, c.want, d.outline.Next())
		})
	}
}

func TestMPDErrors(t *testing.T) {
	h := newHouse(t, nil)
	for id, want := range map[string]int{
		"nosuch": 404, h.broadcast(store.StateFailed): 404, h.broadcast(store.StateDiscarded): 410,
	} {
		w := get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeMPD(w, r, id, "manifest.mpd") })
		require.Equal(t, want, w.Code)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	}
	require.Empty(t, h.lib.outlines.items, "what is not there takes no place")
	require.False(t, h.lib.ServeMPD(newSink(), getRequest(), "nosuch", "index.mpd"))
}
