package chat

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	mostMarks    = 4 // combining marks on one base
	mostBlanks   = 3 // in a row
	mostMentions = 10
	replyLength  = 100 // code points of a line that is answered
)

// Characters that show nothing, or that turn what stands around them about.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// isBlank is true of what looks like a space, whatever it is called.
func isBlank(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\u17b4', '\u17b5':
		return true // fillers, and Braille without a dot
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Zs, r)
}

// isHidden is true of what is to be left out: control characters, overrides and
// isolates of direction, and what has no width.
func isHidden(r rune) bool {
	switch {
	case r == zeroWidthJoiner, r == zeroWidthNonJoiner:
		return false // emoji and many scripts need them
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return !isTag(r)
	case r == '\u034f', r == '\u180b', r == '\u180c', r == '\u180d', r == '\u180f', r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef:
		return true
	case 0xe0100 <= r && r <= 0xe01ef: // variation selectors that no emoji has
		return true
	}
	return false
}

// isTag is true of the letters of which flags of regions are made.
func isTag(r rune) bool { return 0xe0020 <= r && r <= 0xe007f }

// flagBase is what such letters may follow.
const flagBase = '\U0001f3f4'

// clean returns a text as it may be shown: on one line, without what hides in it
// or piles up. It is empty when nothing is left to see. The text is valid UTF-8.
func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	marks, blanks, joined, tags := 0, 0, true, 0
	seen := false
	flag := false
	for _, r := range text {
		switch {
		case isBlank(r):
			if blanks++; seen && blanks <= mostBlanks {
				b.WriteByte(' ')
			}
			marks, joined, flag = 0, true, false
			continue
		case isHidden(r):
			continue
		case isTag(r):
			if tags++; flag && tags <= 7 {
				b.WriteRune(r)
			}
			continue
		case r == zeroWidthJoiner, r == zeroWidthNonJoiner, r == '\ufe0f', r == '\ufe0e':
			if joined || !seen {
				continue // it joins nothing, or comes twice
			}
			joined = r == zeroWidthJoiner || r == zeroWidthNonJoiner
			b.WriteRune(r)
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; !seen || blanks > 0 || marks > mostMarks {
				continue
			}
			b.WriteRune(r)
			continue
		}
		b.WriteRune(r)
		marks, blanks, joined, tags, seen, flag = 0, 0, false, 0, true, r == flagBase
	}
	return strings.TrimRight(b.String(), " \u200c\u200d")
}

// mention is @ and a name; the longest name is a channel's.
var mention = regexp.MustCompile(`(?:^|[^\w@/.])@([A-Za-z0-9_-]{1,64})`)

// mentionsIn returns the names that a text speaks to, folded, each once.
func mentionsIn(text string) (names []string) {
	if !strings.Contains(text, "@") {
		return nil
	}
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		if len(names) < mostMentions && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// link is what pages make an address of, and what people would type into one.
var link = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*://\S|\bwww\.\S|\b[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.(?:com|net|org|info|biz|io|gg|tv|me|co|cc|xyz|top|site|online|live|app|dev|shop|club|link|click|ly|to|be|ru|de|uk|eu|fr|it|es|nl|pl|us|cn|jp|br|in|ai|lol|win|vip|fun)\b|\b[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.\p{L}{2,}/\S|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/))`)

// hasLink reports whether a text holds an address.
func hasLink(text string) bool {
	return strings.Contains(text, ".") && link.MatchString(text) || strings.Contains(text, "://")
}

// excerpt is the beginning of a text.
func excerpt(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n == most-1 {
			return strings.TrimRight(text[:i], " ") + "…"
		}
		n++
	}
	return text
}

// emoteCode is how an emote stands in a text.
var emoteCode = regexp.MustCompile(`:([A-Za-z0-9_]{2,32}):`)

// emotesIn finds the emotes of a set in a text.
func emotesIn(text string, set map[string]string) (found []EmoteAt) {
	if len(set) == 0 || !strings.Contains(text, ":") {
		return nil
	}
	units, from, at := 0, 0, 0
	for at < len(text) {
		m := emoteCode.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return found
		}
		begin, end := at+m[0], at+m[1]
		code := text[at+m[2] : at+m[3]]
		id, ok := set[code]
		if !ok {
			at = end - 1 // its last colon may be the next one's first
			continue
		}
		units += utf16Length(text[from:begin])
		found = append(found, EmoteAt{Code: code, ID: id, Start: units, End: units + end - begin})
		units += end - begin
		from, at = end, end
	}
	return found
}

func utf16Length(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// onlyEmotes reports whether a text is emotes and emoji alone.
func onlyEmotes(text string, emotes []EmoteAt) bool {
	units := utf16.Encode([]rune(text))
	rest := make([]uint16, 0, len(units))
	at := 0
	for _, e := range emotes {
		rest = append(rest, units[at:e.Start]...)
		at = e.End
	}
	rest = append(rest, units[at:]...)
	for _, r := range string(utf16.Decode(rest)) {
		if !isEmoji(r) && r != ' ' {
			return false
		}
	}
	return true
}

// isEmoji is true of what emoji are made of, but for digits.
func isEmoji(r rune) bool {
	switch {
	case r == zeroWidthJoiner, r == '\ufe0f', r == '\ufe0e', r == '\u20e3', isTag(r):
		return true
	case 0x1f000 <= r && r <= 0x1faff, 0x2600 <= r && r <= 0x27bf, 0x2b00 <= r && r <= 0x2bff, 0x2190 <= r && r <= 0x21ff, 0x2300 <= r && r <= 0x23ff,
		0x25a0 <= r && r <= 0x25ff, r == '\u00a9', r == '\u00ae', r == '\u203c', r == '\u2049', r == '\u2122', r == '\u3030', r == '\u303d', r == '\u3297', r == '\u3299':
		return true
	}
	return false
}
