package flv

import (
	"encoding/binary"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	frameInter = 2 // of frame types: decoding cannot start here

	// maxTagBody is what a tag's DataSize can tell (Adobe FLV 10.1, E.4.1).
	maxTagBody = 1<<24 - 1
	// maxMediaHeader is the longest header before coded frames: that of an
	// extended video tag with a composition time.
	maxMediaHeader = 8
	// maxTimestamp keeps times positive in the signed 32 bits of a tag. They
	// begin again at 0 after 24.8 days.
	maxTimestamp = 1<<31 - 1
)

// UnitBytes is the most that AppendUnit appends for a unit.
func UnitBytes(u *media.AccessUnit) int {
	return tagHeaderBytes + maxMediaHeader + len(u.Data) + backLinkBytes
}

// AppendUnit appends a unit as a tag and returns dst: H.264 and AAC in the
// form that every player knows, H.265, AV1 and Opus in that of Enhanced RTMP
// v2. Its time is the unit's DTS in milliseconds, so that the tags of all
// tracks are on one timeline. A unit above 16 MB is left out: the format has no
// form for it.
func AppendUnit(dst []byte, u *media.AccessUnit) []byte {
	if len(u.Data)+maxMediaHeader > maxTagBody {
		return dst
	}
	ms := media.Rescale(u.DTS, 1000, u.Track.Timescale)
	composition := media.Rescale(u.PTS, 1000, u.Track.Timescale) - ms
	dst, start := openTag(dst, tagOf(u.Track), ms)
	dst = appendMediaHeader(dst, u.Track.Codec, codedFrames, u.Key, composition)
	return closeTag(append(dst, u.Data...), start)
}

// AppendSequenceHeader appends the tag that says what a decoder of the track
// must know, at a time in milliseconds. It goes before the track's first unit.
func AppendSequenceHeader(dst []byte, t *media.Track, ms int64) []byte {
	config := t.Config
	if t.Codec == media.Opus {
		config = media.OpusHead(t)
	}
	dst, start := openTag(dst, tagOf(t), ms)
	dst = appendMediaHeader(dst, t.Codec, sequenceStart, true, 0)
	return closeTag(append(dst, config...), start)
}

func tagOf(t *media.Track) TagType {
	if t.Kind() == media.Video {
		return TagVideo
	}
	return TagAudio
}

// appendMediaHeader appends what stands before a tag's payload: VideoTagHeader
// or AudioTagHeader (Adobe FLV 10.1, E.4.3.1 and E.4.2.1), or their extended
// forms (Enhanced RTMP v2, ExVideoTagHeader and ExAudioTagHeader).
func appendMediaHeader(dst []byte, c media.Codec, typ packetType, key bool, composition int64) []byte {
	frame := byte(frameInter)
	if key {
		frame = frameKey
	}
	switch c {
	case media.H264:
		dst = append(dst, frame<<4|7, byte(typ))
		return appendInt24(dst, composition)
	case media.AAC: // 10: AAC, which is always told as 44 kHz, 16 bits, stereo
		return append(dst, 0xaf, byte(typ))
	case media.H265:
		if typ == codedFrames && composition == 0 {
			typ = codedFramesX
		}
		dst = appendFourCC(append(dst, 0x80|frame<<4|byte(typ)), fourCCHEVC)
		if typ == codedFrames {
			dst = appendInt24(dst, composition)
		}
		return dst
	case media.AV1: // which has no composition time
		return appendFourCC(append(dst, 0x80|frame<<4|byte(typ)), fourCCAV1)
	case media.Opus:
		return appendFourCC(append(dst, 0x90|byte(typ)), fourCCOpus)
	}
	return dst
}

// openTag appends a tag's header, whose size closeTag fills in.
func openTag(dst []byte, typ TagType, ms int64) (b []byte, start int) {
	t := uint32(ms) & maxTimestamp
	return append(dst, byte(typ), 0, 0, 0, byte(t>>16), byte(t>>8), byte(t), byte(t>>24), 0, 0, 0), len(dst)
}

func closeTag(b []byte, start int) []byte {
	size := len(b) - start - tagHeaderBytes
	b[start+1], b[start+2], b[start+3] = byte(size>>16), byte(size>>8), byte(size)
	return binary.BigEndian.AppendUint32(b, uint32(size+tagHeaderBytes))
}

func appendFourCC(dst []byte, c fourCC) []byte { return binary.BigEndian.AppendUint32(dst, uint32(c)) }

// appendInt24 appends a signed number of three bytes (SI24), the nearest that
// there is.
func appendInt24(dst []byte, v int64) []byte {
	v = max(-1<<23, min(1<<23-1, v))
	return append(dst, byte(v>>16), byte(v>>8), byte(v))
}
