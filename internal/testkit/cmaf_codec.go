package testkit

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
)

// configuration reads a decoder's configuration out of the boxes of a sample
// entry.
func (i *InitSection) configuration(kind string, body []byte) error {
	f := fields{b: body}
	switch kind {
	case "avcC": // ISO/IEC 14496-15 5.3.3.1
		b := f.take(5)
		i.Codec = fmt.Sprintf("%s.%02x%02x%02x", i.entry, b[1], b[2], b[3])
		i.lengthBytes = int(b[4]&3) + 1
	case "hvcC": // ISO/IEC 14496-15 8.3.3.1, the string by its Annex E.3
		b := f.take(22)
		i.Codec = fmt.Sprintf("%s.%s%d.%X.%c%d", i.entry, []string{"", "A", "B", "C"}[b[1]>>6], b[1]&31,
			bits.Reverse32(binary.BigEndian.Uint32(b[2:])), "LH"[b[1]>>5&1], b[12])
		constraints := strings.TrimRight(string(b[6:12]), "\x00")
		for _, c := range []byte(constraints) {
			i.Codec += fmt.Sprintf(".%X", c)
		}
		i.lengthBytes = int(b[21]&3) + 1
	case "av1C": // AV1 in ISOBMFF 2.3.3 and 5
		b := f.take(4)
		depth := 8
		if b[2]&0x40 != 0 {
			depth = 10
		}
		if b[2]&0x20 != 0 {
			depth = 12
		}
		i.Codec = fmt.Sprintf("av01.%d.%02d%c.%02d", b[1]>>5, b[1]&31, "MH"[b[2]>>7], depth)
	case "esds":
		f.u32()
		if !f.short {
			return i.descriptor(f.b)
		}
	case "dOps":
		f.take(11)
		i.Codec = "opus"
	}
	if f.short {
		return fmt.Errorf("%w: %q is cut short", ErrBox, kind)
	}
	return nil
}

// descriptor looks for the audio object type of AAC (ISO/IEC 14496-1 7.2.6).
func (i *InitSection) descriptor(b []byte) error {
	for len(b) > 0 {
		tag, size := b[0], 0
		b = b[1:]
		for more := true; more; b = b[1:] {
			if len(b) == 0 {
				return fmt.Errorf("%w: esds is cut short", ErrBox)
			}
			size, more = size<<7|int(b[0]&0x7f), b[0]&0x80 != 0
		}
		if size > len(b) {
			return fmt.Errorf("%w: a descriptor of %d bytes in %d", ErrBox, size, len(b))
		}
		const esID, decoderConfig, specific = 3, 4, 5
		skip := map[byte]int{esID: 3, decoderConfig: 13}
		switch {
		case tag == specific && size >= 2:
			object := int(b[0] >> 3)
			if object == 31 {
				object = 32 + int(b[0]&7)<<3 + int(b[1]>>5)
			}
			i.Codec = fmt.Sprintf("mp4a.40.%d", object)
		case skip[tag] > 0 && size >= skip[tag]:
			if err := i.descriptor(b[skip[tag]:size]); err != nil {
				return err
			}
		}
		b = b[size:]
	}
	return nil
}

// Key reports whether decoding can start at a sample, by its own bytes. known
// is false for codecs of which each sample is a start.
func (i *InitSection) Key(sample []byte) (key, known bool) {
	switch {
	case i.entry == "av01":
		return av1Key(sample), true
	case i.lengthBytes == 0:
		return true, false
	}
	for len(sample) > i.lengthBytes {
		size := 0
		for _, b := range sample[:i.lengthBytes] {
			size = size<<8 | int(b)
		}
		sample = sample[i.lengthBytes:]
		if size == 0 || size > len(sample) {
			return false, true
		}
		if strings.HasPrefix(i.entry, "avc") {
			if kind := sample[0] & 31; kind >= 1 && kind <= 5 { // a slice: ITU-T H.264 table 7-1
				return kind == 5, true
			}
		} else if kind := sample[0] >> 1 & 63; kind < 32 { // a slice: ITU-T H.265 table 7-1
			return kind >= 16 && kind <= 23, true
		}
		sample = sample[size:]
	}
	return false, true
}

// av1Key looks for a key frame that is shown, in the first frame's header (AV1
// 5.3 and 5.9.2).
func av1Key(sample []byte) bool {
	for len(sample) > 1 {
		kind, extension, sized := sample[0]>>3&15, sample[0]>>2&1, sample[0]>>1&1
		sample = sample[1+extension:]
		size := len(sample)
		if sized == 1 {
			n, used := binary.Uvarint(sample)
			if used <= 0 || n > uint64(len(sample)-used) {
				return false
			}
			sample, size = sample[used:], int(n)
		}
		const frameHeader, frame = 3, 6
		if (kind == frameHeader || kind == frame) && size > 0 {
			return sample[0]>>5&7 == 0 // a new frame, of type KEY_FRAME
		}
		sample = sample[size:]
	}
	return false
}
