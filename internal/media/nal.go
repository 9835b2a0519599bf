package media

import (
	"encoding/binary"
	"errors"
	"iter"
)

// ErrUnsupported is returned, wrapped, for a well-formed header of something
// that cannot be carried.
var ErrUnsupported = errors.New("cannot be carried")

// errShort is returned, wrapped, for a header that ends too early or holds
// codes that cannot be.
var errShort = errors.New("malformed or cut short")

// maxParameterSet bounds one parameter set in bytes. Real ones stay under 1 kB,
// scaling lists included.
const maxParameterSet = 4096

// Types of NAL units of H.264 (ITU-T H.264 table 7-1).
const (
	AVCIDR       = 5
	AVCSPS       = 7
	AVCPPS       = 8
	AVCDelimiter = 9
	AVCFiller    = 12
)

// Types of NAL units of H.265 (ITU-T H.265 table 7-1). The types from
// HEVCFirstIRAP to HEVCLastIRAP begin a coded picture that decoding can start
// at.
const (
	HEVCFirstIRAP = 16
	HEVCLastIRAP  = 21
	HEVCVPS       = 32
	HEVCSPS       = 33
	HEVCPPS       = 34
	HEVCDelimiter = 35
	HEVCFiller    = 38
)

// AVCType returns the type of a NAL unit of H.264, 0 of an empty one.
func AVCType(nal []byte) int {
	if len(nal) == 0 {
		return 0
	}
	return int(nal[0] & 0x1f)
}

// HEVCType returns the type of a NAL unit of H.265, -1 of one too short for
// its header.
func HEVCType(nal []byte) int {
	if len(nal) < 2 {
		return -1
	}
	return int(nal[0] >> 1 & 0x3f)
}

// NALUnits yields the NAL units of data, each behind a length of four bytes,
// as in AccessUnit.Data. Units alias data. It ends early at a length that runs
// over the end.
func NALUnits(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(data) >= 4 {
			n := uint64(binary.BigEndian.Uint32(data))
			if n > uint64(len(data)-4) {
				return
			}
			if !yield(data[4 : 4+n : 4+n]) {
				return
			}
			data = data[4+n:]
		}
	}
}

// unescape returns a NAL unit's bytes without its header and without the
// emulation prevention bytes (ITU-T H.264 7.4.1, H.265 7.4.2).
func unescape(nal []byte, header int) []byte {
	if len(nal) <= header {
		return nil
	}
	nal = nal[header:]
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, b := range nal {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
		out = append(out, b)
	}
	return out
}
