package flv

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// headerOf returns the sequence header of a kind in a file, behind its tag
// header of five bytes.
func headerOf(t testing.TB, name string, typ TagType) []byte {
	t.Helper()
	for _, tag := range tags(t, name) {
		if tag.typ == typ {
			if typ == TagAudio && tag.body[0]>>4 == 10 {
				return tag.body[2:]
			}
			return tag.body[5:]
		}
	}
	require.FailNow(t, "no header")
	return nil
}

// setsOf returns the parameter sets in a configuration record.
func setsOf(t testing.TB, codec media.Codec, record []byte) (nals [][]byte) {
	t.Helper()
	parse, skip := media.ParseAVCConfig, 5
	if codec == media.H265 {
		parse, skip = media.ParseHEVCConfig, 22
	}
	track, err := parse(record)
	require.NoError(t, err)
	b := track.Config[skip:]
	arrays := 2
	if codec == media.H265 {
		arrays, b = int(b[0]), b[1:]
	}
	for range arrays {
		count := int(b[0] & 31)
		b = b[1:]
		if codec == media.H265 {
			count, b = int(b[1]), b[2:]
		}
		for range count {
			n := int(binary.BigEndian.Uint16(b))
			nals = append(nals, b[2:2+n])
			b = b[2+n:]
		}
	}
	return nals
}

// units puts a length of size bytes before each NAL unit.
func units(size int, nals ...[]byte) []byte {
	var b []byte
	for _, nal := range nals {
		n := binary.BigEndian.AppendUint32(nil, uint32(len(nal)))
		b = append(append(b, n[4-size:]...), nal...)
	}
	return b
}

// avcTag is a legacy video tag of codec id 7.
func avcTag(frame, typ byte, composition int32, body []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(composition))
	return append([]byte{frame<<4 | 7, typ, c[1], c[2], c[3]}, body...)
}

// exVideo and exAudio are extended tags of one track.
func exVideo(frame byte, typ packetType, fourCC string, body []byte) []byte {
	return append(append([]byte{0x80 | frame<<4 | byte(typ)}, fourCC...), body...)
}

func exAudio(typ packetType, fourCC string, body []byte) []byte {
	return append(append([]byte{0x90 | byte(typ)}, fourCC...), body...)
}

// feed gives the demuxer one tag that must be good.
func feed(t testing.TB, d *Demuxer, typ TagType, ms int64, body []byte) Event {
	t.Helper()
	e, err := d.Tag(typ, ms, body)
	require.NoError(t, err)
	return e
}

var (
	idr   = []byte{0x65, 0x88, 0x80, 1, 2, 3}
	slice = []byte{0x41, 0x9a, 4, 5, 6}
	sei   = []byte{0x06, 0x05, 0x01, 0xff, 0x80}
	aud   = []byte{0x09, 0xf0}
)
