package media

import "math/bits"

// bitReader reads fields of a header from its first bit on. Reading past the
// end gives zeros and sets bad, so that a parser asks once, at its end.
type bitReader struct {
	b   []byte
	pos int // in bits
	bad bool
}

// left is the number of bits not yet read.
func (r *bitReader) left() int { return len(r.b)*8 - r.pos }

// u reads n bits, at most 32.
func (r *bitReader) u(n int) uint32 {
	if n > r.left() {
		r.skip(n)
		return 0
	}
	var v uint32
	for n > 0 {
		room := 8 - r.pos&7
		take := min(room, n)
		chunk := uint32(r.b[r.pos>>3]) >> (room - take) & (1<<take - 1)
		v = v<<take | chunk
		r.pos += take
		n -= take
	}
	return v
}

// flag reads one bit.
func (r *bitReader) flag() bool { return r.u(1) == 1 }

// skip passes over n bits.
func (r *bitReader) skip(n int) {
	if n > r.left() {
		r.pos = len(r.b) * 8
		r.bad = true
		return
	}
	r.pos += n
}

// ue reads an unsigned Exp-Golomb code (ITU-T H.264 9.1, H.265 9.2).
func (r *bitReader) ue() uint32 {
	zeros := r.zeros()
	if zeros > 31 { // the largest code that 32 bits can hold less one
		r.bad = true
		return 0
	}
	return 1<<zeros - 1 + r.u(zeros)
}

// zeros counts the zero bits before the next one, which it passes too.
func (r *bitReader) zeros() int {
	for n := 0; r.left() > 0; n++ {
		if r.flag() {
			return n
		}
	}
	r.bad = true
	return 0
}

// se reads a signed Exp-Golomb code (ITU-T H.264 9.1.1).
func (r *bitReader) se() int32 {
	v := r.ue()
	if v&1 == 1 {
		return int32(v>>1) + 1
	}
	return -int32(v >> 1)
}

// uvlc reads AV1's variable length code (AV1 4.10.3): an Exp-Golomb code in
// which 32 and more zeros stand for the largest value.
func (r *bitReader) uvlc() uint32 {
	zeros := r.zeros()
	if zeros >= 32 {
		return 1<<32 - 1
	}
	return 1<<zeros - 1 + r.u(zeros)
}

// leb128 reads a little-endian base 128 number from the front of b
// (AV1 4.10.5) and tells how many bytes it took; none when it is malformed or
// beyond 32 bits.
func leb128(b []byte) (v uint64, n int) {
	for i := range min(len(b), 8) {
		v |= uint64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if bits.Len64(v) > 32 {
				return 0, 0
			}
			return v, i + 1
		}
	}
	return 0, 0
}
