package media

import (
	"encoding/binary"
	"fmt"
)

// ParseAVCConfig makes a track of an AVCDecoderConfigurationRecord
// (ISO/IEC 14496-15 5.3.3.1), the body of avcC. Size, rate and Codecs come
// from the first SPS. The track's Config is written anew from the parameter
// sets, for lengths of four bytes as AccessUnit.Data has them; AVCLengthSize
// tells what the record said. A record without a usable SPS or without a PPS
// is an error.
func ParseAVCConfig(avcC []byte) (*Track, error) {
	sets, err := avcSets(avcC)
	if err != nil {
		return nil, err
	}
	return sets.Track()
}

// AVCLengthSize returns how many bytes the length before each NAL unit has by
// an AVCDecoderConfigurationRecord: 1 to 4.
func AVCLengthSize(avcC []byte) int {
	if len(avcC) < 5 {
		return 4
	}
	return int(avcC[4]&3) + 1
}

// AVCConfig writes an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1)
// of parameter sets: NAL units without prefix, at least one of each kind, for
// lengths of four bytes.
func AVCConfig(sps, pps [][]byte) ([]byte, error) {
	if len(sps) == 0 || len(pps) == 0 || len(sps) > 31 || len(pps) > 255 {
		return nil, fmt.Errorf("avcC of %d SPS and %d PPS: %w", len(sps), len(pps), errShort)
	}
	s, err := parseAVCSPS(sps[0])
	if err != nil {
		return nil, err
	}
	b := []byte{1, s.profile, s.constraints, s.level, 0xfc | 3, 0xe0 | byte(len(sps))}
	if b, err = appendSets(b, sps); err != nil {
		return nil, err
	}
	b = append(b, byte(len(pps)))
	if b, err = appendSets(b, pps); err != nil {
		return nil, err
	}
	if avcHighProfile(s.profile) {
		b = append(b, 0xfc|byte(s.chromaFormat), 0xf8|byte(s.bitDepthLuma), 0xf8|byte(s.bitDepthChroma), 0)
	}
	return b, nil
}

// appendSets appends each NAL unit behind its length in two bytes.
func appendSets(b []byte, nals [][]byte) ([]byte, error) {
	for _, nal := range nals {
		if len(nal) == 0 || len(nal) > maxParameterSet {
			return nil, fmt.Errorf("parameter set of %d bytes: %w", len(nal), errShort)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(len(nal)))
		b = append(b, nal...)
	}
	return b, nil
}

// avcSets reads the parameter sets of an avcC. They are sorted by their own
// types: some encoders put them in the wrong list. What stands behind them
// (chroma fields, SPS extensions) is either in the SPS too or not needed.
func avcSets(avcC []byte) (*ParameterSets, error) {
	if len(avcC) < 7 || avcC[0] != 1 {
		return nil, fmt.Errorf("avcC of %d bytes: %w", len(avcC), errShort)
	}
	sets := NewParameterSets(H264)
	rest := avcC[5:]
	for _, mask := range []byte{0x1f, 0xff} {
		if len(rest) == 0 {
			return nil, fmt.Errorf("avcC without PPS: %w", errShort)
		}
		count := int(rest[0] & mask)
		rest = rest[1:]
		var err error
		if rest, err = sets.addCounted(rest, count); err != nil {
			return nil, fmt.Errorf("avcC: %w", err)
		}
	}
	return sets, nil
}

// avcTrack makes a track of an avcC that AVCConfig wrote of sps.
func avcTrack(config, sps []byte) (*Track, error) {
	s, err := parseAVCSPS(sps)
	if err != nil {
		return nil, err
	}
	return &Track{
		Codec:     H264,
		Timescale: VideoTimescale,
		Config:    config,
		Width:     s.width,
		Height:    s.height,
		FrameRate: s.rate,
		Colour:    s.colour,
		Codecs:    fmt.Sprintf("avc1.%02x%02x%02x", s.profile, s.constraints, s.level),
	}, nil
}
