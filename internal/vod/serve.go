package vod

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// openingWait is how long a request is held for a recording's first segment.
const openingWait = 10 * time.Second

// How deep a media playlist lies under the root, less its rendition's name:
// /vod/<broadcast>/… and /live/<channel>/<broadcast>/….
const (
	vodDepth  = 2
	liveDepth = 3
)

// ServeMultivariant answers a request for a recording, which may still grow.
func (l *Library) ServeMultivariant(w http.ResponseWriter, r *http.Request, broadcast string) {
	l.servePlaylist(w, r, broadcast, func(b store.Broadcast) (*packager.Text, bool, error) {
		text, err := l.multivariant(r.Context(), b)
		return text, b.State == store.StateArchived, err
	})
}

// ServePlaylist answers a request for one rendition of a recording.
func (l *Library) ServePlaylist(w http.ResponseWriter, r *http.Request, broadcast, rendition string) {
	l.servePlaylist(w, r, broadcast, func(b store.Broadcast) (*packager.Text, bool, error) {
		return l.mediaPlaylist(r.Context(), b, rendition, layout{depth: vodDepth})
	})
}

// ServeMPD answers a request for the MPD of that name of a recording, which may
// still grow. It reports false, and has written nothing, for another name.
func (l *Library) ServeMPD(w http.ResponseWriter, r *http.Request, broadcast, name string) bool {
	t := packed
	switch name {
	case "manifest.mpd":
	case growing:
		t = wall
	default:
		return false
	}
	l.servePlaylist(w, r, broadcast, func(b store.Broadcast) (*packager.Text, bool, error) { return l.mpd(r.Context(), b, t) })
	return true
}

// renderer makes a playlist of a recording and tells whether it is final.
type renderer func(store.Broadcast) (*packager.Text, bool, error)

func (l *Library) servePlaylist(w http.ResponseWriter, r *http.Request, id string, render renderer) {
	var text *packager.Text
	var final bool
	l.serveRecording(w, r, id, func(b store.Broadcast) (err error) {
		text, final, err = render(b)
		return err
	}, func() {
		if final {
			packager.ServeText(w, r, text, "public, max-age=3600")
			return
		}
		packager.ServeText(w, r, text, "public, max-age=0, s-maxage=1")
	})
}

// serveRecording has something read of a recording, and then has answer send
// it, or tells why it cannot.
func (l *Library) serveRecording(w http.ResponseWriter, r *http.Request, id string, read func(store.Broadcast) error, answer func()) {
	b, err := l.opts.DB.Broadcast(r.Context(), id)
	if err == nil {
		err = l.await(r.Context(), b, read)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		packager.Fail(w, http.StatusNotFound, "There is no such recording.")
	case errors.Is(err, errUnknown):
		packager.Fail(w, http.StatusNotFound, "The recording has no such rendition.")
	case errors.Is(err, errUncarried):
		packager.Fail(w, http.StatusNotAcceptable, "MPEG-TS cannot carry this rendition.")
	case errors.Is(err, errNothing) && b.State == store.StateFailed:
		packager.Fail(w, http.StatusNotFound, "This broadcast was never on air.")
	case errors.Is(err, errNothing) && over(b):
		packager.Fail(w, http.StatusGone, "This recording was removed.")
	case errors.Is(err, errNothing):
		w.Header().Set("Retry-After", "2")
		packager.Fail(w, http.StatusNotFound, "Nothing is recorded yet.")
	case r.Context().Err() != nil: // the client has gone
	case err != nil:
		l.log.Error("recording cannot be listed", "broadcast", id, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The recording cannot be listed.")
	default:
		answer()
	}
}

// over reports whether nothing will be added to the recording.
func over(b store.Broadcast) bool {
	switch b.State {
	case store.StateOpening, store.StateLive, store.StateInterrupted, store.StateEnded:
		return false
	}
	return true
}

// await reads, and waits for the first rows of a broadcast that has just begun.
func (l *Library) await(ctx context.Context, b store.Broadcast, read func(store.Broadcast) error) error {
	limit := time.NewTimer(openingWait)
	defer limit.Stop()
	for {
		committed := l.rows.committed()
		err := read(b)
		if !errors.Is(err, errNothing) || over(b) {
			return err
		}
		select {
		case <-committed:
		case <-limit.C:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		if b, err = l.opts.DB.Broadcast(ctx, b.ID); err != nil {
			return err
		}
	}
}

// ServeMedia answers a request for a stored piece of media: 404 for one that
// never was, 410 for one that was deleted.
func (l *Library) ServeMedia(w http.ResponseWriter, r *http.Request, broadcast, rendition, name string) {
	number, segment := SegmentNumber(name)
	if _, init := initNumber(name); !segment && !init {
		packager.Fail(w, http.StatusNotFound, "There is no such piece of media.")
		return
	}
	k := key(broadcast, rendition, name)
	err := packager.Send(w, r, l.opts.Bodies, packager.File{Key: k, Open: func() (*os.File, int64, error) {
		return l.opts.Files.Get(context.Background(), k) // others may wait for it too
	}})
	switch {
	case err == nil:
	case errors.Is(err, blob.ErrNotFound) && l.removed(r.Context(), broadcast, rendition, number, segment):
		packager.Fail(w, http.StatusGone, "This part of the recording was removed.")
	case errors.Is(err, blob.ErrBadKey), errors.Is(err, blob.ErrNotFound):
		packager.Fail(w, http.StatusNotFound, "There is no such piece of media.")
	default:
		l.log.Error("media cannot be read", "broadcast", broadcast, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The media cannot be read.")
	}
}

// removed tells media that was deleted from media that never was: a segment
// older than all that are left or that was on air and not recorded, and anything of a recording of which nothing
// is left.
func (l *Library) removed(ctx context.Context, broadcast, rendition string, number int64, segment bool) bool {
	extents, err := l.opts.DB.Extents(ctx, broadcast)
	if err != nil {
		return false
	}
	if len(extents) == 0 {
		b, err := l.opts.DB.Broadcast(ctx, broadcast)
		return err == nil && (b.State == store.StateArchived || b.State == store.StateDiscarded)
	}
	for _, e := range extents {
		if segment && e.Rendition == rendition && number < e.First {
			return true
		}
	}
	row, err := l.opts.DB.Segment(ctx, broadcast, rendition, number)
	return segment && err == nil && row.Gap && row.Passing
}

// ServeEnded answers a request for a live playlist of a broadcast that is no
// longer in memory: from its recording, as far back as such lists reach, and
// ended.
func (l *Library) ServeEnded(w http.ResponseWriter, r *http.Request, broadcast, rendition string, k packager.Kind) {
	l.servePlaylist(w, r, broadcast, func(b store.Broadcast) (*packager.Text, bool, error) {
		at := layout{depth: liveDepth, live: true, ts: k == packager.TS, plain: k == packager.Plain}
		if l.opts.Reach != nil {
			at.reach = l.opts.Reach(k)
		}
		if k != packager.Live {
			at.depth++
		}
		return l.mediaPlaylist(r.Context(), b, rendition, at)
	})
}

// ServeEndedMPD answers a request for the live MPD of such a broadcast likewise.
func (l *Library) ServeEndedMPD(w http.ResponseWriter, r *http.Request, broadcast string) {
	l.ServeMPD(w, r, broadcast, growing)
}
