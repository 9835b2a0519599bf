package mpegts

import (
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// startCode stands before each NAL unit (ITU-T H.264 annex B).
const startCode = "\x00\x00\x00\x01"

// Access unit delimiters that allow any kind of picture, which players and
// standards for broadcast want at the beginning of each (ITU-T H.264 7.3.2.4,
// H.265 7.3.2.5).
const (
	avcDelimiter  = startCode + "\x09\xf0"
	hevcDelimiter = startCode + "\x46\x01\x50"
)

// pictures are the units of a picture as PES packets.
type pictures struct {
	units     []media.AccessUnit
	dts       []int64 // time stamps
	at        int     // the unit that comes next
	delimiter string
	skip      func(nal []byte) bool // it says what the delimiter says
	sets      []byte                // parameter sets with start codes
}

func newPictures(units []media.AccessUnit) (*pictures, error) {
	t := units[0].Track
	if !Carries(t) || t.Kind() != media.Video {
		return nil, fmt.Errorf("%v in a transport stream: %w", t.Codec, media.ErrUnsupported)
	}
	sets, err := media.SetsOf(t)
	if err != nil {
		return nil, err
	}
	p := &pictures{
		units: units, delimiter: avcDelimiter,
		skip: func(nal []byte) bool { return media.AVCType(nal) == media.AVCDelimiter },
	}
	if t.Codec == media.H265 {
		p.delimiter = hevcDelimiter
		p.skip = func(nal []byte) bool { return media.HEVCType(nal) == media.HEVCDelimiter }
	}
	for _, nal := range sets.All() {
		p.sets = append(append(p.sets, startCode...), nal...)
	}
	p.dts = decodeTimes(units)
	return p, nil
}

// decodeTimes are the units' as stamps. A transport stream knows no picture
// that is shown before it is decoded: such a one, and those before it, are
// decoded sooner.
func decodeTimes(units []media.AccessUnit) []int64 {
	scale := units[0].Track.Timescale
	list := make([]int64, len(units))
	for i := len(units) - 1; i >= 0; i-- {
		list[i] = stamp(min(units[i].DTS, units[i].PTS), scale)
		if i+1 < len(list) {
			list[i] = min(list[i], list[i+1]-1)
		}
	}
	return list
}

// stamp is a time of a track's clock as a time stamp, before it wraps.
func stamp(ticks int64, scale uint32) int64 { return epoch + media.Rescale(ticks, pcrClock, scale) }

func (p *pictures) left() bool  { return p.at < len(p.units) }
func (p *pictures) time() int64 { return p.dts[p.at] }

func (p *pictures) next(pes []byte) (out []byte, key bool) {
	u := &p.units[p.at]
	pes = appendPESHeader(pes, idVideo, stamp(u.PTS, u.Track.Timescale), p.dts[p.at])
	pes = append(pes, p.delimiter...)
	if u.Key || p.at == 0 {
		pes = append(pes, p.sets...)
	}
	for nal := range media.NALUnits(u.Data) {
		if len(nal) > 0 && !p.skip(nal) {
			pes = append(append(pes, startCode...), nal...)
		}
	}
	setPESLength(pes)
	p.at++
	return pes, u.Key
}
