package account

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

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

// Who may do what in a channel of somebody.
func TestPlaces(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	owner := person(t, s, "owner-of-it", RoleUser)
	c, err := s.AddChannel(ctx, owner, "show")
	require.NoError(t, err)
	actors := map[string]Actor{
		"owner": owner, "nobody": {}, "stranger": person(t, s, "stranger", RoleUser),
		"admin": person(t, s, "site-admin", RoleAdmin), "site moderator": person(t, s, "site-moderator", RoleModerator), "command line": CommandLine(),
	}
	for _, p := range []Place{PlaceEditor, PlaceModerator, PlaceMember} {
		a := person(t, s, "the-"+string(p), RoleUser)
		require.NoError(t, s.SetPlace(ctx, owner, "show", a.User.Name, p))
		actors[string(p)] = a
	}
	acts := map[string]func(context.Context, Actor) error{
		"settings": func(ctx context.Context, a Actor) error {
			_, err := s.SetDetails(ctx, a, "show", AnyRevision, Details{})
			return err
		},
		"keys": func(ctx context.Context, a Actor) error { _, err := s.Keys(ctx, a, "show"); return err },
		"make key": func(ctx context.Context, a Actor) error {
			_, _, err := s.MakeKey(ctx, a, "show", "", time.Time{})
			return err
		},
		"members":  func(ctx context.Context, a Actor) error { _, _, err := s.Members(ctx, a, "show", "", 10); return err },
		"moderate": func(ctx context.Context, a Actor) error { return s.Require(ctx, a, c, PlaceModerator, ScopeModerate) },
		"watch":    func(ctx context.Context, a Actor) error { return s.Require(ctx, a, c, PlaceMember, ScopeRead) },
		"rename":   func(ctx context.Context, a Actor) error { _, err := s.Rename(ctx, a, "show", "show"); return err },
		"let in":   func(ctx context.Context, a Actor) error { return s.SetPlace(ctx, a, "show", "stranger", PlaceNone) },
		"promote":  func(ctx context.Context, a Actor) error { return s.SetPlace(ctx, a, "show", "the-editor", PlaceEditor) },
	}
	may := map[string]string{
		"owner": "settings keys make key members moderate watch rename let in promote", "admin": "settings keys make key members moderate watch rename let in promote",
		"command line": "settings keys make key members moderate watch rename let in promote",
		"editor":       "settings keys make key members moderate watch let in", "moderator": "moderate watch", "site moderator": "moderate watch",
		"member": "watch", "stranger": "", "nobody": "",
	}
	for who, a := range actors {
		for what, act := range acts {
			err := act(ctx, a)
			switch allowed := strings.Contains(may[who], what); {
			case allowed && errors.Is(err, ErrUnknownMember): // the stranger has no place to lose
			case allowed:
				require.NoError(t, err, "%s: %s", who, what)
			case who == "nobody":
				require.ErrorIs(t, err, ErrSignIn, what)
			default:
				require.ErrorIs(t, err, ErrForbidden, "%s: %s", who, what)
			}
		}
	}
	require.ErrorIs(t, s.SetPlace(ctx, owner, "show", "owner-of-it", PlaceEditor), ErrLastOwner)
	require.ErrorIs(t, s.Leave(ctx, owner, "show"), ErrLastOwner)
	require.NoError(t, s.Leave(ctx, actors["editor"], "show"))
	require.ErrorIs(t, s.SetPlace(ctx, owner, "show", "nobody-here", PlaceMember), ErrUnknownUser)
	require.ErrorIs(t, s.SetPlace(ctx, owner, "show", "stranger", "king"), ErrBadPlace)
	logged, _, err := s.Acts(ctx, actors["admin"], "", 100)
	require.NoError(t, err)
	for _, act := range logged {
		require.NotEqual(t, "owner-of-it", act.Actor, "what owners do is their own business")
	}
}

func TestChannelsOfPeople(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	a := person(t, s, "alice", RoleUser)
	for _, name := range []string{"ab", "admin", "-x-"} {
		_, err := s.AddChannel(ctx, a, name)
		require.Error(t, err, name)
		_, err = s.AddChannel(ctx, CommandLine(), name)
		require.NoError(t, err, "the command line is not so strict")
	}
	_, err := s.AddChannel(ctx, Actor{}, "abc")
	require.ErrorIs(t, err, ErrSignIn)
	require.NoError(t, s.SetLimits(ctx, CommandLine(), Limits{ChannelsPerUser: 2}))
	for i := range 2 {
		_, err := s.AddChannel(ctx, a, fmt.Sprint("show-", i))
		require.NoError(t, err)
	}
	_, err = s.AddChannel(ctx, a, "one-more")
	require.ErrorIs(t, err, ErrTooManyChannels)
	require.NoError(t, s.SetSettings(ctx, CommandLine(), Settings{SiteName: "Stage", SignUp: SignUpOpen}))
	_, err = s.AddChannel(ctx, person(t, s, "bobby", RoleUser), "bobs-show")
	require.ErrorIs(t, err, ErrForbidden)
}

func TestRename(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	a := person(t, s, "alice", RoleUser)
	var told []string
	s.Watch(func(id string) { told = append(told, id) })
	c, err := s.AddChannel(ctx, a, "show")
	require.NoError(t, err)
	renamed, err := s.Rename(ctx, a, "SHOW", "New-Show")
	require.NoError(t, err)
	require.Equal(t, "new-show", renamed.Name)
	require.Equal(t, []string{c.ID}, told)
	former, err := s.FormerChannel(ctx, "Show")
	require.NoError(t, err)
	require.Equal(t, c.ID, former.ID)
	_, err = s.AddChannel(ctx, person(t, s, "bobby", RoleUser), "show")
	require.ErrorIs(t, err, ErrNameTaken, "an old address leads to nobody else")
	_, err = s.Rename(ctx, a, "new-show", "live")
	require.ErrorIs(t, err, ErrReservedName)
}

func TestDetails(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	a := person(t, s, "alice", RoleUser)
	c, err := s.AddChannel(ctx, a, "show")
	require.NoError(t, err)
	day := 24 * time.Hour
	got, err := s.SetDetails(ctx, a, "show", c.Revision, Details{
		Title: new(" My show "), Description: new("# Hi\n\nthere"), Category: new("Music"), Tags: &[]string{"go", "Go", " live "},
		Language: new("pt-br"), Mature: new(true), Schedule: &[]Showtime{{Day: 5, Start: "20:30", Minutes: 90, Zone: "Europe/Berlin", Title: "Friday"}},
		Recorded: new(false), Retention: new(&day), Visibility: new(Password), Password: new("sesame"), Embedding: new(EmbeddingSites),
		EmbedSites: &[]string{"https://Example.org/", "http://localhost:8080"},
	})
	require.NoError(t, err)
	require.Equal(t, c.Revision+1, got.Revision)
	read, err := s.Channel(ctx, "show")
	require.NoError(t, err)
	require.Equal(t, got, read)
	require.Equal(t, []string{"go", "live"}, read.Tags)
	require.Equal(t, "pt-BR", read.Language)
	require.Equal(t, []string{"https://example.org", "http://localhost:8080"}, read.EmbedSites)
	require.Equal(t, "My show", read.Title)
	require.NotContains(t, read.Password, "sesame")

	_, err = s.SetDetails(ctx, a, "show", c.Revision, Details{})
	require.ErrorIs(t, err, ErrChanged)
	long := strings.Repeat("x", 20_000)
	for name, d := range map[string]Details{
		"no title": {Title: new(" ")}, "a long title": {Title: &long}, "a line in it": {Title: new("a\nb")}, "a long description": {Description: &long},
		"a bell": {Description: new("\a")}, "bad letters": {Description: new("\xff")}, "a long category": {Category: &long},
		"an empty tag": {Tags: &[]string{""}}, "many tags": {Tags: &[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}},
		"no language": {Language: new("klingon?")}, "no day": {Schedule: &[]Showtime{{Day: 7, Start: "20:30", Minutes: 9, Zone: "UTC"}}},
		"no hour": {Schedule: &[]Showtime{{Start: "24:00", Minutes: 9, Zone: "UTC"}}}, "no length": {Schedule: &[]Showtime{{Start: "20:00", Zone: "UTC"}}},
		"no zone": {Schedule: &[]Showtime{{Start: "20:00", Minutes: 9, Zone: "../../etc/passwd"}}}, "the server's zone": {Schedule: &[]Showtime{{Start: "20:00", Minutes: 9, Zone: "Local"}}},
		"a short age": {Retention: new(new(time.Minute))}, "no visibility": {Visibility: new(Visibility("secret"))}, "a short password": {Password: new("abc")},
		"no password": {Password: new("")}, "no embedding": {Embedding: new(Embedding("maybe"))}, "a script": {EmbedSites: &[]string{"javascript:alert(1)"}},
		"a header": {EmbedSites: &[]string{"https://x.org; script-src *"}}, "a path": {EmbedSites: &[]string{"https://x.org/y"}}, "a star": {EmbedSites: &[]string{"*"}},
	} {
		_, err := s.SetDetails(ctx, a, "show", AnyRevision, d)
		require.True(t, errors.Is(err, ErrBadChannel) || errors.Is(err, ErrBadVisibility), "%s: %v", name, err)
	}
	after, err := s.Channel(ctx, "show")
	require.NoError(t, err)
	require.Equal(t, read, after, "what is refused changes nothing")
}

func TestExpiredKeys(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Now()
	s.now = func() time.Time { return now }
	c, err := s.AddChannel(ctx, CommandLine(), "show")
	require.NoError(t, err)
	_, _, err = s.MakeKey(ctx, CommandLine(), "show", "", now)
	require.ErrorIs(t, err, ErrBadExpiry)
	plain, k, err := s.MakeKey(ctx, CommandLine(), "show", "", now.Add(time.Hour))
	require.NoError(t, err)
	by := Encoder{Address: "192.0.2.7:1000", Name: "obs-studio/29.0.2"}
	_, _, err = s.ChannelByKey(ctx, plain, by)
	require.NoError(t, err)
	keys, err := s.Keys(ctx, CommandLine(), "show")
	require.NoError(t, err)
	require.Equal(t, []string{by.Address, by.Name}, []string{keys[0].LastUsedFrom, keys[0].LastUsedBy})
	require.NoError(t, s.KeyGood(ctx, c.ID, k.ID))
	now = now.Add(time.Hour)
	_, _, err = s.ChannelByKey(ctx, plain, by)
	require.ErrorIs(t, err, ErrExpiredKey)
	require.ErrorIs(t, s.KeyGood(ctx, c.ID, k.ID), ErrExpiredKey)
}
