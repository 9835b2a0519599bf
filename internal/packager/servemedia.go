package packager

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
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
		return seg != nil && serveBytes(w, r, seg, 0, len(seg.Parts))
	}
	if n, ok := number(name, partPrefix, mediaSuffix); ok {
		seg, i := win.awaitPart(r.Context(), n)
		if s := win.snap.Load(); seg == nil && n == s.nextPart && !s.ended {
			w.Header().Set("Retry-After", "1")
			Fail(w, http.StatusServiceUnavailable, errNotYet.Error())
			return true
		}
		return seg != nil && serveBytes(w, r, seg, i, i+1)
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
	openToAll(h)
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
func serveBytes(rw http.ResponseWriter, r *http.Request, s *Segment, from, to int) bool {
	data, file, err := s.bytes(from, to)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false
		}
		Fail(rw, http.StatusInternalServerError, "The segment cannot be read.")
		return true
	}
	MediaHeader(rw.Header(), s.Name())
	if file != nil {
		defer file.Close()
		offset, size := s.span(from, to)
		SendFile(rw, r, file, offset, size)
		return true
	}
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

// SendFile answers with size bytes of a file from offset on; headers are the
// caller's. It hands the file itself to the connection, so that clear text
// goes by sendfile. The caller closes the file.
func SendFile(rw http.ResponseWriter, r *http.Request, f *os.File, offset, size int64) {
	if r.Header.Get("Range") != "" {
		serveRange(rw, r, io.NewSectionReader(f, offset, size))
		return
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		Fail(rw, http.StatusInternalServerError, "The segment cannot be read.")
		return
	}
	rw.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	rw.Header().Set("Accept-Ranges", "bytes")
	if r.Method != http.MethodHead {
		_, _ = io.CopyN(rw, f, size) // the client has gone
	}
}

// serveRange answers with what the request's Range asks for of a body.
func serveRange(rw http.ResponseWriter, r *http.Request, body io.ReadSeeker) {
	http.ServeContent(uncachedErrors{rw}, r, "", time.Time{}, body)
}

// uncachedErrors is a response whose errors no cache keeps.
type uncachedErrors struct{ http.ResponseWriter }

func (w uncachedErrors) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.ResponseWriter.WriteHeader(status)
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
