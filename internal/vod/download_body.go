package vod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// body is a download as one file to read from anywhere, though it lies in many.
// A file that was deleted meanwhile is an error of who reads it.
type body struct {
	ctx        context.Context // of the one request that it answers
	lib        *Library
	broadcast  string
	renditions []string // by track
	head       *head
	at         int64

	file     *os.File // the segment that was read last
	from, to int64    // where it lies in the body
}

// serve answers a request with the file, under a name for who saves it.
func (b *body) serve(w http.ResponseWriter, r *http.Request, name string) {
	w.Header().Set("ETag", b.head.tag)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	http.ServeContent(bodyWriter{w}, r, "", time.Time{}, b)
}

func (b *body) size() int64 { return b.head.bytes + b.head.payload }

// Seek implements io.Seeker.
func (b *body) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size()
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	b.at = offset
	return offset, nil
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	file, left, err := b.open()
	if err != nil {
		return 0, err
	}
	n, err := file.Read(p[:min(int64(len(p)), left)])
	b.at += int64(n)
	return n, err
}

// open returns the file in which the body goes on, at that place, and how much
// of it is the body's.
func (b *body) open() (file *os.File, left int64, err error) {
	file, from, to := b.head.file, int64(0), b.head.bytes
	if b.at >= b.size() {
		return nil, 0, io.EOF
	}
	if b.at >= to {
		if b.file == nil || b.at < b.from || b.at >= b.to {
			if err := b.enter(); err != nil {
				return nil, 0, err
			}
		}
		file, from, to = b.file, b.from, b.to
	}
	_, err = file.Seek(b.at-from, io.SeekStart)
	return file, to - b.at, err
}

// enter opens the segment that the body goes on in.
func (b *body) enter() error {
	b.leave()
	p, end, err := b.head.find(b.at - b.head.bytes)
	if err != nil {
		return err
	}
	if p.track >= len(b.renditions) {
		return errors.New("read head: a track that there is not")
	}
	k := segmentKey(b.broadcast, b.renditions[p.track], p.number)
	f, size, err := b.lib.opts.Files.Get(b.ctx, k)
	if err != nil {
		return err
	}
	if size != end-p.offset {
		return errors.Join(fmt.Errorf("%s has %d bytes, not %d", k, size, end-p.offset), f.Close())
	}
	b.file, b.from, b.to = f, b.head.bytes+p.offset, b.head.bytes+end
	return nil
}

func (b *body) leave() {
	if b.file != nil {
		_ = b.file.Close() // it was read only
		b.file = nil
	}
}

func (b *body) close() {
	b.leave()
	b.head.close()
}

// bodyWriter is a response that takes a body file by file, so that clear text
// goes by sendfile, and whose errors no cache keeps.
type bodyWriter struct{ http.ResponseWriter }

// ReadFrom implements io.ReaderFrom.
func (w bodyWriter) ReadFrom(r io.Reader) (sent int64, err error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return io.Copy(w.ResponseWriter, r)
	}
	b, ok := limited.R.(*body)
	if !ok {
		return io.Copy(w.ResponseWriter, r)
	}
	for limited.N > 0 {
		file, left, err := b.open()
		if err == io.EOF { //nolint:errorlint // open returns it bare
			break
		}
		if err != nil {
			return sent, err
		}
		n, err := io.CopyN(w.ResponseWriter, file, min(left, limited.N))
		b.at, limited.N, sent = b.at+n, limited.N-n, sent+n
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// WriteHeader implements http.ResponseWriter.
func (w bodyWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w bodyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
