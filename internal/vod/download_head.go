package vod

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rostrumlive/rostrum/internal/fmp4"
)

// maxHeads bounds the heads that are kept: one of ten hours has some 15 MB.
const maxHeads = 16

// heads keeps the heads of downloads as files, so that ranges and parallel
// requests for one cost no more than reading it. The folder is emptied at each
// start: a head is made again in less than a second.
type heads struct {
	folder string

	mu     sync.Mutex
	recent []string                 // keys of the files that are there; the last was asked for last
	making map[string]chan struct{} // closed once the head is there, or did not come about
	turn   chan struct{}            // holds one while a head is made, so that many who ask leave the rest of the server its processors
}

func newHeads(folder string) (*heads, error) {
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return &heads{folder: folder, making: map[string]chan struct{}{}, turn: make(chan struct{}, 1)}, nil
}

func (h *heads) path(key string) string { return filepath.Join(h.folder, key+".head") }

// get returns the head of that key, which make writes when it is not there. The
// caller closes it.
func (h *heads) get(ctx context.Context, key string, write func(*os.File) error) (*head, error) {
	for {
		h.mu.Lock()
		if f, err := os.Open(h.path(key)); err == nil {
			h.touch(key)
			h.mu.Unlock()
			return readHead(f)
		}
		made, ok := h.making[key]
		if !ok {
			made = make(chan struct{})
			h.making[key] = made
		}
		h.mu.Unlock()
		if !ok {
			err := h.fill(ctx, key, write)
			h.mu.Lock()
			delete(h.making, key)
			h.mu.Unlock()
			close(made)
			if err != nil {
				return nil, err
			}
			continue
		}
		select { // and if it does not come about, this request tries itself
		case <-made:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// touch notes that a head was asked for, and makes room. A file that is open
// can be read on.
func (h *heads) touch(key string) {
	h.recent = append(slices.DeleteFunc(h.recent, func(k string) bool { return k == key }), key)
	for len(h.recent) > maxHeads {
		_ = os.Remove(h.path(h.recent[0])) // the next start empties the folder
		h.recent = h.recent[1:]
	}
}

// drop removes the heads of a broadcast.
func (h *heads) drop(broadcast string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent = slices.DeleteFunc(h.recent, func(key string) bool {
		mine := strings.HasPrefix(key, broadcast+"-")
		if mine {
			_ = os.Remove(h.path(key)) // as in touch
		}
		return mine
	})
}

func (h *heads) fill(ctx context.Context, key string, write func(*os.File) error) error {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.turn }()
	f, err := os.CreateTemp(h.folder, "new-*")
	if err != nil {
		return err
	}
	if err = errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.touch(key)
	return os.Rename(f.Name(), h.path(key))
}

// head is a download's head in a file: the bytes themselves, then a row of
// places for each file of the payload, then a footer.
type head struct {
	file    *os.File
	bytes   int64 // of the head
	payload int64
	places  int64 // how many
	tag     string
}

// place is where a segment's file lies in the payload.
type place struct {
	offset int64
	number int64
	track  int
}

const (
	placeBytes  = 16
	tagBytes    = 16
	footerBytes = 3*8 + tagBytes
)

// writeHead writes a movie's head to a new file. The movie is of a broadcast's
// segments, which visit goes through where they lie in the payload.
func writeHead(f *os.File, broadcast string, m *fmp4.Movie, visit func(func(place) error) error) error {
	plan, err := m.Plan()
	if err != nil {
		return err
	}
	if err := plan.WriteTo(f); err != nil {
		return err
	}
	// What the file says of its media, and whose they are, is what it is: a
	// segment's bytes never change.
	sum := sha256.New()
	_, _ = sum.Write([]byte(broadcast)) // a hash takes all
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, plan.Bytes())); err != nil {
		return err
	}
	if _, err := f.Seek(plan.Bytes(), io.SeekStart); err != nil {
		return err
	}
	w := bufio.NewWriterSize(io.MultiWriter(f, sum), 32<<10)
	var row [placeBytes]byte
	var places int64
	err = visit(func(p place) error {
		binary.BigEndian.PutUint64(row[:], uint64(p.offset))
		binary.BigEndian.PutUint64(row[8:], uint64(p.number)<<1|uint64(p.track))
		places++
		_, err := w.Write(row[:])
		return err
	})
	if err := errors.Join(err, w.Flush()); err != nil {
		return err
	}
	footer := make([]byte, 0, footerBytes)
	for _, v := range []int64{plan.Bytes(), m.PayloadBytes, places} {
		footer = binary.BigEndian.AppendUint64(footer, uint64(v))
	}
	footer = append(footer, sum.Sum(nil)[:tagBytes]...)
	_, err = f.Write(footer)
	return err
}

// readHead reads the footer.
func readHead(f *os.File) (*head, error) {
	h := &head{file: f}
	info, err := f.Stat()
	footer := make([]byte, footerBytes)
	if err == nil {
		_, err = f.ReadAt(footer, max(0, info.Size()-footerBytes))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read head: %w", err), f.Close())
	}
	for i, v := range []*int64{&h.bytes, &h.payload, &h.places} {
		*v = int64(binary.BigEndian.Uint64(footer[8*i:]))
	}
	h.tag = `"` + base64.RawURLEncoding.EncodeToString(footer[footerBytes-tagBytes:]) + `"`
	return h, nil
}

func (h *head) close() { _ = h.file.Close() } // it was read only

// place reads a row.
func (h *head) place(i int64) (p place, err error) {
	var row [placeBytes]byte
	if _, err := h.file.ReadAt(row[:], h.bytes+i*placeBytes); err != nil {
		return place{}, fmt.Errorf("read head: %w", err)
	}
	n := binary.BigEndian.Uint64(row[8:])
	return place{int64(binary.BigEndian.Uint64(row[:])), int64(n >> 1), int(n & 1)}, nil
}

// find returns the segment that holds an offset of the payload, and where it
// ends.
func (h *head) find(offset int64) (p place, end int64, err error) {
	low, high := int64(0), h.places // the place is at low or before high
	for high-low > 1 {
		middle := low + (high-low)/2
		if p, err = h.place(middle); err != nil {
			return place{}, 0, err
		}
		if p.offset <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	if p, err = h.place(low); err != nil {
		return place{}, 0, err
	}
	if low+1 == h.places {
		return p, h.payload, nil
	}
	next, err := h.place(low + 1)
	return p, next.offset, err
}
