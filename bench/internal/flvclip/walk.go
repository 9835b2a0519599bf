package flvclip

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Seen is what a walker tells of a tag, once all of it has come.
type Seen struct {
	Type byte
	Time uint32 // milliseconds
	Size int    // of the body
	// Key and Header are as Tag's methods.
	Key, Header bool
}

// See tells of a tag of which no more than the start of the body is at hand.
func See(t Tag, size int) Seen {
	return Seen{Type: t.Type, Time: t.Time, Size: size, Key: t.Key(), Header: t.Header()}
}

// Picture says that the tag holds a coded picture.
func (s Seen) Picture() bool { return s.Type == Video && !s.Header }

// walkHead is a tag's header and the two bytes that say what its body is. All
// tags are so long: behind a body stand four bytes more.
const walkHead = 11 + 2

// Walker finds the tags of an FLV stream that comes in pieces of any size. It
// looks at their headers alone and keeps nothing else.
type Walker struct {
	begun bool
	head  [walkHead]byte // of the file, which happens to be as long, then of a tag
	have  int            // bytes of head
	rest  int            // bytes of the tag that are still to come
	now   Seen
}

// Walk takes the next piece and appends the tags that end in it.
func (w *Walker) Walk(b []byte, seen []Seen) ([]Seen, error) {
	for len(b) > 0 {
		if w.rest > 0 {
			n := min(w.rest, len(b))
			b = b[n:]
			if w.rest -= n; w.rest == 0 {
				seen = append(seen, w.now)
			}
			continue
		}
		n := copy(w.head[w.have:], b)
		b = b[n:]
		if w.have += n; w.have < len(w.head) {
			break
		}
		w.have = 0
		if err := w.header(); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

func (w *Walker) header() error {
	h := &w.head
	if !w.begun {
		if string(h[:3]) != "FLV" {
			return errors.New("walk flv: not an flv stream")
		}
		w.begun = true
		return nil
	}
	size := int(binary.BigEndian.Uint32(h[0:4]) & 0xffffff)
	if size > maxTag {
		return fmt.Errorf("walk flv: a tag of %d bytes is over the bound", size)
	}
	time := uint32(h[4])<<16 | uint32(h[5])<<8 | uint32(h[6]) | uint32(h[7])<<24
	w.now = See(Tag{Type: h[0] & 0x1f, Time: time, Body: h[11:min(walkHead, 11+size)]}, size)
	w.rest = 11 + size + 4 - walkHead
	return nil
}
