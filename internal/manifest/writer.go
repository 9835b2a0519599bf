package manifest

import (
	"strconv"
	"time"
)

// writer appends the pieces of a playlist to b. It does without fmt: a live
// playlist is rendered many times a second.
type writer struct{ b []byte }

func (w *writer) text(s string)   { w.b = append(w.b, s...) }
func (w *writer) integer(v int64) { w.b = strconv.AppendInt(w.b, v, 10) }

// precision is that of every duration that is written.
const precision = 10 * time.Microsecond

// seconds writes a duration to the nearest 10 µs. Rounding keeps order, so a
// part that is no longer than the part target is written so too.
func (w *writer) seconds(d time.Duration) {
	const perSecond, digits = int64(time.Second / precision), 5
	v := int64(max(d, 0).Round(precision) / precision)
	w.integer(v / perSecond)
	fraction := [1 + digits]byte{'.'}
	v %= perSecond
	for i := digits; i > 0; i-- {
		fraction[i] = '0' + byte(v%10)
		v /= 10
	}
	w.b = append(w.b, fraction[:]...)
}

// lead writes the tags that stand before a segment, or before the parts of
// the one that is being made.
func (w *writer) lead(discontinuity bool, mapURI string, current *string, at time.Time) {
	if discontinuity {
		w.text("#EXT-X-DISCONTINUITY\n")
	}
	if mapURI != "" && mapURI != *current {
		*current = mapURI
		w.text("#EXT-X-MAP:URI=")
		w.uri(mapURI)
		w.text("\n")
	}
	if !at.IsZero() {
		w.text("#EXT-X-PROGRAM-DATE-TIME:")
		w.b = at.UTC().Round(time.Millisecond).AppendFormat(w.b, "2006-01-02T15:04:05.000Z")
		w.text("\n")
	}
}

// media writes the segment itself, behind its parts.
func (w *writer) media(s *Segment) {
	if s.Gap {
		w.text("#EXT-X-GAP\n")
	}
	w.text("#EXTINF:")
	w.seconds(s.Duration)
	w.text(",\n")
	w.line(s.URI)
}

func (w *writer) parts(parts []Part) {
	for i := range parts {
		p := &parts[i]
		w.text("#EXT-X-PART:DURATION=")
		w.seconds(p.Duration)
		w.text(",URI=")
		w.uri(p.URI)
		if p.Independent {
			w.text(",INDEPENDENT=YES")
		}
		if p.Gap {
			w.text(",GAP=YES")
		}
		w.text("\n")
	}
}

// line writes an address on a line of its own. One that begins with # would
// be a comment.
func (w *writer) line(uri string) {
	if uri != "" && uri[0] == '#' {
		w.text("%23")
		uri = uri[1:]
	}
	w.escaped(uri)
	w.text("\n")
}

// uri writes an address between quotes.
func (w *writer) uri(uri string) {
	w.text(`"`)
	w.escaped(uri)
	w.text(`"`)
}

// escaped writes an address with the bytes percent-encoded that may not stand
// in a playlist's line or quoted string (RFC 8216bis 4.2), nor in an address.
func (w *writer) escaped(uri string) {
	const hex = "0123456789ABCDEF"
	for i := range len(uri) {
		if c := uri[i]; breaks(c) || c == ' ' {
			w.b = append(w.b, '%', hex[c>>4], hex[c&0xf])
		} else {
			w.b = append(w.b, c)
		}
	}
}

// quoted writes words for people between quotes; what may not stand there
// becomes an apostrophe or a space.
func (w *writer) quoted(s string) {
	w.text(`"`)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			w.b = append(w.b, '\'')
		case breaks(c):
			w.b = append(w.b, ' ')
		default:
			w.b = append(w.b, c)
		}
	}
	w.text(`"`)
}

func breaks(c byte) bool { return c < ' ' || c == '"' || c == 0x7f }
