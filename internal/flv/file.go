package flv

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	fileHeaderBytes = 9
	tagHeaderBytes  = 11
	backLinkBytes   = 4 // PreviousTagSize
)

// FileTag is one tag of an FLV file.
type FileTag struct {
	Type      TagType
	Timestamp int64  // milliseconds
	Body      []byte // aliases the file
}

// ParseFile returns the tags of a whole FLV file in memory (Adobe FLV 10.1,
// E.2 to E.4.1). It fails on anything but whole tags.
func ParseFile(b []byte) ([]FileTag, error) {
	if len(b) < fileHeaderBytes+backLinkBytes || string(b[:3]) != "FLV" {
		return nil, errors.New("not an FLV file")
	}
	offset := uint64(binary.BigEndian.Uint32(b[5:])) + backLinkBytes
	if offset > uint64(len(b)) {
		return nil, errors.New("FLV header is longer than the file")
	}
	var tags []FileTag
	for b = b[offset:]; len(b) > 0; {
		if len(b) < tagHeaderBytes {
			return nil, fmt.Errorf("FLV tag %d: %d bytes are no header", len(tags), len(b))
		}
		size := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		// The upper eight bits of the time come last.
		ms := int32(uint32(b[7])<<24 | uint32(b[4])<<16 | uint32(b[5])<<8 | uint32(b[6]))
		end := tagHeaderBytes + size
		if len(b) < end+backLinkBytes {
			return nil, fmt.Errorf("FLV tag %d: cut short", len(tags))
		}
		tags = append(tags, FileTag{Type: TagType(b[0] & 0x1f), Timestamp: int64(ms), Body: b[tagHeaderBytes:end:end]})
		b = b[end+backLinkBytes:]
	}
	return tags, nil
}
