package account

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSignIn(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	_, err := s.AddUser(ctx, CommandLine(), NewUser{Name: "alice", Email: "alice@example.org", Password: goodPassword})
	require.NoError(t, err)
	for _, login := range []string{"alice", "ALICE", " alice ", "alice@example.org", "Alice@Example.ORG"} {
		s.attempts = newLimits()
		token, u, err := s.SignIn(ctx, login, goodPassword, here)
		require.NoError(t, err, login)
		require.Equal(t, "alice", u.Name)
		a, err := s.BySession(ctx, token, here)
		require.NoError(t, err)
		require.Equal(t, u.ID, a.User.ID)
	}
	for login, password := range map[string]string{
		"alice": "wrong", "bob": goodPassword, "": goodPassword, "alice\x00": goodPassword, "x@y": goodPassword,
		"alice@example.org": "", "ALICE": strings.Repeat("x", 5000),
	} {
		s.attempts = newLimits()
		_, _, err := s.SignIn(ctx, login, password, here)
		require.ErrorIs(t, err, ErrSignInFailed, login)
	}
	require.NoError(t, s.SetDisabled(ctx, CommandLine(), "alice", true))
	s.attempts = newLimits()
	_, _, err = s.SignIn(ctx, "alice", goodPassword, here)
	require.ErrorIs(t, err, ErrDisabled)
	_, _, err = s.SignIn(ctx, "alice", "wrong", here)
	require.ErrorIs(t, err, ErrSignInFailed, "that an account is disabled is told to its owner alone")
}

func TestAttemptsAreBounded(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	person(t, s, "alice", RoleUser)
	tries := func(login string, from Client) (n int) {
		for n < 100 {
			if _, _, err := s.SignIn(ctx, login, "wrong", from); errors.Is(err, ErrTooManyAttempts) {
				return n
			}
			n++
		}
		return n
	}
	// While hashing goes on the buckets fill again, by one each attemptEvery.
	require.Less(t, tries("alice", here), 2*attemptsPerAccount)
	elsewhere := Client{Address: netip.MustParseAddr("2001:db8::1")}
	require.Less(t, tries("ALICE", elsewhere), attemptsPerAccount, "the account counts from everywhere")
	n := 0
	for i := range 100 {
		neighbour := Client{Address: netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+2))}
		_, _, err := s.SignIn(ctx, fmt.Sprint("nobody-", i), "wrong", neighbour)
		if errors.Is(err, ErrTooManyAttempts) {
			break
		}
		n++
	}
	require.Less(t, n, 2*attemptsPerAddress, "64 bits of IPv6 are one address")
	_, _, err := s.SignIn(ctx, "bobby", "wrong", Client{Address: netip.MustParseAddr("198.51.100.1")})
	require.ErrorIs(t, err, ErrSignInFailed, "others are not held up")
}

func TestSessions(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	u, err := s.AddUser(ctx, CommandLine(), NewUser{Name: "alice", Password: goodPassword})
	require.NoError(t, err)
	open := func() (string, Actor) {
		token, err := s.OpenSession(ctx, u, ByPassword, here)
		require.NoError(t, err)
		a, err := s.BySession(ctx, token, here)
		require.NoError(t, err)
		return token, a
	}
	first, a := open()
	_, b := open()
	list, err := s.Sessions(ctx, a)
	require.NoError(t, err)
	require.Len(t, list, 2)

	now = now.Add(time.Hour)
	moved := Client{Address: netip.MustParseAddr("203.0.113.5"), Agent: strings.Repeat("x", 1000) + "\xff"}
	_, err = s.BySession(ctx, first, moved)
	require.NoError(t, err)
	list, err = s.Sessions(ctx, a)
	require.NoError(t, err)
	require.Equal(t, "203.0.113.5", list[0].Address, "used last comes first")
	require.Equal(t, now, list[0].SeenAt)
	require.LessOrEqual(t, len(list[0].Agent), maxAgent)

	require.ErrorIs(t, s.EndSession(ctx, person(t, s, "bobby", RoleUser), a.Session), ErrUnknownSession, "another's")
	require.NoError(t, s.EndSession(ctx, a, b.Session))
	_, c := open()
	require.NoError(t, s.EndOtherSessions(ctx, a))
	_, good, err := s.SessionGood(ctx, c.Session)
	require.NoError(t, err)
	require.False(t, good)

	now = now.Add(sessionLasts)
	for _, token := range []string{first, "", "sess_", "sess_" + strings.Repeat("0", 26)} {
		_, err = s.BySession(ctx, token, here)
		require.ErrorIs(t, err, ErrSignIn)
	}
	for range mostSessions + 10 {
		open()
	}
	list, err = s.Sessions(ctx, a)
	require.NoError(t, err)
	require.Len(t, list, mostSessions)
}

func TestPasswords(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	a := person(t, s, "alice-in-chains", RoleUser)
	other, err := s.OpenSession(ctx, a.User, ByPassword, here)
	require.NoError(t, err)
	for _, bad := range []string{"", "short", "alice-in-chains", "ALICE-in-chains", "aaaaaaaaaaaa", "ok\xff567890", strings.Repeat("x", 2000)} {
		require.ErrorIs(t, s.SetPassword(ctx, a, goodPassword, bad), ErrBadPassword, bad)
		s.attempts = newLimits()
	}
	require.ErrorIs(t, s.SetPassword(ctx, a, "wrong", "another good one"), ErrWrongPassword)
	require.ErrorIs(t, s.SetPassword(ctx, Actor{}, "", "another good one"), ErrSignIn)
	require.NoError(t, s.SetPassword(ctx, a, goodPassword, "another good one"))
	_, err = s.BySession(ctx, other, here)
	require.ErrorIs(t, err, ErrSignIn, "the other sessions end")
	_, good, err := s.SessionGood(ctx, a.Session)
	require.NoError(t, err)
	require.True(t, good)
	_, _, err = s.SignIn(ctx, "alice-in-chains", goodPassword, here)
	require.ErrorIs(t, err, ErrSignInFailed)
	_, _, err = s.SignIn(ctx, "alice-in-chains", "another good one", here)
	require.NoError(t, err)
}

func TestResets(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Now()
	s.now = func() time.Time { return now }
	admin, a := person(t, s, "root-admin", RoleAdmin), person(t, s, "alice", RoleUser)
	_, err := s.ResetLink(ctx, a, "alice")
	require.ErrorIs(t, err, ErrForbidden)
	old, err := s.ResetLink(ctx, admin, "alice")
	require.NoError(t, err)
	text, err := s.ResetLink(ctx, admin, "alice")
	require.NoError(t, err)
	require.ErrorIs(t, s.ResetPassword(ctx, old, "a whole new one", here), ErrBadReset, "the newest counts")
	require.ErrorIs(t, s.ResetPassword(ctx, text, "short", here), ErrBadPassword)
	require.NoError(t, s.ResetPassword(ctx, text, "a whole new one", here))
	require.ErrorIs(t, s.ResetPassword(ctx, text, "yet another one", here), ErrBadReset, "once")
	_, good, err := s.SessionGood(ctx, a.Session)
	require.NoError(t, err)
	require.False(t, good, "all sessions end")
	_, _, err = s.SignIn(ctx, "alice", "a whole new one", here)
	require.NoError(t, err)

	late, err := s.ResetLink(ctx, admin, "alice")
	require.NoError(t, err)
	now = now.Add(resetLasts)
	require.ErrorIs(t, s.ResetPassword(ctx, late, "too late for it", here), ErrBadReset)
}

func TestTokens(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Now()
	s.now = func() time.Time { return now }
	a := person(t, s, "alice", RoleUser)
	_, err := s.AddChannel(ctx, a, "show")
	require.NoError(t, err)
	for _, scopes := range [][]Scope{nil, {"everything"}, {ScopeRead, ""}} {
		_, _, err := s.MakeToken(ctx, a, "bot", scopes, time.Time{})
		require.ErrorIs(t, err, ErrBadScope)
	}
	_, _, err = s.MakeToken(ctx, a, "bot", []Scope{ScopeRead}, now)
	require.ErrorIs(t, err, ErrBadExpiry)
	plain, tok, err := s.MakeToken(ctx, a, "bot", []Scope{ScopeKeys, ScopeRead}, now.Add(time.Hour))
	require.NoError(t, err)
	bot, err := s.ByToken(ctx, plain, here.Address)
	require.NoError(t, err)
	_, _, err = s.MakeKey(ctx, bot, "show", "", time.Time{})
	require.NoError(t, err)
	_, err = s.SetDetails(ctx, bot, "show", AnyRevision, Details{})
	require.ErrorIs(t, err, ErrScope)
	for _, never := range []error{
		s.SetPassword(ctx, bot, goodPassword, "another good one"), s.EndOtherSessions(ctx, bot), s.EndToken(ctx, bot, tok.ID),
		func() error { _, _, err := s.MakeToken(ctx, bot, "", Scopes(), time.Time{}); return err }(),
	} {
		require.ErrorIs(t, never, ErrScope, "what changes how a user signs in is not for programs")
	}
	now = now.Add(time.Hour)
	_, err = s.ByToken(ctx, plain, here.Address)
	require.ErrorIs(t, err, ErrSignIn, "it has expired")
	require.ErrorIs(t, s.EndToken(ctx, person(t, s, "bobby", RoleUser), tok.ID), ErrUnknownToken)
	require.NoError(t, s.EndToken(ctx, a, tok.ID))
}
