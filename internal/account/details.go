package account

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Showtime is a time of the week: see store.Showtime.
type Showtime = store.Showtime

const (
	maxTitle         = 140
	maxDescription   = 10_000
	maxCategory      = 60
	mostTags         = 10
	maxTag           = 30
	mostShowtimes    = 28
	mostSites        = 50
	leastWatchWord   = 4
	minutesADay      = 24 * 60
	leastRetention   = time.Hour
	longestRetention = 10 * 365 * 24 * time.Hour
)

// Details are what an owner or an editor changes of a channel; what is nil
// stays as it is.
type Details struct {
	Title       *string
	Description *string // Markdown
	Category    *string
	Tags        *[]string
	Language    *string // BCP 47
	Mature      *bool
	Schedule    *[]Showtime

	ReconnectWindow **time.Duration // of nil is as the server is set
	Takeover        *Takeover
	Recorded        *bool
	Retention       **time.Duration // of nil is as the server is set
	RetentionBytes  **int64         // of nil is no limit of its own
	Clips           *Clips

	Visibility *Visibility
	Password   *string // that viewers are asked for; empty: none
	Embedding  *Embedding
	EmbedSites *[]string // origins, such as https://example.org
}

// AnyRevision is that of who does not care what others changed meanwhile.
const AnyRevision = -1

// SetDetails changes a channel, if its revision is still the one that the
// caller read, and returns it as it is then; otherwise ErrChanged. What cannot
// be is an ErrBadChannel that says so in words.
func (s *Service) SetDetails(ctx context.Context, a Actor, name string, revision int64, d Details) (Channel, error) {
	c, err := s.channelFor(ctx, a, name, PlaceEditor, ScopeChannels)
	if err != nil {
		return Channel{}, err
	}
	if revision != AnyRevision && revision != c.Revision {
		return Channel{}, ErrChanged
	}
	if err := d.apply(&c); err != nil {
		return Channel{}, err
	}
	if d.Password != nil {
		if c.Password = ""; *d.Password != "" {
			if c.Password, err = s.passwords.hash(ctx, *d.Password); err != nil {
				return Channel{}, err
			}
		}
	}
	if Visibility(c.Visibility) == Password && c.Password == "" {
		return Channel{}, badChannel("a channel that asks for a password needs one")
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.UpdateChannel(ctx, c); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.change", "")
	})
	if err != nil {
		return Channel{}, refuse(err, store.ErrConflict, ErrChanged)
	}
	s.changed(c)
	c.Revision++
	return c, nil
}

func badChannel(format string, args ...any) error {
	return &Error{ErrBadChannel.Code, fmt.Sprintf(format, args...)}
}

// apply puts what is to change into a channel.
func (d Details) apply(c *Channel) error {
	return errors.Join(d.applyWords(c), d.applySchedule(c), d.applyRules(c), d.applyAccess(c))
}

func (d Details) applyWords(c *Channel) error {
	if d.Title != nil {
		title, err := ValidTitle(*d.Title)
		if err != nil {
			return err
		}
		c.Title = title
	}
	if d.Description != nil {
		if c.Description = *d.Description; tooLong(c.Description, maxDescription) || !writable(c.Description) {
			return badChannel("a description has at most %d characters", maxDescription)
		}
	}
	if d.Category != nil {
		if c.Category = strings.TrimSpace(*d.Category); tooLong(c.Category, maxCategory) || !printable(c.Category) {
			return badChannel("a category has at most %d characters, on one line", maxCategory)
		}
	}
	if d.Tags != nil {
		c.Tags = nil
		for _, tag := range *d.Tags {
			if tag = strings.TrimSpace(tag); tag == "" || tooLong(tag, maxTag) || !printable(tag) {
				return badChannel("a tag has 1 to %d characters, on one line", maxTag)
			}
			if !slices.ContainsFunc(c.Tags, func(t string) bool { return strings.EqualFold(t, tag) }) {
				c.Tags = append(c.Tags, tag)
			}
		}
		if len(c.Tags) > mostTags {
			return badChannel("a channel has at most %d tags", mostTags)
		}
	}
	if d.Language != nil {
		if c.Language = ""; *d.Language != "" {
			tag, err := language.Parse(*d.Language)
			if err != nil {
				return badChannel("%.35q is not a language's tag, such as en or pt-BR", *d.Language)
			}
			c.Language = tag.String()
		}
	}
	if d.Mature != nil {
		c.Mature = *d.Mature
	}
	return nil
}

// ValidTitle returns a title as it is kept, or an ErrBadChannel that says what is
// wrong with it.
func ValidTitle(title string) (string, error) {
	title = strings.TrimSpace(title)
	if title == "" || tooLong(title, maxTitle) || !printable(title) {
		return "", badChannel("a title has 1 to %d characters, on one line", maxTitle)
	}
	return title, nil
}

var clock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

func (d Details) applySchedule(c *Channel) error {
	if d.Schedule == nil {
		return nil
	}
	if len(*d.Schedule) > mostShowtimes {
		return badChannel("a schedule has at most %d times", mostShowtimes)
	}
	c.Schedule = nil
	for _, t := range *d.Schedule {
		if t.Day < 0 || t.Day > 6 || !clock.MatchString(t.Start) || t.Minutes < 1 || t.Minutes > minutesADay {
			return badChannel("a time of the schedule has a day from 0 to 6, a start such as 20:30, and 1 to %d minutes", minutesADay)
		}
		if _, err := time.LoadLocation(t.Zone); err != nil || t.Zone == "" || t.Zone == "Local" {
			return badChannel("%.60q is not a time zone, such as Europe/Berlin", t.Zone)
		}
		if t.Title = strings.TrimSpace(t.Title); tooLong(t.Title, maxTitle) || !printable(t.Title) {
			return badChannel("the title of a time has at most %d characters, on one line", maxTitle)
		}
		c.Schedule = append(c.Schedule, t)
	}
	return nil
}

func (d Details) applyRules(c *Channel) error {
	if d.ReconnectWindow != nil {
		if c.ReconnectWindow = *d.ReconnectWindow; c.ReconnectWindow != nil && (*c.ReconnectWindow < 0 || *c.ReconnectWindow > MaxReconnectWindow) {
			return ErrBadReconnectWindow
		}
	}
	if d.Takeover != nil {
		switch *d.Takeover {
		case TakeoverNewest, TakeoverRefuse, TakeoverPriority:
		default:
			return ErrBadTakeover
		}
		c.Takeover = string(*d.Takeover)
	}
	if d.Recorded != nil {
		c.Recorded = *d.Recorded
	}
	if d.Retention != nil {
		if c.Retention = *d.Retention; c.Retention != nil && (*c.Retention < leastRetention || *c.Retention > longestRetention) {
			return badChannel("recordings are kept for an hour to ten years")
		}
	}
	if d.RetentionBytes != nil {
		if c.RetentionBytes = *d.RetentionBytes; c.RetentionBytes != nil && *c.RetentionBytes <= 0 {
			return badChannel("a limit for recordings is at least one byte")
		}
	}
	if d.Clips != nil {
		if *d.Clips != ClipsNobody && *d.Clips != ClipsSignedIn {
			return badChannel("clips are made by one of nobody and signed_in")
		}
		c.Clips = string(*d.Clips)
	}
	return nil
}

func (d Details) applyAccess(c *Channel) error {
	if d.Visibility != nil {
		if !ValidVisibility(*d.Visibility) {
			return ErrBadVisibility
		}
		c.Visibility = string(*d.Visibility)
	}
	if d.Password != nil && *d.Password != "" && (utf8.RuneCountInString(*d.Password) < leastWatchWord || len(*d.Password) > mostPassword || !utf8.ValidString(*d.Password)) {
		return badChannel("a password for viewers has at least %d characters", leastWatchWord)
	}
	if d.Embedding != nil {
		switch *d.Embedding {
		case EmbeddingAllowed, EmbeddingRefused, EmbeddingSites:
		default:
			return badChannel("embedding is one of allowed, refused and sites")
		}
		c.Embedding = string(*d.Embedding)
	}
	if d.EmbedSites == nil {
		return nil
	}
	if len(*d.EmbedSites) > mostSites {
		return badChannel("at most %d sites can be named", mostSites)
	}
	c.EmbedSites = nil
	for _, site := range *d.EmbedSites {
		origin, ok := originOf(site)
		if !ok {
			return badChannel("%.80q is not the address of a site, such as https://example.org", site)
		}
		if !slices.Contains(c.EmbedSites, origin) {
			c.EmbedSites = append(c.EmbedSites, origin)
		}
	}
	return nil
}

// ValidVisibility reports whether v is one.
func ValidVisibility(v Visibility) bool {
	return slices.Contains([]Visibility{Public, Unlisted, Password, Members}, v)
}

var host = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$|^\[[0-9a-f:]+\](:[0-9]{1,5})?$`)

// originOf reads the origin of a site (RFC 6454 4), which goes into a header.
func originOf(site string) (string, bool) {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(site)))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" || !host.MatchString(u.Host) {
		return "", false
	}
	return u.Scheme + "://" + u.Host, true
}

func tooLong(text string, most int) bool { return utf8.RuneCountInString(text) > most }

// writable reports whether a text of many lines can be shown.
func writable(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t'
	}) < 0
}
