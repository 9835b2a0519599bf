package manifest

import (
	"time"
	"unicode/utf8"
)

// xmlWriter appends elements: open, attributes, then empty or inside with a
// close. Names are those of the schema and need no escapes.
type xmlWriter struct{ writer }

func (w *xmlWriter) open(name string) {
	w.text("<")
	w.text(name)
}

func (w *xmlWriter) inside() { w.text(">\n") }
func (w *xmlWriter) empty()  { w.text("/>\n") }

func (w *xmlWriter) close(name string) {
	w.text("</")
	w.text(name)
	w.text(">\n")
}

func (w *xmlWriter) element(name, value string) {
	w.open(name)
	w.text(">")
	w.value(value)
	w.close(name)
}

func (w *xmlWriter) attr(name, value string) {
	w.begin(name)
	w.value(value)
	w.text(`"`)
}

func (w *xmlWriter) begin(name string) {
	w.text(" ")
	w.text(name)
	w.text(`="`)
}

func (w *xmlWriter) number(name string, v int64) {
	w.begin(name)
	w.integer(v)
	w.text(`"`)
}

// rate writes a FrameRateType: a fraction only where one is needed.
func (w *xmlWriter) rate(name string, num, den uint32) {
	w.begin(name)
	if num%den == 0 {
		num, den = num/den, 1
	}
	w.integer(int64(num))
	if den > 1 {
		w.text("/")
		w.integer(int64(den))
	}
	w.text(`"`)
}

// length writes a duration that is left out when it is not positive.
func (w *xmlWriter) length(name string, d time.Duration) {
	if d > 0 {
		w.duration(name, d)
	}
}

// duration writes an xs:duration in seconds, to the millisecond.
func (w *xmlWriter) duration(name string, d time.Duration) {
	const perSecond = int64(time.Second / time.Millisecond)
	w.begin(name)
	w.text("PT")
	ms := int64(max(d, 0).Round(time.Millisecond) / time.Millisecond)
	w.integer(ms / perSecond)
	if ms %= perSecond; ms > 0 {
		w.b = append(w.b, '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10))
	}
	w.text(`S"`)
}

// instant writes an xs:dateTime, to the millisecond; nothing when it is zero.
func (w *xmlWriter) instant(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	w.begin(name)
	w.b = t.UTC().AppendFormat(w.b, "2006-01-02T15:04:05.000Z")
	w.text(`"`)
}

// value writes character data that may stand in an attribute too (XML 1.0
// 2.4, 3.3.3). What no XML may hold becomes U+FFFD.
func (w *xmlWriter) value(s string) {
	for _, r := range s {
		switch {
		case r == '&':
			w.text("&amp;")
		case r == '<':
			w.text("&lt;")
		case r == '>':
			w.text("&gt;")
		case r == '"':
			w.text("&quot;")
		case r == '\t', r == '\n', r == '\r':
			w.text("&#")
			w.integer(int64(r))
			w.text(";")
		case r < ' ', r == 0xfffe, r == 0xffff:
			w.b = utf8.AppendRune(w.b, utf8.RuneError)
		default:
			w.b = utf8.AppendRune(w.b, r)
		}
	}
}
