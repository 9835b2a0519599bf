package rtmppush

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// The message types of RTMP 1.0 5.4 and 7.1 that are used here.
const (
	typeSetChunkSize = 1
	typeAck          = 3
	typeUserControl  = 4
	typeWindowAck    = 5
	typeCommand      = 20
)

const (
	// chunkSize is what this side sends in: that of OBS and librtmp.
	chunkSize = 4096
	// maxMessage bounds what a server can make this side remember.
	maxMessage = 1 << 20
	// extended is the value of a time field that says that the time follows
	// in 32 bits (RTMP 1.0 5.3.1.3).
	extended = 0xffffff
)

// message is one RTMP message.
type message struct {
	kind   byte
	stream uint32
	time   uint32 // absolute milliseconds; of appendDelta the step from the one before
	body   []byte
}

// appendMessage writes a message with a full header (chunk type 0).
func appendMessage(b []byte, csid byte, m message) []byte {
	b = appendBasic(b, csid, m)
	b = binary.LittleEndian.AppendUint32(b, m.stream)
	return appendBody(b, csid, m)
}

// appendDelta writes a message whose time is a step from the one before on
// the same chunk stream (chunk type 1). Its bytes do not depend on the stream
// or on how long it has run, so all sessions share them.
func appendDelta(b []byte, csid byte, m message) []byte {
	return appendBody(appendBasic(b, 1<<6|csid, m), csid, m)
}

func appendBasic(b []byte, basic byte, m message) []byte {
	b = append(b, basic)
	b = appendUint24(b, min(m.time, extended))
	b = appendUint24(b, uint32(len(m.body)))
	return append(b, m.kind)
}

func appendBody(b []byte, csid byte, m message) []byte {
	rest := m.body
	for first := true; first || len(rest) > 0; first = false {
		if !first {
			b = append(b, 3<<6|csid)
		}
		if m.time >= extended { // repeated in every chunk, as Flash and ffmpeg do
			b = binary.BigEndian.AppendUint32(b, m.time)
		}
		n := min(len(rest), chunkSize)
		b, rest = append(b, rest[:n]...), rest[n:]
	}
	return b
}

func appendUint24(b []byte, v uint32) []byte { return append(b, byte(v>>16), byte(v>>8), byte(v)) }

// chunkReader reads what the server says.
type chunkReader struct {
	r       *bufio.Reader
	size    int
	streams map[uint32]*chunkStream
}

type chunkStream struct {
	message
	length   int
	extended bool
}

func newChunkReader(r *bufio.Reader) *chunkReader {
	return &chunkReader{r: r, size: 128, streams: map[uint32]*chunkStream{}}
}

// next returns the next whole message. Times are not kept up: a publisher
// has no use for them.
func (c *chunkReader) next() (message, error) {
	for {
		s, err := c.header()
		if err != nil {
			return message{}, err
		}
		n := min(s.length-len(s.body), c.size)
		start := len(s.body)
		s.body = append(s.body, make([]byte, n)...)
		if _, err := io.ReadFull(c.r, s.body[start:]); err != nil {
			return message{}, fmt.Errorf("read chunk: %w", err)
		}
		if len(s.body) < s.length {
			continue
		}
		m := s.message
		s.body = nil
		if m.kind == typeSetChunkSize && len(m.body) >= 4 {
			c.size = int(binary.BigEndian.Uint32(m.body) & 0x7fffffff)
			if c.size == 0 || c.size > maxMessage {
				return message{}, fmt.Errorf("chunk size %d is out of bounds", c.size)
			}
			continue
		}
		return m, nil
	}
}

// header reads a chunk's basic and message header (RTMP 1.0 5.3.1).
func (c *chunkReader) header() (*chunkStream, error) {
	basic, err := c.r.ReadByte()
	if err != nil {
		return nil, err
	}
	format, id := basic>>6, uint32(basic&0x3f)
	if id < 2 {
		var more [2]byte
		if _, err := io.ReadFull(c.r, more[:id+1]); err != nil {
			return nil, fmt.Errorf("read chunk header: %w", err)
		}
		id = 64 + uint32(more[0]) + uint32(more[1])<<8
	}
	s := c.streams[id]
	if s == nil {
		if format != 0 || len(c.streams) >= 64 {
			return nil, fmt.Errorf("chunk stream %d begins with format %d", id, format)
		}
		s = &chunkStream{}
		c.streams[id] = s
	}
	var h [11]byte
	fields := h[:[4]int{11, 7, 3, 0}[format]]
	if _, err := io.ReadFull(c.r, fields); err != nil {
		return nil, fmt.Errorf("read chunk header: %w", err)
	}
	if format <= 2 {
		s.extended = h[0] == 0xff && h[1] == 0xff && h[2] == 0xff
	}
	if format <= 1 {
		s.length = int(h[3])<<16 | int(h[4])<<8 | int(h[5])
		s.kind = h[6]
		s.body = nil
		if s.length > maxMessage {
			return nil, fmt.Errorf("message of %d bytes is over the bound", s.length)
		}
	}
	if format == 0 {
		s.stream = binary.LittleEndian.Uint32(h[7:])
	}
	if s.extended {
		if _, err := c.r.Discard(4); err != nil {
			return nil, fmt.Errorf("read chunk header: %w", err)
		}
	}
	return s, nil
}
