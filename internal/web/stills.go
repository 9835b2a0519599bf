package web

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
)

func previewURL(channel string) string { return "/live/" + channel + "/preview.jpg" }

func coverURL(broadcast string) string { return "/vod/" + broadcast + "/cover.jpg" }

func storyboardURL(broadcast string) string { return "/vod/" + broadcast + "/storyboard.vtt" }

// hasPreview reports whether a still of a broadcast can be had, as far as is
// known: it is on air, with pictures, and there is what makes them.
func (s *Server) hasPreview(b *broadcast.Broadcast) bool {
	if state := b.State(); state != store.StateLive && state != store.StateInterrupted || !s.opts.Stills.Available() {
		return false
	}
	for _, w := range b.Packager().Windows() {
		if w.Kind == media.Video {
			return true
		}
	}
	return false
}

// stillsOf are the addresses of a recording's stills behind the prefix of a
// viewing; empty for what there is not.
func stillsOf(prefix string, b store.Broadcast) (cover, storyboard string) {
	if b.State != store.StateArchived { // those of one that was removed go in a moment
		return "", ""
	}
	if b.Cover {
		cover = prefix + coverURL(b.ID)
	}
	if b.Storyboard {
		storyboard = prefix + storyboardURL(b.ID)
	}
	return cover, storyboard
}

// stillOfClip is the address of a clip's cover, likewise.
func (s *Server) stillOfClip(ctx context.Context, prefix string, c store.Clip) string {
	if !s.opts.Stills.OfClip(ctx, c) {
		return ""
	}
	return prefix + coverURL(c.ID)
}

// stillCache is how long a still of a recording may be kept: it does not change,
// but it is what is to be seen of a recording that was removed.
const stillCache = "public, max-age=3600"

// preview answers with the newest still of what a channel has on air.
func (s *Server) preview(w http.ResponseWriter, r *http.Request) {
	b := s.onAir(r.Context(), r.PathValue("channel"))
	if b == nil {
		packager.OffAir(w)
		return
	}
	var p still.Still
	ok := s.hasPreview(b)
	if ok {
		p, ok = s.opts.Stills.Live(r.Context(), b.Stream())
	}
	if !ok {
		w.Header().Set("Retry-After", "5")
		packager.Fail(w, http.StatusNotFound, "There is no picture of this broadcast.")
		return
	}
	cache := "public, max-age=" + strconv.Itoa(int(still.LiveMaxAge/time.Second))
	stillHead(w, "image/jpeg", cache, `"`+b.ID+"-"+p.Tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.JPEG))
}

// recordingStill answers with a picture of a recording or of a clip, or with the
// list of them, if the last element of an address is the name of one. It reports
// false, and has written nothing, for another name.
func (s *Server) recordingStill(w http.ResponseWriter, r *http.Request, name string) bool {
	object, kind, ok := still.Object(r.PathValue("broadcast"), name)
	if !ok {
		return false
	}
	c, err := s.clipAt(r)
	if c != nil {
		object, kind, _ = still.ClipObject(*c, name)
	}
	var f *os.File
	if err == nil {
		f, _, err = s.opts.Files.Get(r.Context(), object)
	}
	var info fs.FileInfo
	if err == nil {
		defer func() { _ = f.Close() }() // it was read only
		info, err = f.Stat()
	}
	switch {
	case errors.Is(err, blob.ErrNotFound), errors.Is(err, blob.ErrBadKey), err == nil && info.Size() == 0:
		s.noStill(w, r, c)
		return true
	case err != nil:
		s.log.Error("still cannot be read", "object", object, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The picture cannot be read.")
		return true
	}
	tag := `"` + strconv.FormatInt(info.ModTime().UnixMilli(), 36) + "-" + strconv.FormatInt(info.Size(), 36) + `"`
	stillHead(w, kind, stillCache, tag)
	http.ServeContent(w, r, "", info.ModTime(), f)
	return true
}

// noStill tells why there is no picture of a recording, or of a clip.
func (s *Server) noStill(w http.ResponseWriter, r *http.Request, c *store.Clip) {
	gone := c != nil && !c.RemovedAt.IsZero()
	if c == nil {
		row, err := s.opts.DB.Broadcast(r.Context(), r.PathValue("broadcast"))
		gone = err == nil && row.State == store.StateDiscarded
	}
	if gone {
		packager.Fail(w, http.StatusGone, "What this is a picture of was removed.")
		return
	}
	packager.Fail(w, http.StatusNotFound, "There is no such picture, or not yet.")
}

func stillHead(w http.ResponseWriter, kind, cache, tag string) {
	h := w.Header()
	packager.OpenToAll(h)
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("ETag", tag)
	h.Set("X-Content-Type-Options", "nosniff")
}
