package testkit

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrBox is wrapped by every error about the structure of a file.
var ErrBox = errors.New("bad box")

// eachBox calls f for the boxes that lie one after another in b.
func eachBox(b []byte, f func(kind string, body []byte) error) error {
	for len(b) > 0 {
		if len(b) < 8 {
			return fmt.Errorf("%w: %d bytes are left", ErrBox, len(b))
		}
		size := uint64(binary.BigEndian.Uint32(b))
		if size < 8 || size > uint64(len(b)) {
			return fmt.Errorf("%w: %q of %d bytes in %d", ErrBox, b[4:8], size, len(b))
		}
		if err := f(string(b[4:8]), b[8:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// fields reads big-endian words off the front of a box; past its end it gives
// zeros and remembers.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) u32() uint32 {
	if len(f.b) < 4 {
		f.b, f.short = nil, true
		return 0
	}
	v := binary.BigEndian.Uint32(f.b)
	f.b = f.b[4:]
	return v
}

// take returns the next n bytes, which may lie past the end.
func (f *fields) take(n int) []byte {
	if n < 0 || n > len(f.b) {
		f.b, f.short = nil, true
		return make([]byte, min(max(n, 0), 1<<10))
	}
	v := f.b[:n]
	f.b = f.b[n:]
	return v
}

func (f *fields) u16() uint16 { return binary.BigEndian.Uint16(f.take(2)) }

func (f *fields) u64() uint64 { return uint64(f.u32())<<32 | uint64(f.u32()) }
