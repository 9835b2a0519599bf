package mpegts

import (
	"encoding/binary"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Opus in a transport stream: each packet behind a control header, whose first
// eleven bits are set but one, and the channels' order as a code of a
// descriptor.
const (
	opusPrefix     = 0x7fe0
	opusPrefixMask = 0xffe0
	opusStartTrim  = 0x10
	opusEndTrim    = 0x08
	opusExtension  = 0x04
	maxOpusCode    = 8
)

// opusLayouts are the streams, of which so many are coupled, and the order of
// one to eight channels (RFC 7845 5.1.1.2 with libopus's own layouts, which
// the mapping's codes mean).
var opusLayouts = [maxOpusCode + 1]struct {
	streams, coupled byte
	order            string
}{
	1: {1, 0, "\x00"},
	2: {1, 1, "\x00\x01"},
	3: {2, 1, "\x00\x02\x01"},
	4: {2, 2, "\x00\x01\x02\x03"},
	5: {3, 2, "\x00\x04\x01\x02\x03"},
	6: {4, 2, "\x00\x04\x01\x02\x03\x05"},
	7: {4, 3, "\x00\x04\x01\x02\x03\x05\x06"},
	8: {5, 3, "\x00\x06\x01\x02\x03\x04\x05\x07"},
}

// opusCode is the channel configuration code of a track, 0 when there is none
// for it. Config is the body of dOps.
func opusCode(t *media.Track) byte {
	const family, mapping = 10, 11
	c := t.Config
	if len(c) <= family || c[1] == 0 || c[1] > maxOpusCode {
		return 0
	}
	code := c[1]
	switch {
	case c[family] == 0 && code <= 2:
		return code
	case c[family] != 1:
		return 0
	}
	l := opusLayouts[code]
	if string(c[mapping:]) != string([]byte{l.streams, l.coupled})+l.order {
		return 0
	}
	return code
}

// opusTrack makes the track of a channel configuration code, nil when it is
// none that we know. How many samples a decoder should skip at the beginning
// is not told.
func opusTrack(code byte) *media.Track {
	const rate = 48000
	if code == 0 || code > maxOpusCode {
		return nil
	}
	head := append([]byte("OpusHead"), 1, code, 0, 0)
	head = binary.LittleEndian.AppendUint32(head, rate)
	head = append(head, 0, 0)
	if code <= 2 {
		head = append(head, 0)
	} else {
		l := opusLayouts[code]
		head = append(append(head, 1, l.streams, l.coupled), l.order...)
	}
	t, err := media.ParseOpusHead(head)
	if err != nil {
		return nil
	}
	return t
}

// appendOpus appends a packet behind its control header.
func appendOpus(dst, packet []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, opusPrefix)
	n := len(packet)
	for ; n >= 0xff; n -= 0xff {
		dst = append(dst, 0xff)
	}
	return append(append(dst, byte(n)), packet...)
}

// cutOpus returns the first packet of a PES packet's data and what follows it;
// ok is false when there is none, or no whole one.
func cutOpus(b []byte) (packet, rest []byte, ok bool) {
	if len(b) < 3 || binary.BigEndian.Uint16(b)&opusPrefixMask != opusPrefix {
		return nil, nil, false
	}
	flags := b[1]
	b = b[2:]
	size := 0
	for {
		if len(b) == 0 {
			return nil, nil, false
		}
		v := b[0]
		size += int(v)
		if b = b[1:]; v != 0xff {
			break
		}
	}
	for _, trim := range []byte{opusStartTrim, opusEndTrim} {
		if flags&trim == 0 {
			continue
		}
		if len(b) < 2 {
			return nil, nil, false
		}
		b = b[2:]
	}
	if flags&opusExtension != 0 {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			return nil, nil, false
		}
		b = b[1+int(b[0]):]
	}
	if size == 0 || size > len(b) {
		return nil, nil, false
	}
	return b[:size], b[size:], true
}
