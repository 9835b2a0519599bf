// Package picture makes pictures that strangers sent fit to be shown: it reads
// them, bounds them and writes them anew, so that nothing of what was sent is
// ever served. It does no I/O.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"

	"github.com/disintegration/imaging"
)

const (
	// MaxBytes is the most that a picture may have as it is sent.
	MaxBytes = 8 << 20
	// maxPixels bounds what reading one takes: 4 bytes each, twice.
	maxPixels = 16 << 20
	quality   = 85
)

// What is wrong with a picture.
var (
	ErrFormat = errors.New("a picture is a JPEG, PNG, GIF or WebP file")
	ErrLarge  = fmt.Errorf("a picture has at most %d MB and %d megapixels", MaxBytes>>20, maxPixels>>20)
)

// Picture is one that can be served.
type Picture struct {
	Bytes []byte
	Type  string // image/jpeg, or image/png where something shines through
}

// Extension is that of the picture's type, with its dot.
func (p Picture) Extension() string {
	if p.Type == "image/png" {
		return ".png"
	}
	return ".jpg"
}

// Fill reads a picture, turns it upright as its EXIF data says, scales and crops
// it to exactly width by height around its middle, and writes it anew. Of one
// that moves the first picture stays. It fails with ErrFormat or ErrLarge.
func Fill(sent []byte, width, height int) (Picture, error) {
	return remake(sent, func(m image.Image) *image.NRGBA {
		return imaging.Fill(m, width, height, imaging.Center, imaging.Lanczos)
	})
}

// Fit reads a picture as Fill does and scales it down, where that is needed, to
// be at most so wide and high. It reports whether the picture moved.
func Fit(sent []byte, side int) (p Picture, moved bool, err error) {
	p, err = remake(sent, func(m image.Image) *image.NRGBA { return imaging.Fit(m, side, side, imaging.Lanczos) })
	return p, err == nil && Moves(sent), err
}

// remake reads a picture and writes anew what change makes of it.
func remake(sent []byte, change func(image.Image) *image.NRGBA) (p Picture, err error) {
	defer func() {
		// Decoders of four formats read what a stranger made up.
		if recover() != nil {
			p, err = Picture{}, ErrFormat
		}
	}()
	if len(sent) > MaxBytes {
		return Picture{}, ErrLarge
	}
	switch http.DetectContentType(sent) {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
	default:
		return Picture{}, ErrFormat
	}
	if first, ok := firstOfWebP(sent); ok {
		sent = first
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(sent))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return Picture{}, ErrFormat
	}
	if size.Width > maxPixels/size.Height {
		return Picture{}, ErrLarge
	}
	m, err := imaging.Decode(bytes.NewReader(sent), imaging.AutoOrientation(true))
	if err != nil {
		return Picture{}, ErrFormat
	}
	return encode(change(m))
}

func encode(m *image.NRGBA) (Picture, error) {
	var b bytes.Buffer
	if m.Opaque() {
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
			return Picture{}, fmt.Errorf("write picture: %w", err)
		}
		return Picture{b.Bytes(), "image/jpeg"}, nil
	}
	if err := png.Encode(&b, m); err != nil {
		return Picture{}, fmt.Errorf("write picture: %w", err)
	}
	return Picture{b.Bytes(), "image/png"}, nil
}
