package transcode

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnimate(t *testing.T) {
	ffmpeg, err := Find("ffmpeg")
	require.NoError(t, err)
	const width, height = 40, 20
	var rgba bytes.Buffer
	for frame := range 40 {
		shade := byte(frame / 10 * 60)                                                           // four that are shown for ten frames each
		rgba.Write(bytes.Repeat([]byte{shade, 0, 255 - shade, 255, 0, 0, 0, 0}, width*height/2)) // each second column is nothing
	}
	out, err := Animate(t.Context(), ffmpeg, &rgba, width, height, 50)
	require.NoError(t, err)
	require.Equal(t, "WEBPVP8X", string(out[8:16]))
	require.NotZero(t, out[20]&0x10, "something shines through")
	require.Equal(t, []byte{width - 1, 0, 0, height - 1, 0, 0}, out[24:30])
	require.Equal(t, 4, bytes.Count(out, []byte("ANMF")))
	_, err = Animate(t.Context(), ffmpeg, bytes.NewReader(nil), width, height, 50)
	require.Error(t, err)
}
