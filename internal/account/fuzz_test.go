package account

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzValidName: a name that is taken can stand in an address and in a path,
// and is never of a stream key's form; one that is refused is not told again.
func FuzzValidName(f *testing.F) {
	for _, name := range []string{"alice", "Alice_2-x", "", "..", "a/b", "live_0123456789abcdefghjkmnpqrs", "LIVE_0123456789ABCDEFGHJKMNPQRS", "ſ", strings.Repeat("a", 65)} {
		f.Add(name)
	}
	form := regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)
	f.Fuzz(func(t *testing.T, name string) {
		folded := FoldName(name)
		require.Equal(t, folded, FoldName(folded))
		require.Equal(t, ValidName(name) == nil, ValidName(folded) == nil)
		if err := ValidName(name); err != nil {
			require.LessOrEqual(t, len(err.Error()), 200)
			return
		}
		require.Regexp(t, form, folded)
		require.Equal(t, folded, url.PathEscape(folded))
		require.False(t, looksLikeKey(folded))
	})
}

// FuzzLabel: what people call a key can stand on a page and in a terminal.
func FuzzLabel(f *testing.F) {
	for _, label := range []string{"", "OBS at home", "a\nb", "\u202e", "\x1b[31m", strings.Repeat("世", 64), strings.Repeat("世", 65)} {
		f.Add(label)
	}
	f.Fuzz(func(t *testing.T, label string) {
		if !validLabel(label) {
			return
		}
		require.True(t, utf8.ValidString(label))
		require.LessOrEqual(t, utf8.RuneCountInString(label), maxLabel)
		require.NotContains(t, label, "\x1b")
		require.False(t, strings.ContainsAny(label, "\r\n\t\x00"))
	})
}
