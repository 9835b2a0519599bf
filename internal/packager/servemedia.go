package packager

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeMedia answers a request for an initialisation section, a segment or a
// part that is in the window, and holds one for the part that comes next
// until it is there. It reports false, and has written nothing, for anything
// else.
func (p *Packager) ServeMedia(w http.ResponseWriter, r *http.Request, rendition, name string) bool {
	win := p.Window(rendition)
	if win == nil {
		return false
	}
	if n, ok := number(name, initPrefix, initSuffix); ok {
		i := win.Init(n)
		if i == nil {
			return false
		}
		MediaHeader(w.Header(), name)
		serveRange(w, r, bytes.NewReader(i.Bytes))
		return true
	}
	if n, ok := number(name, segmentPrefix, mediaSuffix); ok {
		seg := win.snap.Load().segment(n)
		return seg != nil && win.serveBytes(w, r, seg, 0, len(seg.Parts))
	}
	if n, ok := number(name, partPrefix, mediaSuffix); ok {
		seg, i := win.awaitPart(r.Context(), n)
		if s := win.snap.Load(); seg == nil && n == s.nextPart && !s.ended {
			w.Header().Set("Retry-After", "1")
			Fail(w, http.StatusServiceUnavailable, errNotYet.Error())
			return true
		}
		return seg != nil && win.serveBytes(w, r, seg, i, i+1)
	}
	return false
}

// number reads the number of a name that begins and ends so.
func number(name, prefix, suffix string) (int64, bool) {
	s, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	s, ok = strings.CutSuffix(s, suffix)
	if !ok || s == "" || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 62)
	return int64(n), err == nil
}

// MediaHeader sets the headers of a piece of media, whose address never has
// another content.
func MediaHeader(h http.Header, name string) {
	OpenToAll(h)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	switch {
	case strings.HasSuffix(name, initSuffix):
		h.Set("Content-Type", "video/mp4")
	case strings.HasSuffix(name, tsSuffix):
		h.Set("Content-Type", "video/mp2t")
	default:
		h.Set("Content-Type", "video/iso.segment")
	}
}

// serveBytes answers with the parts from..to of a segment.
func (w *Window) serveBytes(rw http.ResponseWriter, r *http.Request, s *Segment, from, to int) bool {
	data, open := s.source(from, to)
	if open != nil {
		f := File{Key: w.packager.Broadcast() + "/" + w.Name + "/" + s.Name(), Open: open}
		f.Offset, f.Size = s.span(from, to)
		f.Small = to-from == len(s.Parts) && s.Size <= smallFile
		err := Send(rw, r, w.packager.opts.Bodies, f)
		if errors.Is(err, fs.ErrNotExist) {
			return false
		}
		if err != nil {
			Fail(rw, http.StatusInternalServerError, "The segment cannot be read.")
		}
		return true
	}
	if data == nil {
		return false // it is gone
	}
	MediaHeader(rw.Header(), s.Name())
	if r.Header.Get("Range") != "" {
		body := slices(data)
		serveRange(rw, r, io.NewSectionReader(body, 0, body.size()))
		return true
	}
	size := slices(data).size()
	rw.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	rw.Header().Set("Accept-Ranges", "bytes")
	if r.Method == http.MethodHead {
		return true
	}
	for _, b := range data {
		if _, err := rw.Write(b); err != nil {
			return true // the client has gone
		}
	}
	return true
}

// slices is a body that lies in pieces: one who asks for a range of it costs no
// copy of the whole.
type slices [][]byte

func (s slices) size() (n int64) {
	for _, b := range s {
		n += int64(len(b))
	}
	return n
}

// ReadAt implements io.ReaderAt.
func (s slices) ReadAt(p []byte, at int64) (n int, err error) {
	for _, b := range s {
		if at >= int64(len(b)) {
			at -= int64(len(b))
			continue
		}
		n += copy(p[n:], b[at:])
		if at = 0; n == len(p) {
			return n, nil
		}
	}
	return n, io.EOF
}

// awaitPart returns the segment that holds the part of that number, and the
// part's index there. It waits for the part that was hinted at, and returns
// nil when the window does not hold the part and will not soon.
func (w *Window) awaitPart(ctx context.Context, number int64) (*Segment, int) {
	if s := w.snap.Load(); number != s.nextPart {
		return s.part(number)
	}
	timer := time.NewTimer(w.packager.opts.patience())
	defer timer.Stop()
	for {
		s, news := w.watch()
		if number != s.nextPart || s.final {
			return s.part(number)
		}
		select {
		case <-news:
		case <-timer.C:
			return nil, 0
		case <-ctx.Done():
			return nil, 0
		}
	}
}
