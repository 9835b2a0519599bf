package testkit

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// playlistLines splits a playlist and checks what holds for every one (RFC 8216bis
// 4.1): UTF-8 without a byte order mark or control characters, EXTM3U first.
func playlistLines(text string) ([]string, error) {
	if !utf8.ValidString(text) || strings.HasPrefix(text, "\ufeff") {
		return nil, fmt.Errorf("not UTF-8, or with a byte order mark")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, r := range text {
		if r < 0x20 && r != '\n' || r == 0x7f {
			return nil, fmt.Errorf("control character %#x", r)
		}
	}
	list := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if list[0] != "#EXTM3U" {
		return nil, fmt.Errorf("first line is %q, not #EXTM3U", list[0])
	}
	return list[1:], nil
}

// mediaParser is the state between two lines of a media playlist.
type mediaParser struct {
	p     MediaPlaylist
	once  map[string]bool
	begun bool // a tag of a segment was met

	// The segment that is being read.
	inf   bool
	seg   MediaSegment
	parts []MediaPart
	// mapURI is in force.
	mapURI string
}

// ParseMedia reads a media playlist strictly: an unknown tag, a tag at a wrong
// place, a tag twice and an address that is not relative are errors. What the
// numbers mean together is Check's business.
func ParseMedia(text string) (*MediaPlaylist, error) {
	list, err := playlistLines(text)
	if err != nil {
		return nil, err
	}
	m := mediaParser{once: map[string]bool{}}
	for i, line := range list {
		if err := m.line(line); err != nil {
			return nil, fmt.Errorf("line %d (%s): %w", i+2, line, err)
		}
	}
	if m.inf || m.seg.Gap {
		return nil, fmt.Errorf("the list ends inside a segment's tags")
	}
	m.p.Parts, m.p.NextDiscontinuity, m.p.NextProgramDateTime = m.parts, m.seg.Discontinuity, m.seg.ProgramDateTime
	if len(m.parts) > 0 || m.p.Hint != "" {
		m.p.NextMap = m.mapURI
	}
	if !m.once["#EXT-X-TARGETDURATION"] {
		return nil, fmt.Errorf("no EXT-X-TARGETDURATION")
	}
	return &m.p, nil
}

func (m *mediaParser) line(line string) error {
	switch {
	case line == "":
		return nil
	case line[0] != '#':
		return m.uri(line)
	case !strings.HasPrefix(line, "#EXT"):
		return nil // a comment
	}
	if m.p.EndList {
		return fmt.Errorf("a tag after EXT-X-ENDLIST")
	}
	tag, value, _ := strings.Cut(line, ":")
	switch tag {
	case "#EXTINF", "#EXT-X-PART", "#EXT-X-MAP", "#EXT-X-GAP", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME":
		if m.inf && (tag == "#EXTINF" || tag == "#EXT-X-PART") { // hls.js reads parts that come late as the next segment's
			return fmt.Errorf("between EXTINF and its address")
		}
		if m.p.Hint != "" {
			return fmt.Errorf("a segment's tag after the preload hint")
		}
		m.begun = true
		return m.segmentTag(tag, value)
	case "#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT", "#EXT-X-ENDLIST":
		if m.inf {
			return fmt.Errorf("between EXTINF and its address")
		}
		return m.tailTag(tag, value)
	}
	if m.begun {
		return fmt.Errorf("a tag of the whole list after the first segment's tags")
	}
	if m.once[tag] {
		return fmt.Errorf("twice")
	}
	m.once[tag] = true
	return m.headTag(tag, value)
}

func (m *mediaParser) uri(line string) error {
	if !m.inf {
		return fmt.Errorf("an address without EXTINF")
	}
	if err := relative(line); err != nil {
		return err
	}
	m.seg.URI, m.seg.Parts, m.seg.Map = line, m.parts, m.mapURI
	m.p.Segments = append(m.p.Segments, m.seg)
	m.inf, m.seg, m.parts = false, MediaSegment{}, nil
	return nil
}

// relative refuses what would not survive a path prefix, a CDN or another host.
func relative(uri string) error {
	u, err := url.Parse(uri)
	if err != nil {
		return err
	}
	if u.IsAbs() || u.Host != "" || strings.HasPrefix(uri, "/") {
		return fmt.Errorf("address %q is not relative", uri)
	}
	return nil
}

// dateForms are ISO 8601 as players write and read it, with a zone.
var dateForms = []string{"2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04:05.999Z0700"}

// parseDate reads an EXT-X-PROGRAM-DATE-TIME.
func parseDate(s string) (when time.Time, err error) {
	for _, form := range dateForms {
		if when, err = time.Parse(form, s); err == nil {
			return when, nil
		}
	}
	return when, fmt.Errorf("date %q: %w", s, err)
}
