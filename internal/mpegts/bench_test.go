package mpegts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkSegment writes two seconds of 2.5 Mbit/s with sound into memory
// that has room.
func BenchmarkSegment(b *testing.B) {
	all := tracks(b)
	s := twoSeconds(all["h264"], all["aac"], 7)
	dst := bytesOf(b, s)
	b.SetBytes(int64(len(dst)))
	b.ReportAllocs()
	for b.Loop() {
		out, err := s.AppendTo(dst[:0])
		require.NoError(b, err)
		require.Len(b, out, len(dst))
	}
}

// BenchmarkDemuxer reads them again, in the pieces in which SRT carries them.
func BenchmarkDemuxer(b *testing.B) {
	all := tracks(b)
	stream := bytesOf(b, twoSeconds(all["h264"], all["aac"], 7))
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		var d Demuxer
		for left := stream; len(left) > 0; {
			n := min(len(left), 7*packetSize)
			if _, err := d.Push(left[:n]); err != nil {
				b.Fatal(err)
			}
			left = left[n:]
		}
	}
}
