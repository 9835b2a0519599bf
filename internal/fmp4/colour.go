package fmp4

import (
	"math"

	"github.com/rostrumlive/rostrum/internal/media"
)

// coded is the type of a colr box whose code points are those of H.273, with
// the range (ISO/IEC 14496-12 12.1.5).
const coded = "nclx"

// colour writes what is known of a picture's colour: colr, mdcv and clli
// (ISO/IEC 14496-12 12.1.5 to 12.1.7).
func (w *writer) colour(c *media.Colour) {
	if c.Described() {
		box := w.open("colr")
		w.text(coded)
		w.u16(uint16(c.Primaries))
		w.u16(uint16(c.Transfer))
		w.u16(uint16(c.Matrix))
		fullRange := uint8(0)
		if c.FullRange {
			fullRange = 0x80
		}
		w.u8(fullRange)
		w.close(box)
	}
	if m := &c.Mastering; *m != (media.Mastering{}) {
		box := w.open("mdcv")
		for _, p := range [...]media.Chromaticity{m.Green, m.Blue, m.Red, m.White} { // as H.265 D.2.28
			w.u16(p.X)
			w.u16(p.Y)
		}
		w.words(m.Max, m.Min)
		w.close(box)
	}
	if c.Light != (media.Light{}) {
		box := w.open("clli")
		w.u16(c.Light.MaxCLL)
		w.u16(c.Light.MaxFALL)
		w.close(box)
	}
}

// readColour takes the colour from the boxes of a visual sample entry, over
// what the decoder's configuration told. A box that cannot be read is passed
// over, and so is what follows one whose length is wrong: pictures show
// without.
func readColour(boxes []byte, c *media.Colour) {
	_ = children(boxes, func(child box) error {
		r := reader{b: child.body}
		switch child.name {
		case "colr":
			if string(r.take(len(coded))) != coded {
				return nil // an ICC profile
			}
			points := [3]uint8{r.point(), r.point(), r.point()}
			told := media.NewColour(points[0], points[1], points[2], r.u8()&0x80 != 0)
			if !r.short && told.Described() {
				told.Mastering, told.Light = c.Mastering, c.Light
				*c = told
			}
		case "mdcv":
			var m media.Mastering
			for _, p := range [...]*media.Chromaticity{&m.Green, &m.Blue, &m.Red, &m.White} {
				p.X, p.Y = r.u16(), r.u16()
			}
			m.Max, m.Min = r.u32(), r.u32()
			if !r.short {
				c.Mastering = m
			}
		case "clli":
			light := media.Light{MaxCLL: r.u16(), MaxFALL: r.u16()}
			if !r.short {
				c.Light = light
			}
		}
		return nil
	})
}

// point reads a code point, which H.273 keeps within a byte.
func (r *reader) point() uint8 {
	if v := r.u16(); v <= math.MaxUint8 {
		return uint8(v)
	}
	return media.ColourUnspecified
}
