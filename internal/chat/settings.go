package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Settings are how a chat is.
type Settings struct {
	Slow        time.Duration `json:"slow"`      // between two lines of one person; 0 is none
	Followers   time.Duration `json:"followers"` // how long one must have followed to speak; negative: one need not
	MembersOnly bool          `json:"members_only"`
	EmoteOnly   bool          `json:"emote_only"`
	Links       bool          `json:"links"` // are allowed
	Closed      bool          `json:"closed"`
	Duplicates  bool          `json:"duplicates"`   // of one's own line are refused
	MembersRead bool          `json:"members_read"` // alone
	MaxLength   int           `json:"max_length"`
	Rules       string        `json:"rules"`
	Recent      int           `json:"recent"` // lines that who joins gets
}

const (
	mostSlow      = time.Hour
	mostFollowed  = 365 * 24 * time.Hour
	mostLength    = 2000
	mostRules     = 500
	history       = 1000
	followersOff  = -time.Millisecond
	mostFilters   = 200
	mostPattern   = 200 // bytes
	duplicateTime = 30 * time.Second
)

// DefaultSettings are those of a chat that nobody has changed.
func DefaultSettings() Settings {
	return Settings{Followers: followersOff, Links: true, Duplicates: true, MaxLength: 500, Recent: history}
}

// ErrBadSettings is that a chat cannot be so.
var ErrBadSettings = &account.Error{Code: "bad_chat_settings", Reason: "slow mode is up to an hour, following up to a year, a line 1 to 2,000 characters, rules up to 500, and up to 1,000 lines are shown to who joins"}

func (s *Settings) check() error {
	s.Slow, s.Rules = s.Slow.Truncate(time.Millisecond), strings.TrimSpace(s.Rules)
	if s.Followers < 0 {
		s.Followers = followersOff
	}
	if s.Slow < 0 || s.Slow > mostSlow || s.Followers > mostFollowed || s.MaxLength < 1 || s.MaxLength > mostLength ||
		utf8.RuneCountInString(s.Rules) > mostRules || !shown(s.Rules) || s.Recent < 0 || s.Recent > history {
		return ErrBadSettings
	}
	return nil
}

// shown reports whether all of a text of several lines can be shown.
func shown(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || isHidden(r)) }) < 0
}

// Mode is what everybody is told of the settings.
type Mode struct {
	SlowMS      int64 `json:"slowMs"`
	FollowersMS int64 `json:"followersMs" doc:"How long one must have followed to speak; -1: one need not."`
	MembersOnly bool  `json:"membersOnly"`
	EmoteOnly   bool  `json:"emoteOnly"`
	Links       bool  `json:"links"`
	Closed      bool  `json:"closed"`
	Duplicates  bool  `json:"duplicates"`
}

func (s Settings) mode() Mode {
	m := Mode{
		SlowMS: s.Slow.Milliseconds(), FollowersMS: s.Followers.Milliseconds(), MembersOnly: s.MembersOnly, EmoteOnly: s.EmoteOnly, Links: s.Links,
		Closed: s.Closed, Duplicates: s.Duplicates,
	}
	return m
}

// The kinds of filters, and what they do.
const (
	FilterWord  = "word"
	FilterRegex = "regex"
	ActRefuse   = "refuse"
	ActHold     = "hold"
)

// Filter finds lines that are not to be said, or not at once.
type Filter struct {
	ID   string `json:"id"`
	Kind string `json:"kind" enum:"word,regex" doc:"A word or several, whatever their case; or a regular expression (RE2)."`
	Text string `json:"text" maxLength:"200"`
	Act  string `json:"act" enum:"refuse,hold" doc:"Refuse it, or hold it until a moderator has looked at it."`
}

// ErrBadFilter is that a filter cannot be so. The reason tells which.
var ErrBadFilter = &account.Error{Code: "bad_filter", Reason: "this filter cannot be"}

// filter is one that can be asked.
type filter struct {
	Filter
	word string
	re   *regexp.Regexp
}

func compileFilters(fs []Filter) ([]filter, error) {
	if len(fs) > mostFilters {
		return nil, &account.Error{Code: ErrBadFilter.Code, Reason: fmt.Sprintf("a chat has at most %d filters", mostFilters)}
	}
	out := make([]filter, 0, len(fs))
	for _, f := range fs {
		c := filter{Filter: f}
		bad := func(why string) ([]filter, error) {
			return nil, &account.Error{Code: ErrBadFilter.Code, Reason: fmt.Sprintf("the filter %q %s", excerpt(f.Text, 40), why)}
		}
		if f.Act != ActRefuse && f.Act != ActHold {
			return bad("refuses or holds")
		}
		if len(f.Text) == 0 || len(f.Text) > mostPattern {
			return bad("has 1 to 200 bytes")
		}
		switch f.Kind {
		case FilterWord:
			if c.word = fold(f.Text); c.word == "" {
				return bad("has no letters")
			}
		case FilterRegex:
			re, err := regexp.Compile("(?i)" + f.Text)
			if err != nil {
				return bad("is no regular expression of RE2")
			}
			if re.MatchString("") {
				return bad("would find every line")
			}
			c.re = re
		default:
			return bad("is a word or a regular expression")
		}
		out = append(out, c)
	}
	return out, nil
}

// fold makes words that look alike the same: their case, their forms.
func fold(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))), " ")
}

// match returns the first filter that finds a text, nil when none does. Of those
// that do one that refuses goes first.
func match(fs []filter, text string) *filter {
	if len(fs) == 0 {
		return nil
	}
	folded := fold(text)
	var held *filter
	for i := range fs {
		f := &fs[i]
		if f.re != nil && !f.re.MatchString(text) || f.re == nil && !hasWord(folded, f.word) {
			continue
		}
		if f.Act == ActRefuse {
			return f
		}
		if held == nil {
			held = f
		}
	}
	return held
}

// hasWord reports whether a word stands in a text by itself.
func hasWord(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		begin, end := at+i, at+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (begin == 0 || !wordRune(before)) && (end == len(text) || !wordRune(after)) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[begin:])
		at = begin + size
	}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// readRoom reads how a chat is from its row.
func readRoom(row store.ChatRoom, err error) (Settings, []filter, string, error) {
	set := DefaultSettings()
	if errors.Is(err, store.ErrNotFound) {
		return set, nil, "", nil
	}
	if err != nil {
		return set, nil, "", err
	}
	var fs []Filter
	if err := errors.Join(json.Unmarshal([]byte(row.Settings), &set), json.Unmarshal([]byte(row.Filters), &fs)); err != nil {
		return set, nil, "", fmt.Errorf("read settings of chat: %w", err)
	}
	compiled, err := compileFilters(fs)
	return set, compiled, row.Pin, err
}
