package account

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// How a user signs in is changed by who has just signed in.
func TestAFreshSignIn(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	a := person(t, s, "alice", RoleUser)
	profile := Profile{DisplayName: "Alice", Email: "alice@example.org"}
	u, err := s.SetProfile(ctx, a, profile)
	require.NoError(t, err)
	a.User = u
	reset, err := s.ResetLink(ctx, CommandLine(), "alice")
	require.NoError(t, err)

	now = now.Add(freshFor)
	_, err = s.SetProfile(ctx, a, Profile{DisplayName: "Alice A.", Email: "alice@example.org"})
	require.NoError(t, err, "the same address")
	_, err = s.SetProfile(ctx, a, Profile{DisplayName: "Alice", Email: "mallory@example.org"})
	require.ErrorIs(t, err, ErrSignInAgain)
	now = now.Add(-time.Millisecond)
	_, err = s.SetProfile(ctx, a, Profile{DisplayName: "Alice", Email: "alice@example.net"})
	require.NoError(t, err)
	require.ErrorIs(t, s.ResetPassword(ctx, reset, "another horse battery", here), ErrBadReset, "the old address's link is over")

	require.NoError(t, s.EndSession(ctx, a, a.Session))
	require.ErrorIs(t, s.RequireFresh(ctx, a), ErrSignIn)
}

// Another site's word is enough for who has nothing else.
func TestAFreshSignInByAnotherSite(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	u, err := s.AddUser(ctx, CommandLine(), NewUser{Name: "alice"})
	require.NoError(t, err)
	token, err := s.OpenSession(ctx, u, ByOIDC, here)
	require.NoError(t, err)
	a, err := s.BySession(ctx, token, here)
	require.NoError(t, err)
	now = now.Add(freshFor)
	require.ErrorIs(t, s.SetPassword(ctx, a, "", goodPassword), ErrSignInAgain, "a session that was left open sets none")
	now = now.Add(-time.Second)
	require.NoError(t, s.SetPassword(ctx, a, "", goodPassword))
	require.ErrorIs(t, s.RequireFresh(ctx, a), ErrSignInAgain, "now there is a better proof")
}
