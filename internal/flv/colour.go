package flv

import (
	"fmt"
	"math"

	"github.com/rostrumlive/rostrum/internal/media"
)

// colour is what the last colorInfo of a metadata packet said, of which codec.
// It holds until the next one, over what the coded media says.
type colour struct {
	codec fourCC
	told  media.Colour
}

// over returns the colour of a track that has its codec's own.
func (c *colour) over(t *media.Track) media.Colour {
	if c.codec.codec() != t.Codec { // it is of the track before, or of the next
		return t.Colour
	}
	return c.told.Over(t.Colour)
}

// videoMetadata reads a metadata packet (Enhanced RTMP v2, "Metadata Frame"):
// pairs of a name and a value, of which only colorInfo is defined. What it
// changes holds from the next key frame on; before the first it changes the
// track that is yet to be used.
func (d *Demuxer) videoMetadata(p packet) error {
	r := amfReader{b: p.body}
	for len(r.b) > 0 {
		name, err := r.value(0)
		if err != nil {
			return fmt.Errorf("metadata packet: %w", err)
		}
		value, err := r.value(0)
		if err != nil { // half of a colour is worse than the one before
			return fmt.Errorf("metadata packet: %w", err)
		}
		if name == "colorInfo" {
			d.recolour(colour{codec: p.codec, told: readColour(value)})
		}
	}
	return nil
}

// recolour takes over a colour. The same one again changes nothing.
func (d *Demuxer) recolour(c colour) {
	if d.colour == c {
		return
	}
	d.colour = c
	newest := d.video.next
	if newest == nil {
		newest = d.video.track
	}
	if newest != nil {
		t := *newest
		t.Colour = d.video.own
		d.offerVideo(&t)
	}
}

// readColour reads a colorInfo. Undefined, or an object of nothing, takes back
// the ones before. What is out of range is as good as not told; so is a matrix
// of 0, which encoders write that know none: those of RGB say so in the media.
// bitDepth is passed over: the decoder's configuration has it.
func readColour(v any) media.Colour {
	o := properties(v)
	config := properties(o.Get("colorConfig"))
	point := func(name string) uint8 {
		if p := uint8(number(config.Get(name), math.MaxUint8)); p > 0 {
			return p
		}
		return media.ColourUnspecified
	}
	c := media.NewColour(point("colorPrimaries"), point("transferCharacteristics"), point("matrixCoefficients"), false)
	light := properties(o.Get("hdrCll"))
	c.Light = media.Light{
		MaxCLL:  uint16(math.Round(number(light.Get("maxCLL"), math.MaxUint16))),
		MaxFALL: uint16(math.Round(number(light.Get("maxFall"), math.MaxUint16))),
	}
	c.Mastering = readMastering(properties(o.Get("hdrMdcv")))
	return c
}

// readMastering reads an hdrMdcv, all of it or nothing: players trust it.
func readMastering(o Object) media.Mastering {
	const perLuminance, maxLuminance = 1e4, 1e5 // cd/m²; the specification ends at 1e4
	whole := true
	point := func(x, y string) media.Chromaticity {
		const perUnit = 50000
		c := media.Chromaticity{
			X: uint16(math.Round(number(o.Get(x), 1) * perUnit)),
			Y: uint16(math.Round(number(o.Get(y), 1) * perUnit)),
		}
		whole = whole && c.X > 0 && c.Y > 0
		return c
	}
	m := media.Mastering{
		Red: point("redX", "redY"), Green: point("greenX", "greenY"), Blue: point("blueX", "blueY"),
		White: point("whitePointX", "whitePointY"),
		Max:   uint32(math.Round(number(o.Get("maxLuminance"), maxLuminance) * perLuminance)),
		Min:   uint32(math.Round(number(o.Get("minLuminance"), maxLuminance) * perLuminance)),
	}
	if !whole || m.Min >= m.Max {
		return media.Mastering{}
	}
	return m
}

// properties returns the named values of an object of either kind, none of
// anything else.
func properties(v any) Object {
	switch v := v.(type) {
	case Object:
		return v
	case ECMAArray:
		return Object(v)
	}
	return nil
}
