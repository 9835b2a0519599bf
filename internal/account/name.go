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
		return badName("a name cannot be empty")
	}
	if len(name) > MaxNameLength {
		return badName(fmt.Sprintf("a name has at most %d characters", MaxNameLength))
	}
	folded := FoldName(name)
	for _, r := range folded {
		if !nameRune(r) {
			return badName(fmt.Sprintf("a name holds only letters a-z, digits, _ and -, and %q is none of these", r))
		}
	}
	if looksLikeKey(folded) {
		return badName("a name is public, and this one looks like a stream key")
	}
	return nil
}

func nameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '-'
}

func badName(reason string) error { return &Error{ErrBadName.Code, reason} }

// reserved reports whether a folded name is a part of addresses, or would be
// taken for the site's own.
func reserved(name string) bool {
	switch name {
	case "about", "account", "admin", "administrator", "api", "assets", "chat", "clip", "clips", "dashboard", "embed", "help", "home",
		"index", "legal", "live", "login", "logout", "media", "moderator", "moderators", "null", "official", "owner", "privacy", "register",
		"root", "rostrum", "security", "server", "settings", "setup", "sign-in", "sign-up", "signin", "signup", "staff", "static", "studio",
		"support", "system", "terms", "undefined", "v", "vod", "www":
		return true
	}
	return false
}

const leastPersonName = 3 // characters

// validPersonName returns nil for a name that a person may choose, for an
// account or a channel. It is stricter than ValidName: what a person chooses
// must be neither reserved nor so short that few can have it, and has a letter
// or a digit at both ends.
func validPersonName(name string) error {
	if err := ValidName(name); err != nil {
		return err
	}
	folded := FoldName(name)
	switch {
	case len(folded) < leastPersonName:
		return badName(fmt.Sprintf("a name that you choose has at least %d characters", leastPersonName))
	case strings.Trim(folded, "_-") != folded:
		return badName("a name that you choose begins and ends with a letter or a digit")
	case reserved(folded):
		return ErrReservedName
	}
	return nil
}
