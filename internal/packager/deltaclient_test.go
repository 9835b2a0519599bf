package packager

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errTooOld: a delta update skips a segment that the client does not have.
var errTooOld = errors.New("the list is too old for the update")

// entry is a segment as a player has it.
type entry struct {
	tags    string // DISCONTINUITY, PROGRAM-DATE-TIME, GAP, EXTINF, and the address
	initURI string // of its initialisation section
}

// playerList is a rewind playlist as a player has it.
type playerList struct {
	first, discs int64
	header       string // what does not change
	entries      []entry
	newest       string // parts, what is to come, and the end
	seconds      float64
	skipped      int
}

// update reads a playlist, or a delta update of an older one (RFC 8216bis 6.3.7).
func (old *playerList) update(text string) (*playerList, error) {
	l := &playerList{}
	initURI, tags, at := "", "", 0
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		tag, value, _ := strings.Cut(line, ":")
		switch tag {
		case "#EXTM3U", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-TARGETDURATION", "#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF":
			l.header += line + "\n"
		case "#EXT-X-VERSION":
			at, _ = strconv.Atoi(value)
		case "#EXT-X-MEDIA-SEQUENCE":
			l.first, _ = strconv.ParseInt(value, 10, 64)
		case "#EXT-X-DISCONTINUITY-SEQUENCE":
			l.discs, _ = strconv.ParseInt(value, 10, 64)
		case "#EXT-X-SKIP":
			n, err := strconv.Atoi(strings.TrimPrefix(value, "SKIPPED-SEGMENTS="))
			if err != nil || n <= 0 || at < 9 || len(l.entries) > 0 {
				return nil, fmt.Errorf("malformed update: %s", line)
			}
			from := int(l.first - old.first)
			if from < 0 || from+n > len(old.entries) {
				return nil, errTooOld
			}
			l.entries = append(l.entries, old.entries[from:from+n]...)
			initURI, l.skipped = l.entries[n-1].initURI, n
		case "#EXT-X-MAP":
			if uri := strings.Trim(strings.TrimPrefix(value, "URI="), `"`); uri != initURI {
				initURI = uri
			} else {
				return nil, errors.New("an initialisation section is named twice in a row")
			}
		case "#EXT-X-PART", "#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT", "#EXT-X-ENDLIST":
			l.newest += fmt.Sprintln(l.first+int64(len(l.entries)), line)
		case "#EXTINF":
			d, err := strconv.ParseFloat(strings.TrimSuffix(value, ","), 64)
			if err != nil {
				return nil, err
			}
			tags += line + "\n"
			l.seconds += d
		default:
			tags += line + "\n"
			if !strings.HasPrefix(line, "#") {
				l.entries = append(l.entries, entry{tags, initURI})
				tags = ""
			}
		}
	}
	l.newest += tags + initURI // of the segment that is being made
	return l, nil
}
