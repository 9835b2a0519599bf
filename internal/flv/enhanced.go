package flv

import (
	"encoding/binary"
	"errors"
)

// errShort is returned, wrapped, for a tag that ends within its header.
var errShort = errors.New("ends too early")

// packetType says what a tag's body is. The values are those of Enhanced
// RTMP's VideoPacketType, to which the other headers are brought.
type packetType byte

const (
	sequenceStart   packetType = 0
	codedFrames     packetType = 1
	sequenceEnd     packetType = 2
	codedFramesX    packetType = 3 // of video: without a composition time
	videoMetadata   packetType = 4
	mpeg2TSStart    packetType = 5
	audioMultitrack packetType = 5
	videoMultitrack packetType = 6
	modEx           packetType = 7
)

// Kinds of multitrack packets (AvMultitrackType).
const (
	oneTrack        = 0
	manyTracksCodec = 2 // each with a codec of its own
)

type fourCC uint32

func makeFourCC(s string) fourCC { return fourCC(binary.BigEndian.Uint32([]byte(s))) }

const (
	fourCCAVC  fourCC = 'a'<<24 | 'v'<<16 | 'c'<<8 | '1'
	fourCCHEVC fourCC = 'h'<<24 | 'v'<<16 | 'c'<<8 | '1'
	fourCCAV1  fourCC = 'a'<<24 | 'v'<<16 | '0'<<8 | '1'
	fourCCAAC  fourCC = 'm'<<24 | 'p'<<16 | '4'<<8 | 'a'
	fourCCOpus fourCC = 'O'<<24 | 'p'<<16 | 'u'<<8 | 's'
)

// packet is a tag's content once its header is read, whatever the header's
// form.
type packet struct {
	typ    packetType
	codec  fourCC
	nanos  int64 // to be added to the tag's time; below a millisecond
	body   []byte
	first  bool // the tag holds track 0
	others int  // how many further tracks it holds
}

// frames is how many coded frames n tracks of the packet are.
func (p *packet) frames(n int) int {
	if p.typ == codedFrames || p.typ == codedFramesX {
		return n
	}
	return 0
}

// readEnhanced reads an extended header behind its first byte, which gave
// typ (Enhanced RTMP v2, ExVideoTagHeader and ExAudioTagHeader). multitrack is
// the kind's number for packets of several tracks, of which only track 0 is
// returned: by the specification the one of highest priority.
func readEnhanced(typ, multitrack packetType, b []byte) (packet, error) {
	p := packet{typ: typ}
	var err error
	if p.typ != multitrack {
		p.first = true
		p.codec, p.body, err = takeFourCC(b)
		return p, err
	}
	if len(b) < 1 {
		return p, errShort
	}
	kind := b[0] >> 4
	p.typ, b = packetType(b[0]&15), b[1:]
	if kind != manyTracksCodec {
		if p.codec, b, err = takeFourCC(b); err != nil {
			return p, err
		}
	}
	for len(b) > 0 {
		codec, id, body, rest, err := takeTrack(kind, p.codec, b)
		if err != nil {
			return p, err
		}
		b = rest
		switch {
		case id != 0:
			p.others++
		case !p.first:
			p.codec, p.body, p.first = codec, body, true
		}
	}
	return p, nil
}

// takeTrack reads one track of a multitrack packet. codec is that of the whole
// packet.
func takeTrack(kind byte, codec fourCC, b []byte) (c fourCC, id byte, body, rest []byte, err error) {
	if kind == manyTracksCodec {
		if codec, b, err = takeFourCC(b); err != nil {
			return 0, 0, nil, nil, err
		}
	}
	if len(b) < 1 {
		return 0, 0, nil, nil, errShort
	}
	id, b = b[0], b[1:]
	if kind == oneTrack {
		return codec, id, b, nil, nil
	}
	if len(b) < 3 {
		return 0, 0, nil, nil, errShort
	}
	n := int(uint24(b))
	b = b[3:]
	if n > len(b) {
		return 0, 0, nil, nil, errShort
	}
	return codec, id, b[:n:n], b[n:], nil
}

// readModEx passes over the modifiers before a packet (ModEx) and returns the
// packet's type and the last nanosecond offset.
func readModEx(typ packetType, b []byte) (next packetType, nanos int64, rest []byte, err error) {
	const timestampOffsetNano = 0
	for typ == modEx {
		if len(b) < 1 {
			return 0, 0, nil, errShort
		}
		n := int(b[0]) + 1
		b = b[1:]
		if n == 256 {
			if len(b) < 2 {
				return 0, 0, nil, errShort
			}
			n = int(binary.BigEndian.Uint16(b)) + 1
			b = b[2:]
		}
		if len(b) < n+1 {
			return 0, 0, nil, errShort
		}
		// An offset of a millisecond and more cannot be meant: the tag's own
		// time holds those.
		if b[n]>>4 == timestampOffsetNano && n >= 3 && uint24(b) < 1e6 {
			nanos = int64(uint24(b))
		}
		typ, b = packetType(b[n]&15), b[n+1:]
	}
	return typ, nanos, b, nil
}

func takeFourCC(b []byte) (fourCC, []byte, error) {
	if len(b) < 4 {
		return 0, nil, errShort
	}
	return fourCC(binary.BigEndian.Uint32(b)), b[4:], nil
}

func uint24(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }

// int24 reads a signed number of three bytes (SI24).
func int24(b []byte) int64 { return int64(int32(uint24(b)<<8) >> 8) }
