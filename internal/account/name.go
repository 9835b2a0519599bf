package account

import (
	"fmt"
	"strings"
)

// MaxNameLength is the most characters that a channel's name has.
const MaxNameLength = 64

// FoldName returns the one spelling of a name under which it is kept: A-Z in
// lower case.
func FoldName(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// ValidName returns nil when name can be a channel's: 1 to 64 of a-z, 0-9, _
// and -, in either case, and not of a stream key's form, since names are
// public and a key typed into the wrong field must not become one. Otherwise
// it returns an ErrBadName that says why in words, without the name in it.
func ValidName(name string) error {
	if name == "" {
		return badName("a channel's name cannot be empty")
	}
	if len(name) > MaxNameLength {
		return badName(fmt.Sprintf("a channel's name has at most %d characters", MaxNameLength))
	}
	folded := FoldName(name)
	for _, r := range folded {
		if !nameRune(r) {
			return badName(fmt.Sprintf("a channel's name holds only letters a-z, digits, _ and -, and %q is none of these", r))
		}
	}
	if looksLikeKey(folded) {
		return badName("a channel's name is public, and this one looks like a stream key")
	}
	return nil
}

func nameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '-'
}

func badName(reason string) error { return &Error{ErrBadName.Code, reason} }
