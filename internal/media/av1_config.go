package media

import (
	"bytes"
	"fmt"
	"iter"
)

// Types of OBUs of AV1 (AV1 6.2.2).
const (
	AV1SequenceHeader    = 1
	AV1TemporalDelimiter = 2
)

// OBU is one open bitstream unit of AV1: its type, its bytes with the header,
// and its payload.
type OBU struct {
	Type         int
	Raw, Payload []byte
}

// OBUs yields the OBUs of a temporal unit (AV1 5.3); the last may leave its
// size out. They alias data. It ends early at a malformed header or a size
// that runs over the end: the Raw of what was yielded adds up to less than
// data then.
func OBUs(data []byte) iter.Seq[OBU] {
	return func(yield func(OBU) bool) {
		for len(data) > 0 {
			o, ok := nextOBU(data)
			if !ok || !yield(o) {
				return
			}
			data = data[len(o.Raw):]
		}
	}
}

func nextOBU(data []byte) (OBU, bool) {
	const forbidden, extension, hasSize = 0x80, 0x04, 0x02
	head := 1
	if data[0]&forbidden != 0 {
		return OBU{}, false
	}
	if data[0]&extension != 0 {
		head = 2
	}
	if len(data) < head {
		return OBU{}, false
	}
	end := len(data)
	if data[0]&hasSize != 0 {
		size, n := leb128(data[head:])
		if n == 0 || size > uint64(len(data)-head-n) {
			return OBU{}, false
		}
		head += n
		end = head + int(size)
	}
	return OBU{Type: int(data[0] >> 3 & 15), Raw: data[:end:end], Payload: data[head:end:end]}, true
}

// ParseAV1Config makes a track of an AV1CodecConfigurationRecord (AV1 in
// ISOBMFF 2.3), the body of av1C. Size and rate come from the sequence header
// in it and are zero when it has none, which is allowed: it is in the media
// then, and AV1Config takes it.
func ParseAV1Config(av1C []byte) (*Track, error) {
	if len(av1C) < 4 || av1C[0] != 0x81 || len(av1C) > maxParameterSet {
		return nil, fmt.Errorf("av1C of %d bytes: %w", len(av1C), errShort)
	}
	s := av1Sequence{
		profile:   av1C[1] >> 5,
		level:     av1C[1] & 31,
		tier:      av1C[2] >> 7,
		highDepth: av1C[2]&0x40 != 0,
		twelve:    av1C[2]&0x20 != 0,
	}
	for o := range OBUs(av1C[4:]) {
		if o.Type == AV1SequenceHeader {
			var err error
			if s, err = parseAV1Sequence(o.Payload); err != nil {
				return nil, err
			}
			break
		}
	}
	tier := 'M'
	if s.tier > 0 {
		tier = 'H'
	}
	return &Track{
		Codec:     AV1,
		Timescale: VideoTimescale,
		Config:    bytes.Clone(av1C),
		Width:     s.width,
		Height:    s.height,
		FrameRate: s.rate,
		Colour:    s.colour,
		Codecs:    fmt.Sprintf("av01.%d.%02d%c.%02d", s.profile, s.level, tier, s.bitDepth()),
	}, nil
}

// AV1Config writes an AV1CodecConfigurationRecord (AV1 in ISOBMFF 2.3) around
// the payload of a sequence header OBU.
func AV1Config(sequence []byte) ([]byte, error) {
	s, err := parseAV1Sequence(sequence)
	if err != nil {
		return nil, err
	}
	if len(sequence) > maxParameterSet-16 {
		return nil, fmt.Errorf("AV1 sequence header of %d bytes: %w", len(sequence), errShort)
	}
	fields := s.tier<<7 | s.subX<<3 | s.subY<<2 | s.chromaSamples
	for _, f := range []struct {
		set bool
		bit byte
	}{{s.highDepth, 0x40}, {s.twelve, 0x20}, {s.mono, 0x10}} {
		if f.set {
			fields |= f.bit
		}
	}
	b := []byte{0x81, s.profile<<5 | s.level, fields, 0}
	b = append(b, AV1SequenceHeader<<3|2) // obu_has_size_field
	size := len(sequence)
	for ; size >= 0x80; size >>= 7 {
		b = append(b, byte(size)|0x80)
	}
	b = append(b, byte(size))
	return append(b, sequence...), nil
}
