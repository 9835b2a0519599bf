package account

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"

	"github.com/rostrumlive/rostrum/internal/store"
)

// authSalt stands between user name and password in a verifier. One for all is
// enough: the name makes verifiers of equal keys differ, and keys are random
// and too many for a table (docs/decisions/003-authmod.md).
const authSalt = "rostrum"

// AuthSalt is what encoders are told to hash between a channel's folded name
// and its stream key.
func (s *Service) AuthSalt() string { return authSalt }

// verifier is what Adobe's authentication of publishers compares: the hash is
// a part of its protocol.
func verifier(channel, plain string) string {
	sum := md5.Sum([]byte(channel + authSalt + plain))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Login returns the channel with that name, whatever its case, and the one of
// its valid keys whose verifier proves accepts. It fails with ErrLogin, which
// does not tell whether there is such a channel, or with ErrOldKeys when a key
// of the channel has no verifier.
func (s *Service) Login(ctx context.Context, name string, proves func(verifier string) bool) (Channel, Key, error) {
	c, err := s.Channel(ctx, name)
	if errors.Is(err, ErrUnknownChannel) {
		return Channel{}, Key{}, ErrLogin
	}
	if err != nil {
		return Channel{}, Key{}, err
	}
	list, err := s.db.KeyVerifiers(ctx, c.ID, maxKeys)
	if err != nil {
		return Channel{}, Key{}, err
	}
	refusal := ErrLogin
	for _, v := range list {
		if v.Verifier == "" {
			refusal = ErrOldKeys
			continue
		}
		if proves(v.Verifier) {
			k, err := s.db.StreamKey(ctx, c.ID, v.KeyID)
			return c, k, refuse(err, store.ErrNotFound, ErrLogin)
		}
	}
	return Channel{}, Key{}, refusal
}

// ChannelByLogin returns the channel that a key opens which Login returned,
// and notes the key's use, to the minute. It fails with ErrUnknownKey,
// ErrRevokedKey or ErrExpiredKey.
func (s *Service) ChannelByLogin(ctx context.Context, channel, keyID string, by Encoder) (Channel, Key, error) {
	c, err := s.Channel(ctx, channel)
	if errors.Is(err, ErrUnknownChannel) {
		return Channel{}, Key{}, ErrUnknownKey
	}
	if err != nil {
		return Channel{}, Key{}, err
	}
	k, err := s.db.StreamKey(ctx, c.ID, keyID)
	if err != nil {
		return Channel{}, Key{}, refuse(err, store.ErrNotFound, ErrUnknownKey)
	}
	return s.use(ctx, c, k, by)
}
