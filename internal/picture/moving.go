package picture

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"io"
	"time"

	"github.com/disintegration/imaging"
)

const (
	// Pace is how many frames a second a Motion has: browsers show none shorter.
	Pace = 50
	// motionLength and motionFrames bound what is kept of a picture that moves.
	motionLength = 10 * time.Second
	motionFrames = 250
	// motionPixels bounds what is drawn for it: the canvas as often as it changes.
	motionPixels = 32 << 20
)

// Motion is a picture that moves, laid out for an encoder: frames of one size, at
// one pace.
type Motion struct {
	Width, Height int
	frames        [][]byte // the same one again as long as nothing changes
}

// RGBA reads the frames one after the other: four bytes a pixel, red first, not
// multiplied by the last of them, which is how much hides what is behind.
func (m *Motion) RGBA() io.Reader {
	all := make([]io.Reader, len(m.frames))
	for i, f := range m.frames {
		all[i] = bytes.NewReader(f)
	}
	return io.MultiReader(all...)
}

// Moves reports whether a GIF, PNG or WebP file has more than one picture. It
// looks at the frame of the file alone.
func Moves(sent []byte) bool {
	f, err := readFilm(sent)
	return err == nil && len(f.cels) > 1
}

// Play draws a GIF, PNG or WebP that moves, scaled down where that is needed to
// be at most so wide and high: its first 250 changes and ten seconds. It fails
// with ErrFormat, or with ErrLarge where drawing it would be too much.
func Play(sent []byte, side int) (m *Motion, err error) {
	defer func() {
		if recover() != nil { // decoders of what a stranger made up, as in remake
			m, err = nil, ErrFormat
		}
	}()
	if len(sent) > MaxBytes {
		return nil, ErrLarge
	}
	f, err := readFilm(sent)
	if err != nil || len(f.cels) < 2 {
		return nil, ErrFormat
	}
	f.cels = f.cels[:min(len(f.cels), motionFrames)]
	if f.height > motionPixels/len(f.cels)/f.width {
		return nil, ErrLarge
	}
	return f.play(side)
}

// film is a picture that moves as its file has it.
type film struct {
	width, height int
	cels          []cel
}

// cel is one of the pictures that a film is made of. It may be smaller than the
// film, and shine through.
type cel struct {
	place image.Rectangle
	read  func() (image.Image, error)
	stays time.Duration
	bare  bool // it takes the place of what is there, else is laid over it
	after disposal
}

// disposal is what becomes of a cel when its time is over.
type disposal byte

const (
	kept    disposal = iota
	cleared          // nothing is in its place
	undone           // what was in its place before it
)

// errFilm: a file is cut short or contradicts itself.
var errFilm = errors.New("a picture that moves is damaged")

// readFilm reads the frame of a file, and none of its pictures. Of one that is
// cut short what is whole counts.
func readFilm(sent []byte) (f film, err error) {
	switch {
	case bytes.HasPrefix(sent, []byte("GIF8")):
		f, err = gifFilm(sent)
	case bytes.HasPrefix(sent, []byte(pngHead)):
		f, err = pngFilm(sent[len(pngHead):])
	default:
		f, err = webpFilm(sent)
	}
	if err != nil {
		return film{}, err
	}
	if f.width < 1 || f.height < 1 || f.width > maxPixels/f.height {
		return film{}, errFilm
	}
	whole := image.Rect(0, 0, f.width, f.height)
	for _, c := range f.cels {
		if c.place.Empty() || !c.place.In(whole) {
			return film{}, errFilm
		}
	}
	return f, nil
}

// play draws the cels.
func (f film) play(side int) (*Motion, error) {
	canvas := image.NewRGBA(image.Rect(0, 0, f.width, f.height))
	m := &Motion{}
	until := time.Duration(0)
	for _, c := range f.cels {
		picture, err := c.read()
		if err != nil {
			return nil, ErrFormat
		}
		var before []byte
		if c.after == undone {
			before = bytes.Clone(canvas.Pix)
		}
		op := draw.Over
		if c.bare {
			op = draw.Src
		}
		draw.Draw(canvas, c.place, picture, picture.Bounds().Min, op)

		stays := c.stays
		if stays <= 10*time.Millisecond {
			stays = 100 * time.Millisecond // as browsers take it
		}
		until = min(until+stays, motionLength)
		if ticks := int((until+time.Second/Pace/2)*Pace/time.Second) - len(m.frames); ticks > 0 {
			frame := imaging.Fit(canvas, side, side, imaging.Lanczos)
			m.Width, m.Height = frame.Bounds().Dx(), frame.Bounds().Dy()
			for range ticks {
				m.frames = append(m.frames, frame.Pix)
			}
		}
		if until == motionLength {
			break
		}
		switch c.after {
		case cleared:
			draw.Draw(canvas, c.place, image.Transparent, image.Point{}, draw.Src)
		case undone:
			canvas.Pix = before
		}
	}
	if len(m.frames) == 0 {
		return nil, ErrFormat
	}
	return m, nil
}
