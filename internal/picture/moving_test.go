package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

func gifOf(t testing.TB, n int) []byte {
	var g gif.GIF
	for range n {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.White, color.Black}))
		g.Delay = append(g.Delay, 10)
	}
	return asGIF(t, &g)
}

func asGIF(t testing.TB, g *gif.GIF) []byte {
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, g))
	return b.Bytes()
}

func TestMoves(t *testing.T) {
	require.True(t, Moves(gifOf(t, 2)))
	require.False(t, Moves(gifOf(t, 1)))
	require.False(t, Moves(asPNG(t, halves(4, 4))))
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

		film, err := Play(sent, 112)
		require.NoError(t, err, coding)
		all := frames(t, film)
		last := all[len(all)-1].NRGBAAt(20, 10)
		require.Greater(t, int(last.B), 200, coding)
		require.Less(t, int(last.R), 60, coding)
		require.Equal(t, coding == "alpha", last.A < 200, coding)
	}
}

// frames are all frames of a motion.
func frames(t *testing.T, m *Motion) (all []*image.NRGBA) {
	t.Helper()
	b, err := io.ReadAll(m.RGBA())
	require.NoError(t, err)
	size := 4 * m.Width * m.Height
	require.Zero(t, len(b)%size)
	for ; len(b) > 0; b = b[size:] {
		all = append(all, &image.NRGBA{Pix: b[:size], Stride: 4 * m.Width, Rect: image.Rect(0, 0, m.Width, m.Height)})
	}
	return all
}

// What ffmpeg wrote is drawn as it was before, frame for frame: sharp pictures
// over nothing, of which each format keeps what changed alone.
func TestPlaysWhatOthersWrote(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	// A disc goes round over nothing, and a bar before it goes the other way.
	const drawn = "color=black@0:s=64x48:r=10:d=1.2,format=rgba," +
		`geq=r='200*lt(hypot(X-32-20*cos(T*5)\,Y-24-12*sin(T*5))\,9)+40*eq(floor(X/4)\,floor(15-T*10))':` +
		`g='lt(Y\,24)*90':b='(Y/48)*200':a='255*max(lt(hypot(X-32-20*cos(T*5)\,Y-24-12*sin(T*5))\,9)\,eq(floor(X/4)\,floor(15-T*10)))'`
	testkit.FFmpeg(t, time.Minute, "-f", "lavfi", "-i", drawn, "-f", "rawvideo", "-pix_fmt", "rgba", path("raw"))
	for name, args := range map[string][]string{
		"apng": {"-f", "apng", "-plays", "0"},
		"webp": {"-c:v", "libwebp_anim", "-lossless", "1", "-pix_fmt", "bgra"},
	} {
		testkit.FFmpeg(t, time.Minute, append([]string{"-f", "rawvideo", "-pixel_format", "rgba", "-video_size", "64x48", "-framerate", "10", "-i", path("raw")},
			append(args, path("film."+name))...)...)
	}
	raw, err := os.ReadFile(path("raw"))
	require.NoError(t, err)
	for _, name := range []string{"apng", "webp"} {
		sent, err := os.ReadFile(path("film." + name))
		require.NoError(t, err)
		m, err := Play(sent, 112)
		require.NoError(t, err, name)
		require.Equal(t, [2]int{64, 48}, [2]int{m.Width, m.Height}, name)
		all := frames(t, m)
		require.Len(t, all, 12*Pace/10, name)
		for i, got := range all {
			want := raw[i*10/Pace*len(got.Pix):][:len(got.Pix)]
			for p := 0; p < len(want); p += 4 {
				require.Equal(t, want[p+3], got.Pix[p+3], "%s: frame %d at %d", name, i, p/4)
				if want[p+3] != 0 {
					require.Equal(t, want[p:p+4], got.Pix[p:p+4], "%s: frame %d at %d", name, i, p/4)
				}
			}
		}
	}
}

// A cel is laid over the picture or takes its place, and stays, goes, or leaves
// what was there before.
func TestCels(t *testing.T) {
	red, green := color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 255}
	nothing := color.NRGBA{}
	full, half := image.Rect(0, 0, 4, 2), image.Rect(2, 0, 4, 2)
	painted := func(c color.NRGBA, place image.Rectangle, bare bool, after disposal) cel {
		return cel{place: place, bare: bare, after: after, stays: 20 * time.Millisecond, read: func() (image.Image, error) {
			return image.NewUniform(c), nil
		}}
	}
	for name, c := range map[string]struct {
		second      cel
		shows, then color.NRGBA // on the right: with the second cel, and with one that covers nothing there
	}{
		"kept":               {painted(green, half, false, kept), green, green},
		"cleared":            {painted(green, half, false, cleared), green, nothing},
		"undone":             {painted(green, half, false, undone), green, red},
		"nothing laid over":  {painted(nothing, half, false, kept), red, red},
		"nothing in place":   {painted(nothing, half, true, kept), nothing, nothing},
		"nothing and undone": {painted(nothing, half, true, undone), nothing, red},
	} {
		f := film{width: 4, height: 2, cels: []cel{painted(red, full, true, kept), c.second, painted(green, image.Rect(0, 0, 1, 1), false, kept)}}
		m, err := f.play(112)
		require.NoError(t, err, name)
		all := frames(t, m)
		require.Len(t, all, 3, name)
		require.Equal(t, c.shows, all[1].NRGBAAt(3, 1), name)
		require.Equal(t, c.then, all[2].NRGBAAt(3, 1), name)
		require.Equal(t, red, all[2].NRGBAAt(1, 1), "%s: elsewhere nothing changes", name)
		require.Equal(t, green, all[2].NRGBAAt(0, 0), name)
	}
}

// A GIF's own words for it, its times, and its bounds.
func TestPlayGIF(t *testing.T) {
	colours := color.Palette{color.NRGBA{}, color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}}
	filled := func(place image.Rectangle, with uint8) *image.Paletted {
		m := image.NewPaletted(place, colours)
		for i := range m.Pix {
			m.Pix[i] = with
		}
		return m
	}
	whole := image.Rect(0, 0, 200, 100)
	g := gif.GIF{
		Image:    []*image.Paletted{filled(whole, 1), filled(image.Rect(100, 0, 200, 100), 2), filled(image.Rect(0, 0, 2, 2), 0), filled(image.Rect(0, 0, 2, 2), 0)},
		Delay:    []int{10, 0, 4, 6}, // hundredths of a second; none is a tenth in browsers
		Disposal: []byte{gif.DisposalNone, gif.DisposalPrevious, gif.DisposalNone, gif.DisposalNone},
	}
	sent := asGIF(t, &g)
	m, err := Play(sent, 112)
	require.NoError(t, err)
	require.Equal(t, [2]int{112, 56}, [2]int{m.Width, m.Height})
	all := frames(t, m)
	require.Len(t, all, (100+100+40+60)*Pace/1000)
	require.Equal(t, color.NRGBA{R: 255, A: 255}, all[4].NRGBAAt(100, 20))
	require.Equal(t, color.NRGBA{B: 255, A: 255}, all[5].NRGBAAt(100, 20))
	require.Equal(t, color.NRGBA{B: 255, A: 255}, all[9].NRGBAAt(100, 20))
	require.Equal(t, color.NRGBA{R: 255, A: 255}, all[10].NRGBAAt(100, 20))

	m, err = Play(sent[:len(sent)-8], 112) // the last picture is cut short
	require.NoError(t, err)
	require.Len(t, frames(t, m), (100+100+40)*Pace/1000)

	g = gif.GIF{}
	for range 3 * motionFrames {
		g.Image, g.Delay = append(g.Image, filled(image.Rect(0, 0, 8, 8), 1)), append(g.Delay, 2)
	}
	m, err = Play(asGIF(t, &g), 112)
	require.NoError(t, err)
	require.Len(t, frames(t, m), motionFrames)
	g.Delay = slicesOf(len(g.Image), 100)
	m, err = Play(asGIF(t, &g), 112)
	require.NoError(t, err)
	require.Len(t, frames(t, m), 10*Pace, "ten seconds")
	g = gif.GIF{Image: []*image.Paletted{filled(image.Rect(0, 0, 4096, 4096), 1), filled(image.Rect(0, 0, 4096, 4096), 2)}, Delay: []int{10, 10}}
	g.Image = append(g.Image, g.Image[0])
	g.Delay = append(g.Delay, 10)
	_, err = Play(asGIF(t, &g), 112)
	require.ErrorIs(t, err, ErrLarge)
	for name, bad := range map[string][]byte{"one picture": gifOf(t, 1), "no picture": []byte("GIF89a"), "text": []byte("hello"), "JPEG": asJPEG(t, halves(8, 8))} {
		_, err = Play(bad, 112)
		require.ErrorIs(t, err, ErrFormat, name)
	}
}

func slicesOf(n, v int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func FuzzMoves(f *testing.F) {
	f.Add(gifOf(f, 2))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x08acTL\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x0f\x00\x00\x0f\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00ANMF\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0f\x00\x00\x0f\x00\x00\x00\x00\x00\x00"))
	for _, name := range []string{"opaque.webp", "alpha.webp", "lossless.webp", "moving.png"} {
		b, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		moves := Moves(b)
		_, _, _ = Fit(b, 16)
		m, err := Play(b, 16)
		if err != nil {
			return
		}
		require.True(t, moves)
		require.LessOrEqual(t, max(m.Width, m.Height), 16)
		n, err := io.Copy(io.Discard, m.RGBA())
		require.NoError(t, err)
		require.LessOrEqual(t, n, int64(4*16*16*10*Pace))
		require.Positive(t, n)
	})
}

// What a PNG says of one of its pictures (W3C PNG, third edition, 11.3.3.2).
func TestCelOfPNG(t *testing.T) {
	said := func(dispose, blend byte, delay ...byte) []byte {
		b := []byte{0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1}
		return append(append(b, delay...), dispose, blend)
	}
	require.Equal(t, cel{place: image.Rect(2, 1, 6, 4), stays: 40 * time.Millisecond, bare: true}, celOfPNG(said(0, 0, 0, 1, 0, 25)))
	require.Equal(t, cel{place: image.Rect(2, 1, 6, 4), stays: 30 * time.Millisecond, after: cleared}, celOfPNG(said(1, 1, 0, 3, 0, 0)))
	require.Equal(t, cel{place: image.Rect(2, 1, 6, 4), after: undone}, celOfPNG(said(2, 1, 0, 0, 0, 9)))
}
