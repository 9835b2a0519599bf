package packager

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/bodies"
)

// File is a piece of media that lies in a file, or a part of such a piece.
type File struct {
	Key  string // the piece's address less what all have in common
	Open bodies.Open
	// The part's place in the piece. A Size of 0 is all of it.
	Offset, Size int64
	Small        bool // a piece of which all is asked for, of smallFile at most
}

// smallFile is what goes out of memory in clear text too: head and body in one
// call of the system, in place of the six that it takes to open, send and close
// a file.
const smallFile = 64 << 10

// Send answers with a file. A connection in clear text is given the file
// itself, which goes out by sendfile, unless it is small. TLS and HTTP/2 have to
// encrypt and to frame it in memory: they are given the bytes from the cache in one Write,
// which costs the least, or else the file in small steps when the cache has no
// room. The error is that of getting at the file; nothing is written then.
func Send(rw http.ResponseWriter, r *http.Request, c *bodies.Cache, f File) error {
	if (r.TLS != nil || r.ProtoMajor > 1 || f.Small) && r.Method != http.MethodHead {
		body, err := c.Get(r.Context(), f.Key, f.Open)
		if err == nil {
			defer body.Release()
			sendMemory(rw, r, f, body.Bytes())
			return nil
		}
		if r.Context().Err() != nil {
			return nil // the client has gone
		}
		if !errors.Is(err, bodies.ErrFull) {
			return err
		}
	}
	file, size, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	if f.Size > 0 {
		size = f.Size
	}
	MediaHeader(rw.Header(), f.Key)
	SendFile(rw, r, file, f.Offset, size)
	return nil
}

// sendMemory answers with a file of which all is in memory.
func sendMemory(rw http.ResponseWriter, r *http.Request, f File, b []byte) {
	if f.Size > 0 {
		b = b[min(f.Offset, int64(len(b))):min(f.Offset+f.Size, int64(len(b)))]
	}
	MediaHeader(rw.Header(), f.Key)
	if r.Header.Get("Range") != "" {
		serveRange(rw, r, &memory{bytes.NewReader(b), b})
		return
	}
	rw.Header().Set("Content-Length", strconv.Itoa(len(b)))
	rw.Header().Set("Accept-Ranges", "bytes")
	_, _ = rw.Write(b) // the client has gone
}

// memory is a body of which any range can be written at once.
type memory struct {
	*bytes.Reader
	all []byte
}

// next returns what the next n bytes are.
func (m *memory) next(n int64) []byte {
	at := len(m.all) - m.Len()
	return m.all[at:min(at+int(n), len(m.all))]
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

// WriteHeader sends an error for its reader alone.
func (w uncachedErrors) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.ResponseWriter.WriteHeader(status)
}

// ReadFrom writes a range of memory at once, where io.Copy would take it in
// pieces of 32 kB, and leaves all else to the connection.
func (w uncachedErrors) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok {
		if m, ok := l.R.(*memory); ok {
			n, err := w.Write(m.next(l.N))
			return int64(n), err
		}
	}
	return io.Copy(w.ResponseWriter, r)
}
