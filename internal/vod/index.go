package vod

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// A rendition's index says of each sample what the tables of an MP4 file need:
// two to six bytes a sample. It is an object for each block of segments,
// written once the block is complete. It is a copy: what it lacks, or a power
// failure took from it, is read from the segments again.

// blockOf returns the block that a segment belongs to.
func blockOf(number int64) int64 { return number / store.SegmentsInBlock }

// indexVersion begins an index. It changes with the form, so that those of an
// older form are made again.
const indexVersion = 1

// errIndex: an index that is of no use.
var errIndex = errors.New("malformed index")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// indexed is what an index says of one segment.
type indexed struct {
	number int64
	init   int64
	bytes  int64  // of the segment
	runs   []byte // packed
}

// packIndex makes an index of a block's segments, which are in order.
func packIndex(segments []indexed) []byte {
	b := []byte{indexVersion}
	b = binary.AppendUvarint(b, uint64(len(segments)))
	for i := range segments {
		s := &segments[i]
		for _, v := range [...]int64{s.number, s.init, s.bytes, int64(len(s.runs))} {
			b = binary.AppendUvarint(b, uint64(v))
		}
		b = append(b, s.runs...)
	}
	return sealed(b)
}

// sealed appends the sum that tells a whole index from a torn one.
func sealed(b []byte) []byte {
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// parseIndex reads an index; the runs alias b. An error says that it is of no
// use.
func parseIndex(b []byte) ([]indexed, error) { return appendIndex(nil, b) }

// appendIndex is parseIndex into memory that is there.
func appendIndex(segments []indexed, b []byte) ([]indexed, error) {
	const sum = 4
	if len(b) < sum+1 || b[0] != indexVersion {
		return nil, fmt.Errorf("%w: of another form", errIndex)
	}
	body, end := b[:len(b)-sum], b[len(b)-sum:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(end) {
		return nil, fmt.Errorf("%w: torn", errIndex)
	}
	r := unpacker{b: body[1:]}
	count := r.bounded(store.SegmentsInBlock)
	segments = slices.Grow(segments[:0], int(count))
	for range count {
		s := indexed{number: r.bounded(math.MaxInt64), init: r.bounded(math.MaxInt64), bytes: r.bounded(longest)}
		s.runs = r.take(r.bounded(int64(len(r.b))))
		if n := len(segments); n > 0 && s.number <= segments[n-1].number {
			return nil, fmt.Errorf("%w: segments out of order", errIndex)
		}
		segments = append(segments, s)
	}
	if r.bad || len(r.b) > 0 {
		return nil, errIndex
	}
	return segments, nil
}

// merge puts a segment in its place, over what an index says of it.
func merge(segments []indexed, s indexed) []indexed {
	i, there := slices.BinarySearchFunc(segments, s.number, func(e indexed, n int64) int { return int(e.number - n) })
	if there {
		segments[i] = s
		return segments
	}
	return slices.Insert(segments, i, s)
}

func indexKey(broadcast, rendition string, block int64) string {
	return key(broadcast, rendition, fmt.Sprintf("index%d", block))
}

// What most samples of a run share is said once.
const (
	runDurations = 1 << iota // each sample has its duration
	runOffsets               // each has an offset of composition
	runKeys                  // all are key
	runKeyFirst              // the first is key and no other; with runKeys: each says so
)

// packRun appends a run. at and end are where the run before it ended: in time,
// and in the file.
func packRun(b []byte, run *fmp4.Run, at, end int64) []byte {
	flags, keys := 0, 0
	for i := range run.Samples {
		s := &run.Samples[i]
		if s.Duration != run.Samples[0].Duration {
			flags |= runDurations
		}
		if s.CompositionOffset != 0 {
			flags |= runOffsets
		}
		if s.Key {
			keys++
		}
	}
	switch {
	case keys == len(run.Samples):
		flags |= runKeys
	case keys == 1 && run.Samples[0].Key:
		flags |= runKeyFirst
	case keys > 0:
		flags |= runKeys | runKeyFirst
	}
	b = binary.AppendUvarint(b, uint64(len(run.Samples)))
	b = append(b, byte(flags))
	b = binary.AppendUvarint(b, uint64(run.Offset-end))
	b = binary.AppendVarint(b, run.DecodeTime-at)
	duration := run.Samples[0].Duration
	b = binary.AppendUvarint(b, uint64(duration))
	for i := range run.Samples {
		s := &run.Samples[i]
		size := uint64(s.Size)
		if flags&(runKeys|runKeyFirst) == runKeys|runKeyFirst {
			size <<= 1
			if s.Key {
				size |= 1
			}
		}
		b = binary.AppendUvarint(b, size)
		if flags&runDurations != 0 {
			b = binary.AppendVarint(b, int64(s.Duration)-int64(duration))
			duration = s.Duration
		}
		if flags&runOffsets != 0 {
			b = binary.AppendVarint(b, int64(s.CompositionOffset))
		}
	}
	return b
}

// packRuns packs the runs of one segment.
func packRuns(runs []fmp4.Run) []byte {
	var b []byte
	var at, end int64
	for i := range runs {
		b = packRun(b, &runs[i], at, end)
		at, end = runEnd(&runs[i])
	}
	return b
}

// runEnd is where a run ends, in time and in its file.
func runEnd(r *fmp4.Run) (at, end int64) {
	at = r.DecodeTime
	for i := range r.Samples {
		at += int64(r.Samples[i].Duration)
	}
	return at, r.Offset + r.Bytes()
}

// unpackRuns reads packed runs of a segment of so many bytes into run, one
// after the other.
func unpackRuns(b []byte, size int64, run *fmp4.Run, visit func() error) error {
	r := unpacker{b: b}
	var at, end int64
	for len(r.b) > 0 {
		if !r.run(run, at, end) {
			return errIndex
		}
		if at, end = runEnd(run); end > size {
			return fmt.Errorf("%w: samples beyond their segment", errIndex)
		}
		if err := visit(); err != nil {
			return err
		}
	}
	return nil
}

// unpacker takes numbers from the front of b. One that is not there is zero,
// and bad is set for good.
type unpacker struct {
	b   []byte
	bad bool
}

// bounded takes a number that is at most so large.
func (r *unpacker) bounded(most int64) int64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(max(most, 0)) {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return int64(v)
}

// signed takes a number of either sign, at most so far from zero.
func (r *unpacker) signed(most int64) int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 || v > most || v < -most {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *unpacker) take(n int64) []byte {
	if n > int64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	taken := r.b[:n:n]
	r.b = r.b[n:]
	return taken
}

// longest bounds times and sizes of files, so that sums of them do not
// overflow.
const longest = 1 << 56

// run reads one run, in the memory of the one before. A sample takes a byte at
// least, so what is allocated stays in proportion to what is read.
func (r *unpacker) run(run *fmp4.Run, at, end int64) bool {
	count := r.bounded(int64(len(r.b)))
	flags := r.bounded(runDurations | runOffsets | runKeys | runKeyFirst)
	run.Offset = end + r.bounded(longest)
	run.DecodeTime = at + r.signed(longest)
	duration := r.bounded(math.MaxUint32)
	run.Samples = run.Samples[:0]
	for i := range count {
		s := fmp4.SampleInfo{Key: flags&runKeys != 0 || flags&runKeyFirst != 0 && i == 0}
		if flags&(runKeys|runKeyFirst) == runKeys|runKeyFirst {
			size := r.bounded(math.MaxUint32<<1 | 1)
			s.Size, s.Key = uint32(size>>1), size&1 != 0
		} else {
			s.Size = uint32(r.bounded(math.MaxUint32))
		}
		if flags&runDurations != 0 {
			duration += r.signed(math.MaxUint32)
		}
		if flags&runOffsets != 0 {
			s.CompositionOffset = int32(r.signed(math.MaxInt32))
		}
		if duration < 0 || duration > math.MaxUint32 || r.bad {
			return false
		}
		s.Duration = uint32(duration)
		run.Samples = append(run.Samples, s)
	}
	return !r.bad && count > 0
}

// indexer makes a rendition's index while it is recorded.
type indexer struct {
	block    int64
	segments []indexed // of the block
	runs     []byte    // of the segment that is being written
	at, end  int64     // of its newest run
	size     int64     // of its parts so far
	broken   bool      // a part could not be read
}

// begin goes on to a new segment.
func (x *indexer) begin() { x.runs, x.at, x.end, x.size, x.broken = nil, 0, 0, 0, false }

// part adds a part of the segment.
func (x *indexer) part(data []byte) {
	runs, err := readRuns(data)
	if err != nil {
		x.broken = true // it is read again from the segment, if that is any better
		return
	}
	for i := range runs {
		runs[i].Offset += x.size
		x.runs = packRun(x.runs, &runs[i], x.at, x.end)
		x.at, x.end = runEnd(&runs[i])
	}
	x.size += int64(len(data))
}

// complete adds the segment, which was stored. What it returns is the index of
// the block before, when the segment begins another.
func (x *indexer) complete(s *packager.Segment) (index []byte, block int64) {
	if b := blockOf(s.Number); b != x.block {
		index, block = x.flush()
		x.block = b
	}
	if !x.broken && x.size == s.Size {
		x.segments = append(x.segments, indexed{number: s.Number, init: s.Init.Number, bytes: s.Size, runs: slices.Clip(x.runs)})
	}
	x.begin()
	return index, block
}

// flush returns the index of the block so far, nil when there is nothing in it.
func (x *indexer) flush() (index []byte, block int64) {
	if len(x.segments) > 0 {
		index = packIndex(x.segments)
	}
	x.segments = nil
	return index, x.block
}
