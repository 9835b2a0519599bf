package testkit

import (
	"bufio"
	"fmt"
	"io"
)

// maxAnswerBytes bounds one message of a server to an encoder.
const maxAnswerBytes = 64 << 10

// chunkReader puts the server's messages together (RTMP 1.0, 5.3.1).
type chunkReader struct {
	r       *bufio.Reader
	size    int
	streams [64]chunkStream // a server that uses larger ids is refused
}

type chunkStream struct {
	kind     byte
	length   int
	extended bool
	body     []byte
}

// message returns the next whole message's type and body.
func (c *chunkReader) message() (byte, []byte, error) {
	for {
		basic, err := c.r.ReadByte()
		if err != nil {
			return 0, nil, err
		}
		id := basic & 0x3f
		if id < 2 {
			return 0, nil, fmt.Errorf("chunk stream in the long form")
		}
		s := &c.streams[id]
		if err := c.header(s, basic>>6); err != nil {
			return 0, nil, err
		}
		if s.length > maxAnswerBytes {
			return 0, nil, fmt.Errorf("message of %d bytes", s.length)
		}
		n := min(c.size, s.length-len(s.body))
		piece := make([]byte, n)
		if _, err := io.ReadFull(c.r, piece); err != nil {
			return 0, nil, err
		}
		s.body = append(s.body, piece...)
		if len(s.body) == s.length {
			body := s.body
			s.body = nil
			return s.kind, body, nil
		}
	}
}

// headerBytes are those of a message header, by the chunk's format.
var headerBytes = [4]int{11, 7, 3, 0}

func (c *chunkReader) header(s *chunkStream, format byte) error {
	var h [11]byte
	if _, err := io.ReadFull(c.r, h[:headerBytes[format]]); err != nil {
		return err
	}
	if format < 3 {
		s.extended = h[0] == 0xff && h[1] == 0xff && h[2] == 0xff
	}
	if format < 2 {
		s.length = int(h[3])<<16 | int(h[4])<<8 | int(h[5])
		s.kind = h[6]
	}
	if s.extended {
		if _, err := c.r.Discard(4); err != nil {
			return err
		}
	}
	return nil
}
