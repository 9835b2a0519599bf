package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
