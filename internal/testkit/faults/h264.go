package faults

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// avcHead is what stands before the NAL units of an H.264 tag, or before the
// decoder configuration of its header: frame and codec, packet type, and the
// composition time in three bytes (Adobe FLV 10.1, E.4.3).
const avcHead = 5

// SetComposition writes the distance from decoding to showing of an H.264
// picture, in whole milliseconds of 24 bits.
func SetComposition(d time.Duration) Fault {
	n := uint32(d.Milliseconds())
	return Of(CodedVideo, Each(func(_ int, c *Cue) {
		c.Body[2], c.Body[3], c.Body[4] = byte(n>>16), byte(n>>8), byte(n)
	}))
}

// splitNALs takes apart what stands behind lengths of four bytes; ok is false
// when a length runs over the end.
func splitNALs(b []byte) (nals [][]byte, ok bool) {
	for len(b) > 0 {
		if len(b) < 4 {
			return nil, false
		}
		n := uint64(binary.BigEndian.Uint32(b))
		if n > uint64(len(b)-4) {
			return nil, false
		}
		nals, b = append(nals, b[4:4+n:4+n]), b[4+n:]
	}
	return nals, true
}

func joinNALs(b []byte, nals [][]byte) []byte {
	for _, nal := range nals {
		b = binary.BigEndian.AppendUint32(b, uint32(len(nal)))
		b = append(b, nal...)
	}
	return b
}

// picture is a picture without the NAL units that are not kept with it; nil
// when it cannot be read.
func picture(b []byte, apart func(nal []byte) bool) []byte {
	nals, ok := splitNALs(b)
	if !ok {
		return nil
	}
	return joinNALs(nil, slices.DeleteFunc(nals, func(nal []byte) bool { return len(nal) == 0 || apart(nal) }))
}

// Parameter sets and delimiters: types of ITU-T H.264 table 7-1 and H.265
// table 7-1.
func apartH264(nal []byte) bool { typ := nal[0] & 31; return typ >= 7 && typ <= 9 }
func apartH265(nal []byte) bool { typ := nal[0] >> 1 & 63; return typ >= 32 && typ <= 35 }

// EditNALs gives H.264 pictures other NAL units.
func EditNALs(edit func(nals [][]byte) [][]byte) Fault {
	return Of(CodedVideo, Each(func(_ int, c *Cue) {
		nals, _ := splitNALs(c.Body[avcHead:])
		c.Body = joinNALs(append([]byte(nil), c.Body[:avcHead]...), edit(nals))
	}))
}

// Prepend puts NAL units before those of each key frame of H.264.
func Prepend(nals ...[]byte) Fault {
	edit := EditNALs(func(old [][]byte) [][]byte { return append(append([][]byte(nil), nals...), old...) })
	return Of(testkit.Tag.Key, edit)
}

// Sets returns the SPS and the PPS of an H.264 header that has one each
// (ISO/IEC 14496-15 5.3.3.1).
func Sets(header testkit.Tag) (sps, pps []byte) {
	b := header.Body[avcHead+6:]
	n := binary.BigEndian.Uint16(b)
	sps, b = b[2:2+n:2+n], b[2+n+1:]
	n = binary.BigEndian.Uint16(b)
	return sps, b[2 : 2+n : 2+n]
}

// Header makes an H.264 header like another with these parameter sets.
func Header(like testkit.Tag, sps, pps []byte) testkit.Tag {
	body := append([]byte(nil), like.Body[:avcHead+5]...)
	body = append(body, 0xe1)
	body = append(binary.BigEndian.AppendUint16(body, uint16(len(sps))), sps...)
	body = append(body, 1)
	like.Body = append(binary.BigEndian.AppendUint16(body, uint16(len(pps))), pps...)
	return like
}

// SPS makes the sequence parameter set of a baseline picture of so many
// macroblocks (ITU-T H.264 7.3.2.1.1).
func SPS(wide, high uint32) []byte {
	var w bitWriter
	w.put(0x67, 8)
	w.put(66, 8)   // profile_idc
	w.put(0xc0, 8) // constraints
	w.put(30, 8)   // level_idc
	w.ue(0)        // seq_parameter_set_id
	w.ue(0)        // log2_max_frame_num_minus4
	w.ue(2)        // pic_order_cnt_type
	w.ue(1)        // max_num_ref_frames
	w.put(0, 1)    // gaps_in_frame_num_value_allowed_flag
	w.ue(wide - 1)
	w.ue(high - 1)
	w.put(0b1100, 4) // frames only, direct 8x8, no cropping, no VUI
	w.put(1, 1)      // rbsp_stop_one_bit
	return w.b
}

// bitWriter writes a bit string, padded with zeros to whole bytes.
type bitWriter struct {
	b []byte
	n int // bits
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// ue writes an Exp-Golomb code (ITU-T H.264 9.1).
func (w *bitWriter) ue(v uint32) {
	length := bits.Len32(v + 1)
	w.put(0, length-1)
	w.put(v+1, length)
}
