package fmp4

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// The tables of a track (ISO/IEC 14496-12 8.6, 8.7).
const (
	stts    = iota // how long each sample lasts
	ctts           // how much later it is shown than decoded
	stss           // which decoding can start at
	stsc           // how many are in each chunk, and of which description
	stsz           // their sizes
	stco           // where the chunks are
	columns        // how many tables there are
)

// tables makes a track's tables out of its samples. Without an output the
// columns only count.
type tables struct {
	columns [columns]column
	shift   int64 // added to composition offsets, so that none is negative
	offset  int64 // where the payload begins in the file
	wide    bool

	samples, chunks, keys int64
	first                 int64 // decode time of the first sample
	at                    int64 // media time at which the newest sample is decoded
	newest                SampleInfo
	durations, offsets    repeat
	perChunk, description int64 // of the chunk before

	leastOffset, mostOffset int64 // of composition
	begin, end              int64 // media time of the first and the last moment that is shown, before the shift
}

func newTables() *tables {
	return &tables{leastOffset: math.MaxInt64, mostOffset: math.MinInt64, begin: math.MaxInt64, end: math.MinInt64, description: -1}
}

func (t *tables) add(c *Chunk) error {
	if len(c.Samples) == 0 {
		return nil
	}
	n, d := int64(len(c.Samples)), int64(c.Description)
	t.chunks++
	if n != t.perChunk || d != t.description {
		t.columns[stsc].put(uint32(t.chunks), uint32(n), uint32(d+1))
		t.perChunk, t.description = n, d
	}
	switch offset := t.offset + c.Offset; {
	case t.wide:
		t.columns[stco].put(uint32(offset>>32), uint32(offset))
	default:
		t.columns[stco].put(uint32(offset))
	}
	if t.samples == 0 {
		t.first = c.DecodeTime
	}
	at := c.DecodeTime - t.first
	for i := range c.Samples {
		t.sample(at, &c.Samples[i])
		at += int64(c.Samples[i].Duration)
	}
	return t.columns[stco].err
}

// sample takes a sample that is decoded at a media time. The one before lasts
// until then: over a hole in the recording it is shown on, and both tracks keep
// their time.
func (t *tables) sample(at int64, s *SampleInfo) {
	if t.samples > 0 {
		t.last(at - t.at)
	}
	t.samples++
	t.newest = *s
	if s.Key {
		t.keys++
		t.columns[stss].put(uint32(t.samples))
	}
	t.columns[stsz].put(s.Size)
	offset := int64(s.CompositionOffset)
	t.leastOffset, t.mostOffset = min(t.leastOffset, offset), max(t.mostOffset, offset)
	t.begin, t.end = min(t.begin, t.at+offset), max(t.end, t.at+offset+int64(s.Duration))
	t.offsets.next(&t.columns[ctts], offset+t.shift)
}

// last gives the newest sample its length. It is never none, so that time goes
// on, and what is too much or too little is made up for by the next. Readers
// take a length for a signed number.
func (t *tables) last(ticks int64) {
	ticks = min(max(ticks, 1), math.MaxInt32)
	t.at += ticks
	t.durations.next(&t.columns[stts], ticks)
}

// finish writes what waits.
func (t *tables) finish() error {
	if t.samples > 0 {
		t.last(int64(t.newest.Duration))
	}
	t.durations.flush(&t.columns[stts])
	t.offsets.flush(&t.columns[ctts])
	if t.out() == nil {
		t.shift = max(0, -t.leastOffset)
	}
	if t.samples > math.MaxUint32 {
		return ErrTooLong
	}
	for i := range t.columns {
		if err := t.columns[i].flush(); err != nil {
			return fmt.Errorf("write tables: %w", err)
		}
	}
	return nil
}

func (t *tables) out() io.WriterAt { return t.columns[stsz].w }

// alike reports whether two passes came to tables of the same lengths.
func (t *tables) alike(o *tables) bool {
	same := t.samples == o.samples && t.chunks == o.chunks
	for i := range t.columns {
		if i == stco || t.columns[i].w == nil {
			continue // as wide as chunks are many; or not written
		}
		same = same && t.columns[i].words == o.columns[i].words
	}
	return same
}

// has reports whether the track needs the table.
func (t *tables) has(column int) bool {
	switch column {
	case ctts:
		return t.leastOffset != 0 || t.mostOffset != 0
	case stss:
		return t.keys < t.samples // without it all are (8.6.2.1)
	}
	return true
}

// repeat is the newest run of equal values.
type repeat struct{ count, value int64 }

func (r *repeat) next(c *column, value int64) {
	if r.count > 0 && r.value != value {
		r.flush(c)
	}
	r.value = value
	r.count++
}

func (r *repeat) flush(c *column) {
	if r.count > 0 {
		c.put(uint32(r.count), uint32(r.value))
	}
	r.count = 0
}

// columnBuffer is how much of a table is written at once.
const columnBuffer = 32 << 10

// column is a table's words on their way to where they belong.
type column struct {
	words int64 // so far
	w     io.WriterAt
	at    int64
	buf   []byte
	err   error
}

// out has the words written to w from an offset on.
func (c *column) out(w io.WriterAt, at int64) {
	c.w, c.at, c.buf = w, at, make([]byte, 0, columnBuffer)
}

func (c *column) put(words ...uint32) {
	c.words += int64(len(words))
	if c.w == nil {
		return
	}
	for _, word := range words {
		c.buf = binary.BigEndian.AppendUint32(c.buf, word)
	}
	if len(c.buf) > columnBuffer-16 {
		_ = c.flush() // told at the end
	}
}

func (c *column) flush() error {
	if c.w != nil && c.err == nil {
		_, c.err = c.w.WriteAt(c.buf, c.at)
		c.at += int64(len(c.buf))
		c.buf = c.buf[:0]
	}
	return c.err
}
