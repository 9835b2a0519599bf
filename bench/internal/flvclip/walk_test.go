package flvclip

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestWalkerSeesEveryTag however the stream is cut.
func TestWalkerSeesEveryTag(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tags []Tag
		var want []Seen
		for range rapid.IntRange(0, 5).Draw(t, "tags") {
			body := append([]byte(rapid.SampledFrom([]string{"", "\x17", "\x17\x00", "\x17\x01", "\x27\x01", "\xaf\x00", "\xaf\x01"}).Draw(t, "start")),
				make([]byte, rapid.SampledFrom([]int{0, 1, 3, 400}).Draw(t, "more"))...)
			tag := Tag{
				Type: rapid.SampledFrom([]byte{Audio, Video, Script}).Draw(t, "type"), Body: body,
				Time: rapid.SampledFrom([]uint32{0, 40, 1<<24 + 1}).Draw(t, "time"),
			}
			tags = append(tags, tag)
			want = append(want, Seen{Type: tag.Type, Time: tag.Time, Size: len(body), Key: tag.Key(), Header: tag.Header()})
		}
		var w Walker
		var got []Seen
		var err error
		for b := flv(tags...); len(b) > 0; {
			n := rapid.IntRange(1, len(b)).Draw(t, "piece")
			if got, err = w.Walk(b[:n], got); err != nil {
				t.Fatal(err)
			}
			b = b[n:]
		}
		require.Equal(t, want, got)
	})
}

func TestWalkerTellsWhatIsWrong(t *testing.T) {
	var w Walker
	_, err := w.Walk([]byte("<html><body>no"), nil)
	require.ErrorContains(t, err, "not an flv stream")
	w = Walker{}
	_, err = w.Walk(append(flv(), Video, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0x17, 1), nil)
	require.ErrorContains(t, err, "over the bound")
}
