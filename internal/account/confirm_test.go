package account

import (
	"errors"
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// linkIn is the text of a link to confirm an address in the next letter, which is
// to somebody.
func (p *post) linkIn(t *testing.T, to string) string {
	t.Helper()
	letter := p.next(t)
	m := regexp.MustCompile(`(?ms)^` + regexp.QuoteMeta(to) + `: .*^https://tv\.example/confirm#(confirm_\w{26})$`).FindStringSubmatch(letter)
	require.NotNil(t, m, letter)
	return m[1]
}

func (p *post) next(t *testing.T) string {
	t.Helper()
	select {
	case letter := <-p.letters:
		return letter
	case <-time.After(time.Minute):
		require.Fail(t, "no letter")
		return ""
	}
}

// mailing is a service that mails, at a time that the test sets.
func mailing(t *testing.T) (*Service, *Letters, *post, *time.Time) {
	t.Helper()
	s, now, p := service(t, t.TempDir()), time.Now(), newPost()
	s.now = func() time.Time { return now }
	s.unlimited()
	require.NoError(t, s.SetSettings(t.Context(), CommandLine(), Settings{SiteName: "Stage", SignUp: SignUpOpen, MakeChannels: true}))
	return s, lettersOf(t, s, p.send), p, &now
}

// signUp makes an account as a stranger does, and is its user.
func signUp(t *testing.T, s *Service, name, email, language string) Actor {
	t.Helper()
	token, _, err := s.SignUp(t.Context(), NewUser{Name: name, Email: email, Password: goodPassword, Language: language}, "", here)
	require.NoError(t, err)
	a, err := s.BySession(t.Context(), token, here)
	require.NoError(t, err)
	return a
}

// Who gives an address is asked there whether it is theirs; it is believed when
// the link comes back, once, within a day, while it is still the address.
func TestAnAddressIsConfirmed(t *testing.T) {
	s, l, p, now := mailing(t)
	ctx := t.Context()
	a := signUp(t, s, "alice", "Alice@example.org", "de-DE,de;q=0.9")
	require.Zero(t, a.User.EmailConfirmedAt)
	letter := p.next(t)
	require.Regexp(t, `^alice@example.org: Bestätige deine E-Mail-Adresse für Stage: Hallo,\n`, letter)
	require.Regexp(t, `(?s)für das Konto alice bei Stage .*\nhttps://tv.example/confirm#confirm_\w{26}\n`, letter)
	sent, err := s.ConfirmationSent(ctx, a.User)
	require.NoError(t, err)
	require.Equal(t, s.stamp().UnixMilli(), sent.UnixMilli())

	require.NoError(t, l.AskForConfirmation(ctx, a, "fr"))
	first := p.linkIn(t, "alice@example.org")
	require.NoError(t, l.AskForConfirmation(ctx, a, "en"))
	second := p.linkIn(t, "alice@example.org")
	_, err = s.ConfirmEmail(ctx, first, here)
	require.ErrorIs(t, err, ErrBadConfirmation, "the newest counts")
	for _, wrong := range []string{"", "confirm_", "reset_" + second[len("confirm_"):], second + "x", "confirm_00000000000000000000000000"} {
		_, err = s.ConfirmEmail(ctx, wrong, here)
		require.ErrorIs(t, err, ErrBadConfirmation, wrong)
	}
	u, err := s.ConfirmEmail(ctx, second, here)
	require.NoError(t, err)
	require.Equal(t, a.User.ID, u.ID)
	require.False(t, u.EmailConfirmedAt.IsZero())
	_, err = s.ConfirmEmail(ctx, second, here)
	require.ErrorIs(t, err, ErrUsedConfirmation)
	require.ErrorIs(t, l.AskForConfirmation(ctx, a, ""), ErrConfirmed)
	sent, err = s.ConfirmationSent(ctx, u)
	require.NoError(t, err)
	require.Zero(t, sent)

	// The same address again asks nothing; another one does.
	l.sent = newLimits()
	a.User = u
	u, err = s.SetProfile(ctx, a, Profile{DisplayName: "Evil at https://evil.example", Email: "alice@example.org"})
	require.NoError(t, err)
	require.False(t, u.EmailConfirmedAt.IsZero())
	u, err = s.SetProfile(ctx, a, Profile{DisplayName: u.DisplayName, Email: "b@example.org"})
	require.NoError(t, err)
	require.Zero(t, u.EmailConfirmedAt)
	_, err = s.ConfirmEmail(ctx, second, here)
	require.ErrorIs(t, err, ErrBadConfirmation)
	letter = p.next(t)
	require.NotContains(t, letter, "evil", "a stranger reads nothing that somebody chose")
	p.letters <- letter
	void := p.linkIn(t, "b@example.org")
	*now = now.Add(time.Hour)
	a = signedIn(t, s, u)
	u, err = s.SetProfile(ctx, a, Profile{DisplayName: u.DisplayName, Email: "c@example.org"})
	require.NoError(t, err)
	_, err = s.ConfirmEmail(ctx, void, here)
	require.ErrorIs(t, err, ErrBadConfirmation, "it was for another address")
	late := p.linkIn(t, "c@example.org")
	*now = now.Add(confirmLasts)
	_, err = s.ConfirmEmail(ctx, late, here)
	require.ErrorIs(t, err, ErrLateConfirmation)
	sent, err = s.ConfirmationSent(ctx, u)
	require.NoError(t, err)
	require.Zero(t, sent)

	a = signedIn(t, s, u)
	_, err = s.SetProfile(ctx, a, Profile{DisplayName: u.DisplayName})
	require.NoError(t, err)
	require.ErrorIs(t, l.AskForConfirmation(ctx, a, ""), ErrNoEmail)
	require.ErrorIs(t, l.AskForConfirmation(ctx, Actor{}, ""), ErrSignIn)
	l.Close(ctx)
	require.Empty(t, p.letters)
}

// Nobody makes the site write to a stranger again and again: neither one account
// to many addresses, nor many accounts to one.
func TestLettersThatAskAreLimited(t *testing.T) {
	s, l, p, _ := mailing(t)
	ctx := t.Context()
	a := signUp(t, s, "alice", "stranger@example.org", "en")
	require.NoError(t, l.AskForConfirmation(ctx, a, "en"))
	require.NoError(t, l.AskForConfirmation(ctx, a, "en"))
	sent, err := s.ConfirmationSent(ctx, a.User)
	require.NoError(t, err)
	require.ErrorIs(t, l.AskForConfirmation(ctx, a, "en"), ErrTooManyLetters)
	still, err := s.ConfirmationSent(ctx, a.User)
	require.NoError(t, err)
	require.Equal(t, sent, still, "the link before is as good as it was")
	u, err := s.SetProfile(ctx, a, Profile{DisplayName: "Alice", Email: "another@example.org"})
	require.NoError(t, err)
	still, err = s.ConfirmationSent(ctx, u)
	require.NoError(t, err)
	require.Zero(t, still)

	b := signUp(t, s, "bobby", "stranger@example.org", "en")
	still, err = s.ConfirmationSent(ctx, b.User)
	require.NoError(t, err)
	require.Zero(t, still, "the stranger had enough")
	// Links for new passwords are counted by themselves.
	require.NoError(t, l.AskForReset("alice", "", here))
	l.Close(ctx)
	require.Len(t, p.letters, mailsAtOnce+1)
	require.ErrorIs(t, l.AskForConfirmation(ctx, signUp(t, s, "carol", "carol@example.org", ""), ""), ErrTooManyLetters, "it is closed")
}

// An admin who enters an address does not confirm it; its owner is asked. A
// letter that cannot be sent is a line in the log.
func TestAnAdminConfirmsNothing(t *testing.T) {
	s, _, p, _ := mailing(t)
	ctx := t.Context()
	p.fail <- errors.New("away")
	for _, name := range []string{"lost", "dave"} {
		u, err := s.AddUser(ctx, CommandLine(), NewUser{Name: name, Email: name + "@example.org"})
		require.NoError(t, err)
		require.Zero(t, u.EmailConfirmedAt)
	}
	_, err := s.ConfirmEmail(ctx, p.linkIn(t, "dave@example.org"), here)
	require.NoError(t, err)
	setup := service(t, t.TempDir())
	l := setup.NewLetters(p.send, "https://tv.example", slog.New(slog.DiscardHandler))
	token, err := setup.SetupToken(ctx)
	require.NoError(t, err)
	_, _, err = setup.SetUp(ctx, token, NewUser{Name: "first", Email: "first@example.org", Password: goodPassword}, here)
	require.NoError(t, err)
	p.linkIn(t, "first@example.org")
	l.Close(ctx)
}

// Without mail nobody is asked.
func TestNoMailAsksNothing(t *testing.T) {
	s := service(t, t.TempDir())
	u, err := s.AddUser(t.Context(), CommandLine(), NewUser{Name: "alice", Email: "alice@example.org", Password: goodPassword})
	require.NoError(t, err)
	sent, err := s.ConfirmationSent(t.Context(), u)
	require.NoError(t, err)
	require.Zero(t, sent)
}

// A link for a new password that came by mail proves the address; one that an
// admin handed over does not.
func TestAResetConfirms(t *testing.T) {
	s, l, p, _ := mailing(t)
	ctx := t.Context()
	addUser(t, s, "alice", RoleUser)
	p.linkIn(t, "alice@example.org")
	text, err := s.ResetLink(ctx, CommandLine(), "alice")
	require.NoError(t, err)
	require.NoError(t, s.ResetPassword(ctx, text, "another horse", here))
	u, err := s.UserNamed(ctx, "alice")
	require.NoError(t, err)
	require.Zero(t, u.EmailConfirmedAt)
	require.NoError(t, l.AskForReset("alice", "", here))
	l.Close(ctx)
	text = regexp.MustCompile(`reset_\w{26}`).FindString(p.next(t))
	require.NoError(t, s.ResetPassword(ctx, text, "a third horse", here))
	u, err = s.UserNamed(ctx, "alice")
	require.NoError(t, err)
	require.False(t, u.EmailConfirmedAt.IsZero())
	_, _, err = s.SignIn(ctx, "alice@example.org", "a third horse", here)
	require.NoError(t, err)
}

// An address that another site has verified is confirmed: of an account that it
// makes, and of one that was there, if it is the same address.
func TestAnotherSiteConfirms(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	s.unlimited()
	v := Vouched{Issuer: "https://id.example", Subject: "1", Username: "alice", Email: "Alice@example.org"}
	_, u, err := s.SignInByIdentity(ctx, v, true, here)
	require.NoError(t, err)
	require.False(t, u.EmailConfirmedAt.IsZero())
	a := signedIn(t, s, u)
	u, err = s.SetProfile(ctx, a, Profile{DisplayName: "Alice", Email: "other@example.org"})
	require.NoError(t, err)
	require.Zero(t, u.EmailConfirmedAt)
	_, u, err = s.SignInByIdentity(ctx, v, true, here)
	require.NoError(t, err)
	require.Zero(t, u.EmailConfirmedAt, "it vouches for another")
	v.Email = "other@example.org"
	_, u, err = s.SignInByIdentity(ctx, v, true, here)
	require.NoError(t, err)
	require.False(t, u.EmailConfirmedAt.IsZero())

	b := person(t, s, "bobby", RoleUser)
	b.User, err = s.SetProfile(ctx, b, Profile{DisplayName: "Bobby", Email: "bobby@example.org"})
	require.NoError(t, err)
	require.NoError(t, s.LinkIdentity(ctx, b, Vouched{Issuer: "https://id.example", Subject: "2", Email: "not an address"}))
	require.NoError(t, s.LinkIdentity(ctx, b, Vouched{Issuer: "https://id.example", Subject: "3", Email: "bobby@example.org"}))
	u, err = s.UserNamed(ctx, "bobby")
	require.NoError(t, err)
	require.False(t, u.EmailConfirmedAt.IsZero())
}
