package testkit

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"
)

// The kinds of an FLV tag, which are RTMP's message types too.
const (
	tagAudio = 8
	tagVideo = 9
	tagData  = 18
)

// Tag is one FLV tag: a message as an RTMP encoder sends it.
type Tag struct {
	Type byte
	Time time.Duration // whole milliseconds
	Body []byte
}

// Video tells a picture, or a video header, from the rest.
func (g Tag) Video() bool { return g.Type == tagVideo }

// Audio tells sound, or an audio header, from the rest.
func (g Tag) Audio() bool { return g.Type == tagAudio }

// Header tells a tag that describes a track: an AVC or AAC sequence header,
// or onMetaData.
func (g Tag) Header() bool {
	return g.Type == tagData || len(g.Body) > 1 && g.Body[1] == 0
}

// Key tells a key frame.
func (g Tag) Key() bool { return g.Video() && !g.Header() && len(g.Body) > 0 && g.Body[0]>>4 == 1 }

// ReadTags reads a clip's tags, in order. An end-of-sequence tag is left out.
func ReadTags(t testing.TB, clip string) []Tag {
	t.Helper()
	b, err := os.ReadFile(clip)
	if err != nil {
		t.Fatalf("read a clip: %v", err)
	}
	tags, err := parseTags(b)
	if err != nil {
		t.Fatalf("read %s: %v", clip, err)
	}
	return tags
}

func parseTags(b []byte) ([]Tag, error) {
	const fileHeader, tagHeader, backPointer = 9, 11, 4
	if len(b) < fileHeader+backPointer || !bytes.HasPrefix(b, []byte("FLV\x01")) {
		return nil, fmt.Errorf("not an FLV file")
	}
	b = b[fileHeader+backPointer:]
	var tags []Tag
	for len(b) > 0 {
		if len(b) < tagHeader {
			return nil, fmt.Errorf("a tag's header is cut short")
		}
		size := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		ms := int64(b[7])<<24 | int64(b[4])<<16 | int64(b[5])<<8 | int64(b[6])
		if len(b) < tagHeader+size+backPointer {
			return nil, fmt.Errorf("a tag of %d bytes is cut short", size)
		}
		tag := Tag{Type: b[0], Time: time.Duration(ms) * time.Millisecond, Body: b[tagHeader : tagHeader+size]}
		if !tag.Video() || size < 2 || tag.Body[1] != 2 { // AVC end of sequence
			tags = append(tags, tag)
		}
		b = b[tagHeader+size+backPointer:]
	}
	return tags, nil
}
