package still

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"
	"time"
)

const (
	// columns and perSheet are how tiles lie on a sheet. A page fetches the sheet
	// that it shows a tile of, some 60 kB.
	columns  = 5
	perSheet = 25
	// tileSide is the box of a tile.
	tileSide = 160
	// sheetQuality is that of sheets: their tiles are small and shown for a moment.
	sheetQuality = 75
)

// tile is a picture of the storyboard.
type tile struct {
	at      time.Duration
	picture image.Image
	entry   int // of which it is
}

// sheet lays tiles side by side, from the left and from the top, each in the
// middle of its place.
func sheet(tiles []tile, size image.Point) ([]byte, error) {
	across, down := min(len(tiles), columns), (len(tiles)+columns-1)/columns
	m := image.NewRGBA(image.Rect(0, 0, across*size.X, down*size.Y))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Black), image.Point{}, draw.Src)
	for i, t := range tiles {
		b := t.picture.Bounds()
		at := image.Pt(i%columns*size.X+(size.X-b.Dx())/2, i/columns*size.Y+(size.Y-b.Dy())/2)
		draw.Draw(m, image.Rectangle{at, at.Add(b.Size())}, t.picture, b.Min, draw.Src)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: sheetQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// place is the size that every tile has place for.
func place(tiles []tile) (size image.Point) {
	for _, t := range tiles {
		b := t.picture.Bounds()
		size = image.Pt(max(size.X, b.Dx()), max(size.Y, b.Dy()))
	}
	return size
}

// storyboard is the list of the tiles in WebVTT: from when to when each stands
// for the recording, and where it lies.
func storyboard(tiles []tile, size image.Point, end time.Duration) []byte {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for i, t := range tiles {
		until := max(end, t.at+time.Second)
		if i+1 < len(tiles) {
			until = tiles[i+1].at
		}
		from := t.at
		if i == 0 {
			from = 0
		}
		n := i % perSheet
		fmt.Fprintf(&b, "\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n", stamp(from), stamp(until),
			sheetName(i/perSheet), n%columns*size.X, n/columns*size.Y, size.X, size.Y)
	}
	return []byte(b.String())
}

// stamp writes a time as WebVTT wants it.
func stamp(d time.Duration) string {
	d = d.Round(time.Millisecond)
	return fmt.Sprintf("%02d:%02d:%02d.%03d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Milliseconds()%1000)
}

// best returns which tile makes the cover: the first that has at least half of
// the greatest contrast, so that neither a fade from black nor an empty slide
// stands for the whole where there is anything else.
func best(tiles []tile) int {
	all := make([]float64, len(tiles))
	greatest := 0.0
	for i, t := range tiles {
		all[i] = contrast(t.picture)
		greatest = max(greatest, all[i])
	}
	for i, c := range all {
		if c >= greatest/2 {
			return i
		}
	}
	return 0
}

// contrast is the variance of a picture's luminance.
func contrast(m image.Image) float64 {
	b := m.Bounds()
	var sum, squares float64
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			v := float64(luminance(m, x, y))
			sum += v
			squares += v * v
		}
	}
	n := float64(max(b.Dx()*b.Dy(), 1))
	return squares/n - sum/n*sum/n
}

// luminance is that of one pixel: a JPEG has it as it is.
func luminance(m image.Image, x, y int) uint8 {
	if c, ok := m.(*image.YCbCr); ok {
		return c.Y[c.YOffset(x, y)]
	}
	return color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y
}
