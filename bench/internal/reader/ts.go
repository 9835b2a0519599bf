package reader

import (
	"encoding/binary"
	"fmt"
)

const (
	tsPacket = 188
	tsSync   = 0x47
)

// transportStream counts pictures in MPEG-TS: each begins a PES packet on the
// video's PID (ISO/IEC 13818-1 2.4.3). Tables are looked for in every
// segment; they must fit one packet, as those of live muxers do.
type transportStream struct {
	pmt, video uint16
}

func (t *transportStream) pictures(b []byte) (int, error) {
	pictures := 0
	for ; len(b) > 0; b = b[tsPacket:] {
		if len(b) < tsPacket || b[0] != tsSync {
			return 0, fmt.Errorf("lost the packets' sync, %d bytes before the end", len(b))
		}
		p := b[:tsPacket]
		starts := p[1]&0x40 != 0
		pid := binary.BigEndian.Uint16(p[1:]) & 0x1fff
		payload := p[4:]
		if p[3]&0x20 != 0 { // an adaptation field comes first
			payload = payload[min(len(payload), 1+int(payload[0])):]
		}
		if p[3]&0x10 == 0 || !starts {
			continue
		}
		switch {
		case pid == 0:
			if s := section(payload); len(s) >= 12 { // PAT 2.4.4.3: the first programme
				t.pmt = binary.BigEndian.Uint16(s[10:]) & 0x1fff
			}
		case pid == t.pmt && t.pmt != 0:
			t.table(section(payload))
		case pid == t.video && t.video != 0:
			// A PES packet of a video stream: 000001 and an id of E0 to EF.
			if len(payload) >= 4 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1 && payload[3]&0xf0 == 0xe0 {
				pictures++
			}
		}
	}
	return pictures, nil
}

// section skips the pointer field and returns the section without its CRC.
func section(payload []byte) []byte {
	if len(payload) == 0 || 1+int(payload[0])+3 > len(payload) {
		return nil
	}
	s := payload[1+int(payload[0]):]
	n := 3 + int(binary.BigEndian.Uint16(s[1:])&0xfff) - 4
	if n < 0 || n > len(s) {
		return nil
	}
	return s[:n]
}

// table reads a PMT (ISO/IEC 13818-1 2.4.4.8) for the video's PID.
func (t *transportStream) table(s []byte) {
	if len(s) < 12 {
		return
	}
	info := 12 + int(binary.BigEndian.Uint16(s[10:])&0xfff)
	if info > len(s) {
		return
	}
	for s = s[info:]; len(s) >= 5; {
		if s[0] == 0x1b || s[0] == 0x24 { // H.264, H.265
			t.video = binary.BigEndian.Uint16(s[1:]) & 0x1fff
			return
		}
		s = s[min(len(s), 5+int(binary.BigEndian.Uint16(s[3:])&0xfff)):]
	}
}
