package rtmppush

import (
	"encoding/binary"
	"fmt"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// Walker finds the messages of audio and video in what a server sends to who
// plays, which comes in pieces of any size. It looks at headers alone and keeps
// nothing else.
type Walker struct {
	size    int // of chunks
	streams map[byte]*walked

	head [1 + 11 + 4]byte // of the chunk that begins
	have int
	at   *walked // whose chunk goes on; nil between two
	rest int     // bytes of that chunk
}

// walked is a chunk stream.
type walked struct {
	kind     byte
	time     uint32
	step     uint32
	length   int
	come     int     // bytes of the message so far
	first    [4]byte // of its body
	extended bool
}

func newWalker(chunkSize int) *Walker {
	return &Walker{size: chunkSize, streams: map[byte]*walked{}}
}

// Walk takes the next piece and appends the messages that end in it.
func (w *Walker) Walk(b []byte, seen []flvclip.Seen) ([]flvclip.Seen, error) {
	for len(b) > 0 {
		if w.at == nil {
			w.head[w.have] = b[0]
			w.have++
			b = b[1:]
			if err := w.header(); err != nil {
				return seen, err
			}
		} else {
			b = w.body(b)
		}
		s := w.at
		if s == nil || w.rest > 0 {
			continue
		}
		w.at = nil
		if s.come < s.length {
			continue
		}
		s.come = 0
		body := s.first[:min(s.length, len(s.first))]
		switch s.kind {
		case flvclip.Audio, flvclip.Video:
			seen = append(seen, flvclip.See(flvclip.Tag{Type: s.kind, Time: s.time, Body: body}, s.length))
		case typeSetChunkSize:
			if len(body) < 4 || body[0] > 0 || binary.BigEndian.Uint32(body) == 0 {
				return seen, fmt.Errorf("walk rtmp: a chunk size of %x", body)
			}
			w.size = int(binary.BigEndian.Uint32(body))
		}
	}
	return seen, nil
}

// body takes bytes of the chunk that goes on.
func (w *Walker) body(b []byte) []byte {
	s := w.at
	n := min(w.rest, len(b))
	if s.come < len(s.first) {
		copy(s.first[s.come:], b[:n])
	}
	s.come += n
	w.rest -= n
	return b[n:]
}

// header begins the chunk once its header is whole (RTMP 1.0 5.3.1).
func (w *Walker) header() error {
	format, id := w.head[0]>>6, w.head[0]&0x3f
	if id < 2 {
		return fmt.Errorf("walk rtmp: a chunk stream with a number of %d bytes", 2+id)
	}
	fields := [4]int{11, 7, 3, 0}[format]
	if w.have < 1+fields {
		return nil
	}
	s := w.streams[id]
	if s == nil {
		if format != 0 {
			return fmt.Errorf("walk rtmp: chunk stream %d begins with format %d", id, format)
		}
		s = &walked{}
		w.streams[id] = s
	}
	h := w.head[1:]
	if format < 3 {
		s.extended = h[0] == 0xff && h[1] == 0xff && h[2] == 0xff
	}
	if s.extended {
		if w.have < 1+fields+4 {
			return nil
		}
	}
	s.begin(format, h[:fields], w.head[1+fields:])
	w.have, w.at, w.rest = 0, s, min(w.size, s.length-s.come)
	return nil
}

// begin reads the fields of a header, which stand as they were where it has
// none.
func (s *walked) begin(format byte, fields, extended []byte) {
	if format < 3 {
		s.step = uint32(fields[0])<<16 | uint32(fields[1])<<8 | uint32(fields[2])
		if s.extended {
			s.step = binary.BigEndian.Uint32(extended)
		}
	}
	if format < 2 {
		s.length = int(fields[3])<<16 | int(fields[4])<<8 | int(fields[5])
		s.kind = fields[6]
	}
	switch {
	case s.come > 0: // the message goes on
	case format == 0:
		s.time = s.step
	default:
		s.time += s.step
	}
}
