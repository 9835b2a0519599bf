package flv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// frames returns a demuxer that has its headers, and tags of one picture with
// delimiter and parameter sets, a plain picture and a frame of sound.
func frames(t testing.TB) (d *Demuxer, key, plain, sound []byte) {
	header := headerOf(t, "h264_aac.flv", TagVideo)
	d = new(Demuxer)
	feed(t, d, TagVideo, 0, avcTag(1, 0, 0, header))
	feed(t, d, TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
	sets := setsOf(t, media.H264, header)
	key = avcTag(1, 1, 80, units(4, aud, sets[0], sets[1], sei, append(idr, make([]byte, 40000)...)))
	plain = avcTag(2, 1, 80, units(4, append(slice, make([]byte, 10000)...)))
	sound = append([]byte{0xaf, 1, 0x21}, make([]byte, 340)...)
	return d, key, plain, sound
}

func TestAFrameAllocatesItsUnitAlone(t *testing.T) {
	d, key, plain, sound := frames(t)
	for _, c := range []struct {
		typ  TagType
		body []byte
	}{{TagVideo, key}, {TagVideo, plain}, {TagAudio, sound}} {
		require.NotNil(t, feed(t, d, c.typ, 0, c.body).Unit)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			if e, err := d.Tag(c.typ, 40, c.body); err != nil || e.Unit == nil {
				t.Fatal(err)
			}
		}), 1.0)
	}
	mp3 := []byte{0x2f, 1, 2, 3}
	feed(t, d, TagAudio, 0, mp3)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := d.Tag(TagAudio, 40, mp3); err != nil {
			t.Fatal(err)
		}
	}), "a codec that cannot be carried")
}

func BenchmarkTag(b *testing.B) {
	d, key, plain, sound := frames(b)
	for _, c := range []struct {
		name string
		typ  TagType
		body []byte
	}{{"key", TagVideo, key}, {"plain", TagVideo, plain}, {"sound", TagAudio, sound}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.body)))
			for b.Loop() {
				if _, err := d.Tag(c.typ, 40, c.body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
