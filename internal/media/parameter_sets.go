package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// ParameterSets collects the parameter sets of one stream of H.264 or H.265,
// the newest of each kind and id, as they come in a configuration record or
// among the NAL units of the media. It keeps copies.
type ParameterSets struct {
	codec Codec
	sets  []parameterSet // ordered by type, then by arrival
}

type parameterSet struct {
	typ int
	id  uint32
	nal []byte
}

// NewParameterSets makes an empty collection for H264 or H265.
func NewParameterSets(codec Codec) *ParameterSets { return &ParameterSets{codec: codec} }

// SetsOf reads the parameter sets of the Config of a track of H.264 or H.265.
func SetsOf(t *Track) (*ParameterSets, error) {
	switch t.Codec {
	case H264:
		return avcSets(t.Config)
	case H265:
		return hevcSets(t.Config)
	}
	return nil, fmt.Errorf("parameter sets of %v: %w", t.Codec, ErrUnsupported)
}

// Add takes over a parameter set and reports whether the collection changed:
// not when it holds the same bytes already, nor when nal is no parameter set.
// A set that cannot be read, or above 4 kB, is an error and left out.
func (p *ParameterSets) Add(nal []byte) (changed bool, err error) {
	for i := range p.sets {
		if bytes.Equal(p.sets[i].nal, nal) { // the usual repetition, without a parse
			return false, nil
		}
	}
	s, ok, err := p.identify(nal)
	if !ok || err != nil {
		return false, err
	}
	if len(nal) > maxParameterSet {
		return false, fmt.Errorf("parameter set of %d bytes: %w", len(nal), errShort)
	}
	for i := range p.sets {
		old := &p.sets[i]
		if old.typ == s.typ && old.id == s.id {
			old.nal = bytes.Clone(nal)
			return true, nil
		}
	}
	s.nal = bytes.Clone(nal)
	at := slices.IndexFunc(p.sets, func(o parameterSet) bool { return o.typ > s.typ })
	if at < 0 {
		at = len(p.sets)
	}
	p.sets = slices.Insert(p.sets, at, s)
	return true, nil
}

// identify tells a parameter set's type and id; ok is false for other NAL
// units. Ids are bounded by the standards, so the collection is too.
func (p *ParameterSets) identify(nal []byte) (s parameterSet, ok bool, err error) {
	if p.codec == H264 {
		s.typ = AVCType(nal)
		switch s.typ {
		case AVCSPS:
			sps, err := parseAVCSPS(nal)
			s.id = sps.id
			return s, true, err
		case AVCPPS:
			s.id, err = firstUE(nal, 1, 255)
			return s, true, err
		}
		return s, false, nil
	}
	s.typ = HEVCType(nal)
	switch s.typ {
	case HEVCVPS:
		if len(nal) < 3 {
			return s, true, fmt.Errorf("VPS: %w", errShort)
		}
		s.id = uint32(nal[2] >> 4)
		return s, true, nil
	case HEVCSPS:
		sps, err := parseHEVCSPS(nal)
		s.id = sps.id
		return s, true, err
	case HEVCPPS:
		s.id, err = firstUE(nal, 2, 63)
		return s, true, err
	}
	return s, false, nil
}

// firstUE reads the id with which a PPS begins.
func firstUE(nal []byte, header int, limit uint32) (uint32, error) {
	r := bitReader{b: unescape(nal[:min(len(nal), header+12)], header)}
	id := r.ue()
	if r.bad || id > limit {
		return 0, fmt.Errorf("PPS: %w", errShort)
	}
	return id, nil
}

// addCounted adds count sets, each behind its length in two bytes, and
// returns what follows them.
func (p *ParameterSets) addCounted(b []byte, count int) ([]byte, error) {
	for range count {
		if len(b) < 2 {
			return nil, errShort
		}
		n := int(binary.BigEndian.Uint16(b))
		if n > len(b)-2 {
			return nil, errShort
		}
		if _, err := p.Add(b[2 : 2+n]); err != nil {
			return nil, err
		}
		b = b[2+n:]
	}
	return b, nil
}

// of returns the sets of one type.
func (p *ParameterSets) of(typ int) [][]byte {
	var nals [][]byte
	for _, s := range p.sets {
		if s.typ == typ {
			nals = append(nals, s.nal)
		}
	}
	return nals
}

// Track makes a track of the sets, an error while one that it needs is
// missing.
func (p *ParameterSets) Track() (*Track, error) {
	if p.codec == H264 {
		sps := p.of(AVCSPS)
		config, err := AVCConfig(sps, p.of(AVCPPS))
		if err != nil {
			return nil, err
		}
		return avcTrack(config, sps[0])
	}
	vps, sps := p.of(HEVCVPS), p.of(HEVCSPS)
	config, err := HEVCConfig(vps, sps, p.of(HEVCPPS))
	if err != nil {
		return nil, err
	}
	return hevcTrack(config, vps[0], sps[0])
}

// All returns every set, those that others refer to first. They are shared and
// not to be changed.
func (p *ParameterSets) All() [][]byte {
	nals := make([][]byte, len(p.sets))
	for i := range p.sets {
		nals[i] = p.sets[i].nal
	}
	return nals
}
