package account

import (
	"crypto/md5"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

// knows is an encoder that knows a key, and hashes as the protocol asks.
func knows(s *Service, channel, plain string) func(string) bool {
	sum := md5.Sum([]byte(channel + s.AuthSalt() + plain))
	return func(verifier string) bool { return verifier == base64.StdEncoding.EncodeToString(sum[:]) }
}

func TestLogin(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	mine, err := s.AddChannel(ctx, CommandLine(), "Mine")
	require.NoError(t, err)
	_, err = s.AddChannel(ctx, CommandLine(), "other")
	require.NoError(t, err)
	first, firstKey, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.NoError(t, err)
	second, secondKey, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.NoError(t, err)
	theirs, _, err := s.MakeKey(ctx, CommandLine(), "other", "", time.Time{})
	require.NoError(t, err)

	for plain, want := range map[string]Key{first: firstKey, second: secondKey} {
		c, k, err := s.Login(ctx, "MINE", knows(s, "mine", plain))
		require.NoError(t, err)
		require.Equal(t, mine, c)
		require.Equal(t, want, k)
	}
	for name, proves := range map[string]func(string) bool{
		"mine":   knows(s, "mine", "wrong"),
		"other":  knows(s, "mine", first),
		"nobody": knows(s, "mine", first),
		"no/one": knows(s, "mine", first),
		"":       knows(s, "mine", theirs),
	} {
		_, _, err := s.Login(ctx, name, proves)
		require.ErrorIs(t, err, ErrLogin, name)
	}

	c, k, err := s.ChannelByLogin(ctx, "mine", firstKey.ID, Encoder{})
	require.NoError(t, err)
	require.Equal(t, mine, c)
	require.False(t, k.LastUsedAt.IsZero(), "its use is noted")
	_, _, err = s.ChannelByLogin(ctx, "other", firstKey.ID, Encoder{})
	require.ErrorIs(t, err, ErrUnknownKey)
	_, _, err = s.ChannelByLogin(ctx, "nobody", firstKey.ID, Encoder{})
	require.ErrorIs(t, err, ErrUnknownKey)

	require.NoError(t, s.RevokeKey(ctx, CommandLine(), "mine", firstKey.ID))
	_, _, err = s.Login(ctx, "mine", knows(s, "mine", first))
	require.ErrorIs(t, err, ErrLogin)
	_, _, err = s.ChannelByLogin(ctx, "mine", firstKey.ID, Encoder{})
	require.ErrorIs(t, err, ErrRevokedKey, "also of who logged in before")
	fresh, _, err := s.RotateKey(ctx, CommandLine(), "mine", secondKey.ID)
	require.NoError(t, err)
	_, _, err = s.Login(ctx, "mine", knows(s, "mine", fresh))
	require.NoError(t, err)
}

// A key that was made before there were logins works by itself, and a login
// with it says what to do.
func TestLoginWithAnOldKey(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	c, err := s.AddChannel(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	plain, k := s.newKey(c, "")
	err = s.db.Write(ctx, func(tx *store.Tx) error { return tx.InsertStreamKey(ctx, k, hashSecret(plain)) })
	require.NoError(t, err)
	_, _, err = s.ChannelByKey(ctx, plain, Encoder{})
	require.NoError(t, err)
	_, _, err = s.Login(ctx, "mine", knows(s, "mine", plain))
	require.ErrorIs(t, err, ErrOldKeys)
	require.ErrorContains(t, err, "make a new one")

	fresh, _, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.NoError(t, err)
	_, _, err = s.Login(ctx, "mine", knows(s, "mine", fresh))
	require.NoError(t, err, "beside an old one")
}
