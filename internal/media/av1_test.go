package media

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAV1SequenceOfAnyShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w bitWriter
		flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
		want := av1Sequence{profile: byte(rapid.Uint32Max(2).Draw(t, "profile"))}
		w.u(3, uint32(want.profile))
		reduced := flag("reduced")
		w.flag(reduced)
		want.level = byte(rapid.Uint32Max(23).Draw(t, "level"))
		if reduced {
			w.u(5, uint32(want.level))
		} else {
			writeOperatingPoints(t, &w, &want)
		}
		want.width, want.height = rapid.IntRange(1, 4096).Draw(t, "width"), rapid.IntRange(1, 65536).Draw(t, "height")
		w.u(4, 11)
		w.u(4, 15)
		w.u(12, uint32(want.width-1))
		w.u(16, uint32(want.height-1))
		if !reduced && flag("frame ids") {
			w.u(7, 0x7f)
		}
		w.u(3, 5)
		if !reduced {
			w.u(4, 15)
			hint := flag("order hint")
			if hint {
				w.u(2, 3)
			}
			screen := true
			if !flag("choose screen content") {
				screen = flag("screen content")
			}
			if screen && !flag("choose integer motion") {
				w.u(1, 1)
			}
			if hint {
				w.u(3, 6)
			}
		}
		w.u(3, 2)
		writeAV1Colour(t, &w, &want)
		w.u(1, 0)
		got, err := parseAV1Sequence(w.b)
		require.NoError(t, err)
		require.Equal(t, want, got)

		config, err := AV1Config(w.b)
		require.NoError(t, err)
		track, err := ParseAV1Config(config)
		require.NoError(t, err)
		bare, err := ParseAV1Config(config[:4])
		require.NoError(t, err)
		require.Equal(t, want.colour, track.Colour)
		require.Equal(t, track.Codecs, bare.Codecs, "the record's own fields say the same")
		require.Equal(t, []int{want.width, want.height, 0}, []int{track.Width, track.Height, bare.Width})
	})
}

func writeOperatingPoints(t *rapid.T, w *bitWriter, want *av1Sequence) {
	flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
	model := false
	if flag("timing") {
		w.u(32, 1001)
		w.u(32, 60000)
		if flag("equal intervals") {
			w.ue(1) // two ticks a picture; uvlc is written as ue
			want.rate = Rate{30000, 1001}
		}
		if model = flag("decoder model"); model {
			w.u(5, 9)
			w.u(32, 1)
			w.u(10, 0)
		}
	}
	delay := flag("display delay")
	points := rapid.Uint32Max(3).Draw(t, "operating points")
	w.u(5, points)
	for i := range points + 1 {
		w.u(12, 0)
		level := uint32(want.level)
		if i > 0 {
			level = 9
		}
		w.u(5, level)
		if level > 7 {
			high := flag("tier")
			if high && i == 0 {
				want.tier = 1
			}
		}
		if model && flag("model for this point") {
			w.u(21, 0x1fffff)
		}
		if delay && flag("delay for this point") {
			w.u(4, 15)
		}
	}
}

func writeAV1Colour(t *rapid.T, w *bitWriter, want *av1Sequence) {
	flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
	want.highDepth = flag("high depth")
	if want.profile == 2 && want.highDepth {
		want.twelve = flag("twelve bits")
	}
	if want.profile != 1 {
		want.mono = flag("monochrome")
	}
	rgb := false
	if flag("colour description") {
		if rgb = !want.mono && want.profile == 1 && rapid.Bool().Draw(t, "sRGB"); rgb {
			w.u(24, 0x010d00)
			want.colour = Colour{Primaries: 1, Transfer: 13, FullRange: true} // as the format has it
		} else {
			want.colour = writeColourPoints(t, w)
		}
	}
	if rgb {
		return
	}
	if want.colour.FullRange = flag("full range"); want.colour == (Colour{FullRange: true}) {
		want.colour = Colour{Primaries: 2, Transfer: 2, Matrix: 2, FullRange: true}
	}
	if want.mono {
		want.subX, want.subY = 1, 1
		return
	}
	switch {
	case want.profile == 0:
		want.subX, want.subY = 1, 1
	case want.profile == 1:
	case want.twelve:
		if flag("subsampling x") {
			want.subX = 1
			if flag("subsampling y") {
				want.subY = 1
			}
		}
	default:
		want.subX = 1
	}
	if want.subX == 1 && want.subY == 1 {
		w.u(2, 2)
		want.chromaSamples = 2
	}
}

func TestOBUs(t *testing.T) {
	data := []byte{
		0x12, 0x00, // temporal delimiter
		0x0a, 0x02, 0xaa, 0xbb, // sequence header
		0x36, 0x08, 0x01, 0xcc, // frame with extension
		0x30, 0xdd, 0xee, // frame without size
	}
	var types, sizes []int
	raw := 0
	for o := range OBUs(data) {
		types = append(types, o.Type)
		sizes = append(sizes, len(o.Payload))
		raw += len(o.Raw)
	}
	require.Equal(t, []int{AV1TemporalDelimiter, AV1SequenceHeader, 6, 6}, types)
	require.Equal(t, []int{0, 2, 1, 2}, sizes)
	require.Equal(t, len(data), raw)

	for name, bad := range map[string][]byte{
		"size over the end": {0x12, 0x01},
		"forbidden bit":     {0x92, 0x00},
		"no extension":      {0x36},
		"no size":           {0x12},
	} {
		for range OBUs(bad) {
			t.Fatal(name)
		}
	}
}
