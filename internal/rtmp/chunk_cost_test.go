package rtmp

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// endless repeats its bytes for ever.
type endless struct {
	b  []byte
	at int
}

func (r *endless) Read(p []byte) (int, error) {
	n := copy(p, r.b[r.at:])
	r.at = (r.at + n) % len(r.b)
	return n, nil
}

// usual is a second of an encoder of 2.66 Mbit/s: 30 pictures and 47 frames
// of sound in chunks of 4096.
func usual() (b []byte, messages int) {
	picture, sound := fill(10000, 1), fill(350, 2)
	for i := range 77 {
		if i%5 < 3 {
			b = join(b, type1(4, 21, len(sound), 8), sound)
			continue
		}
		b = join(b, type1(6, 33, len(picture), 9), picture[:4096], type3(6), picture[4096:8192], type3(6), picture[8192:])
	}
	return b, 77
}

func usualReader(tb testing.TB) *chunkReader {
	b, _ := usual()
	src := io.MultiReader(bytes.NewReader(setChunkSize(4096)), &endless{b: b})
	r := newChunkReader(newBuffer(src))
	r.admit()
	r.in.enlarge()
	for range 100 { // both chunk streams are known after this
		_, err := r.next()
		require.NoError(tb, err)
	}
	return r
}

func TestChunkReaderAllocatesBodiesAlone(t *testing.T) {
	r := usualReader(t)
	allocs := testing.AllocsPerRun(1000, func() {
		if _, err := r.next(); err != nil {
			t.Fatal(err)
		}
	})
	require.LessOrEqual(t, allocs, 1.0)
}

func BenchmarkChunkReader(b *testing.B) {
	second, messages := usual()
	r := usualReader(b)
	b.SetBytes(int64(len(second) / messages))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.next(); err != nil {
			b.Fatal(err)
		}
	}
}
