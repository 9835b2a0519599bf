package media

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHEVCSPSOfAnyShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w bitWriter
		flag := func(name string) bool { return w.flag(rapid.Bool().Draw(t, name)) }
		subLayers := rapid.Uint32Max(6).Draw(t, "sub-layers")
		w.u(4, 0)
		w.u(3, subLayers)
		w.u(1, 1)
		writeHEVCProfile(t, &w, subLayers)
		id := rapid.Uint32Max(15).Draw(t, "id")
		w.ue(id)
		chroma, separate := rapid.Uint32Max(3).Draw(t, "chroma"), false
		w.ue(chroma)
		if chroma == 3 {
			separate = flag("separate planes")
		}
		width, height := rapid.IntRange(64, 8192).Draw(t, "width"), rapid.IntRange(64, 8192).Draw(t, "height")
		w.ue(uint32(width))
		w.ue(uint32(height))
		if flag("conformance window") {
			crop := rapid.SliceOfN(rapid.IntRange(0, 7), 4, 4).Draw(t, "crop")
			for _, c := range crop {
				w.ue(uint32(c))
			}
			subX, subY := []int{1, 2, 2, 1}[chroma], []int{1, 2, 1, 1}[chroma]
			if separate {
				subX, subY = 1, 1
			}
			width -= subX * (crop[0] + crop[1])
			height -= subY * (crop[2] + crop[3])
		}
		w.ue(2)
		w.ue(2)
		w.ue(4) // log2_max_pic_order_cnt_lsb_minus4
		writeSubLayerOrdering(t, &w, subLayers)
		for range 6 {
			w.ue(1)
		}
		if flag("scaling lists") && flag("scaling list data") {
			writeHEVCScalingLists(t, &w)
		}
		w.u(2, 1)
		if flag("pcm") {
			w.u(8, 0x77)
			w.ue(0)
			w.ue(2)
			w.u(1, 1)
		}
		writeShortTermSets(t, &w)
		if flag("long-term pictures") {
			w.ue(3)
			for range 3 {
				w.u(8+1, 0x1ff)
			}
		}
		w.u(2, 3)
		var rate Rate
		var colour Colour
		if flag("vui") {
			colour = writeVUIColour(t, &w)
			w.u(3, 0)
			if flag("display window") {
				for range 4 {
					w.ue(1)
				}
			}
			rate = writeTiming(t, &w, 1)
		}
		got, err := parseHEVCSPS(w.nal(HEVCSPS<<1, 1))
		require.NoError(t, err)
		require.Equal(t, rate, got.rate)
		require.Equal(t, colour, got.colour)
		require.Equal(t, []any{id, chroma, width, height}, []any{got.id, got.chromaFormat, got.width, got.height})
		require.Equal(t, "hvc1.A1.6.H93.B0.0.1", got.profile.codecs())
	})
}

func TestHEVCVPSRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w bitWriter
		subLayers := rapid.Uint32Max(6).Draw(t, "sub-layers")
		w.u(12, 0x0fc0)
		w.u(3, subLayers)
		w.u(17, 0x1ffff)
		writeHEVCProfile(t, &w, subLayers)
		writeSubLayerOrdering(t, &w, subLayers)
		layer, sets := rapid.Uint32Max(5).Draw(t, "max layer"), rapid.Uint32Max(9).Draw(t, "layer sets")
		w.u(6, layer)
		w.ue(sets)
		for range sets * (layer + 1) {
			w.u(1, 1)
		}
		rate := writeTiming(t, &w, 1)
		require.Equal(t, rate, hevcVPSRate(w.nal(HEVCVPS<<1, 1)))
	})
}

func writeHEVCProfile(t *rapid.T, w *bitWriter, subLayers uint32) {
	w.u(8, 1<<6|1<<5|1) // space A, high tier, Main
	w.u(32, 0x60000000)
	w.u(32, 0xb0000100)
	w.u(16, 0)
	w.u(8, 93)
	if subLayers == 0 {
		return
	}
	var profiles, levels [8]bool
	for i := range 8 {
		known := uint32(i) < subLayers
		profiles[i] = w.flag(known && rapid.Bool().Draw(t, "sub-layer profile"))
		levels[i] = w.flag(known && rapid.Bool().Draw(t, "sub-layer level"))
	}
	for i := range 8 {
		if profiles[i] {
			w.u(32, 0xffffffff)
			w.u(32, 0xffffffff)
			w.u(24, 0xffffff)
		}
		if levels[i] {
			w.u(8, 30)
		}
	}
}

func writeSubLayerOrdering(t *rapid.T, w *bitWriter, subLayers uint32) {
	n := uint32(1)
	if w.flag(rapid.Bool().Draw(t, "ordering for all sub-layers")) {
		n = subLayers + 1
	}
	for range n {
		w.ue(5)
		w.ue(2)
		w.ue(0)
	}
}

func writeHEVCScalingLists(t *rapid.T, w *bitWriter) {
	for size, matrices := range []int{6, 6, 6, 2} {
		for range matrices {
			if !w.flag(rapid.Bool().Draw(t, "own list")) {
				w.ue(0)
				continue
			}
			if size > 1 {
				w.se(-3)
			}
			for range []int{16, 64, 64, 64}[size] {
				w.se(1)
			}
		}
	}
}

// writeShortTermSets writes sets and follows (7-61) and (7-62) to the letter,
// to know how many flags the next predicted set needs.
func writeShortTermSets(t *rapid.T, w *bitWriter) {
	n := rapid.IntRange(0, 8).Draw(t, "reference picture sets")
	w.ue(uint32(n))
	var s0, s1 []int
	for i := range n {
		if i > 0 && w.flag(rapid.Bool().Draw(t, "predicted")) {
			s0, s1 = writePredictedSet(t, w, s0, s1)
			continue
		}
		s0, s1 = nil, nil
		before := rapid.SliceOfN(rapid.Uint32Max(3), 0, 4).Draw(t, "before")
		after := rapid.SliceOfN(rapid.Uint32Max(3), 0, 4).Draw(t, "after")
		w.ue(uint32(len(before)))
		w.ue(uint32(len(after)))
		at := 0
		for _, d := range before {
			w.ue(d)
			w.u(1, 1)
			at -= int(d) + 1
			s0 = append(s0, at)
		}
		at = 0
		for _, d := range after {
			w.ue(d)
			w.u(1, 0)
			at += int(d) + 1
			s1 = append(s1, at)
		}
	}
}

func writePredictedSet(t *rapid.T, w *bitWriter, s0, s1 []int) (n0, n1 []int) {
	negative := w.flag(rapid.Bool().Draw(t, "negative"))
	delta := rapid.IntRange(1, 4).Draw(t, "move")
	w.ue(uint32(delta - 1))
	if negative {
		delta = -delta
	}
	total := len(s0) + len(s1)
	use := make([]bool, total+1)
	for j := range use {
		used := w.flag(rapid.Bool().Draw(t, "used"))
		// Sets of more than 16 pictures cannot be: leave some out.
		use[j] = used || w.flag(total < 12 && rapid.Bool().Draw(t, "use delta"))
	}
	for j := len(s1) - 1; j >= 0; j-- {
		if d := s1[j] + delta; d < 0 && use[len(s0)+j] {
			n0 = append(n0, d)
		}
	}
	if delta < 0 && use[total] {
		n0 = append(n0, delta)
	}
	for j := range s0 {
		if d := s0[j] + delta; d < 0 && use[j] {
			n0 = append(n0, d)
		}
	}
	for j := len(s0) - 1; j >= 0; j-- {
		if d := s0[j] + delta; d > 0 && use[j] {
			n1 = append(n1, d)
		}
	}
	if delta > 0 && use[total] {
		n1 = append(n1, delta)
	}
	for j := range s1 {
		if d := s1[j] + delta; d > 0 && use[len(s0)+j] {
			n1 = append(n1, d)
		}
	}
	return n0, n1
}
