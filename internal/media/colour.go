package media

// Colour is how a track's samples become light. It is comparable; the zero
// value is "nothing is told".
type Colour struct {
	// Primaries, Transfer and Matrix are the code points of ITU-T H.273 (8.1,
	// 8.2, 8.3). When one of them is told the others are at least
	// ColourUnspecified; all are 0 when none is.
	Primaries, Transfer, Matrix uint8
	FullRange                   bool // samples use their whole range (H.273, VideoFullRangeFlag)

	Mastering Mastering
	Light     Light
}

// Code points of ITU-T H.273 that somebody acts on.
const (
	ColourUnspecified = 2  // of primaries, transfer and matrix alike
	TransferPQ        = 16 // SMPTE ST 2084
	TransferHLG       = 18 // ARIB STD-B67
)

// Mastering is the display on which the pictures were made (SMPTE ST 2086) in
// the units of H.265's SEI message (D.3.28) and of mdcv. The zero value is
// "not told".
type Mastering struct {
	Red, Green, Blue, White Chromaticity
	Max, Min                uint32 // luminance, in 0.0001 cd/m²
}

// Chromaticity is a point of CIE 1931, in 0.00002.
type Chromaticity struct{ X, Y uint16 }

// Light is how bright the pictures get (CTA-861, H.265 D.3.35), in cd/m²; 0 is
// "not told".
type Light struct {
	MaxCLL  uint16 // the brightest sample
	MaxFALL uint16 // the brightest mean of a picture
}

// NewColour makes a Colour of code points. A reserved 0 of primaries or
// transfer is as good as unspecified, and so is all that together says nothing.
func NewColour(primaries, transfer, matrix uint8, fullRange bool) Colour {
	c := Colour{Primaries: primaries, Transfer: transfer, Matrix: matrix, FullRange: fullRange}
	if c.Primaries == 0 {
		c.Primaries = ColourUnspecified
	}
	if c.Transfer == 0 {
		c.Transfer = ColourUnspecified
	}
	if c == (Colour{Primaries: ColourUnspecified, Transfer: ColourUnspecified, Matrix: ColourUnspecified}) {
		return Colour{}
	}
	return c
}

// Described reports whether code points or range are told.
func (c Colour) Described() bool { return c.Primaries != 0 }

// Over returns what c says, and what base says of the rest. c has no say in
// the range.
func (c Colour) Over(base Colour) Colour {
	merged := base
	if c.Described() {
		if !base.Described() {
			base.Primaries, base.Transfer, base.Matrix = ColourUnspecified, ColourUnspecified, ColourUnspecified
		}
		merged = NewColour(pick(c.Primaries, base.Primaries), pick(c.Transfer, base.Transfer), pick(c.Matrix, base.Matrix), base.FullRange)
		merged.Mastering, merged.Light = base.Mastering, base.Light
	}
	if c.Mastering != (Mastering{}) {
		merged.Mastering = c.Mastering
	}
	if c.Light != (Light{}) {
		merged.Light = c.Light
	}
	return merged
}

// pick returns a code point, the base's when it says nothing.
func pick(v, base uint8) uint8 {
	if v == ColourUnspecified {
		return base
	}
	return v
}
