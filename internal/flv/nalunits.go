package flv

import (
	"encoding/binary"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// nalUnits turns the NAL units of one picture into an access unit's data: with
// lengths of four bytes and without what belongs elsewhere or means nothing
// (parameter sets, delimiters, filler). It works in place, and moves bytes
// only behind a unit that was left out of the middle. The tag's own key flag
// plays no part: key is whether decoding can start here by the types of the
// units, since encoders mark recovery points and even plain pictures.
//
// Parameter sets that differ from the track's make a new track at the next
// key picture, this one included.
func (d *Demuxer) nalUnits(codec fourCC, body []byte) (data []byte, key bool, err error) {
	v := &d.video
	if v.sets == nil { // no sequence header came: all may be in the media
		v.codec, v.lengthSize, v.sets = codec, 4, media.NewParameterSets(codec.codec())
	}
	if v.lengthSize != 4 {
		if body, err = widenLengths(body, v.lengthSize); err != nil {
			return nil, false, err
		}
	}
	kept := gather{b: body}
	for at := 0; at < len(body); {
		n, err := unitLength(body[at:], 4)
		if err != nil {
			return nil, false, err
		}
		nal := body[at+4 : at+4+n]
		role := nalRole(codec, nal)
		switch role {
		case parameterSet:
			// A set that cannot be read is as good as none: the pictures
			// decode by the ones before it or not at all.
			if changed, err := v.sets.Add(nal); err == nil && changed {
				v.changed = true
			}
		case randomAccess:
			key = true
		}
		if role == randomAccess || role == content {
			kept.keep(at, at+4+n)
		}
		at += 4 + n
	}
	if key && v.changed {
		d.adoptSets()
	}
	return kept.data(), key, nil
}

// adoptSets offers the track of the collected parameter sets. While one that
// is needed is missing the track stays as it is.
func (d *Demuxer) adoptSets() {
	v := &d.video
	v.changed = false
	if t, err := v.sets.Track(); err == nil {
		d.offerVideo(t)
	}
}

// Roles of a NAL unit in an access unit.
type role byte

const (
	content role = iota
	randomAccess
	parameterSet
	dropped
)

func nalRole(codec fourCC, nal []byte) role {
	if codec == fourCCAVC {
		switch media.AVCType(nal) {
		case media.AVCIDR:
			return randomAccess
		case media.AVCSPS, media.AVCPPS:
			return parameterSet
		case media.AVCDelimiter, media.AVCFiller, 0:
			return dropped
		}
		return content
	}
	switch t := media.HEVCType(nal); {
	case t >= media.HEVCFirstIRAP && t <= media.HEVCLastIRAP:
		return randomAccess
	case t == media.HEVCVPS, t == media.HEVCSPS, t == media.HEVCPPS:
		return parameterSet
	case t == media.HEVCDelimiter, t == media.HEVCFiller, t < 0:
		return dropped
	}
	return content
}

// unitLength reads the length of size bytes before a NAL unit and checks that
// the unit ends within b.
func unitLength(b []byte, size int) (int, error) {
	if len(b) < size {
		return 0, fmt.Errorf("NAL unit length: %w", errShort)
	}
	n := uint64(0)
	for _, c := range b[:size] {
		n = n<<8 | uint64(c)
	}
	if n > uint64(len(b)-size) {
		return 0, fmt.Errorf("NAL unit of %d bytes in %d: %w", n, len(b)-size, errShort)
	}
	return int(n), nil
}

// widenLengths copies NAL units behind lengths of size bytes to lengths of
// four. Hardly any encoder needs it.
func widenLengths(b []byte, size int) ([]byte, error) {
	out := make([]byte, 0, len(b)+64)
	for len(b) > 0 {
		n, err := unitLength(b, size)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = binary.BigEndian.AppendUint32(out, uint32(n))
			out = append(out, b[size:size+n]...)
		}
		b = b[size+n:]
	}
	return out, nil
}

// gather closes the gaps between the kept ranges of b, in place. Ranges are
// kept in their order.
type gather struct {
	b          []byte
	start, end int // of what was kept
}

func (g *gather) keep(from, to int) {
	if g.start == g.end {
		g.start, g.end = from, from
	}
	if from != g.end {
		copy(g.b[g.end:], g.b[from:to])
	}
	g.end += to - from
}

func (g *gather) data() []byte { return g.b[g.start:g.end:g.end] }
