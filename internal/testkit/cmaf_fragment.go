package testkit

import "fmt"

// Fragment is one moof with its mdat, read without the product's own parser.
type Fragment struct {
	Sequence   uint32
	DecodeTime uint64 // of the first sample, in ticks
	Duration   uint64 // of all samples, in ticks
	Samples    int
	Sync       bool   // the first sample is one
	First      []byte // the first sample
	Bytes      int

	moof int    // bytes
	last uint32 // duration of the last sample
	runs []run
}

// run is where a trun says that its samples lie.
type run struct {
	offset int32 // from the moof's start
	bytes  uint64
	first  uint32 // bytes of its first sample
}

// The flags of tfhd and trun (ISO/IEC 14496-12 8.8.7 and 8.8.8).
const (
	tfhdBaseOffset, tfhdDescription, tfhdDuration        = 0x01, 0x02, 0x08
	tfhdSize, tfhdFlags, tfhdBaseIsMoof                  = 0x10, 0x20, 0x020000
	trunOffset, trunFirstFlags, trunDuration             = 0x001, 0x004, 0x100
	trunSize, trunFlags, trunComposition                 = 0x200, 0x400, 0x800
	nonSync                                       uint32 = 1 << 16 // sample_is_non_sync_sample, 8.8.3.1
)

// Fragments reads the fragments of a part or a segment, and fails on what CMAF
// forbids (ISO/IEC 23000-19 7.3.2): more than one track, a decode time that is
// missing, addresses that count from elsewhere than the moof, samples that are
// not the bytes of the mdat, each once.
func (i *InitSection) Fragments(b []byte) ([]Fragment, error) {
	var list []Fragment
	open := false // a moof waits for its mdat
	err := eachBox(b, func(kind string, body []byte) error {
		switch kind {
		case "moof":
			if open {
				return fmt.Errorf("%w: two moofs in a row", ErrBox)
			}
			open = true
			f, err := i.fragment(body)
			list = append(list, f)
			return err
		case "mdat":
			if !open {
				return fmt.Errorf("%w: mdat without a moof", ErrBox)
			}
			open = false
			return list[len(list)-1].fill(body)
		case "styp", "prft", "emsg", "sidx", "free":
			return nil
		}
		return fmt.Errorf("%w: %q between fragments", ErrBox, kind)
	})
	if err == nil && (open || len(list) == 0) {
		err = fmt.Errorf("%w: %d fragments, the last without its mdat: %v", ErrBox, len(list), open)
	}
	return list, err
}

// fill takes the mdat and checks that the runs tell of all of it.
func (f *Fragment) fill(mdat []byte) error {
	f.Bytes = f.moof + 8 + len(mdat)
	at := uint64(f.moof + 8)
	for n, r := range f.runs {
		if r.offset < 0 || uint64(r.offset) != at {
			return fmt.Errorf("%w: run %d has data offset %d, its data are at %d", ErrBox, n, r.offset, at)
		}
		if n == 0 && uint64(r.first) <= uint64(len(mdat)) {
			f.First = mdat[:r.first]
		}
		at += r.bytes
	}
	if end := uint64(f.Bytes); at != end {
		return fmt.Errorf("%w: samples of %d bytes, mdat has %d", ErrBox, at-uint64(f.moof+8), len(mdat))
	}
	return nil
}

// fragmentReader is the state between the boxes of one moof.
type fragmentReader struct {
	out                 Fragment
	length, size, flags uint32 // defaults
	seen                map[string]int
}

func (i *InitSection) fragment(moof []byte) (Fragment, error) {
	r := fragmentReader{length: i.sampleLength, flags: i.sampleFlags, seen: map[string]int{}}
	r.out.moof = 8 + len(moof)
	var walk func(kind string, body []byte) error
	walk = func(kind string, body []byte) error {
		r.seen[kind]++
		f := fields{b: body}
		var err error
		switch kind {
		case "traf":
			return eachBox(body, walk)
		case "mfhd":
			f.u32()
			r.out.Sequence = f.u32()
		case "tfhd":
			err = r.header(&f, i.track)
		case "tfdt":
			if r.seen["trun"] > 0 {
				return fmt.Errorf("%w: tfdt behind trun", ErrBox)
			}
			if f.u32()>>24 == 1 {
				r.out.DecodeTime = f.u64()
			} else {
				r.out.DecodeTime = uint64(f.u32())
			}
		case "trun":
			err = r.run(&f)
		}
		if f.short {
			return fmt.Errorf("%w: %q is cut short", ErrBox, kind)
		}
		return err
	}
	if err := eachBox(moof, walk); err != nil {
		return r.out, err
	}
	for _, kind := range []string{"mfhd", "traf", "tfhd", "tfdt"} {
		if r.seen[kind] != 1 {
			return r.out, fmt.Errorf("%w: %d boxes %q in a moof", ErrBox, r.seen[kind], kind)
		}
	}
	if r.out.Samples == 0 {
		return r.out, fmt.Errorf("%w: a fragment without samples", ErrBox)
	}
	if r.out.last == 0 {
		return r.out, fmt.Errorf("%w: the last sample of a fragment has no duration", ErrBox)
	}
	return r.out, nil
}

func (r *fragmentReader) header(f *fields, track uint32) error {
	has := f.u32()
	if has&tfhdBaseIsMoof == 0 || has&tfhdBaseOffset != 0 {
		return fmt.Errorf("%w: tfhd flags %#x: addresses must count from the moof", ErrBox, has)
	}
	if id := f.u32(); id != track {
		return fmt.Errorf("%w: a fragment of track %d, the initialisation section is of %d", ErrBox, id, track)
	}
	if has&tfhdDescription != 0 {
		f.u32()
	}
	if has&tfhdDuration != 0 {
		r.length = f.u32()
	}
	if has&tfhdSize != 0 {
		r.size = f.u32()
	}
	if has&tfhdFlags != 0 {
		r.flags = f.u32()
	}
	return nil
}

// maxRun bounds a run that says nothing of each sample.
const maxRun = 1 << 20

// run adds the samples of one trun.
func (r *fragmentReader) run(f *fields) error {
	head := f.u32()
	version, has, count := head>>24, head&0xffffff, f.u32()
	if has&trunOffset == 0 {
		return fmt.Errorf("%w: trun without a data offset", ErrBox)
	}
	if count > maxRun {
		return fmt.Errorf("%w: a run of %d samples", ErrBox, count)
	}
	this := run{offset: int32(f.u32())}
	first := r.flags
	if has&trunFirstFlags != 0 {
		first = f.u32()
	}
	for n := uint32(0); n < count && !f.short; n++ {
		length, size, flags := r.length, r.size, r.flags
		if has&trunDuration != 0 {
			length = f.u32()
		}
		if has&trunSize != 0 {
			size = f.u32()
		}
		if has&trunFlags != 0 {
			flags = f.u32()
		} else if n == 0 {
			flags = first
		}
		if has&trunComposition != 0 {
			if offset := f.u32(); version == 0 && int32(offset) < 0 {
				return fmt.Errorf("%w: composition offset %d in a trun of version 0, where it cannot be negative", ErrBox, int32(offset))
			}
		}
		if n == 0 {
			this.first = size
		}
		if r.out.Samples == 0 {
			r.out.Sync = flags&nonSync == 0
		}
		r.out.Samples++
		r.out.Duration += uint64(length)
		r.out.last = length
		this.bytes += uint64(size)
	}
	r.out.runs = append(r.out.runs, this)
	return nil
}
