package fmp4

import (
	"fmt"
	"math/bits"
	"slices"
)

// trun appends one run's samples. Their data must lie in the mdat, behind
// that of the runs before: so what is allocated stays in proportion to the
// bytes that were read.
func (p *fragmentParser) trun(body []byte) error {
	r := reader{b: body}
	_, flags := r.fullHeader()
	count := r.u32()
	if flags&trunDataOffset != 0 {
		at := int(int32(r.u32()))
		if at < p.next || at > p.size || p.blind && at > p.next && len(p.out.Samples) > 0 {
			return fmt.Errorf("%w: data offset %d", ErrMalformed, at)
		}
		p.next = at
		if len(p.out.Samples) == 0 {
			p.first = at
		}
	}
	each := p.current
	first := each.flags
	r.u32If(flags, trunFirstSampleFlags, &first)
	if err := shortIs(&r, "trun"); err != nil {
		return err
	}
	if err := p.checkCount(count, flags, len(r.b)); err != nil {
		return err
	}

	p.out.Samples = slices.Grow(p.out.Samples, int(count))
	for i := range count {
		s := each
		if i == 0 {
			s.flags = first
		}
		var offset uint32
		r.u32If(flags, trunDuration, &s.duration)
		r.u32If(flags, trunSize, &s.size)
		r.u32If(flags, trunFlags, &s.flags)
		r.u32If(flags, trunComposition, &offset)
		data, err := p.data(s.size)
		if err != nil {
			return err
		}
		p.out.Samples = append(p.out.Samples, Sample{
			Duration:          s.duration,
			CompositionOffset: int32(offset), // of version 0 too: no offset is over 2³¹, and writers sign it there
			Key:               s.flags&nonSync == 0,
			Data:              data,
		})
	}
	return nil
}

// checkCount bounds a run's samples by the bytes that describe them, or, when
// none do, by the bytes that they are.
func (p *fragmentParser) checkCount(count, flags uint32, left int) error {
	fields := bits.OnesCount32(flags & (trunDuration | trunSize | trunFlags | trunComposition))
	fit := p.size - p.next
	switch {
	case fields > 0:
		fit = left / (4 * fields)
	case p.current.size == 0:
		fit = 0
	}
	if uint64(count) > uint64(fit) {
		return fmt.Errorf("%w: run of %d samples, of which %d can be", ErrMalformed, count, fit)
	}
	return nil
}

// data takes the next sample's bytes, or its size.
func (p *fragmentParser) data(size uint32) ([]byte, error) {
	if uint64(size) > uint64(p.size-p.next) {
		return nil, fmt.Errorf("%w: sample of %d bytes runs over its mdat", ErrMalformed, size)
	}
	end := p.next + int(size)
	if p.blind {
		p.sizes = append(p.sizes, size)
		p.next = end
		return nil, nil
	}
	taken := p.whole[p.next:end:end]
	p.next = end
	return taken, nil
}
