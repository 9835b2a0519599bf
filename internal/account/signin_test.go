package account

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/store"
)

// unlimited lets who tries try as often as it takes.
func (s *Service) unlimited() { s.attempts.perAccount, s.attempts.perAddress = 1<<30, 1<<30 }

// addUser makes a user as the command line does.
func addUser(t testing.TB, s *Service, name string, r Role) User {
	t.Helper()
	u, err := s.AddUser(t.Context(), CommandLine(), NewUser{Name: name, Email: name + "@example.org", Password: goodPassword, Role: r})
	require.NoError(t, err)
	return u
}

// signedIn opens a session, past the limits of attempts.
func signedIn(t testing.TB, s *Service, u User) Actor {
	t.Helper()
	token, _, err := s.openSession(t.Context(), u.ID, ByPassword, here, func(*store.Tx, User) error { return nil })
	require.NoError(t, err)
	a, err := s.BySession(t.Context(), token, here)
	require.NoError(t, err)
	return a
}

// Whether there is such a user cannot be told by the time that an answer takes:
// each way to fail computes one hash, as success does.
func TestEachSignInComputesOneHash(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	addUser(t, s, "alice", RoleUser)
	_, err := s.AddUser(ctx, CommandLine(), NewUser{Name: "bob"}) // no password
	require.NoError(t, err)
	addUser(t, s, "carol", RoleUser)
	require.NoError(t, s.SetDisabled(ctx, CommandLine(), "carol", true))
	for _, tc := range []struct {
		login, password string
		want            error
	}{
		{"alice", goodPassword, nil},
		{"alice@example.org", goodPassword, nil},
		{" ALICE ", goodPassword, nil},
		{"alice", "wrong", ErrSignInFailed},
		{"alice", "", ErrSignInFailed},
		{"alice", strings.Repeat("x", mostPassword+1), ErrSignInFailed},
		{"nobody", goodPassword, ErrSignInFailed},
		{"nobody@example.org", goodPassword, ErrSignInFailed},
		{"not a name", goodPassword, ErrSignInFailed},
		{"@", goodPassword, ErrSignInFailed},
		{"bob", "", ErrSignInFailed},
		{"bob", "decoy", ErrSignInFailed},
		{"carol", "wrong", ErrSignInFailed},
		{"carol", goodPassword, ErrDisabled},
	} {
		before := s.passwords.asked.Load()
		token, _, err := s.SignIn(ctx, tc.login, tc.password, Client{})
		require.ErrorIs(t, err, tc.want, tc.login)
		require.Equal(t, tc.want == nil, token != "")
		require.EqualValues(t, 1, s.passwords.asked.Load()-before, "%s with %.10q", tc.login, tc.password)
	}
}

// No password is the decoy's.
func TestTheDecoy(t *testing.T) {
	s := service(t, t.TempDir())
	for _, plain := range []string{"", "decoy", goodPassword} {
		ok, err := s.passwords.matches(t.Context(), plain, "")
		require.NoError(t, err)
		require.False(t, ok)
	}
	ok, _, err := argon2id.CheckHash("", decoy)
	require.NoError(t, err, "it is a hash, else it would take no time")
	require.False(t, ok)
}

// whileSlow runs f when all that begin wants hashed waits for its turn: begin
// has read what it compares with by then.
func whileSlow(t *testing.T, s *Service, begin func() error, f func()) error {
	t.Helper()
	var leave [hashers]func()
	for i := range leave {
		var err error
		leave[i], err = s.passwords.enter(t.Context())
		require.NoError(t, err)
	}
	before := s.passwords.asked.Load()
	ended := make(chan error, 1)
	go func() { ended <- begin() }()
	require.Eventually(t, func() bool { return s.passwords.asked.Load() > before }, time.Minute, time.Millisecond)
	f()
	for i := range leave {
		leave[i]()
	}
	return <-ended
}

// A sign-in that has read the old password, and is slow, opens no session after
// the password was changed, or the user disabled.
func TestASlowSignInIsRefusedAfterAChange(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Service, *User)
		want   error
	}{
		"another password": {func(_ *Service, u *User) { u.Password = decoy }, ErrSignInFailed},
		"disabled":         {func(s *Service, u *User) { u.DisabledAt = s.stamp() }, ErrDisabled},
	} {
		t.Run(name, func(t *testing.T) {
			s, ctx := service(t, t.TempDir()), t.Context()
			u := addUser(t, s, "alice", RoleUser)
			err := whileSlow(t, s, func() error {
				_, _, err := s.SignIn(ctx, "alice", goodPassword, Client{})
				return err
			}, func() {
				tc.change(s, &u)
				require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error { return tx.UpdateUser(ctx, u) }))
			})
			require.ErrorIs(t, err, tc.want)
			left, err := s.db.Sessions(ctx, u.ID, 10)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// What an admin does while a password is being hashed stays done.
func TestASlowPasswordUndoesNothing(t *testing.T) {
	for name, set := range map[string]func(context.Context, *Service, Actor, string) error{
		"reset": func(ctx context.Context, s *Service, _ Actor, reset string) error {
			return s.ResetPassword(ctx, reset, "another horse", Client{})
		},
		"forced": func(ctx context.Context, s *Service, _ Actor, _ string) error {
			return s.ForcePassword(ctx, CommandLine(), "alice", "another horse")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, ctx := service(t, t.TempDir()), t.Context()
			addUser(t, s, "boss", RoleAdmin)
			u := addUser(t, s, "alice", RoleAdmin)
			reset, err := s.ResetLink(ctx, CommandLine(), "alice")
			require.NoError(t, err)
			err = whileSlow(t, s, func() error { return set(ctx, s, Actor{}, reset) }, func() {
				require.NoError(t, s.SetRole(ctx, CommandLine(), "alice", RoleUser))
				require.NoError(t, s.SetDisabled(ctx, CommandLine(), "alice", true))
			})
			require.NoError(t, err)
			got, err := s.db.User(ctx, u.ID)
			require.NoError(t, err)
			require.Equal(t, string(RoleUser), got.Role)
			require.False(t, got.DisabledAt.IsZero())
			require.NotEqual(t, u.Password, got.Password)
		})
	}
}

// Who knows the old password and is slow does not win over who changed it, nor
// does a session that was ended.
func TestASlowChangeOfThePassword(t *testing.T) {
	for name, tc := range map[string]struct {
		meanwhile func(*testing.T, *Service, Actor)
		want      error
	}{
		"changed": {func(t *testing.T, s *Service, a Actor) {
			u, err := s.db.User(t.Context(), a.User.ID)
			require.NoError(t, err)
			u.Password = decoy
			require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error { return tx.UpdateUser(t.Context(), u) }))
		}, ErrWrongPassword},
		"ended": {func(t *testing.T, s *Service, a Actor) {
			require.NoError(t, s.EndSession(t.Context(), a, a.Session))
		}, ErrSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			s := service(t, t.TempDir())
			a := signedIn(t, s, addUser(t, s, "alice", RoleUser))
			err := whileSlow(t, s, func() error { return s.SetPassword(t.Context(), a, goodPassword, "another horse") },
				func() { tc.meanwhile(t, s, a) })
			require.ErrorIs(t, err, tc.want)
		})
	}
}

func TestAChangeOfThePasswordEndsTheOtherSessions(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	u := addUser(t, s, "alice", RoleUser)
	mine, other := signedIn(t, s, u), signedIn(t, s, u)
	require.ErrorIs(t, s.SetPassword(ctx, mine, "wrong", "another horse"), ErrWrongPassword)
	require.NoError(t, s.SetPassword(ctx, mine, goodPassword, "another horse"))
	left, err := s.Sessions(ctx, mine)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, mine.Session, left[0].ID)
	_, good, err := s.SessionGood(ctx, other.Session)
	require.NoError(t, err)
	require.False(t, good)
	_, _, err = s.SignIn(ctx, "alice", goodPassword, Client{})
	require.ErrorIs(t, err, ErrSignInFailed)
	_, _, err = s.SignIn(ctx, "alice", "another horse", Client{})
	require.NoError(t, err)
}

// atOnce runs f n times at once and returns how many succeeded; the others
// fail with want.
func atOnce(t *testing.T, n int, want error, f func(i int) error) (succeeded int) {
	t.Helper()
	errs := make([]error, n)
	var g errgroup.Group
	for i := range n {
		g.Go(func() error {
			errs[i] = f(i)
			return nil
		})
	}
	require.NoError(t, g.Wait())
	for _, err := range errs {
		if err == nil {
			succeeded++
			continue
		}
		require.ErrorIs(t, err, want)
	}
	return succeeded
}

func TestAVoucherIsGoodOnce(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	addUser(t, s, "boss", RoleAdmin)
	names := []string{"ann", "ben", "cat", "dan", "eve"}
	invitation, _, err := s.Invite(ctx, CommandLine(), "for one")
	require.NoError(t, err)
	require.Equal(t, 1, atOnce(t, len(names), ErrBadInvitation, func(i int) error {
		_, _, err := s.SignUp(ctx, NewUser{Name: names[i], Password: goodPassword}, invitation, Client{})
		return err
	}))
	us, _, err := s.Users(ctx, CommandLine(), "", 10)
	require.NoError(t, err)
	require.Len(t, us, 2, "who was refused left no account")

	reset, err := s.ResetLink(ctx, CommandLine(), "boss")
	require.NoError(t, err)
	require.Equal(t, 1, atOnce(t, 5, ErrBadReset, func(int) error {
		return s.ResetPassword(ctx, reset, "another horse", Client{})
	}))
}

func TestOneAdminStays(t *testing.T) {
	names := []string{"ann", "ben", "cat"}
	for what, take := range map[string]func(context.Context, *Service, string) error{
		"role": func(ctx context.Context, s *Service, name string) error {
			return s.SetRole(ctx, CommandLine(), name, RoleUser)
		},
		"disabled": func(ctx context.Context, s *Service, name string) error {
			return s.SetDisabled(ctx, CommandLine(), name, true)
		},
	} {
		t.Run(what, func(t *testing.T) {
			s, ctx := service(t, t.TempDir()), t.Context()
			for _, name := range names {
				addUser(t, s, name, RoleAdmin)
			}
			require.Equal(t, 2, atOnce(t, len(names), ErrLastAdmin, func(i int) error { return take(ctx, s, names[i]) }))
			n, err := s.db.UsersOfRole(ctx, string(RoleAdmin))
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
	}
}

// BenchmarkSignIn tells what a sign-in costs: with -cpu 1,2 and more, how many
// there can be at once. Attempts are not limited here.
func BenchmarkSignIn(b *testing.B) {
	for _, tc := range []struct {
		name, login, password string
		want                  error
	}{
		{"right", "alice", goodPassword, nil},
		{"wrong", "alice", "another horse battery", ErrSignInFailed},
		{"unknown", "nobody", goodPassword, ErrSignInFailed},
	} {
		b.Run(tc.name, func(b *testing.B) {
			s := service(b, b.TempDir())
			addUser(b, s, "alice", RoleUser)
			s.unlimited()
			before := usage(b)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, _, err := s.SignIn(context.Background(), tc.login, tc.password, Client{}); !errors.Is(err, tc.want) {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64((usage(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// usage is the time that the process had of the processors.
func usage(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
