package mpegts

import (
	"errors"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// adtsSize is that of an ADTS header without a checksum (ISO/IEC 14496-3
// 1.A.3.2).
const adtsSize = 7

// maxADTS is what the length of a frame, header included, has room for.
const maxADTS = 1<<13 - 1

var (
	errADTS      = errors.New("no ADTS frame")
	errShortADTS = errors.New("the end of an ADTS frame is to come")
)

// adts is what the headers of a track's frames have in common.
type adts struct{ profile, rate, channels byte }

// adtsOf reads an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1). ADTS tells the
// core coding only: a decoder finds SBR and PS by itself.
func adtsOf(t *media.Track) (adts, error) {
	c := t.Config
	if t.Codec != media.AAC || len(c) < 2 {
		return adts{}, fmt.Errorf("ADTS of %v: %w", t.Codec, media.ErrUnsupported)
	}
	object, rate, channels := c[0]>>3, c[0]&7<<1|c[1]>>7, c[1]>>3&0x0f
	const sbr, ps, main, ltp, explicit = 5, 29, 1, 4, 15
	if object == sbr || object == ps { // the core's type stands behind the rate that is played
		if len(c) < 3 || c[1]&7<<1|c[2]>>7 == explicit {
			return adts{}, fmt.Errorf("ADTS of an unusual rate: %w", media.ErrUnsupported)
		}
		object = c[2] >> 2 & 0x1f
	}
	if object < main || object > ltp || rate == explicit || channels == 0 || channels > 7 || t.SamplesPerFrame != 1024 {
		return adts{}, fmt.Errorf("ADTS of object type %d, rate %d, channels %d: %w", object, rate, channels, media.ErrUnsupported)
	}
	return adts{profile: object - 1, rate: rate, channels: channels}, nil
}

// append appends a frame behind its header. The frame is at most maxADTS less
// the header.
func (a adts) append(dst, frame []byte) []byte {
	const mpeg4, full = 0xf1, 0x7ff // no checksum; buffer fullness: not told
	n := adtsSize + len(frame)
	dst = append(dst, 0xff, mpeg4,
		a.profile<<6|a.rate<<2|a.channels>>2,
		a.channels<<6|byte(n>>11),
		byte(n>>3),
		byte(n<<5)|full>>6,
		full&0x3f<<2)
	return append(dst, frame...)
}

// cutADTS reads the frame that b, which is not empty, begins with. Its error
// is one of the two above.
func cutADTS(b []byte) (a adts, frame, rest []byte, err error) {
	if b[0] != 0xff || len(b) > 1 && b[1]&0xf6 != 0xf0 { // syncword, layer
		return a, nil, nil, errADTS
	}
	if len(b) < adtsSize {
		return a, nil, nil, errShortADTS
	}
	a = adts{profile: b[2] >> 6, rate: b[2] >> 2 & 0x0f, channels: b[2]&1<<2 | b[3]>>6}
	n := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	header := adtsSize
	if b[1]&1 == 0 { // a checksum
		header += 2
	}
	if b[6]&3 != 0 || n <= header { // several blocks in a frame, which nobody writes
		return a, nil, nil, errADTS
	}
	if n > len(b) {
		return a, nil, nil, errShortADTS
	}
	return a, b[header:n], b[n:], nil
}

// track makes the track of frames with such headers.
func (a adts) track() (*media.Track, error) {
	object := a.profile + 1
	return media.ParseAAC([]byte{object<<3 | a.rate>>1, a.rate<<7 | a.channels<<3})
}
