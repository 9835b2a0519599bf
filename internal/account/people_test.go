package account

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const goodPassword = "correct horse battery"

var here = Client{Address: netip.MustParseAddr("192.0.2.1"), Agent: "Firefox"}

// person makes an account and signs its user in.
func person(t testing.TB, s *Service, name string, r Role) Actor {
	t.Helper()
	ctx := t.Context()
	u, err := s.AddUser(ctx, CommandLine(), NewUser{Name: name, Password: goodPassword, Role: r})
	require.NoError(t, err)
	token, err := s.OpenSession(ctx, u, ByPassword, here)
	require.NoError(t, err)
	a, err := s.BySession(ctx, token, here)
	require.NoError(t, err)
	return a
}

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	need, err := s.NeedsSetup(ctx)
	require.NoError(t, err)
	require.True(t, need)
	old, err := s.SetupToken(ctx)
	require.NoError(t, err)
	token, err := s.SetupToken(ctx)
	require.NoError(t, err)
	first := NewUser{Name: "Alice", Email: "Alice@Example.org", Password: goodPassword}
	for _, wrong := range []string{"", "setup_", old, "setup_" + strings.Repeat("0", 26)} {
		_, _, err := s.SetUp(ctx, wrong, first, here)
		require.ErrorIs(t, err, ErrBadSetupToken)
	}
	session, u, err := s.SetUp(ctx, token, first, here)
	require.NoError(t, err)
	require.Equal(t, "alice", u.Name)
	require.Equal(t, "alice@example.org", u.Email)
	require.Equal(t, string(RoleAdmin), u.Role)
	a, err := s.BySession(ctx, session, here)
	require.NoError(t, err)
	require.NoError(t, a.RequireAdmin())

	_, _, err = s.SetUp(ctx, token, NewUser{Name: "bobby", Password: goodPassword}, here)
	require.ErrorIs(t, err, ErrSetupDone)
	_, err = s.UserNamed(ctx, "bobby")
	require.ErrorIs(t, err, ErrUnknownUser, "nothing of it stays")
	_, err = s.SetupToken(ctx)
	require.ErrorIs(t, err, ErrSetupDone)
}

// Of many who hold the one token at one time one becomes admin.
func TestASetupTokenIsUsedOnce(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	token, err := s.SetupToken(ctx)
	require.NoError(t, err)
	var wg sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wg.Go(func() {
			_, _, results[i] = s.SetUp(ctx, token, NewUser{Name: fmt.Sprint("admin-", i), Password: goodPassword}, here)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		}
	}
	require.Equal(t, 1, won)
	us, _, err := s.Users(ctx, CommandLine(), "", 10)
	require.NoError(t, err)
	require.Len(t, us, 1)
}

func TestSignUp(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	admin := person(t, s, "root-admin", RoleAdmin)
	set := func(how SignUp) {
		s.attempts = newLimits()
		require.NoError(t, s.SetSettings(ctx, admin, Settings{SiteName: "Stage", SignUp: how, MakeChannels: true}))
	}
	up := func(name, email, invitation string) error {
		_, _, err := s.SignUp(ctx, NewUser{Name: name, Email: email, Password: goodPassword, Role: RoleAdmin}, invitation, here)
		return err
	}
	require.ErrorIs(t, up("alice", "", ""), ErrBadInvitation, "by invitation, unless an admin says otherwise")
	set(SignUpClosed)
	require.ErrorIs(t, up("alice", "", ""), ErrSignUpClosed)
	set(SignUpOpen)
	require.NoError(t, up("alice", "alice@example.org", ""))
	u, err := s.UserNamed(ctx, "alice")
	require.NoError(t, err)
	require.Equal(t, string(RoleUser), u.Role, "nobody makes himself admin")
	require.ErrorIs(t, up("ALICE", "", ""), ErrUserTaken)
	require.ErrorIs(t, up("alice2", "ALICE@example.org", ""), ErrEmailTaken)
	for _, name := range []string{"", "al", "-alice", "alice-", "al ice", "älice", "admin", "ROOT", strings.Repeat("x", 65)} {
		s.attempts = newLimits()
		err := up(name, "", "")
		require.True(t, errors.Is(err, ErrBadName) || errors.Is(err, ErrReservedName), "%q: %v", name, err)
	}
	for _, email := range []string{"x", "a@b@c", "Alice <a@b.org>", "a@b.org\r\nBcc: x@y.org", strings.Repeat("x", 300) + "@b.org"} {
		s.attempts = newLimits()
		require.ErrorIs(t, up("carol", email, ""), ErrBadEmail, email)
	}

	set(SignUpInvitation)
	_, _, err = s.Invite(ctx, person(t, s, "bobby", RoleUser), "")
	require.ErrorIs(t, err, ErrForbidden)
	text, v, err := s.Invite(ctx, admin, "for Dave")
	require.NoError(t, err)
	require.ErrorIs(t, up("alice", "", text), ErrUserTaken)
	require.NoError(t, up("dave", "", text), "a try that failed does not use it up")
	require.ErrorIs(t, up("erin", "", text), ErrBadInvitation)
	list, _, err := s.Invitations(ctx, admin, "", 10)
	require.NoError(t, err)
	require.Equal(t, v.ID, list[0].ID)
	require.False(t, list[0].UsedAt.IsZero())
	text, v, err = s.Invite(ctx, admin, "")
	require.NoError(t, err)
	require.NoError(t, s.Uninvite(ctx, admin, v.ID))
	require.ErrorIs(t, up("erin", "", text), ErrBadInvitation)
}

func TestTheLastAdminStays(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	admin := person(t, s, "first-admin", RoleAdmin)
	require.ErrorIs(t, s.SetRole(ctx, admin, "first-admin", RoleUser), ErrLastAdmin)
	require.ErrorIs(t, s.SetDisabled(ctx, CommandLine(), "first-admin", true), ErrLastAdmin)
	u, err := s.UserNamed(ctx, "first-admin")
	require.NoError(t, err)
	require.Equal(t, string(RoleAdmin), u.Role, "nothing has happened")
	person(t, s, "second-admin", RoleAdmin)
	require.ErrorIs(t, s.SetRole(ctx, admin, "second-admin", "king"), ErrBadRole)
	require.NoError(t, s.SetRole(ctx, admin, "second-admin", RoleModerator))
	require.ErrorIs(t, s.SetRole(ctx, admin, "nobody", RoleUser), ErrUnknownUser)
	acts, _, err := s.Acts(ctx, admin, "", 1)
	require.NoError(t, err)
	require.Equal(t, "user.role", acts[0].Act)
	require.Equal(t, "user/second-admin", acts[0].Target)
	require.Equal(t, "first-admin", acts[0].Actor)
	require.Equal(t, "192.0.2.1", acts[0].Address)
}
