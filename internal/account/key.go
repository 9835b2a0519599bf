package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
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
	// keyLength characters of five random bits each make 130 bits: with that
	// much to guess, a plain SHA-256 keeps a key safe in a stolen database,
	// and the time that a look-up by hash takes tells nothing.
	keyLength   = 26
	keyAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base32
	hintLength  = 4

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
// characters, is for people and may be empty.
func (s *Service) MakeKey(ctx context.Context, channel, label string) (plain string, k Key, err error) {
	if !validLabel(label) {
		return "", Key{}, ErrBadLabel
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return "", Key{}, err
	}
	plain, k = s.newKey(c, label)
	err = s.db.Write(ctx, func(tx *store.Tx) error { return insertKey(ctx, tx, c, k, plain) })
	if err != nil {
		return "", Key{}, refuse(err, store.ErrNotFound, ErrUnknownChannel)
	}
	return plain, k, nil
}

// Keys lists a channel's valid keys and then its revoked ones, each newest
// first, at most a thousand.
func (s *Service) Keys(ctx context.Context, channel string) ([]Key, error) {
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return nil, err
	}
	return s.db.StreamKeys(ctx, c.ID, listedKeys)
}

// RotateKey makes a key in place of the one with that id and revokes the old
// one in the same step; the label goes on. With an empty id it takes the place
// of all of the channel's keys, under the label "".
func (s *Service) RotateKey(ctx context.Context, channel, keyID string) (plain string, k Key, err error) {
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return "", Key{}, err
	}
	plain, k = s.newKey(c, "")
	err = s.db.Write(ctx, func(tx *store.Tx) error {
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
		k.Label = old.Label
		if err := tx.RevokeStreamKey(ctx, c.ID, keyID, k.CreatedAt); err != nil {
			return err
		}
		return insertKey(ctx, tx, c, k, plain)
	})
	if err != nil {
		return "", Key{}, err
	}
	return plain, k, nil
}

// RevokeKey ends the channel's key with that id, or returns ErrUnknownKey. To
// revoke it again changes nothing.
func (s *Service) RevokeKey(ctx context.Context, channel, keyID string) error {
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error { return tx.RevokeStreamKey(ctx, c.ID, keyID, s.stamp()) })
	return refuse(err, store.ErrNotFound, ErrUnknownKey)
}

// ChannelByKey returns the channel that the text of a key opens, and notes
// the key's use, to the minute. It fails with ErrUnknownKey or ErrRevokedKey.
func (s *Service) ChannelByKey(ctx context.Context, plain string) (Channel, Key, error) {
	if !looksLikeKey(plain) {
		return Channel{}, Key{}, ErrUnknownKey
	}
	k, err := s.db.StreamKeyByHash(ctx, hashKey(plain))
	if err != nil {
		return Channel{}, Key{}, refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	c, err := s.db.Channel(ctx, k.ChannelID)
	if err != nil {
		return Channel{}, Key{}, refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	return s.use(ctx, c, k)
}

// use opens a channel by a key that was found, and notes that.
func (s *Service) use(ctx context.Context, c Channel, k Key) (Channel, Key, error) {
	if !k.RevokedAt.IsZero() {
		return Channel{}, Key{}, ErrRevokedKey
	}
	if now := s.stamp(); now.Sub(k.LastUsedAt) >= useInterval {
		if err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.TouchStreamKey(ctx, k.ID, now) }); err != nil {
			return Channel{}, Key{}, err
		}
		k.LastUsedAt = now
	}
	return c, k, nil
}

// newKey makes a key that is nowhere yet.
func (s *Service) newKey(c Channel, label string) (plain string, k Key) {
	var b [keyLength]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when there is no randomness
	for i, v := range b {
		b[i] = keyAlphabet[v%32] // 256 is a multiple of 32: no character is likelier
	}
	plain = keyPrefix + string(b[:])
	return plain, Key{
		ID: s.db.NewID(), ChannelID: c.ID, Label: label,
		Hint: plain[len(plain)-hintLength:], CreatedAt: s.stamp(),
	}
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
	if err := tx.InsertStreamKey(ctx, k, hashKey(plain)); err != nil {
		return err
	}
	return tx.SetKeyVerifier(ctx, k.ID, verifier(c.Name, plain))
}

func hashKey(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// looksLikeKey reports whether s has the form of a stream key.
func looksLikeKey(s string) bool {
	body, ok := strings.CutPrefix(s, keyPrefix)
	if !ok || len(body) != keyLength {
		return false
	}
	return strings.Trim(body, keyAlphabet) == ""
}

func validLabel(label string) bool {
	if !utf8.ValidString(label) || utf8.RuneCountInString(label) > maxLabel {
		return false
	}
	return strings.IndexFunc(label, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
