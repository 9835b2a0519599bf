package audience

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// edge is what a viewer that is already watching needs of a media playlist
// (RFC 8216bis 4.4): where it ends. Hundreds of lists a second are read for
// it, so it is found without reading the rest closely.
type edge struct {
	// msn and part are what comes next: of the segment that is being made,
	// and the number of its parts that are there.
	msn   int64
	part  int
	init  string // the newest EXT-X-MAP
	media string // the newest part that is there, or segment where there are no parts
	ended bool
}

// behind says that e ends before f.
func (e edge) behind(f edge) bool { return e.msn < f.msn || e.msn == f.msn && e.part < f.part }

var (
	tagSequence = []byte("#EXT-X-MEDIA-SEQUENCE:")
	tagMap      = []byte("#EXT-X-MAP:")
	tagPart     = []byte("#EXT-X-PART:")
	tagGap      = []byte("#EXT-X-GAP")
	tagEnd      = []byte("#EXT-X-ENDLIST")
	uriEquals   = []byte(`URI="`)
	partGap     = []byte("GAP=YES")
)

func readEdge(list []byte) (edge, error) {
	var e edge
	if !bytes.HasPrefix(list, []byte("#EXTM3U")) {
		return e, fmt.Errorf("not a playlist: begins with %.40q", list)
	}
	sequence, parts, gap := false, false, false
	for line := range bytes.Lines(list) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case line[0] != '#':
			e.msn++
			e.part = 0
			if !parts && !gap {
				e.media = string(line)
			}
			gap = false
		case bytes.HasPrefix(line, tagSequence):
			first, err := strconv.ParseInt(string(line[len(tagSequence):]), 10, 64)
			if err != nil {
				return e, fmt.Errorf("media sequence: %w", err)
			}
			e.msn += first
			sequence = true
		case bytes.HasPrefix(line, tagPart):
			e.part++
			if !bytes.Contains(line, partGap) {
				parts = true
				e.media = attribute(line)
			}
		case bytes.Equal(line, tagGap):
			gap = true // nothing is at the address (RFC 8216bis 4.4.4.7)
		case bytes.HasPrefix(line, tagMap):
			e.init = attribute(line)
		case bytes.Equal(line, tagEnd):
			e.ended = true
		}
	}
	if !sequence {
		return e, errors.New("a media playlist without EXT-X-MEDIA-SEQUENCE")
	}
	return e, nil
}

// attribute returns the tag's URI.
func attribute(line []byte) string {
	_, after, _ := bytes.Cut(line, uriEquals)
	uri, _, _ := bytes.Cut(after, []byte{'"'})
	return string(uri)
}
