package account

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The site vouches for a name: who takes another one is not vouched for any more,
// and those who show the user hear of each change.
func TestVerified(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	var told []string
	s.WatchUsers(func(userID string) { told = append(told, userID) })
	admin, alice := person(t, s, "first-admin", RoleAdmin), person(t, s, "alice", RoleUser)
	require.ErrorIs(t, s.SetVerified(ctx, alice, "alice", true), ErrForbidden)
	require.ErrorIs(t, s.SetVerified(ctx, person(t, s, "keeper", RoleModerator), "alice", true), ErrForbidden)
	require.ErrorIs(t, s.SetVerified(ctx, admin, "nobody", true), ErrUnknownUser)
	told = nil
	require.NoError(t, s.SetVerified(ctx, admin, "alice", true))
	u, err := s.UserNamed(ctx, "alice")
	require.NoError(t, err)
	since := u.VerifiedAt
	require.False(t, since.IsZero())
	require.NoError(t, s.SetVerified(ctx, admin, "alice", true))
	u, err = s.SetProfile(ctx, alice, Profile{DisplayName: u.DisplayName, Email: "alice@example.org"})
	require.NoError(t, err)
	require.Equal(t, since, u.VerifiedAt, "it is the same name")
	u, err = s.SetProfile(ctx, alice, Profile{DisplayName: "The President", Email: "alice@example.org"})
	require.NoError(t, err)
	require.Zero(t, u.VerifiedAt)
	require.NoError(t, s.SetVerified(ctx, admin, "alice", true))
	require.NoError(t, s.SetVerified(ctx, admin, "alice", false))
	u, err = s.UserNamed(ctx, "alice")
	require.NoError(t, err)
	require.Zero(t, u.VerifiedAt)
	require.NoError(t, s.SetRole(ctx, admin, "alice", RoleModerator))
	require.NoError(t, s.SetDisabled(ctx, admin, "alice", true))
	require.Equal(t, []string{u.ID, u.ID, u.ID, u.ID, u.ID, u.ID, u.ID, u.ID}, told)

	acts, _, err := s.Acts(ctx, admin, "", 100)
	require.NoError(t, err)
	var done []string
	for _, a := range acts {
		if a.Target == "user/alice" && (a.Act == "user.verify" || a.Act == "user.unverify") {
			done = append(done, a.Actor+" "+a.Act)
		}
	}
	require.Equal(t, []string{
		"first-admin user.unverify", "first-admin user.verify", "alice user.unverify", "first-admin user.verify", "first-admin user.verify",
	}, done, "newest first")
}
