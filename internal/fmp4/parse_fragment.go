package fmp4

import (
	"fmt"
	"io"
	"math"
)

// Fragment is one moof and its mdat, read back. It holds a sample at least.
type Fragment struct {
	Sequence   uint32 // mfhd's
	DecodeTime int64  // of the first sample, in ticks of the track
	Samples    []Sample
	Offset     int // where its moof begins
	Size       int // in bytes, from there to the end of its mdat
}

// ParseFragments reads the fragments of a single-track file, or of a piece of
// one; other boxes are stepped over, an initialisation segment among them
// gives its defaults. Each Sample.Data aliases b. With an error come the whole
// fragments before it: io.ErrUnexpectedEOF when b ends inside a fragment, or
// in zeros, as a file does that was being written when the power failed, else
// an error that wraps ErrMalformed.
func ParseFragments(b []byte) ([]Fragment, error) {
	var (
		p         fragmentParser
		fragments []Fragment
		open      bool // a moof was read whose mdat was not
	)
	for at := 0; at < len(b); {
		top, err := nextBox(b[at:])
		if err != nil {
			return fragments, err
		}
		switch {
		case top.name == "moov":
			if err := p.readDefaults(top.body); err != nil {
				return fragments, fmt.Errorf("moov at %d: %w", at, err)
			}
		case top.name == "moof" && !open:
			p.moof, p.moofAt, open = top, at, true
		case top.name == "mdat" && open:
			end := at + top.size
			f, err := p.parse(b[p.moofAt:end], end-len(top.body)-p.moofAt)
			if err != nil {
				return fragments, fmt.Errorf("fragment at %d: %w", p.moofAt, err)
			}
			fragments, open = append(fragments, f), false
		case top.name == "moof" || top.name == "mdat":
			return fragments, fmt.Errorf("%w: %s at %d without its other half", ErrMalformed, top.name, at)
		}
		at += top.size
	}
	if open {
		return fragments, io.ErrUnexpectedEOF
	}
	return fragments, nil
}

// defaults are what trex or tfhd say of samples that say nothing themselves.
type defaults struct{ duration, size, flags uint32 }

type fragmentParser struct {
	trex   defaults
	moof   box
	moofAt int

	// Of the fragment that is being read:
	whole   []byte // moof to the end of mdat; nil when blind
	size    int    // bytes of whole
	next    int    // where in whole the next sample's data begins
	first   int    // where the first's does
	current defaults
	out     Fragment

	blind bool     // the mdat is not in memory: samples get sizes in place of data
	sizes []uint32 // of blind samples
}

func (p *fragmentParser) readDefaults(moov []byte) error {
	trex, err := find(moov, "mvex", "trex")
	if err != nil {
		return err
	}
	r := reader{b: trex}
	r.fullHeader()
	r.skip(4 + 4) // track, description
	p.trex = defaults{duration: r.u32(), size: r.u32(), flags: r.u32()}
	return shortIs(&r, "trex")
}

// parse reads p.moof. data is where in whole the mdat's body begins.
func (p *fragmentParser) parse(whole []byte, data int) (Fragment, error) {
	if !p.blind {
		p.size = len(whole)
	}
	p.whole, p.next, p.first = whole, data, data
	p.out = Fragment{Offset: p.moofAt, Size: p.size}
	tracks := 0
	err := children(p.moof.body, func(b box) error {
		switch b.name {
		case "mfhd":
			r := reader{b: b.body}
			r.fullHeader()
			p.out.Sequence = r.u32()
			return shortIs(&r, b.name)
		case "traf":
			tracks++
			return p.traf(b.body)
		}
		return nil
	})
	switch {
	case err != nil:
	case tracks != 1:
		err = fmt.Errorf("%w: %d tracks in a fragment, not one", ErrMalformed, tracks)
	case len(p.out.Samples) == 0:
		err = fmt.Errorf("%w: a fragment without a sample", ErrMalformed)
	}
	return p.out, err
}

func (p *fragmentParser) traf(body []byte) error {
	tfhd, err := find(body, "tfhd")
	if err != nil {
		return err
	}
	if err := p.tfhd(tfhd); err != nil {
		return err
	}
	return children(body, func(b box) error {
		switch b.name {
		case "tfdt":
			return p.tfdt(b.body)
		case "trun":
			return p.trun(b.body)
		}
		return nil
	})
}

func (p *fragmentParser) tfhd(body []byte) error {
	r := reader{b: body}
	_, flags := r.fullHeader()
	r.skip(4) // track
	if flags&tfhdBaseDataOffset != 0 {
		return fmt.Errorf("%w: data offsets from the beginning of the file", ErrMalformed)
	}
	if flags&tfhdDescriptionIndex != 0 {
		r.skip(4)
	}
	p.current = p.trex
	r.u32If(flags, tfhdDefaultDuration, &p.current.duration)
	r.u32If(flags, tfhdDefaultSize, &p.current.size)
	r.u32If(flags, tfhdDefaultFlags, &p.current.flags)
	return shortIs(&r, "tfhd")
}

func (p *fragmentParser) tfdt(body []byte) error {
	r := reader{b: body}
	version, _ := r.fullHeader()
	if version == 0 {
		p.out.DecodeTime = int64(r.u32())
		return shortIs(&r, "tfdt")
	}
	at := r.u64()
	if at > math.MaxInt64 {
		return fmt.Errorf("%w: decode time %d", ErrMalformed, at)
	}
	p.out.DecodeTime = int64(at)
	return shortIs(&r, "tfdt")
}

// u32If takes a field into v when the flag says that it is there.
func (r *reader) u32If(flags, flag uint32, v *uint32) {
	if flags&flag != 0 {
		*v = r.u32()
	}
}

func shortIs(r *reader, name string) error {
	if r.short {
		return fmt.Errorf("%w: short %s box", ErrMalformed, name)
	}
	return nil
}
