// Package flvclip holds the test clip that the load generator sends: how
// ffmpeg makes it, once, and how it is read into RTMP messages with times
// that loop without a seam.
package flvclip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The kinds of FLV tag, which are also RTMP message types (FLV 10.1 E.4.1,
// RTMP 1.0 7.1).
const (
	Audio  = 8
	Video  = 9
	Script = 18
)

// maxTag bounds what one tag may ask to be allocated.
const maxTag = 8 << 20

// Tag is one FLV tag.
type Tag struct {
	Type byte
	Time uint32 // milliseconds
	Body []byte
}

// Header says that the tag carries a decoder's configuration rather than
// media: an AVC or AAC sequence header (FLV 10.1 E.4.2.1, E.4.3.1).
func (t Tag) Header() bool {
	switch t.Type {
	case Audio:
		return len(t.Body) >= 2 && t.Body[0]>>4 == 10 && t.Body[1] == 0
	case Video:
		return len(t.Body) >= 2 && t.Body[0]&0x0f == 7 && t.Body[1] == 0
	}
	return false
}

// Key says that the tag is a coded picture that decoding can start at.
func (t Tag) Key() bool {
	return t.Type == Video && len(t.Body) >= 1 && t.Body[0]>>4 == 1 && !t.Header()
}

// picture says that the tag is a coded picture, not a header and not the
// end-of-sequence mark that ffmpeg writes last (AVCPacketType 2).
func (t Tag) picture() bool {
	return t.Type == Video && len(t.Body) >= 2 && t.Body[1] == 1
}

// sound says that the tag is a raw AAC frame.
func (t Tag) sound() bool {
	return t.Type == Audio && len(t.Body) >= 2 && t.Body[1] == 1
}

// Reader reads tags from an FLV stream.
type Reader struct {
	r     io.Reader
	begun bool
}

// NewReader reads from r, which should be buffered.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Next returns the next tag, and io.EOF at the end between two tags.
func (r *Reader) Next() (Tag, error) {
	if !r.begun {
		var head [13]byte // header and PreviousTagSize0
		if _, err := io.ReadFull(r.r, head[:]); err != nil {
			return Tag{}, fmt.Errorf("read flv header: %w", err)
		}
		if string(head[:3]) != "FLV" {
			return Tag{}, errors.New("read flv header: not an flv stream")
		}
		r.begun = true
	}
	var h [11]byte
	if _, err := io.ReadFull(r.r, h[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return Tag{}, io.EOF
		}
		return Tag{}, fmt.Errorf("read flv tag: %w", err)
	}
	size := int(binary.BigEndian.Uint32(h[0:4]) & 0xffffff)
	if size > maxTag {
		return Tag{}, fmt.Errorf("read flv tag: %d bytes are over the bound", size)
	}
	t := Tag{Type: h[0] & 0x1f, Time: uint32(h[4])<<16 | uint32(h[5])<<8 | uint32(h[6]) | uint32(h[7])<<24}
	b := make([]byte, size+4) // with PreviousTagSize
	if _, err := io.ReadFull(r.r, b); err != nil {
		return Tag{}, fmt.Errorf("read flv tag's body: %w", err)
	}
	t.Body = b[:size:size]
	return t, nil
}
