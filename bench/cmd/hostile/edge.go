package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// edge is the newest end of a media playlist (RFC 8216bis 4.4).
type edge struct {
	msn   int64     // of the segment that is being made
	parts int       // of it that are there
	part  string    // address of the newest part
	end   time.Time // of the newest part, by the playlist's dates
}

// readEdge finds it without a full parser: every viewer reads five lists a
// second.
func readEdge(list []byte) (edge, error) {
	var e edge
	var begin time.Time // of the segment
	for line := range bytes.Lines(list) {
		line = bytes.TrimSpace(line)
		name, value, _ := bytes.Cut(line, []byte(":"))
		var err error
		switch {
		case len(line) == 0:
		case line[0] != '#':
			e.msn++
			e.parts = 0
		case bytes.Equal(name, []byte("#EXT-X-MEDIA-SEQUENCE")):
			e.msn, err = strconv.ParseInt(string(value), 10, 64)
		case bytes.Equal(name, []byte("#EXT-X-PROGRAM-DATE-TIME")):
			begin, err = time.Parse(time.RFC3339Nano, string(value))
			e.end = begin
		case bytes.Equal(name, []byte("#EXTINF")):
			var d time.Duration
			d, err = seconds(value)
			e.end = begin.Add(d)
			begin = e.end
		case bytes.Equal(name, []byte("#EXT-X-PART")):
			var d time.Duration
			d, err = seconds(after(value, "DURATION="))
			e.end = e.end.Add(d)
			e.parts++
			part, _, _ := bytes.Cut(after(value, `URI="`), []byte(`"`))
			e.part = string(part)
		}
		if err != nil {
			return e, fmt.Errorf("playlist: %.60q: %w", line, err)
		}
	}
	if e.part == "" || e.end.IsZero() {
		return e, errors.New("playlist: no parts, or no dates")
	}
	return e, nil
}

// seconds reads the number at the beginning of an attribute list.
func seconds(value []byte) (time.Duration, error) {
	number, _, _ := bytes.Cut(value, []byte(","))
	s, err := strconv.ParseFloat(string(number), 64)
	return time.Duration(s * float64(time.Second)), err
}

func after(value []byte, name string) []byte {
	_, rest, _ := bytes.Cut(value, []byte(name))
	return rest
}
