package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func gifOf(t testing.TB, n int) []byte {
	var g gif.GIF
	for range n {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.White, color.Black}))
		g.Delay = append(g.Delay, 10)
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &g))
	return b.Bytes()
}

func TestMoves(t *testing.T) {
	require.True(t, Moves(gifOf(t, 2)))
	require.False(t, Moves(gifOf(t, 1)))
	p, moved, err := Fit(gifOf(t, 3), 112)
	require.NoError(t, err)
	require.True(t, moved)
	m, _, err := image.DecodeConfig(bytes.NewReader(p.Bytes))
	require.NoError(t, err)
	require.Equal(t, [2]int{30, 20}, [2]int{m.Width, m.Height}, "it is not made larger")
}

// Of a WebP that moves the first picture stays, in each of the codings that its
// pictures may have.
func TestFirstOfWebP(t *testing.T) {
	for _, coding := range []string{"opaque", "alpha", "lossless"} {
		sent, err := os.ReadFile("testdata/" + coding + ".webp")
		require.NoError(t, err)
		p, moved, err := Fit(sent, 112)
		require.NoError(t, err, coding)
		require.True(t, moved)
		m := read(t, p)
		require.Equal(t, image.Pt(40, 20), m.Bounds().Size())
		c := color.NRGBAModel.Convert(m.At(20, 10)).(color.NRGBA)
		require.Greater(t, int(c.R), 200, "%s: it is red, and blue afterwards", coding)
		require.Less(t, int(c.B), 60, coding)
		require.Equal(t, coding == "alpha", c.A < 200, coding)
	}
}

func FuzzMoves(f *testing.F) {
	f.Add(gifOf(f, 2))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x08acTL\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00ANMF\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0f\x00\x00\x0f\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		Moves(b)
		_, _, _ = Fit(b, 16)
	})
}
