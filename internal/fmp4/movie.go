package fmp4

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Chunk is a run of samples in a movie (ISO/IEC 14496-12 8.7.5). Its Offset
// counts from the beginning of the movie's payload.
type Chunk struct {
	Description int // which of the track's, from 0
	Run
}

// MovieTrack is one track of a movie.
type MovieTrack struct {
	// Descriptions are the tracks that the chunks are of, of one codec and
	// timescale; parameter sets and sizes may differ.
	Descriptions []*media.Track
	// Chunks goes through the track's chunks by decode time, until visit
	// returns an error, which it hands on. It is called more than once and says
	// the same each time. A chunk is valid until visit returns.
	Chunks func(visit func(*Chunk) error) error
}

// Movie is an MP4 file that is no longer fragmented in the eyes of who reads
// it: one moov with the tables of all samples, before a payload in which the
// samples lie wherever they may, between bytes that no table speaks of.
type Movie struct {
	Tracks       []MovieTrack
	PayloadBytes int64
	Created      time.Time
	// Shown is what is shown of the samples; the others are there for the
	// decoder. Its zero value is all.
	Shown Interval
}

// Interval is a stretch of the tracks' time, from a moment up to another.
type Interval struct{ From, To time.Duration }

// Head is everything of a movie before its payload.
type Head struct {
	movie    *Movie
	tables   []*tables
	skeleton skeleton
	offset   int64 // where the payload begins, which is the head's length
	wide     bool  // chunk offsets have 64 bits
}

// ErrTooLong says that a moov box would have 4 GiB or more, which cannot be
// written.
var ErrTooLong = errors.New("the movie is too long for one file")

// errChanged: Chunks did not say the same twice.
var errChanged = errors.New("samples changed while the movie was written")

// errNotShown: the edit shows nothing.
var errNotShown = errors.New("write movie: nothing of it is shown")

// Plan goes through all samples once, to know how long each table will be.
// Tracks without samples are left out; a movie of no others is an error, and so
// is a track that cannot be described, as with AppendInit. What it holds does
// not grow with the movie.
func (m *Movie) Plan() (*Head, error) {
	h := &Head{movie: &Movie{PayloadBytes: m.PayloadBytes, Created: m.Created, Shown: m.Shown}}
	for _, track := range m.Tracks {
		for _, t := range track.Descriptions {
			if err := check(t); err != nil {
				return nil, fmt.Errorf("write movie: %w", err)
			}
		}
		t := newTables()
		if err := track.Chunks(t.add); err != nil {
			return nil, err
		}
		if t.samples == 0 {
			continue
		}
		if err := t.finish(); err != nil {
			return nil, fmt.Errorf("write movie: %w", err)
		}
		h.movie.Tracks, h.tables = append(h.movie.Tracks, track), append(h.tables, t)
	}
	if len(h.tables) == 0 {
		return nil, errors.New("write movie: it has no samples")
	}
	if !h.cut() {
		return nil, errNotShown
	}
	for _, h.wide = range []bool{false, true} {
		if err := h.draw(); err != nil {
			return nil, err
		}
		if h.offset+m.PayloadBytes <= math.MaxUint32 {
			break
		}
	}
	return h, nil
}

// Bytes is the head's length: where the payload begins.
func (h *Head) Bytes() int64 { return h.offset }

// WriteTo writes the head, with one more pass over the samples. It writes
// through small buffers, in no order that is promised: a moov's tables stand
// one behind the other, and are filled side by side.
func (h *Head) WriteTo(w io.WriterAt) error {
	at, from := int64(0), 0
	for i := range h.skeleton.gaps {
		g := &h.skeleton.gaps[i]
		if _, err := w.WriteAt(h.skeleton.b[from:g.at], at); err != nil {
			return err
		}
		at += int64(g.at - from)
		from, g.offset = g.at, at
		at += g.bytes
	}
	if _, err := w.WriteAt(h.skeleton.b[from:], at); err != nil {
		return err
	}
	for i, track := range h.movie.Tracks {
		t := newTables()
		t.shift, t.offset, t.wide = h.tables[i].shift, h.offset, h.wide
		for _, g := range h.skeleton.gaps {
			if g.track == i {
				t.columns[g.column].out(w, g.offset)
			}
		}
		if err := track.Chunks(t.add); err != nil {
			return err
		}
		if err := t.finish(); err != nil {
			return err
		}
		if !t.alike(h.tables[i]) {
			return errChanged
		}
	}
	return nil
}
