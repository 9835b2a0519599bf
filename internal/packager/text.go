package packager

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Text is a playlist or an MPD as it is sent, plain or compressed. It does not change,
// and many may use it at once.
type Text struct {
	kind       string // Content-Type
	pieces     [][]byte
	size       int
	compressed sync.Once
	gzip       []byte // valid once compressed
}

// NewText makes a text of a playlist, whole or in pieces, which it keeps. It is
// compressed for the first who takes it so, and for all who come after.
func NewText(pieces ...[]byte) *Text { return newText(playlistType, pieces) }

// NewMPD makes a text of an MPD likewise.
func NewMPD(mpd []byte) *Text { return newText(mpdType, [][]byte{mpd}) }

func newText(kind string, pieces [][]byte) *Text {
	t := &Text{kind: kind, pieces: pieces}
	for _, b := range pieces {
		t.size += len(b)
	}
	return t
}

// compressors are used again: one has tables of 800 kB, and a channel that is
// watched needs one ten times a second.
var compressors = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level that there is
	return w
}}

// zipped returns the compressed text.
func (t *Text) zipped() []byte {
	t.compressed.Do(func() {
		w := compressors.Get().(*gzip.Writer)
		defer compressors.Put(w)
		var z bytes.Buffer
		z.Grow(t.size / 4)
		w.Reset(&z)
		// Writing to a buffer does not fail.
		for _, b := range t.pieces {
			_, _ = w.Write(b)
		}
		_ = w.Close()
		t.gzip = z.Bytes()
	})
	return t.gzip
}

// lazyText is a playlist that the first who asks for it renders.
type lazyText struct {
	once sync.Once
	text *Text
}

// smallText is what fits into one packet however it is sent.
const smallText = 1000

// ServeText answers with a playlist, compressed where the client takes it, and
// lets caches keep it as cache says.
func ServeText(w http.ResponseWriter, r *http.Request, t *Text, cache string) {
	h := w.Header()
	OpenToAll(h)
	h.Set("Content-Type", t.kind)
	h.Set("Cache-Control", cache)
	h.Set("Vary", "Accept-Encoding")
	body, size := t.pieces, t.size
	if size > smallText && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		z := t.zipped()
		body, size = [][]byte{z}, len(z)
	}
	h.Set("Content-Length", strconv.Itoa(size))
	if r.Method == http.MethodHead {
		return
	}
	for _, b := range body {
		if _, err := w.Write(b); err != nil {
			return // the client has gone
		}
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110 12.5.3).
func acceptsGzip(r *http.Request) bool {
	for _, v := range r.Header["Accept-Encoding"] {
		for item := range strings.SplitSeq(v, ",") {
			coding, weight, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				return !refused(weight)
			}
		}
	}
	return false
}

// refused reports whether a weight such as "q=0.0" is zero.
func refused(weight string) bool {
	q, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
	return ok && strings.Trim(q, "0.") == ""
}
