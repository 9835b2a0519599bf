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
}

const (
	settingsRow  = "site"
	maxSiteName  = 60
	mostChannels = 20 // that a user makes
)

func defaults() Settings {
	return Settings{SiteName: "Rostrum", SignUp: SignUpInvitation, MakeChannels: true}
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

// SetSettings changes them, from now on. It is for admins.
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
	text, err := json.Marshal(set)
	if err != nil {
		return fmt.Errorf("write the site's settings: %w", err)
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutSetting(ctx, settingsRow, string(text), s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "settings.change", "site", fmt.Sprintf("name %q, sign-up %s, users make channels: %t", set.SiteName, set.SignUp, set.MakeChannels))
	})
}
