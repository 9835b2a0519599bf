package chat

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ sent, shown string }{
		{"  hello   world  ", "hello   world"},
		{"a\u00a0\u2003 \u3000\u3000b", "a   b"},
		{"two\nlines\there", "two lines here"},
		{"\u202eevil\u202c", "evil"},
		{"\u2066iso\u2069late\u200e\u200f", "isolate"},
		{"ze\u200bro\ufeffwidth\u00ad", "zerowidth"},
		{"\x00\x1b[31mred\x7f", "[31mred"},
		{"\u3164\u115f\u2800\u1160", ""},
		{"\u200d\u200d\u200c\ufe0f", ""},
		{"\u0301\u0301\u0301", ""},
		{"Z" + strings.Repeat("\u0301", 40) + "o", "Z" + strings.Repeat("\u0301", 4) + "o"},
		{"e\u0301te\u0301", "e\u0301te\u0301"},
		{"👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"},
		{"a\u200d\u200d\u200d\u200db", "a\u200db"},
		{"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"},
		{"hidden\U000e0067\U000e0062", "hidden"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"<script>alert(1)</script> & \"x\"", "<script>alert(1)</script> & \"x\""},
		{"\ue000private", "private"},
	} {
		require.Equal(t, c.shown, clean(c.sent), "%q", c.sent)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"hello", "\u202e", "a\u0301\u0301\u0301\u0301\u0301\u0301", "👨\u200d👩", "x :wave: y", "\u3164"} {
		f.Add(s)
	}
	set := map[string]string{"wave": "id1", "x": "id2", "hi_1": "id3"}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		got := clean(text)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, len(got), len(text))
		require.Equal(t, got, clean(got), "cleaning twice is cleaning once: %q", text)
		marks, blanks := 0, 0
		for _, r := range got {
			require.False(t, unicode.IsControl(r), "%q", got)
			require.False(t, unicode.Is(unicode.Bidi_Control, r), "%q", got)
			if unicode.In(r, unicode.Mn, unicode.Me) && r != '\ufe0f' && r != '\ufe0e' {
				marks++
			} else if r != zeroWidthJoiner && r != zeroWidthNonJoiner && r != '\ufe0f' && r != '\ufe0e' && !isTag(r) {
				marks = 0
			}
			if r == ' ' {
				blanks++
			} else {
				blanks = 0
			}
			require.LessOrEqual(t, marks, mostMarks, "%q", got)
			require.LessOrEqual(t, blanks, mostBlanks, "%q", got)
		}
		for _, e := range emotesIn(got, set) {
			require.Equal(t, ":"+e.Code+":", utf16Slice(got, e.Start, e.End), "%q", got)
		}
		_, _, _ = mentionsIn(got), hasLink(got), fold(got)
		require.LessOrEqual(t, utf8.RuneCountInString(excerpt(got, 10)), 10)
	})
}

func TestEmotesAndMentions(t *testing.T) {
	set := map[string]string{"wave": "id1"}
	require.Equal(t, []EmoteAt{{"wave", "id1", 3, 9}, {"wave", "id1", 10, 16}}, emotesIn("👋 :wave: :wave: :other:", set))
	require.Equal(t, []EmoteAt{{"wave", "id1", 1, 7}}, emotesIn("::wave::", set))
	require.True(t, onlyEmotes("👋 :wave:", emotesIn("👋 :wave:", set)))
	require.False(t, onlyEmotes("hi :wave:", emotesIn("hi :wave:", set)))
	require.Equal(t, []string{"bob", "al-ice"}, mentionsIn("@Bob, (@al-ice) me@example.org @bob"))
	for text, is := range map[string]bool{
		"see https://a.b": true, "www.x.y": true, "example.com now": true, "Привет.рф/x": true, "10.0.0.1:80": true, "ftp://x": true,
		"well.then": false, "3.5 and 1.2.3": false, "a. b": false, "hello": false,
	} {
		require.Equal(t, is, hasLink(text), text)
	}
}

func TestFilters(t *testing.T) {
	fs, err := compileFilters([]Filter{
		{Kind: FilterWord, Text: "spam", Act: ActHold}, {Kind: FilterWord, Text: "Buy now", Act: ActRefuse}, {Kind: FilterRegex, Text: `fre+ coins?`, Act: ActRefuse},
	})
	require.NoError(t, err)
	for text, act := range map[string]string{
		"SPÁM!": ActHold, "spammer": "", "antispam": "", "buy  NOW": ActRefuse, "freee coin": ActRefuse, "spam, buy now": ActRefuse, "fine": "", "s\u200dp\u200dam": ActHold,
		"ｓｐａｍ": ActHold,
	} {
		f := match(fs, text)
		if act == "" {
			require.Nil(t, f, text)
			continue
		}
		require.NotNil(t, f, text)
		require.Equal(t, act, f.Act, text)
	}
	for _, bad := range []Filter{
		{Kind: FilterRegex, Text: "(", Act: ActHold},
		{Kind: FilterRegex, Text: "a*", Act: ActHold},
		{Kind: "other", Text: "a", Act: ActHold},
		{Kind: FilterWord, Text: " ", Act: ActHold},
		{Kind: FilterWord, Text: "a", Act: "hide"},
		{Kind: FilterWord, Text: strings.Repeat("a", 201), Act: ActHold},
	} {
		_, err := compileFilters([]Filter{bad})
		require.ErrorIs(t, err, ErrBadFilter, "%v", bad)
	}
}

func TestQuoted(t *testing.T) {
	words, tail, ok := quoted(`"Which one?" "this" “that” 30s`)
	require.True(t, ok)
	require.Equal(t, []string{"Which one?", "this", "that"}, words)
	require.Equal(t, "30s", tail)
	_, _, ok = quoted(`"open`)
	require.False(t, ok)
}

func TestColors(t *testing.T) {
	for _, c := range []string{"#000000", "#ffffff", "#808080", "#336699", "#ff0000", "#ffff00"} {
		require.True(t, readable(c), c)
	}
}

func utf16Slice(s string, from, to int) string {
	n, begin := 0, -1
	for i, r := range s {
		if n == from && begin < 0 {
			begin = i
		}
		if n == to {
			return s[begin:i]
		}
		n += utf16Length(string(r))
	}
	return s[begin:]
}

func FuzzCommand(f *testing.F) {
	for _, s := range []string{`timeout x 10m y`, `poll "a" "b" "c" 60s`, `slow 3`, `followers 10d`, ``, `ban`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, _, _ = quoted(text)
		if d, ok := duration(text); ok {
			require.GreaterOrEqual(t, d.Nanoseconds(), int64(0))
			require.LessOrEqual(t, d, longest)
		}
	})
}
