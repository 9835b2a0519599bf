package main

import (
	"encoding/binary"
	"math"
	"slices"
)

// The types of messages (RTMP 1.0 5.4, 7.1) that sessions are made of.
const (
	typeSetChunkSize = 1
	typeAudio        = 8
	typeVideo        = 9
	typeData         = 18
	typeCommand      = 20
	typeAggregate    = 22
)

// The chunk streams that librtmp uses.
const (
	csidControl = 2
	csidCommand = 3
	csidAudio   = 4
	csidData    = 5
	csidVideo   = 6
)

const (
	firstChunkSize = 128
	handshakeSize  = 1536
	far            = 0xffffff // the time follows in 32 bits (5.3.1.3)
)

// message is one message, and the lies that its headers tell.
type message struct {
	csid   uint32
	kind   byte
	stream uint32
	time   uint32
	body   []byte

	format byte  // of the header, 0 to 3 (5.3.1.2)
	claim  int32 // added to the length that the header tells
	deaf   bool  // a Set Chunk Size that its own sender does not obey
}

// appendSession writes what goes to the wire: C0, C1 and C2, and the messages
// behind them, none of which waits for an answer.
func appendSession(b []byte, all []message) []byte {
	b = append(b, 3)
	b = append(b, make([]byte, 2*handshakeSize)...)
	size := firstChunkSize
	for i := range all {
		m := &all[i]
		b = m.append(b, size)
		if m.kind == typeSetChunkSize && len(m.body) >= 4 && !m.deaf {
			if n := int(binary.BigEndian.Uint32(m.body) & math.MaxInt32); n > 0 {
				size = n
			}
		}
	}
	return b
}

// append writes the message in chunks of a size.
func (m *message) append(b []byte, size int) []byte {
	b = m.basic(b, m.format&3)
	if m.format&3 < 3 {
		b = uint24(b, min(m.time, far))
	}
	if m.format&3 < 2 {
		b = uint24(b, uint32(int32(len(m.body))+m.claim))
		b = append(b, m.kind)
	}
	if m.format&3 == 0 {
		b = binary.LittleEndian.AppendUint32(b, m.stream)
	}
	rest := m.body
	for first := true; first || len(rest) > 0; first = false {
		if !first {
			b = m.basic(b, 3)
		}
		if m.time >= far {
			b = binary.BigEndian.AppendUint32(b, m.time)
		}
		n := min(len(rest), size)
		b, rest = append(b, rest[:n]...), rest[n:]
	}
	return b
}

// basic writes a basic header (5.3.1.1).
func (m *message) basic(b []byte, format byte) []byte {
	switch {
	case m.csid < 64:
		return append(b, format<<6|byte(m.csid))
	case m.csid < 320:
		return append(b, format<<6, byte(m.csid-64))
	}
	return append(b, format<<6|1, byte(m.csid-64), byte((m.csid-64)>>8))
}

func uint24(b []byte, v uint32) []byte { return append(b, byte(v>>16), byte(v>>8), byte(v)) }

// AMF0 values, as far as commands need them.

func number(v float64) []byte {
	return binary.BigEndian.AppendUint64([]byte{0}, math.Float64bits(v))
}

func text(s string) []byte { return append([]byte{2, byte(len(s) >> 8), byte(len(s))}, s...) }

func null() []byte { return []byte{5} }

func object(pairs ...string) []byte {
	b := []byte{3}
	for i := 0; i+1 < len(pairs); i += 2 {
		b = append(b, text(pairs[i])[1:]...)
		b = append(b, text(pairs[i+1])...)
	}
	return append(b, 0, 0, 9)
}

func commandMessage(stream uint32, values ...[]byte) message {
	return message{csid: csidCommand, kind: typeCommand, stream: stream, body: slices.Concat(values...)}
}

func setChunkSize(n uint32) message {
	return message{csid: csidControl, kind: typeSetChunkSize, body: binary.BigEndian.AppendUint32(nil, n)}
}
