package account

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service makes a Service over an empty database in dir.
func service(t testing.TB, dir string) *Service {
	return New(storetest.Open(t, filepath.Join(dir, "rostrum.db"), slog.New(slog.DiscardHandler)))
}

func TestValidName(t *testing.T) {
	for _, name := range []string{"a", "Z", "0", "_", "-", "my-Channel_2", strings.Repeat("x", 64), "live_", "live_abc"} {
		require.NoError(t, ValidName(name), name)
	}
	for name, reason := range map[string]string{
		"":                                "cannot be empty",
		strings.Repeat("x", 65):           "at most 64",
		"a b":                             `' '`,
		"a/b":                             `'/'`,
		"größe":                           `'ö'`,
		"a\x00":                           `'\x00'`,
		"\u212a":                          "'\u212a'", // the Kelvin sign, which Unicode folds to k
		"a\xff":                           `'�'`,
		"live_0123456789abcdefghjkmnpqrs": "looks like a stream key",
		"LIVE_0123456789ABCDEFGHJKMNPQRS": "looks like a stream key",
	} {
		err := ValidName(name)
		require.ErrorIs(t, err, ErrBadName, name)
		require.ErrorContains(t, err, reason)
		if len(name) > 5 {
			require.NotContains(t, err.Error(), name)
		}
	}
}

func TestValidNamesFoldToValidNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		folded := FoldName(name)
		require.Equal(t, ValidName(name) == nil, ValidName(folded) == nil)
		require.Equal(t, folded, FoldName(folded))
	})
}

func TestChannels(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	made, err := s.AddChannel(ctx, CommandLine(), "MyShow")
	require.NoError(t, err)
	require.Equal(t, "myshow", made.Name)
	require.Equal(t, "MyShow", made.Title)

	_, err = s.AddChannel(ctx, CommandLine(), "myshow")
	require.ErrorIs(t, err, ErrNameTaken)
	_, err = s.AddChannel(ctx, CommandLine(), "my show")
	require.ErrorIs(t, err, ErrBadName)

	got, err := s.Channel(ctx, "MYSHOW")
	require.NoError(t, err)
	require.Equal(t, made, got)
	_, err = s.Channel(ctx, "other")
	require.ErrorIs(t, err, ErrUnknownChannel)
	_, err = s.Channel(ctx, "no name")
	require.ErrorIs(t, err, ErrUnknownChannel)

	got, err = s.EnsureChannel(ctx, "myShow")
	require.NoError(t, err)
	require.Equal(t, made, got)
	_, err = s.EnsureChannel(ctx, "")
	require.ErrorIs(t, err, ErrBadName)
}

func TestEnsureChannelByManyAtOnce(t *testing.T) {
	s := service(t, t.TempDir())
	ids := make([]string, 8)
	var g errgroup.Group
	for i := range ids {
		g.Go(func() error {
			c, err := s.EnsureChannel(t.Context(), "popular")
			ids[i] = c.ID
			return err
		})
	}
	require.NoError(t, g.Wait())
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
}

func TestChannelsInPages(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	for i := range 5 {
		_, err := s.AddChannel(ctx, CommandLine(), fmt.Sprint("c", i))
		require.NoError(t, err)
	}
	for _, limit := range []int{0, 1, 2, 4, 5, 6} {
		var names []string
		cursor := ""
		for {
			page, next, err := s.Channels(ctx, cursor, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page), max(limit, 1))
			for _, c := range page {
				names = append(names, c.Name)
			}
			if next == "" {
				break
			}
			cursor = next
		}
		require.Equal(t, []string{"c0", "c1", "c2", "c3", "c4"}, names, "limit %d", limit)
	}
}

func TestAKeyOpensItsChannel(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	c, err := s.AddChannel(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	plain, k, err := s.MakeKey(ctx, CommandLine(), "Mine", "home", time.Time{})
	require.NoError(t, err)
	require.Regexp(t, `^live_[0-9a-hjkmnp-tv-z]{26}$`, plain)
	require.True(t, strings.HasSuffix(plain, k.Hint))
	require.Len(t, k.Hint, 4)
	require.Equal(t, "home", k.Label)

	got, used, err := s.ChannelByKey(ctx, plain, Encoder{})
	require.NoError(t, err)
	require.Equal(t, c, got)
	require.Equal(t, k.ID, used.ID)

	for _, wrong := range []string{"", "live_", plain[:30], plain + "0", strings.ToUpper(plain), "live_" + strings.Repeat("0", 26), k.Hint, k.ID} {
		_, _, err := s.ChannelByKey(ctx, wrong, Encoder{})
		require.ErrorIs(t, err, ErrUnknownKey)
		if wrong != "" {
			require.NotContains(t, err.Error(), wrong)
		}
	}

	_, _, err = s.MakeKey(ctx, CommandLine(), "other", "", time.Time{})
	require.ErrorIs(t, err, ErrUnknownChannel)
	for _, label := range []string{strings.Repeat("ü", 65), "a\nb", "a\x1b[31m", "\xff"} {
		_, _, err = s.MakeKey(ctx, CommandLine(), "mine", label, time.Time{})
		require.ErrorIs(t, err, ErrBadLabel)
	}
	_, _, err = s.MakeKey(ctx, CommandLine(), "mine", strings.Repeat("ü", 64), time.Time{})
	require.NoError(t, err)
}

func TestUseOfAKeyIsKnownToTheMinute(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	_, err := s.AddChannel(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	plain, _, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.NoError(t, err)
	start := now
	for _, step := range []struct{ at, want time.Duration }{
		{0, 0},
		{59 * time.Second, 0},
		{60 * time.Second, 60 * time.Second},
		{30 * time.Second, 60 * time.Second}, // the clock went back
		{119 * time.Second, 60 * time.Second},
		{500 * time.Second, 500 * time.Second},
	} {
		now = start.Add(step.at)
		_, k, err := s.ChannelByKey(ctx, plain, Encoder{})
		require.NoError(t, err)
		require.Equal(t, start.Add(step.want), k.LastUsedAt)
		keys, err := s.Keys(ctx, CommandLine(), "mine")
		require.NoError(t, err)
		require.Equal(t, []Key{k}, keys)
	}
}

func TestRevokeAndRotate(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	for _, name := range []string{"mine", "other"} {
		_, err := s.AddChannel(ctx, CommandLine(), name)
		require.NoError(t, err)
	}
	opens := func(plain string, want error) {
		t.Helper()
		_, _, err := s.ChannelByKey(ctx, plain, Encoder{})
		require.ErrorIs(t, err, want)
	}
	add := func(channel, label string) (string, Key) {
		t.Helper()
		plain, k, err := s.MakeKey(ctx, CommandLine(), channel, label, time.Time{})
		require.NoError(t, err)
		return plain, k
	}
	p1, k1 := add("mine", "one")
	p2, k2 := add("mine", "two")
	foreign, _ := add("other", "")

	require.ErrorIs(t, s.RevokeKey(ctx, CommandLine(), "other", k1.ID), ErrUnknownKey)
	require.ErrorIs(t, s.RevokeKey(ctx, CommandLine(), "none", k1.ID), ErrUnknownChannel)
	require.NoError(t, s.RevokeKey(ctx, CommandLine(), "mine", k1.ID))
	require.NoError(t, s.RevokeKey(ctx, CommandLine(), "mine", k1.ID))
	opens(p1, ErrRevokedKey)
	opens(p2, nil)

	_, _, err := s.RotateKey(ctx, CommandLine(), "mine", k1.ID)
	require.ErrorIs(t, err, ErrRevokedKey)
	_, _, err = s.RotateKey(ctx, CommandLine(), "other", k2.ID)
	require.ErrorIs(t, err, ErrUnknownKey)
	p3, k3, err := s.RotateKey(ctx, CommandLine(), "mine", k2.ID)
	require.NoError(t, err)
	require.Equal(t, "two", k3.Label)
	opens(p2, ErrRevokedKey)
	opens(p3, nil)

	add("mine", "three")
	p4, _, err := s.RotateKey(ctx, CommandLine(), "mine", "")
	require.NoError(t, err)
	opens(p3, ErrRevokedKey)
	opens(p4, nil)
	opens(foreign, nil)
	keys, err := s.Keys(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	require.Len(t, keys, 5)
	require.True(t, keys[0].RevokedAt.IsZero(), "valid ones come first")
	for _, k := range keys[1:] {
		require.False(t, k.RevokedAt.IsZero())
	}
}

func TestAChannelHasABoundOfKeys(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	c, err := s.AddChannel(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		for i := range maxKeys {
			plain, k := s.newKey(c, "")
			if err := insertKey(ctx, tx, c, k, plain); err != nil {
				return fmt.Errorf("key %d: %w", i, err)
			}
		}
		return nil
	})
	require.NoError(t, err)
	_, k, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.ErrorIs(t, err, ErrTooManyKeys)
	require.Zero(t, k)
	keys, err := s.Keys(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	_, _, err = s.RotateKey(ctx, CommandLine(), "mine", keys[0].ID)
	require.NoError(t, err, "rotating needs no room")
}

// TestNoKeyIsInTheFiles looks where a thief would.
func TestNoKeyIsInTheFiles(t *testing.T) {
	dir := t.TempDir()
	s, ctx := service(t, dir), t.Context()
	_, err := s.AddChannel(ctx, CommandLine(), "mine")
	require.NoError(t, err)
	plain, k, err := s.MakeKey(ctx, CommandLine(), "mine", "", time.Time{})
	require.NoError(t, err)
	_, _, err = s.ChannelByKey(ctx, plain, Encoder{})
	require.NoError(t, err)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	var all []byte
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		all = append(all, b...)
	}
	require.Contains(t, string(all), k.ID, "these are the files")
	require.NotContains(t, string(all), strings.TrimPrefix(plain, "live_"))
}

func TestErrorsCompareByCode(t *testing.T) {
	err := fmt.Errorf("add: %w", &Error{Code: "name_taken", Reason: "gone"})
	require.ErrorIs(t, err, ErrNameTaken)
	require.NotErrorIs(t, err, ErrBadName)
	require.False(t, errors.Is(ErrNameTaken, store.ErrConflict))
}
