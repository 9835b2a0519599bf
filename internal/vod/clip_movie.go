package vod

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// ServeClipDownload answers a request for a clip as an MP4 file. It begins with
// the key frame before the first picture, and says that this is shown first.
func (l *Library) ServeClipDownload(w http.ResponseWriter, r *http.Request, c store.Clip) {
	a, err := parseAsked(r.URL.RawQuery)
	if err != nil || a.from >= 0 || a.to >= 0 {
		packager.Fail(w, http.StatusBadRequest, "In the address, part is a whole number that counts from 1.")
		return
	}
	var v *clipView
	var h *head
	if err = errGone; c.RemovedAt.IsZero() {
		if v, err = l.view(r.Context(), c); err == nil {
			h, err = l.clipHead(r.Context(), v, a.part)
		}
	}
	switch {
	case errors.Is(err, errNoPart):
		packager.Fail(w, http.StatusNotFound, "The clip has no such part.")
		return
	case errors.Is(err, blob.ErrNotFound):
		err = errGone
	}
	if err != nil {
		l.failClip(w, r, c, err)
		return
	}
	file := &body{ctx: r.Context(), lib: l, broadcast: c.BroadcastID, renditions: v.source, head: h}
	defer file.close()
	packager.MediaHeader(w.Header(), "download.mp4")
	w.Header().Set("Cache-Control", archivedCache)
	name := c.ChannelName + "-clip-" + c.CreatedAt.UTC().Format(time.DateOnly)
	if a.part > 1 {
		name += "-" + strconv.FormatInt(a.part, 10)
	}
	file.serve(w, r, name+".mp4")
}

// clipHead returns the head of one part of a clip: there are more than one
// where the codecs change in it.
func (l *Library) clipHead(ctx context.Context, v *clipView, number int64) (*head, error) {
	return l.heads.get(ctx, fmt.Sprintf("%s-%d", v.ID, number), func(f *os.File) error {
		s := span{broadcast: v.BroadcastID, renditions: v.source, first: v.First, last: v.Last}
		var all []stretch
		for _, name := range v.source {
			list, err := l.describe(ctx, v.BroadcastID, name, stretchesIn(v.rows[name]))
			if err != nil {
				return err
			}
			all = append(all, list...)
		}
		parts := partsOf(s, all)
		if number > int64(len(parts)) {
			return errNoPart
		}
		m, places, err := l.clipMovie(ctx, v, parts[number-1])
		if err != nil {
			return err
		}
		return writeHead(f, v.BroadcastID, m, func(visit func(place) error) error {
			for _, p := range places {
				if err := visit(p); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// stretchesIn sums up rows by initialisation section, as Stretches does.
func stretchesIn(rows []store.Segment) (list []store.Stretch) {
	for i := range rows {
		row := &rows[i]
		if row.Gap {
			continue
		}
		if n := len(list); n == 0 || list[n-1].Init != row.Init {
			list = append(list, store.Stretch{Init: row.Init, First: row.Number, Timescale: row.Timescale, Start: row.Start})
		}
		s := &list[len(list)-1]
		s.Last, s.End, s.Bytes = row.Number, row.Start+row.Duration, s.Bytes+row.Bytes
	}
	return list
}

// clipMovie describes one part's file: a payload of whole segments, of which
// the tables name the samples that are needed.
func (l *Library) clipMovie(ctx context.Context, v *clipView, part moviePart) (*fmp4.Movie, []place, error) {
	m := &fmp4.Movie{Created: v.CreatedAt, Shown: fmp4.Interval{From: v.from(), To: v.End}}
	offsets, places := v.payload(part, &m.PayloadBytes)
	for _, t := range part.tracks {
		rows := slices.DeleteFunc(slices.Clone(v.rows[t.rendition]), func(s store.Segment) bool { return s.Number < part.first || s.Number > part.last })
		var track clipTrack
		if err := l.readTrack(ctx, &track, rows, false); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", t.rendition, err)
		}
		if len(track.samples) == 0 {
			continue
		}
		track.cut(m.Shown.From, m.Shown.To, t.descriptions[0].Kind())
		chunks := track.chunks(offsets[t.rendition], t.byInit)
		m.Tracks = append(m.Tracks, fmp4.MovieTrack{Descriptions: t.descriptions, Chunks: func(visit func(*fmp4.Chunk) error) error {
			for i := range chunks {
				if err := visit(&chunks[i]); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	return m, places, nil
}

// payload lays a part's segments one behind the other, those of one number
// beside each other, and tells where each lies.
func (v *clipView) payload(part moviePart, bytes *int64) (offsets map[string]map[int64]int64, places []place) {
	offsets = map[string]map[int64]int64{}
	byNumber := map[int64][]store.Segment{}
	for _, t := range part.tracks {
		offsets[t.rendition] = map[int64]int64{}
		for _, s := range v.rows[t.rendition] {
			if !s.Gap {
				byNumber[s.Number] = append(byNumber[s.Number], s)
			}
		}
	}
	for n := part.first; n <= part.last; n++ {
		for _, s := range byNumber[n] {
			offsets[s.Rendition][n] = *bytes
			places = append(places, place{*bytes, n, slices.Index(v.source, s.Rendition)})
			*bytes += s.Bytes
		}
	}
	return offsets, places
}
