package media

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// writeVUIColour writes what readVUIColour reads, and returns what it tells.
func writeVUIColour(t *rapid.T, w *bitWriter) (c Colour) {
	flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
	if flag("aspect ratio") {
		if rapid.Bool().Draw(t, "extended") {
			w.u(8, 255)
			w.u(32, 0x00040003)
		} else {
			w.u(8, 1)
		}
	}
	if flag("overscan") {
		w.u(1, 1)
	}
	if flag("video signal") {
		w.u(3, 5)
		fullRange := flag("full range")
		if c.FullRange = fullRange; fullRange {
			c.Primaries, c.Transfer, c.Matrix = 2, 2, 2
		}
		if flag("colour") {
			c = writeColourPoints(t, w)
			c.FullRange = fullRange
		}
	}
	if flag("chroma location") {
		w.ue(0)
		w.ue(1)
	}
	return c
}

// writeColourPoints writes code points that say something.
func writeColourPoints(t *rapid.T, w *bitWriter) Colour {
	c := rapid.SampledFrom([]Colour{
		{Primaries: 1, Transfer: 1, Matrix: 1},
		{Primaries: 9, Transfer: 16, Matrix: 9},
		{Primaries: 9, Transfer: 18, Matrix: 9},
		{Primaries: 2, Transfer: 14, Matrix: 2},
		{Primaries: 1, Transfer: 1, Matrix: 0},
	}).Draw(t, "code points")
	w.u(8, uint32(c.Primaries))
	w.u(8, uint32(c.Transfer))
	w.u(8, uint32(c.Matrix))
	return c
}

func writeTiming(t *rapid.T, w *bitWriter, ticks uint64) Rate {
	if !w.flag(rapid.Bool().Draw(t, "timing")) {
		return Rate{}
	}
	units, scale := rapid.Uint32().Draw(t, "units"), rapid.Uint32().Draw(t, "scale")
	if rapid.Bool().Draw(t, "real rate") {
		units, scale = 1001, 60000
	}
	w.u(32, units)
	w.u(32, scale)
	return NewRate(uint64(scale), uint64(units)*ticks)
}

func TestAVCSPSOfAnyShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w bitWriter
		flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
		profile := rapid.SampledFrom([]byte{66, 77, 88, 100, 110, 122, 244, 44, 118, 128}).Draw(t, "profile")
		id := rapid.Uint32Max(31).Draw(t, "id")
		w.u(8, uint32(profile))
		w.u(16, 0x4029)
		w.ue(id)
		chroma, separate := uint32(1), false
		if avcHighProfile(profile) {
			chroma = rapid.Uint32Max(3).Draw(t, "chroma")
			w.ue(chroma)
			lists := 8
			if chroma == 3 {
				separate = flag("separate planes")
				lists = 12
			}
			w.ue(2)
			w.ue(0)
			w.u(1, 0)
			if flag("scaling matrix") {
				for i := range lists {
					if flag("list") {
						writeAVCScalingList(t, &w, i)
					}
				}
			}
		}
		w.ue(4)
		switch poc := rapid.Uint32Max(2).Draw(t, "poc type"); poc {
		case 0:
			w.ue(0)
			w.ue(6)
		case 1:
			w.ue(1)
			w.u(1, 0)
			w.se(-3)
			w.se(70000)
			offsets := rapid.SliceOfN(rapid.Int32Range(-9, 9), 0, 5).Draw(t, "offsets")
			w.ue(uint32(len(offsets)))
			for _, o := range offsets {
				w.se(o)
			}
		default:
			w.ue(poc)
		}
		w.ue(4)
		w.u(1, 0)
		mbs, units := rapid.Uint32Range(2, 500).Draw(t, "width"), rapid.Uint32Range(2, 250).Draw(t, "height")
		w.ue(mbs - 1)
		w.ue(units - 1)
		fields := 1
		if !flag("frame mbs only") {
			w.u(1, 0)
			fields = 2
		}
		w.u(1, 1)
		width, height := int(mbs)*16, int(units)*16*fields
		if flag("cropping") {
			crop := rapid.SliceOfN(rapid.IntRange(0, 4), 4, 4).Draw(t, "crop")
			for _, c := range crop {
				w.ue(uint32(c))
			}
			// ITU-T H.264 table 6-1 and (7-19) to (7-22).
			subX, subY := []int{1, 2, 2, 1}[chroma], []int{1, 2, 1, 1}[chroma]
			if separate {
				subX, subY = 1, 1
			}
			width -= subX * (crop[0] + crop[1])
			height -= subY * fields * (crop[2] + crop[3])
		}
		var rate Rate
		var colour Colour
		if flag("vui") {
			colour = writeVUIColour(t, &w)
			rate = writeTiming(t, &w, 2)
		}
		got, err := parseAVCSPS(w.nal(0x67))
		require.NoError(t, err)
		require.Equal(t, avcSPS{
			profile: profile, constraints: 0x40, level: 0x29, id: id, chromaFormat: chroma,
			bitDepthLuma: got.bitDepthLuma, width: width, height: height, rate: rate, colour: colour,
		}, got)
	})
}

func writeAVCScalingList(t *rapid.T, w *bitWriter, i int) {
	size := 16
	if i >= 6 {
		size = 64
	}
	last := int32(8)
	for range size {
		next := rapid.Int32Range(0, 255).Draw(t, "scale")
		w.se((next-last+128)&255 - 128) // delta_scale stays within a byte
		if next == 0 {
			return // the rest repeats the last
		}
		last = next
	}
}
