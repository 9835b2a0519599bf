package testkit

import (
	"fmt"
	"slices"
)

// InitSection is what a test reads of an initialisation section, strictly: of
// one track, with no samples of its own, as CMAF wants it (ISO/IEC 23000-19
// 7.3.1).
type InitSection struct {
	Timescale     uint32
	Video         bool
	Codec         string // as CODECS has it (RFC 6381)
	Width, Height int    // of the sample entry
	Channels      int
	SampleRate    int // Hz

	track        uint32
	entry        string // the sample entry's type
	lengthBytes  int    // before each NAL unit
	sampleFlags  uint32 // trex defaults
	sampleLength uint32
}

// ParseInit reads an initialisation section.
func ParseInit(b []byte) (*InitSection, error) {
	var (
		init  InitSection
		seen  = map[string]int{}
		order []string
		walk  func(kind string, body []byte) error
	)
	walk = func(kind string, body []byte) error {
		seen[kind]++
		f := fields{b: body}
		switch kind {
		case "moov", "trak", "mdia", "minf", "stbl", "mvex":
			return eachBox(body, walk)
		case "ftyp":
			if !slices.Contains(brands(body), "cmfc") && !slices.Contains(brands(body), "iso6") {
				return fmt.Errorf("%w: ftyp without cmfc or iso6: %v", ErrBox, brands(body))
			}
		case "tkhd":
			version := f.u32() >> 24
			f.take(int(8 + 8*version))
			init.track = f.u32()
		case "mdhd":
			version := f.u32() >> 24
			f.take(int(8 + 8*version))
			init.Timescale = f.u32()
		case "hdlr":
			f.take(8)
			init.Video = string(f.take(4)) == "vide"
		case "stsd":
			return init.sampleDescription(body)
		case "stts", "stsc", "stco":
			f.u32()
			if f.u32() != 0 {
				return fmt.Errorf("%w: %s has entries, and samples are in fragments", ErrBox, kind)
			}
		case "trex":
			f.u32()
			if track := f.u32(); track != init.track {
				return fmt.Errorf("%w: trex of track %d beside track %d", ErrBox, track, init.track)
			}
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
	err := eachBox(b, func(kind string, body []byte) error {
		order = append(order, kind)
		return walk(kind, body)
	})
	if err != nil {
		return nil, err
	}
	if len(order) < 2 || order[0] != "ftyp" || order[1] != "moov" {
		return nil, fmt.Errorf("%w: an initialisation section of %v", ErrBox, order)
	}
	for _, kind := range []string{"moov", "mvhd", "trak", "tkhd", "mdhd", "hdlr", "stsd", "mvex", "trex"} {
		if seen[kind] != 1 {
			return nil, fmt.Errorf("%w: %d boxes %q in an initialisation section", ErrBox, seen[kind], kind)
		}
	}
	if init.Timescale == 0 || init.track == 0 {
		return nil, fmt.Errorf("%w: timescale %d, track %d", ErrBox, init.Timescale, init.track)
	}
	return &init, nil
}

func brands(ftyp []byte) []string {
	var list []string
	for i := 0; i+4 <= len(ftyp); i += 4 {
		if i != 4 { // the minor version
			list = append(list, string(ftyp[i:i+4]))
		}
	}
	return list
}

// sampleDescription reads the one entry of an stsd (ISO/IEC 14496-12 8.5.2).
func (i *InitSection) sampleDescription(stsd []byte) error {
	f := fields{b: stsd}
	f.u32()
	if n := f.u32(); n != 1 {
		return fmt.Errorf("%w: %d sample descriptions", ErrBox, n)
	}
	return eachBox(f.b, func(kind string, body []byte) error {
		i.entry = kind
		f := fields{b: body}
		f.take(8) // reserved, data reference
		if i.Video {
			f.take(16)
			i.Width, i.Height = int(f.u16()), int(f.u16())
			f.take(50)
		} else {
			f.take(8)
			i.Channels = int(f.u16())
			f.take(6)
			i.SampleRate = int(f.u32() >> 16)
		}
		if f.short {
			return fmt.Errorf("%w: %q is cut short", ErrBox, kind)
		}
		if err := eachBox(f.b, i.configuration); err != nil {
			return err
		}
		if i.Codec == "" {
			return fmt.Errorf("%w: sample entry %q tells no codec", ErrBox, kind)
		}
		return nil
	})
}
