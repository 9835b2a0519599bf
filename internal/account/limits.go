package account

import (
	"context"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Limits are the bounds that an admin sets while the server runs.
type Limits struct {
	// RetentionDays is how old a recording may become where its channel does not
	// say; nil is as the configuration has it, 0 is for ever.
	RetentionDays *float64 `json:"retention_days,omitempty"`
	// RetentionBytes is what all recordings may take together; nil is as the
	// configuration has it, 0 is no limit.
	RetentionBytes *int64 `json:"retention_bytes,omitempty"`
	// ChannelsPerUser is of how many a user who is no admin may be owner before
	// it can make no more.
	ChannelsPerUser int `json:"channels_per_user"`
}

const (
	maxRetentionDays   = 3650
	maxRetentionBytes  = 1 << 60
	maxChannelsPerUser = mostPlaces / 2 // so that they can be counted among a user's places
)

func (l Limits) valid() bool {
	return (l.RetentionDays == nil || *l.RetentionDays >= 0 && *l.RetentionDays <= maxRetentionDays) &&
		(l.RetentionBytes == nil || *l.RetentionBytes >= 0 && *l.RetentionBytes <= maxRetentionBytes) &&
		l.ChannelsPerUser >= 0 && l.ChannelsPerUser <= maxChannelsPerUser
}

// SetLimits changes the limits of the settings, from now on. It is for admins.
func (s *Service) SetLimits(ctx context.Context, a Actor, l Limits) error {
	if err := a.RequireAdmin(); err != nil {
		return err
	}
	if !l.valid() {
		return ErrBadLimits
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		set, err := settings(ctx, tx.Reader)
		if err != nil {
			return err
		}
		set.Limits = l
		if err := s.putSettings(ctx, tx, set); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "settings.limits", "site", fmt.Sprintf("recordings for %s days and up to %s bytes, %d channels a user",
			asConfigured(l.RetentionDays), asConfigured(l.RetentionBytes), l.ChannelsPerUser))
	})
}

func asConfigured[T any](limit *T) string {
	if limit == nil {
		return "as many as configured"
	}
	return fmt.Sprint(*limit)
}
