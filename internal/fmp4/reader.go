package fmp4

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// reader takes fields from the front of b. A field that is not there is zero,
// and short is set for good.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b, r.short = nil, true
		return nil
	}
	taken := r.b[:n:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) skip(n int) { r.take(n) }

func (r *reader) u8() uint8 {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// fullHeader takes a FullBox's version and flags.
func (r *reader) fullHeader() (version uint8, flags uint32) {
	v := r.u32()
	return uint8(v >> 24), v & 0xffffff
}

// box is one box of a file.
type box struct {
	name string
	body []byte
	size int // in bytes, header included
}

// nextBox reads the box that b begins with. One that is longer than b is
// io.ErrUnexpectedEOF; so are zeros, which a file system may leave at the end
// of a file when the power fails.
func nextBox(b []byte) (box, error) {
	r := reader{b: b}
	size := uint64(r.u32())
	name := r.take(4)
	header := headerBytes
	if size == 1 {
		size = r.u64()
		header += 8
	}
	if r.short {
		return box{}, io.ErrUnexpectedEOF
	}
	switch {
	case size == 0 && binary.BigEndian.Uint32(name) == 0:
		return box{}, io.ErrUnexpectedEOF
	case size == 0: // to the end of the file (14496-12 4.2)
		size = uint64(len(b))
	case size < uint64(header):
		return box{}, fmt.Errorf("%w: box %q of %d bytes", ErrMalformed, name, size)
	case size > math.MaxInt || int(size) > len(b):
		return box{}, io.ErrUnexpectedEOF
	}
	return box{name: string(name), body: b[header:size:size], size: int(size)}, nil
}

// children calls visit for each box in a box's body, till visit returns an
// error.
func children(body []byte, visit func(box) error) error {
	for len(body) > 0 {
		child, err := nextBox(body)
		if err != nil {
			return inside(err)
		}
		if err := visit(child); err != nil {
			return err
		}
		body = body[child.size:]
	}
	return nil
}

// find returns the body of the first box that is reached by the path of
// names.
func find(body []byte, path ...string) ([]byte, error) {
next:
	for _, name := range path {
		for len(body) > 0 {
			child, err := nextBox(body)
			if err != nil {
				return nil, inside(err)
			}
			if child.name == name {
				body = child.body
				continue next
			}
			body = body[child.size:]
		}
		return nil, fmt.Errorf("%w: no %s box", ErrMalformed, name)
	}
	return body, nil
}

// inside tells a box that runs over its parent, which is whole, from a file
// that ends too early.
func inside(err error) error {
	if err == io.ErrUnexpectedEOF { //nolint:errorlint // nextBox returns it bare
		return fmt.Errorf("%w: box is longer than the box around it", ErrMalformed)
	}
	return err
}
