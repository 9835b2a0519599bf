package account

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// keyPrefix lets people and scanners of leaked secrets know a key when
	// they see one.
	keyPrefix = "live_"

	maxLabel = 64 // characters
	// maxKeys bounds a channel's valid keys, listedKeys what it costs to list
	// them with the revoked ones.
	maxKeys    = 100
	listedKeys = 1000
	// useInterval is how exactly the last use of a key is known: a write for
	// each connection would be many for nothing.
	useInterval = time.Minute
)

// Key is what is known of a stream key, never its text: see store.StreamKey.
type Key = store.StreamKey

// MakeKey makes a stream key for a channel: `live_` and 26 characters. The
// text is returned this once and is nowhere afterwards. The label, up to 64
// characters, is for people and may be empty. A key that has a time of expiry
// lets no encoder in after it.
func (s *Service) MakeKey(ctx context.Context, a Actor, channel, label string, expires time.Time) (plain string, k Key, err error) {
	if !validLabel(label) {
		return "", Key{}, ErrBadLabel
	}
	if !expires.IsZero() && !expires.After(s.now()) {
		return "", Key{}, ErrBadExpiry
	}
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeKeys)
	if err != nil {
		return "", Key{}, err
	}
	plain, k = s.newKey(c, label)
	k.ExpiresAt = expires.UTC().Truncate(time.Millisecond)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := insertKey(ctx, tx, c, k, plain); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "key.make", "")
	})
	if err != nil {
		return "", Key{}, refuse(err, store.ErrNotFound, ErrUnknownChannel)
	}
	return plain, k, nil
}

// Keys lists a channel's valid keys and then its revoked ones, each newest
// first, at most a thousand.
func (s *Service) Keys(ctx context.Context, a Actor, channel string) ([]Key, error) {
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeRead)
	if err != nil {
		return nil, err
	}
	return s.db.StreamKeys(ctx, c.ID, listedKeys)
}

// RotateKey makes a key in place of the one with that id and revokes the old
// one in the same step; label and time of expiry go on. With an empty id it
// takes the place of all of the channel's keys, under the label "".
func (s *Service) RotateKey(ctx context.Context, a Actor, channel, keyID string) (plain string, k Key, err error) {
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeKeys)
	if err != nil {
		return "", Key{}, err
	}
	plain, k = s.newKey(c, "")
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.NoteModeration(ctx, tx, a, c, "key.rotate", ""); err != nil {
			return err
		}
		if keyID == "" {
			if _, err := tx.RevokeStreamKeys(ctx, c.ID, k.CreatedAt); err != nil {
				return err
			}
			return insertKey(ctx, tx, c, k, plain)
		}
		old, err := tx.StreamKey(ctx, c.ID, keyID)
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownKey)
		}
		if !old.RevokedAt.IsZero() {
			return ErrRevokedKey
		}
		k.Label, k.ExpiresAt = old.Label, old.ExpiresAt
		if err := tx.RevokeStreamKey(ctx, c.ID, keyID, k.CreatedAt); err != nil {
			return err
		}
		return insertKey(ctx, tx, c, k, plain)
	})
	if err != nil {
		return "", Key{}, err
	}
	s.changed(c)
	return plain, k, nil
}

// RevokeKey ends the channel's key with that id, or returns ErrUnknownKey. To
// revoke it again changes nothing. An encoder that came with it is sent away
// by who watches for that (Changes).
func (s *Service) RevokeKey(ctx context.Context, a Actor, channel, keyID string) error {
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeKeys)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.RevokeStreamKey(ctx, c.ID, keyID, s.stamp()); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "key.revoke", "")
	})
	if err == nil {
		s.changed(c)
	}
	return refuse(err, store.ErrNotFound, ErrUnknownKey)
}

// Encoder is what is kept of the encoder that a key was used by last.
type Encoder struct {
	Address string
	Name    string // what it calls itself
}

// ChannelByKey returns the channel that the text of a key opens, and notes
// the key's use, to the minute. It fails with ErrUnknownKey, ErrRevokedKey or
// ErrExpiredKey.
func (s *Service) ChannelByKey(ctx context.Context, plain string, by Encoder) (Channel, Key, error) {
	if !looksLikeKey(plain) {
		return Channel{}, Key{}, ErrUnknownKey
	}
	k, err := s.db.StreamKeyByHash(ctx, hashSecret(plain))
	if err != nil {
		return Channel{}, Key{}, refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	c, err := s.db.Channel(ctx, k.ChannelID)
	if err != nil {
		return Channel{}, Key{}, refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	return s.use(ctx, c, k, by)
}

// KeyGood returns nil while an encoder may go on that came with the key of that
// id, or says why not: ErrUnknownKey, ErrRevokedKey or ErrExpiredKey.
func (s *Service) KeyGood(ctx context.Context, channelID, keyID string) error {
	k, err := s.db.StreamKey(ctx, channelID, keyID)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	return s.good(k)
}

func (s *Service) good(k Key) error {
	switch {
	case !k.RevokedAt.IsZero():
		return ErrRevokedKey
	case !k.ExpiresAt.IsZero() && !s.now().Before(k.ExpiresAt):
		return ErrExpiredKey
	}
	return nil
}

// use opens a channel by a key that was found, and notes that.
func (s *Service) use(ctx context.Context, c Channel, k Key, by Encoder) (Channel, Key, error) {
	if err := s.good(k); err != nil {
		return Channel{}, Key{}, err
	}
	if now := s.stamp(); now.Sub(k.LastUsedAt) >= useInterval || k.LastUsedFrom != by.Address || k.LastUsedBy != by.Name {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			if err := s.noteNetwork(ctx, tx, k, by, now); err != nil {
				return err
			}
			return tx.TouchStreamKey(ctx, k.ID, now, by.Address, by.Name)
		})
		if err != nil {
			return Channel{}, Key{}, err
		}
		k.LastUsedAt, k.LastUsedFrom, k.LastUsedBy = now, by.Address, by.Name
	}
	return c, k, nil
}

// newKey makes a key that is nowhere yet.
func (s *Service) newKey(c Channel, label string) (plain string, k Key) {
	plain = newSecret(keyPrefix)
	return plain, Key{ID: s.db.NewID(), ChannelID: c.ID, Label: label, Hint: hintOf(plain), CreatedAt: s.stamp()}
}

// insertKey adds a key while the channel has room for it.
func insertKey(ctx context.Context, tx *store.Tx, c Channel, k Key, plain string) error {
	valid, err := tx.ValidStreamKeys(ctx, k.ChannelID)
	if err != nil {
		return err
	}
	if valid >= maxKeys {
		return ErrTooManyKeys
	}
	if err := tx.InsertStreamKey(ctx, k, hashSecret(plain)); err != nil {
		return err
	}
	return tx.SetKeyVerifier(ctx, k.ID, verifier(c.Name, plain))
}

// looksLikeKey reports whether s has the form of a stream key.
func looksLikeKey(s string) bool { return isSecret(s, keyPrefix) }

func validLabel(label string) bool {
	return utf8.RuneCountInString(label) <= maxLabel && printable(label)
}

// printable reports whether a text is of characters that can be shown, on one
// line.
func printable(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
