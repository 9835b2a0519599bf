package transcode

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnimate(t *testing.T) {
	ffmpeg, err := Find("ffmpeg")
	require.NoError(t, err)
	var g gif.GIF
	for i := range 4 {
		m := image.NewPaletted(image.Rect(0, 0, 200, 100), color.Palette{color.White, color.Black})
		for x := range 50 {
			m.SetColorIndex(x+i*50, 10, 1)
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 10)
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &g))
	out, err := Animate(t.Context(), ffmpeg, b.Bytes(), 112)
	require.NoError(t, err)
	require.Equal(t, "WEBPVP8X", string(out[8:16]))
	require.Equal(t, []byte{111, 0, 0, 55, 0, 0}, out[24:30], "112 by 56, each less one")
	require.Greater(t, bytes.Count(out, []byte("ANMF")), 1)
	_, err = Animate(t.Context(), ffmpeg, []byte("GIF89a nonsense"), 112)
	require.Error(t, err)
}
