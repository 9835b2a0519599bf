package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// halves is a picture that is red on its left and blue on its right.
func halves(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

func read(t *testing.T, p Picture) image.Image {
	m, format, err := image.Decode(bytes.NewReader(p.Bytes))
	require.NoError(t, err)
	require.Equal(t, "image/"+format, p.Type)
	return m
}

func TestFillMakesTheSizeAndNothingElseStays(t *testing.T) {
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 40, 20), color.Palette{color.Black, color.White})
	require.NoError(t, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{10, 10}}))
	secret := append(asJPEG(t, halves(300, 100)), []byte("<script>alert(1)</script>")...)
	for name, sent := range map[string][]byte{
		"png": asPNG(t, halves(64, 512)), "jpeg with a tail": secret, "moving gif": moving.Bytes(), "one pixel": asPNG(t, halves(1, 1)),
	} {
		p, err := Fill(sent, 100, 50)
		require.NoError(t, err, name)
		require.Equal(t, image.Pt(100, 50), read(t, p).Bounds().Size(), name)
		require.NotContains(t, string(p.Bytes), "script", name)
		require.Equal(t, ".jpg", p.Extension(), name)
	}
}

func TestFillKeepsWhatShinesThrough(t *testing.T) {
	m := halves(20, 20)
	m.SetNRGBA(10, 10, color.NRGBA{})
	p, err := Fill(asPNG(t, m), 20, 20)
	require.NoError(t, err)
	require.Equal(t, "image/png", p.Type)
	require.Equal(t, ".png", p.Extension())
}

// A telephone that is held upright says so in EXIF data.
func TestFillTurnsUpright(t *testing.T) {
	sent := asJPEG(t, halves(80, 80))
	app1 := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(app1)+2))
	turned := append(append(head, app1...), sent[2:]...)
	p, err := Fill(turned, 80, 80)
	require.NoError(t, err)
	r, _, b, _ := read(t, p).At(40, 5).RGBA() // the left is on top now
	require.Greater(t, r, b)
}

func TestFillRefuses(t *testing.T) {
	for name, sent := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`),
		"tiff": []byte("II*\x00\x08\x00\x00\x00"), "a head alone": asPNG(t, halves(8, 8))[:40], "torn": asJPEG(t, halves(64, 64))[:200],
	} {
		_, err := Fill(sent, 10, 10)
		require.ErrorIs(t, err, ErrFormat, name)
	}
	bomb := asPNG(t, halves(8, 8))
	binary.BigEndian.PutUint32(bomb[16:], 100_000) // width
	_, err := Fill(bomb, 10, 10)
	require.Error(t, err)
	_, err = Fill(append([]byte("\x89PNG\r\n\x1a\n"), strings.Repeat("x", MaxBytes)...), 10, 10)
	require.ErrorIs(t, err, ErrLarge)
}

func FuzzFill(f *testing.F) {
	f.Add(asPNG(f, halves(8, 8)))
	f.Add(asJPEG(f, halves(8, 8)))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if size, _, err := image.DecodeConfig(bytes.NewReader(sent)); err == nil && size.Width*size.Height > 1<<16 {
			t.Skip("large pictures take long and show nothing more")
		}
		p, err := Fill(sent, 16, 16)
		if err != nil {
			return
		}
		m, _, err := image.Decode(bytes.NewReader(p.Bytes))
		require.NoError(t, err)
		require.Equal(t, image.Pt(16, 16), m.Bounds().Size())
	})
}
