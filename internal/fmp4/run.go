package fmp4

import (
	"encoding/binary"
	"fmt"
	"io"
)

// SampleInfo is a sample without its data.
type SampleInfo struct {
	Size              uint32 // bytes
	Duration          uint32 // as Sample's
	CompositionOffset int32
	Key               bool
}

// Run is the samples of one fragment, whose data lie one after the other.
type Run struct {
	DecodeTime int64 // of the first sample, in ticks of the track
	Offset     int64 // of the first sample's data in the file
	Samples    []SampleInfo
}

// Bytes is how long the data are together.
func (r *Run) Bytes() (n int64) {
	for i := range r.Samples {
		n += int64(r.Samples[i].Size)
	}
	return n
}

const (
	// maxMoof bounds the memory that one fragment's description may take: one
	// of 4 s of sound, at 200 frames a second, has 13 kB.
	maxMoof = 1 << 20
	// moofAhead is how much is read at once where a moof begins: most are
	// shorter, and end before their mdat's header.
	moofAhead = 2 << 10
)

// ReadRuns reads what the fragments in a single-track file of that size say of
// their samples, and none of the media. Offsets are within r. Errors are as
// ParseFragments has them, and r's own; with one come the runs before it.
func ReadRuns(r io.ReaderAt, size int64) ([]Run, error) {
	var (
		runs []Run
		p    fragmentParser
		buf  = make([]byte, moofAhead)
		moof []byte // the one whose mdat comes next
		from int64  // where it begins
	)
	for at := int64(0); at < size; {
		b := buf[:min(int64(len(buf)), size-at)]
		if _, err := r.ReadAt(b, at); err != nil && (err != io.EOF || at+int64(len(b)) < size) {
			return runs, err
		}
		name, header, length, err := boxHeader(b, size-at)
		if err != nil {
			return runs, err
		}
		switch {
		case name == "moof" && moof == nil && length <= maxMoof:
			moof, from = make([]byte, length), at
			if _, err := r.ReadAt(moof, at); err != nil && err != io.EOF {
				return runs, err
			}
		case name == "mdat" && moof != nil:
			end := at + length - from
			p.moof, p.moofAt = box{name: "moof", body: moof[headerBytes:], size: len(moof)}, int(from)
			run, err := p.describe(int(end), int(at-from)+header)
			if err != nil {
				return runs, fmt.Errorf("fragment at %d: %w", from, err)
			}
			runs, moof = append(runs, run), nil
		case name == "moof" || name == "mdat":
			return runs, fmt.Errorf("%w: %s at %d without its other half, or too long", ErrMalformed, name, at)
		}
		at += length
	}
	if moof != nil {
		return runs, io.ErrUnexpectedEOF
	}
	return runs, nil
}

// boxHeader reads the header of a box that begins with b and has at most left
// bytes: what nextBox does for one that is in memory.
func boxHeader(b []byte, left int64) (name string, header int, size int64, err error) {
	if len(b) < headerBytes {
		return "", 0, 0, io.ErrUnexpectedEOF
	}
	header, size = headerBytes, int64(binary.BigEndian.Uint32(b))
	name = string(b[4:headerBytes])
	switch {
	case size == 1 && len(b) < 2*headerBytes:
		return "", 0, 0, io.ErrUnexpectedEOF
	case size == 1:
		header = 2 * headerBytes
		size = int64(binary.BigEndian.Uint64(b[headerBytes:]))
	case size == 0 && name == "\x00\x00\x00\x00":
		return "", 0, 0, io.ErrUnexpectedEOF
	case size == 0:
		size = left
	}
	switch {
	case size > left:
		return "", 0, 0, io.ErrUnexpectedEOF
	case size < int64(header) || name == "moof" && header != headerBytes:
		return "", 0, 0, fmt.Errorf("%w: box %q of %d bytes", ErrMalformed, name, size)
	}
	return name, header, size, nil
}

// describe reads p.moof without its data. size is that of the fragment, data
// is where in it the mdat's body begins.
func (p *fragmentParser) describe(size, data int) (Run, error) {
	p.blind, p.size, p.sizes = true, size, nil
	f, err := p.parse(nil, data)
	if err != nil {
		return Run{}, err
	}
	run := Run{DecodeTime: f.DecodeTime, Offset: int64(p.moofAt + p.first), Samples: make([]SampleInfo, len(f.Samples))}
	for i := range f.Samples {
		s := &f.Samples[i]
		run.Samples[i] = SampleInfo{Size: p.sizes[i], Duration: s.Duration, CompositionOffset: s.CompositionOffset, Key: s.Key}
	}
	return run, nil
}
