package account

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/store"
)

func TestNamesOfWhoIsVouchedFor(t *testing.T) {
	for want, v := range map[string]Vouched{
		"alice":       {Username: "Alice"},
		"alice-b":     {Username: "alice+b@example.org", Email: "x@example.org"},
		"bob":         {Username: "ö", Email: "bob@example.org"},
		"carol-d":     {Username: "admin", Email: "root@example.org", Name: "Carol D."},
		"viewer":      {Username: "日本", Name: "日本"},
		"a-b_c":       {Username: "--a b_c--"},
		"dan-example": {Username: "dan.example"},
	} {
		require.Equal(t, want, nameFor(v))
	}
	rapid.Check(t, func(t *rapid.T) {
		name := nameFor(Vouched{Username: rapid.String().Draw(t, "username"), Email: rapid.String().Draw(t, "email"), Name: rapid.String().Draw(t, "name")})
		require.NoError(t, validPersonName(name))
		require.LessOrEqual(t, len(name), longestVouchedName)
	})
}

// Many who are called the same, at once, are each somebody; one who comes
// twice at once is one.
func TestManyOfOneName(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	s.unlimited()
	const people, times = 6, 3
	ids := make([]string, people*times)
	require.Equal(t, len(ids), atOnce(t, len(ids), nil, func(i int) error {
		_, u, err := s.SignInByIdentity(ctx, Vouched{Issuer: "https://id.example", Subject: fmt.Sprint(i % people), Username: "alice"}, true, here)
		ids[i] = u.ID
		return err
	}))
	for i := range ids {
		require.Equal(t, ids[i%people], ids[i])
	}
	us, _, err := s.Users(ctx, CommandLine(), "", 100)
	require.NoError(t, err)
	require.Len(t, us, people)

	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		for n := people + 1; n <= 60; n++ {
			if _, err := tx.UserByName(ctx, fmt.Sprintf("alice-%d", n)); err == nil {
				continue
			}
			if err := tx.InsertUser(ctx, User{ID: s.db.NewID(), Name: fmt.Sprintf("alice-%d", n), CreatedAt: s.stamp(), Role: "user"}); err != nil {
				return err
			}
		}
		return nil
	}))
	_, u, err := s.SignInByIdentity(ctx, Vouched{Issuer: "https://id.example", Subject: "one more", Username: "alice"}, true, here)
	require.NoError(t, err)
	require.Regexp(t, `^alice-[0-9a-z]{7}$`, u.Name)
}
