package vod

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// archivedCache is for the whole of a recording, which may be removed.
	archivedCache = "public, max-age=3600"
	// redirectCache is for where a recording that grows has come to.
	redirectCache = "public, max-age=0, s-maxage=1"
)

// Why there is no download.
var (
	errBadQuery = errors.New("part, from and to are whole numbers: part counts from 1, the others are segments")
	errTrimmed  = errors.New("the oldest part of it was removed")
	errAhead    = errors.New("it has not come so far")
	errNoPart   = errors.New("there is no such part")
)

// asked is what the query of a download asks for.
type asked struct {
	part     int64
	from, to int64 // segments; -1 is not said
}

func parseAsked(query string) (asked, error) {
	values, err := url.ParseQuery(query)
	a := asked{1, -1, -1}
	for name, v := range map[string]*int64{"part": &a.part, "from": &a.from, "to": &a.to} {
		text := values.Get(name)
		if text == "" && !values.Has(name) {
			continue
		}
		n, bad := strconv.ParseUint(text, 10, 62)
		err = errors.Join(err, bad)
		*v = int64(n)
	}
	if err != nil || a.part < 1 {
		return asked{}, errBadQuery
	}
	return a, nil
}

// ServeDownload answers a request for a recording as an MP4 file. One of a
// broadcast on air is sent on to the address of a snapshot, whose bytes never
// change.
func (l *Library) ServeDownload(w http.ResponseWriter, r *http.Request, broadcast string) {
	a, err := parseAsked(r.URL.RawQuery)
	if err != nil {
		packager.Fail(w, http.StatusBadRequest, "In the address, "+err.Error()+".")
		return
	}
	var s span
	var b store.Broadcast
	l.serveRecording(w, r, broadcast, func(now store.Broadcast) (err error) {
		b = now
		if s, err = l.wholeSpan(r.Context(), b); err == nil && len(s.renditions) == 0 {
			l.heads.drop(b.ID)
			err = errNothing
		}
		return err
	}, func() {
		if a.to < 0 && !over(b) {
			redirect(w, s, a)
			return
		}
		l.download(w, r, b, s, a)
	})
}

func redirect(w http.ResponseWriter, s span, a asked) {
	address := "download.mp4?to=" + strconv.FormatInt(s.last, 10)
	if s.first > 0 {
		address += "&from=" + strconv.FormatInt(s.first, 10) // its oldest segments will not be there for long
	}
	if a.part > 1 {
		address += "&part=" + strconv.FormatInt(a.part, 10)
	}
	packager.MediaHeader(w.Header(), "download.mp4")
	w.Header().Set("Cache-Control", redirectCache)
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusFound)
}

// narrow makes a snapshot of what there is.
func (s span) narrow(b store.Broadcast, a asked) (span, error) {
	first := s.first
	if a.from >= 0 {
		first = a.from
	} else if b.Keep > 0 && a.to >= 0 {
		first = 0
	}
	switch {
	case first < s.first && (a.from >= 0 || b.Keep > 0):
		return s, errTrimmed
	case a.to > s.last, first > s.last, a.to >= 0 && a.to < first:
		return s, errAhead
	}
	s.first = first
	if a.to >= 0 {
		s.last = a.to
	}
	return s, nil
}

func (l *Library) download(w http.ResponseWriter, r *http.Request, b store.Broadcast, s span, a asked) {
	s, err := s.narrow(b, a)
	var h *head
	if err == nil {
		h, err = l.head(r.Context(), b, s, a)
	}
	switch {
	case errors.Is(err, errTrimmed), errors.Is(err, blob.ErrNotFound):
		packager.Fail(w, http.StatusGone, "This part of the recording was removed.")
		return
	case errors.Is(err, errAhead):
		packager.Fail(w, http.StatusNotFound, "The recording has no such segments.")
		return
	case errors.Is(err, errNoPart):
		packager.Fail(w, http.StatusNotFound, "The recording has no such part.")
		return
	case r.Context().Err() != nil: // the client has gone
		return
	case err != nil:
		l.log.Error("recording cannot be downloaded", "broadcast", b.ID, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The recording cannot be downloaded.")
		return
	}
	file := &body{ctx: r.Context(), lib: l, broadcast: b.ID, renditions: s.renditions, head: h}
	defer file.close()
	headers := w.Header()
	packager.MediaHeader(headers, "download.mp4")
	if a.to < 0 {
		headers.Set("Cache-Control", archivedCache)
	}
	file.serve(w, r, filename(b, a.part))
}

// filename is what a browser saves a download as.
func filename(b store.Broadcast, part int64) string {
	began := b.StartedAt
	if began.IsZero() {
		began = b.CreatedAt
	}
	name := b.ChannelName + "-" + began.UTC().Format(time.DateOnly)
	if part > 1 {
		name += "-" + strconv.FormatInt(part, 10)
	}
	return name + ".mp4"
}

// head returns the head of one part of a span. Its key says whose bytes they
// are: what the rows of those segments say does not change, but when a trim
// took some.
func (l *Library) head(ctx context.Context, b store.Broadcast, s span, a asked) (*head, error) {
	k := fmt.Sprintf("%s-%d-%d-%d", b.ID, a.part, s.first, s.last)
	return l.heads.get(ctx, k, func(f *os.File) error {
		parts, err := l.parts(ctx, s)
		if err != nil {
			return err
		}
		if a.part > int64(len(parts)) {
			return errNoPart
		}
		part := parts[a.part-1]
		src, err := l.newSource(ctx, b.ID, part, over(b))
		if err != nil {
			return err
		}
		return writeHead(f, b.ID, src.movie(ctx, b), func(visit func(place) error) error {
			return src.each(ctx, func(p piece) error { return visit(place{p.offset, p.number, p.track}) })
		})
	})
}
