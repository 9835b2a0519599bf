package crowd

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The reading of lists costs a look at a few of their lines: thousands a second
// are read.

var (
	tagSequence = []byte("\n#EXT-X-MEDIA-SEQUENCE:")
	tagSegment  = []byte("\n#EXTINF:")
	tagPart     = []byte("\n#EXT-X-PART:")
	tagEnd      = []byte("\n#EXT-X-ENDLIST")
	uriEquals   = []byte(`URI="`)
	newline     = []byte("\n")
)

// position is a place in a media playlist: the number of a segment, and of a
// part in it.
type position struct {
	msn  int64
	part int
}

// next is what comes after the list's end (RFC 8216bis 6.2.5.2).
func next(list []byte) (position, error) {
	_, after, ok := bytes.Cut(list, tagSequence)
	if !ok {
		return position{}, fmt.Errorf("not a media playlist: begins with %.40q", list)
	}
	number, _, _ := bytes.Cut(after, newline)
	first, err := strconv.ParseInt(string(bytes.TrimSpace(number)), 10, 64)
	if err != nil {
		return position{}, fmt.Errorf("media sequence: %w", err)
	}
	if bytes.Contains(list, tagEnd) {
		return position{}, errors.New("the list has ended")
	}
	open := list
	if i := bytes.LastIndex(list, tagSegment); i >= 0 {
		open = list[i:]
	}
	return position{first + int64(bytes.Count(list, tagSegment)), bytes.Count(open, tagPart)}, nil
}

// segmentsAfter returns the addresses of the segments behind the one with the
// given address, in order; the newest alone when that is "". That the list does
// not know the address any more is an error.
func segmentsAfter(list []byte, last string) ([]string, error) {
	var uris []string
	for end := len(list); end > 0; {
		begin := bytes.LastIndexByte(list[:end], '\n') + 1
		line := bytes.TrimSpace(list[begin:end])
		end = begin - 1
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if string(line) == last {
			slices.Reverse(uris)
			return uris, nil
		}
		uris = append(uris, string(line))
		if last == "" {
			return uris, nil
		}
	}
	return nil, fmt.Errorf("%q left the list before what followed it was read", last)
}

// partsAfter does the same with parts.
func partsAfter(list []byte, last string) ([]string, error) {
	var uris []string
	for {
		i := bytes.LastIndex(list, tagPart)
		if i < 0 {
			return nil, fmt.Errorf("%q left the list before what followed it was read", last)
		}
		line, _, _ := bytes.Cut(list[i+1:], newline)
		_, after, _ := bytes.Cut(line, uriEquals)
		uri, _, ok := bytes.Cut(after, []byte{'"'})
		if !ok {
			return nil, fmt.Errorf("a part without an address: %.100q", line)
		}
		if string(uri) == last {
			slices.Reverse(uris)
			return uris, nil
		}
		uris = append(uris, string(uri))
		if last == "" {
			return uris, nil
		}
		list = list[:i]
	}
}

// folder is what addresses in the list at a path are relative to.
type folder string

func folderOf(listPath string) folder { return folder(path.Dir(listPath)) }

// path resolves an address (RFC 3986 5.2) that has neither host nor query.
func (f folder) path(uri string) string {
	if strings.HasPrefix(uri, "/") {
		return uri
	}
	return path.Join(string(f), uri)
}
