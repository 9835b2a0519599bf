package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/store"
)

// SignUp says who may make an account.
type SignUp string

// The ways to an account.
const (
	SignUpOpen       SignUp = "open"       // everybody
	SignUpInvitation SignUp = "invitation" // who was invited
	SignUpClosed     SignUp = "closed"     // nobody: admins make accounts
)

// Settings are what an admin changes while the server runs.
type Settings struct {
	SiteName string `json:"site_name"`
	SignUp   SignUp `json:"sign_up"`
	// MakeChannels lets every user make channels; without it admins alone do.
	MakeChannels bool `json:"make_channels"`
	// The colours of links and buttons, such as #2f55d4; empty is the pages' own.
	AccentLight string `json:"accent_light,omitempty"`
	AccentDark  string `json:"accent_dark,omitempty"`
	// The legal pages, Markdown; an empty one is none.
	Terms   string `json:"terms,omitempty"`
	Privacy string `json:"privacy,omitempty"`
	Imprint string `json:"imprint,omitempty"`
	Limits  Limits `json:"limits"`
}

// DefaultAccentDark is the colour that the pages have in the dark theme.
const DefaultAccentDark = "#7c9cff"

const (
	settingsRow = "site"
	maxSiteName = 60
	maxLegal    = 100_000 // characters
)

func defaults() Settings {
	return Settings{SiteName: "Rostrum", SignUp: SignUpInvitation, MakeChannels: true, Limits: Limits{ChannelsPerUser: 20}}
}

// Settings returns those in force.
func (s *Service) Settings(ctx context.Context) (Settings, error) { return settings(ctx, s.db.Reader) }

func settings(ctx context.Context, r store.Reader) (Settings, error) {
	set := defaults()
	text, err := r.Setting(ctx, settingsRow)
	if errors.Is(err, store.ErrNotFound) {
		return set, nil
	}
	if err != nil {
		return set, err
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return set, fmt.Errorf("read the site's settings: %w", err)
	}
	return set, nil
}

// SetSettings changes them, from now on, all but the limits: see SetLimits. It
// is for admins.
func (s *Service) SetSettings(ctx context.Context, a Actor, set Settings) error {
	if err := a.RequireAdmin(); err != nil {
		return err
	}
	set.SiteName = strings.TrimSpace(set.SiteName)
	if n := utf8.RuneCountInString(set.SiteName); n < 1 || n > maxSiteName || !printable(set.SiteName) {
		return ErrBadSiteName
	}
	switch set.SignUp {
	case SignUpOpen, SignUpInvitation, SignUpClosed:
	default:
		return ErrBadSignUp
	}
	if err := set.checkLook(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		last, err := settings(ctx, tx.Reader)
		if err != nil {
			return err
		}
		set.Limits = last.Limits
		if err := s.putSettings(ctx, tx, set); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "settings.change", "site", fmt.Sprintf("name %q, sign-up %s, users make channels: %t, accents %q and %q, legal pages of %d, %d and %d bytes",
			set.SiteName, set.SignUp, set.MakeChannels, set.AccentLight, set.AccentDark, len(set.Terms), len(set.Privacy), len(set.Imprint)))
	})
}

func (s *Service) putSettings(ctx context.Context, tx *store.Tx, set Settings) error {
	text, err := json.Marshal(set)
	if err != nil {
		return fmt.Errorf("write the site's settings: %w", err)
	}
	return tx.PutSetting(ctx, settingsRow, string(text), s.stamp())
}

// checkLook tidies what the pages take of the settings, and refuses what they
// cannot show.
func (set *Settings) checkLook() error {
	for colour, theme := range map[*string]theme{&set.AccentLight: lightTheme, &set.AccentDark: darkTheme} {
		*colour = strings.ToLower(strings.TrimSpace(*colour))
		if err := theme.check(*colour); err != nil {
			return err
		}
	}
	for _, text := range []*string{&set.Terms, &set.Privacy, &set.Imprint} {
		if *text = strings.TrimSpace(*text); tooLong(*text, maxLegal) || !writable(*text) {
			return ErrBadLegal
		}
	}
	return nil
}
