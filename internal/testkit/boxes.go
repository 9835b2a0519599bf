package testkit

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// InitSection is what a test reads of an initialisation section.
type InitSection struct {
	Timescale    uint32
	sampleFlags  uint32 // trex defaults
	sampleLength uint32
}

// Fragment is one moof with its mdat, read without the product's own parser.
type Fragment struct {
	Sequence   uint32
	DecodeTime uint64 // of the first sample, in ticks
	Duration   uint64 // of all samples, in ticks
	Samples    int
	Sync       bool // the first sample is one
	Bytes      int
}

// ErrBox is wrapped by every error about the structure of a file.
var ErrBox = errors.New("bad box")

// eachBox calls f for the boxes that lie one after another in b.
func eachBox(b []byte, f func(kind string, body []byte) error) error {
	for len(b) > 0 {
		if len(b) < 8 {
			return fmt.Errorf("%w: %d bytes are left", ErrBox, len(b))
		}
		size := uint64(binary.BigEndian.Uint32(b))
		if size < 8 || size > uint64(len(b)) {
			return fmt.Errorf("%w: %q of %d bytes in %d", ErrBox, b[4:8], size, len(b))
		}
		if err := f(string(b[4:8]), b[8:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// fields reads big-endian words off the front of a box; past its end it gives
// zeros and remembers.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) u32() uint32 {
	if len(f.b) < 4 {
		f.b, f.short = nil, true
		return 0
	}
	v := binary.BigEndian.Uint32(f.b)
	f.b = f.b[4:]
	return v
}

func (f *fields) u64() uint64 { return uint64(f.u32())<<32 | uint64(f.u32()) }

// ParseInit reads an initialisation section of one track.
func ParseInit(b []byte) (*InitSection, error) {
	var (
		init InitSection
		walk func(kind string, body []byte) error
	)
	walk = func(kind string, body []byte) error {
		f := fields{b: body}
		switch kind {
		case "moov", "trak", "mdia", "mvex":
			return eachBox(body, walk)
		case "mdhd":
			if f.u32()>>24 == 1 {
				f.u64() // creation and
				f.u64() // modification time
			} else {
				f.u64()
			}
			init.Timescale = f.u32()
		case "trex":
			f.u64() // version and flags, track
			f.u32() // description
			init.sampleLength = f.u32()
			f.u32() // size
			init.sampleFlags = f.u32()
		}
		if f.short {
			return fmt.Errorf("%w: %q is cut short", ErrBox, kind)
		}
		return nil
	}
	if err := eachBox(b, walk); err != nil {
		return nil, err
	}
	if init.Timescale == 0 {
		return nil, fmt.Errorf("%w: no timescale", ErrBox)
	}
	return &init, nil
}

// Fragments reads the fragments of a part or a segment.
func (i *InitSection) Fragments(b []byte) ([]Fragment, error) {
	var list []Fragment
	err := eachBox(b, func(kind string, body []byte) error {
		switch kind {
		case "moof":
			f, err := i.fragment(body)
			f.Bytes = 8 + len(body)
			list = append(list, f)
			return err
		case "mdat":
			if len(list) == 0 {
				return fmt.Errorf("%w: mdat before moof", ErrBox)
			}
			list[len(list)-1].Bytes += 8 + len(body)
		}
		return nil
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%w: no moof", ErrBox)
	}
	return list, err
}

func (i *InitSection) fragment(moof []byte) (Fragment, error) {
	var (
		out    Fragment
		length = i.sampleLength
		flags  = i.sampleFlags
		walk   func(kind string, body []byte) error
	)
	walk = func(kind string, body []byte) error {
		f := fields{b: body}
		switch kind {
		case "traf":
			return eachBox(body, walk)
		case "mfhd":
			f.u32()
			out.Sequence = f.u32()
		case "tfdt":
			if f.u32()>>24 == 1 {
				out.DecodeTime = f.u64()
			} else {
				out.DecodeTime = uint64(f.u32())
			}
		case "tfhd":
			has := f.u32()
			f.u32() // track
			if has&0x01 != 0 {
				f.u64() // base data offset
			}
			if has&0x02 != 0 {
				f.u32() // description
			}
			if has&0x08 != 0 {
				length = f.u32()
			}
			if has&0x10 != 0 {
				f.u32() // size
			}
			if has&0x20 != 0 {
				flags = f.u32()
			}
		case "trun":
			readRun(&f, &out, length, flags)
		}
		if f.short {
			return fmt.Errorf("%w: %q is cut short", ErrBox, kind)
		}
		return nil
	}
	err := eachBox(moof, walk)
	return out, err
}

// nonSync is sample_is_non_sync_sample (ISO/IEC 14496-12 8.8.3.1).
const nonSync = 1 << 16

// readRun adds the samples of one trun (ISO/IEC 14496-12 8.8.8).
func readRun(f *fields, out *Fragment, length, flags uint32) {
	has := f.u32()
	count := f.u32()
	if has&0x001 != 0 {
		f.u32() // data offset
	}
	first := flags
	if has&0x004 != 0 {
		first = f.u32()
	}
	for n := uint32(0); n < count && !f.short; n++ {
		sample, own := length, flags
		if has&0x100 != 0 {
			sample = f.u32()
		}
		if has&0x200 != 0 {
			f.u32() // size
		}
		if has&0x400 != 0 {
			own = f.u32()
		} else if n == 0 {
			own = first
		}
		if has&0x800 != 0 {
			f.u32() // composition offset
		}
		if out.Samples == 0 {
			out.Sync = own&nonSync == 0
		}
		out.Samples++
		out.Duration += uint64(sample)
		if has&0x700 == 0 && n == 0 { // nothing is told of each: count them at once
			out.Samples += int(count - 1)
			out.Duration += uint64(sample) * uint64(count-1)
			return
		}
	}
}
