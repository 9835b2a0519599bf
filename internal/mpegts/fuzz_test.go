package mpegts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// sealed repairs the checksums of tables, so that a fuzzer gets behind them.
func sealed(b []byte) []byte {
	b = append([]byte{}, b...)
	for at := 0; at+packetSize <= len(b); at += packetSize {
		p := b[at : at+packetSize]
		pid := uint16(p[1]&0x1f)<<8 | uint16(p[2])
		if p[0] != syncByte || pid != pidPAT && pid != pidPMT || p[1]&unitStart == 0 || p[3]&hasAdaptation != 0 {
			continue
		}
		s := p[headerSize+1:]
		n := 3 + (int(s[1]&0x0f)<<8 | int(s[2]))
		if n < sectionCRC || n > len(s) {
			continue
		}
		c := crc32(s[:n-sectionCRC])
		s[n-4], s[n-3], s[n-2], s[n-1] = byte(c>>24), byte(c>>16), byte(c>>8), byte(c)
	}
	return b
}

// FuzzDemuxer: whatever comes, and however it is cut, the same units come out
// of it, in memory that is in proportion.
func FuzzDemuxer(f *testing.F) {
	all := tracks(f)
	for _, names := range [][2]string{{"h264", "aac"}, {"h265", "opus"}, {"h264", "opus6"}, {"", "aac48"}, {"", "opus"}, {"h265", ""}} {
		var s Segment
		if v := all[names[0]]; v != nil {
			for i := range int64(4) {
				s.Video = append(s.Video, picture(v, i*3003, i*3003+6006, i%2 == 0, 90*int(i)))
			}
		}
		if a := all[names[1]]; a != nil {
			for i := range int64(9) {
				s.Audio = append(s.Audio, frame(a, i*int64(a.SamplesPerFrame), 20))
			}
		}
		b := bytesOf(f, &s)
		f.Add(b, uint16(100))
		f.Add(append(b[:len(b):len(b)], b...), uint16(188))
		f.Add(b[50:], uint16(1))
	}
	f.Fuzz(func(t *testing.T, b []byte, size uint16) {
		b = sealed(b)
		var whole []*media.AccessUnit
		var stats Stats
		bound.Cost(t, 64*len(b), func() {
			var d Demuxer
			units, _ := d.Push(b) // it goes on
			whole = append(whole, units...)
			units, _ = d.Flush()
			whole = append(whole, units...)
			stats = d.Stats()
		})
		require.LessOrEqual(t, int(stats.Packets)*packetSize+int(stats.Skipped), len(b))
		bytes := 0
		for _, u := range whole {
			require.NotZero(t, u.Track.Kind())
			require.NotZero(t, u.Track.Timescale)
			require.True(t, u.Key || u.Track.Kind() == media.Video)
			bytes += len(u.Data)
		}
		require.LessOrEqual(t, bytes, 3*len(b)) // lengths are longer than start codes by a byte

		var d Demuxer
		var pieces []*media.AccessUnit
		for left := b; len(left) > 0; {
			n := min(len(left), max(1, int(size)))
			units, _ := d.Push(left[:n])
			pieces = append(pieces, units...)
			left = left[n:]
		}
		units, _ := d.Flush()
		pieces = append(pieces, units...)
		require.Equal(t, stats, d.Stats())
		require.Len(t, pieces, len(whole))
		for i := range whole {
			require.Equal(t, whole[i].Data, pieces[i].Data)
			require.Equal(t, whole[i].DTS, pieces[i].DTS)
			require.Equal(t, whole[i].PTS, pieces[i].PTS)
		}
	})
}
