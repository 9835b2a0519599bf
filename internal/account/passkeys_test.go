package account

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

const tvOrigin = "https://tv.example"

// device makes a passkey for somebody who is signed in.
func device(t *testing.T, s *Service, a Actor) (*testkit.Authenticator, Passkey) {
	t.Helper()
	d := testkit.NewAuthenticator(tvOrigin)
	options, err := s.BeginPasskey(t.Context(), a, tvOrigin)
	require.NoError(t, err)
	p, err := s.AddPasskey(t.Context(), a, "phone", []byte(d.Make(t, options)))
	require.NoError(t, err)
	return d, p
}

func signInBy(t *testing.T, s *Service, d *testkit.Authenticator) (token string, u User, err error) {
	t.Helper()
	options, err := s.BeginPasskeySignIn(t.Context(), tvOrigin, here)
	require.NoError(t, err)
	return s.SignInByPasskey(t.Context(), []byte(d.Sign(t, options)), here)
}

func TestSignInByPasskey(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	alice, mallory := person(t, s, "alice", RoleUser), person(t, s, "mallory", RoleUser)
	d, p := device(t, s, alice)
	require.True(t, p.LastUsedAt.IsZero())
	token, u, err := signInBy(t, s, d)
	require.NoError(t, err)
	require.Equal(t, "alice", u.Name)
	a, err := s.BySession(ctx, token, here)
	require.NoError(t, err)
	require.NoError(t, s.RequireFresh(ctx, a))
	list, err := s.Passkeys(ctx, alice)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.False(t, list[0].LastUsedAt.IsZero())

	require.ErrorIs(t, s.RenamePasskey(ctx, mallory, p.ID, "mine"), ErrUnknownPasskey)
	require.ErrorIs(t, s.RemovePasskey(ctx, mallory, p.ID), ErrUnknownPasskey)
	require.ErrorIs(t, s.RenamePasskey(ctx, alice, p.ID, ""), ErrBadLabel)
	require.NoError(t, s.RenamePasskey(ctx, alice, p.ID, "old phone"))
	list, err = s.Passkeys(ctx, alice)
	require.NoError(t, err)
	require.Equal(t, "old phone", list[0].Label)

	d.Counter = 0 // a copy that was made before
	_, _, err = signInBy(t, s, d)
	require.ErrorIs(t, err, ErrCopiedPasskey)
	d.Counter = 100
	d.Forge(t)
	_, _, err = signInBy(t, s, d)
	require.ErrorIs(t, err, ErrPasskeyFailed)

	d, _ = device(t, s, mallory)
	require.NoError(t, s.SetDisabled(ctx, CommandLine(), "mallory", true))
	_, _, err = signInBy(t, s, d)
	require.ErrorIs(t, err, ErrDisabled)
	require.NoError(t, s.RemovePasskey(ctx, alice, p.ID))
	require.ErrorIs(t, s.RemovePasskey(ctx, alice, p.ID), ErrUnknownPasskey)
}

// A passkey is made by who has just signed in, in the session that began it.
func TestWhoMakesAPasskey(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Now()
	s.now = func() time.Time { return now }
	alice, mallory := person(t, s, "alice", RoleUser), person(t, s, "mallory", RoleUser)
	options, err := s.BeginPasskey(ctx, alice, tvOrigin)
	require.NoError(t, err)
	response := []byte(testkit.NewAuthenticator(tvOrigin).Make(t, options))
	_, err = s.AddPasskey(ctx, mallory, "", response)
	require.ErrorIs(t, err, ErrBadPasskey)
	_, err = s.AddPasskey(ctx, alice, "", response)
	require.ErrorIs(t, err, ErrBadPasskey, "it was answered already")

	options, err = s.BeginPasskey(ctx, alice, tvOrigin)
	require.NoError(t, err)
	response = []byte(testkit.NewAuthenticator(tvOrigin).Make(t, options))
	_, err = s.AddPasskey(ctx, alice, "a\nb", response)
	require.ErrorIs(t, err, ErrBadLabel)
	p, err := s.AddPasskey(ctx, alice, "", response)
	require.NoError(t, err, "nothing is lost by a bad label")
	require.Equal(t, plainPasskey, p.Label)

	options, err = s.BeginPasskey(ctx, alice, tvOrigin)
	require.NoError(t, err)
	require.NoError(t, s.EndSession(ctx, alice, alice.Session))
	_, err = s.AddPasskey(ctx, alice, "", []byte(testkit.NewAuthenticator(tvOrigin).Make(t, options)))
	require.ErrorIs(t, err, ErrSignIn, "the session was ended meanwhile")

	_, err = s.BeginPasskey(ctx, mallory, "http://127.0.0.1:8080")
	require.ErrorIs(t, err, ErrNoPasskeys)
	_, err = s.BeginPasskeySignIn(ctx, "http://127.0.0.1:8080", here)
	require.ErrorIs(t, err, ErrNoPasskeys)
	now = now.Add(freshFor)
	_, err = s.BeginPasskey(ctx, mallory, tvOrigin)
	require.ErrorIs(t, err, ErrSignInAgain)
	_, err = s.BeginPasskey(ctx, Actor{User: mallory.User, Token: "t", Scopes: Scopes()}, tvOrigin)
	require.ErrorIs(t, err, ErrScope)
	_, err = s.BeginPasskey(ctx, Actor{}, tvOrigin)
	require.ErrorIs(t, err, ErrSignIn)
}

func TestPasskeysAreBounded(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	a := person(t, s, "alice", RoleUser)
	d := testkit.NewAuthenticator(tvOrigin)
	options, err := s.BeginPasskey(ctx, a, tvOrigin)
	require.NoError(t, err)
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		for i := range mostPasskeys {
			p := Passkey{ID: s.db.NewID(), UserID: a.User.ID, Credential: fmt.Sprint(i), Label: "x", Data: "{}", CreatedAt: s.stamp()}
			if err := tx.InsertPasskey(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err = s.AddPasskey(ctx, a, "", []byte(d.Make(t, options)))
	require.ErrorIs(t, err, ErrTooManyPasskeys)
	_, err = s.BeginPasskey(ctx, a, tvOrigin)
	require.ErrorIs(t, err, ErrTooManyPasskeys)
	for range challengesAtOnce + 1 {
		_, err = s.BeginPasskeySignIn(ctx, tvOrigin, here)
	}
	require.ErrorIs(t, err, ErrTooManyAttempts)
}

// Two that count alike come at once: a device and its copy. One is let in.
func TestACopyAtTheSameTime(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	d, _ := device(t, s, person(t, s, "alice", RoleUser))
	responses := make([][]byte, 4)
	for i := range responses {
		d.Counter = 10
		options, err := s.BeginPasskeySignIn(ctx, tvOrigin, here)
		require.NoError(t, err)
		responses[i] = []byte(d.Sign(t, options))
	}
	won := 0
	errs := make([]error, len(responses))
	atOnce(t, len(responses), nil, func(i int) error {
		_, _, errs[i] = s.SignInByPasskey(ctx, responses[i], here)
		return nil
	})
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		var known *Error
		require.ErrorAs(t, err, &known)
		require.Contains(t, []string{ErrPasskeyFailed.Code, ErrCopiedPasskey.Code}, known.Code)
	}
	require.Equal(t, 1, won)
}

// The only way in stays, and who has a passkey proves by it.
func TestAPasskeyAsTheOnlyWayIn(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	_, u, err := s.SignInByIdentity(ctx, Vouched{Issuer: "https://id.example", Subject: "1", Username: "alice"}, true, here)
	require.NoError(t, err)
	token, err := s.OpenSession(ctx, u, ByOIDC, here)
	require.NoError(t, err)
	a, err := s.BySession(ctx, token, here)
	require.NoError(t, err)
	d, p := device(t, s, a)
	_, err = s.BeginPasskey(ctx, a, tvOrigin)
	require.ErrorIs(t, err, ErrSignInAgain, "now there is a better proof than another site's word")
	require.NoError(t, s.Unlink(ctx, a, "https://id.example", "1"))
	require.ErrorIs(t, s.RemovePasskey(ctx, a, p.ID), ErrLastWayIn)
	_, _, err = signInBy(t, s, d)
	require.NoError(t, err)
}
