package media

import (
	"fmt"
	"math/bits"
	"strings"
)

// ParseHEVCConfig makes a track of an HEVCDecoderConfigurationRecord
// (ISO/IEC 14496-15 8.3.3.1), the body of hvcC. Size, rate and Codecs come
// from the first SPS, the rate from the first VPS when the SPS has none. The
// track's Config is written anew from the parameter sets, complete and for
// lengths of four bytes; HEVCLengthSize tells what the record said. A record
// without a usable SPS, or without VPS or PPS, is an error.
func ParseHEVCConfig(hvcC []byte) (*Track, error) {
	sets, err := hevcSets(hvcC)
	if err != nil {
		return nil, err
	}
	return sets.Track()
}

// HEVCLengthSize returns how many bytes the length before each NAL unit has by
// an HEVCDecoderConfigurationRecord: 1 to 4.
func HEVCLengthSize(hvcC []byte) int {
	if len(hvcC) < 22 {
		return 4
	}
	return int(hvcC[21]&3) + 1
}

// HEVCConfig writes an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15
// 8.3.3.1) of parameter sets: NAL units without prefix, at least one of each
// kind, for lengths of four bytes.
func HEVCConfig(vps, sps, pps [][]byte) ([]byte, error) {
	if len(vps) == 0 || len(sps) == 0 || len(pps) == 0 {
		return nil, fmt.Errorf("hvcC of %d VPS, %d SPS and %d PPS: %w", len(vps), len(sps), len(pps), errShort)
	}
	s, err := parseHEVCSPS(sps[0])
	if err != nil {
		return nil, err
	}
	p, c := s.profile, s.profile.compatibility
	b := []byte{1, p.space<<6 | p.tier<<5 | p.idc, byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)}
	b = append(b, p.constraints[:]...)
	last := byte(s.subLayers+1)<<3 | 3
	if s.nested {
		last |= 4
	}
	b = append(b, p.level,
		0xf0, 0, // min_spatial_segmentation_idc: not told
		0xfc, // parallelismType: not told
		0xfc|byte(s.chromaFormat), 0xf8|byte(s.bitDepthLuma), 0xf8|byte(s.bitDepthChroma),
		0, 0, // avgFrameRate: not told
		last, 3)
	for _, array := range []struct {
		head byte // array_completeness, which hvc1 asks for, and the type
		nals [][]byte
	}{{0x80 | HEVCVPS, vps}, {0x80 | HEVCSPS, sps}, {0x80 | HEVCPPS, pps}} {
		b = append(b, array.head, byte(len(array.nals)>>8), byte(len(array.nals)))
		if b, err = appendSets(b, array.nals); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// hevcSets reads the parameter sets of an hvcC. SEI messages there are left
// out: encoders that have something to say in them repeat them in the media.
func hevcSets(hvcC []byte) (*ParameterSets, error) {
	if len(hvcC) < 23 || hvcC[0] > 1 { // encoders before the standard's end wrote version 0
		return nil, fmt.Errorf("hvcC of %d bytes: %w", len(hvcC), errShort)
	}
	sets := NewParameterSets(H265)
	rest := hvcC[23:]
	for range hvcC[22] {
		if len(rest) < 3 {
			return nil, fmt.Errorf("hvcC: %w", errShort)
		}
		count := int(rest[1])<<8 | int(rest[2])
		var err error
		if rest, err = sets.addCounted(rest[3:], count); err != nil {
			return nil, fmt.Errorf("hvcC: %w", err)
		}
	}
	return sets, nil
}

// hevcTrack makes a track of an hvcC that hevcConfig wrote.
func hevcTrack(config, vps, sps []byte) (*Track, error) {
	s, err := parseHEVCSPS(sps)
	if err != nil {
		return nil, err
	}
	if !s.rate.Known() {
		s.rate = hevcVPSRate(vps)
	}
	return &Track{
		Codec:     H265,
		Timescale: VideoTimescale,
		Config:    config,
		Width:     s.width,
		Height:    s.height,
		FrameRate: s.rate,
		Colour:    s.colour,
		Codecs:    s.profile.codecs(),
	}, nil
}

// codecs writes the parameter of ISO/IEC 14496-15 annex E.3: the profile with
// its space, the compatibility flags in reverse bit order, tier and level, and
// the constraint bytes up to the last that is not zero.
func (p hevcProfile) codecs() string {
	var b strings.Builder
	b.WriteString("hvc1.")
	if p.space > 0 {
		b.WriteByte('A' + p.space - 1)
	}
	tier := 'L'
	if p.tier > 0 {
		tier = 'H'
	}
	fmt.Fprintf(&b, "%d.%X.%c%d", p.idc, bits.Reverse32(p.compatibility), tier, p.level)
	last := len(p.constraints)
	for last > 0 && p.constraints[last-1] == 0 {
		last--
	}
	for _, c := range p.constraints[:last] {
		fmt.Fprintf(&b, ".%X", c)
	}
	return b.String()
}
