package media

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// bitWriter builds headers for tests.
type bitWriter struct {
	b []byte
	n int
}

func (w *bitWriter) u(n int, v uint32) {
	for i := n - 1; i >= 0; i-- {
		if w.n&7 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n>>3] |= byte(v>>i&1) << (7 - w.n&7)
		w.n++
	}
}

func (w *bitWriter) flag(v bool) bool {
	if v {
		w.u(1, 1)
	} else {
		w.u(1, 0)
	}
	return v
}

func (w *bitWriter) ue(v uint32) {
	n := bits.Len32(v+1) - 1
	w.u(n, 0)
	w.u(n+1, v+1)
}

func (w *bitWriter) se(v int32) {
	if v > 0 {
		w.ue(uint32(2*v - 1))
	} else {
		w.ue(uint32(-2 * v))
	}
}

// nal returns the bits behind a header, closed and escaped.
func (w *bitWriter) nal(header ...byte) []byte {
	w.u(1, 1) // rbsp_stop_one_bit
	out := header
	zeros := 0
	for _, b := range w.b {
		if zeros == 2 && b <= 3 {
			out = append(out, 3)
			zeros = 0
		}
		zeros++
		if b != 0 {
			zeros = 0
		}
		out = append(out, b)
	}
	return out
}

func TestBitsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Uint32Max(math.MaxUint32-1)).Draw(t, "values")
		widths := rapid.SliceOfN(rapid.IntRange(1, 32), len(values), len(values)).Draw(t, "widths")
		var w bitWriter
		for i, v := range values {
			w.u(widths[i], v&(1<<widths[i]-1))
			w.ue(v)
			w.se(int32(v) / 2)
		}
		r := bitReader{b: w.b}
		for i, v := range values {
			require.Equal(t, v&(1<<widths[i]-1), r.u(widths[i]))
			require.Equal(t, v, r.ue())
			require.Equal(t, int32(v)/2, r.se())
		}
		require.False(t, r.bad)
		require.Less(t, r.left(), 8)
	})
}

func TestBitsPastTheEnd(t *testing.T) {
	r := bitReader{b: []byte{0xff}}
	require.Zero(t, r.u(9))
	require.True(t, r.bad)
	require.Zero(t, r.left())

	r = bitReader{b: make([]byte, 5)} // zeros for ever
	require.Zero(t, r.ue())
	require.True(t, r.bad)

	r = bitReader{b: append(make([]byte, 4), 0x80, 1)} // 32 zeros and a one
	require.Zero(t, r.ue())
	require.True(t, r.bad)
	r = bitReader{b: append(make([]byte, 4), 0x80, 1)}
	require.Equal(t, uint32(math.MaxUint32), r.uvlc())
	require.False(t, r.bad)
}

func TestLEB128(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		v    uint64
		n    int
		name string
	}{
		{[]byte{0x05, 9}, 5, 1, "one byte"},
		{[]byte{0xe5, 0x8e, 0x26}, 624485, 3, "three bytes"},
		{[]byte{0x80, 0x00}, 0, 2, "padded"},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, math.MaxUint32, 5, "largest"},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0x1f}, 0, 0, "beyond 32 bits"},
		{[]byte{0x80, 0x80}, 0, 0, "cut short"},
		{nil, 0, 0, "empty"},
	} {
		v, n := leb128(c.b)
		require.Equal(t, c.v, v, c.name)
		require.Equal(t, c.n, n, c.name)
	}
}
