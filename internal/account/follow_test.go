package account

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

func TestFollow(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	owner, vera, admin := person(t, s, "olga", RoleUser), person(t, s, "vera", RoleUser), person(t, s, "chief", RoleAdmin)
	c, err := s.AddChannel(ctx, owner, "show")
	require.NoError(t, err)
	count := func() int64 {
		t.Helper()
		c, err := s.Channel(ctx, "show")
		require.NoError(t, err)
		return c.Followers
	}
	_, _, err = s.Follow(ctx, Actor{}, "show", "")
	require.ErrorIs(t, err, ErrSignIn)
	_, _, err = s.Follow(ctx, Actor{User: vera.User, Token: "t", Scopes: Scopes()}, "show", "")
	require.ErrorIs(t, err, ErrScope, "programs follow nobody")
	_, _, err = s.Follow(ctx, vera, "none", "")
	require.ErrorIs(t, err, ErrUnknownChannel)
	first, _, err := s.Follow(ctx, vera, "Show", "fr, de-AT;q=0.8, en;q=0.5")
	require.NoError(t, err)
	again, _, err := s.Follow(ctx, vera, "show", "en")
	require.NoError(t, err)
	require.Equal(t, first.Since, again.Since)
	require.EqualValues(t, 1, count())
	set, err := s.NotifySettings(ctx, vera)
	require.NoError(t, err)
	require.Equal(t, store.NotifySettings{Page: true, Push: true, Language: "de"}, set, "as the browser said when it began")
	since, ok, err := s.Follows(ctx, c.ID, vera.User.ID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, first.Since, since)

	yes := true
	require.NoError(t, s.SetWays(ctx, vera, "show", store.Ways{Mail: &yes}))
	r, err := s.RelationTo(ctx, vera, "show")
	require.NoError(t, err)
	require.Equal(t, Relation{Following: true, Since: first.Since, Ways: store.Ways{Mail: &yes}}, r)
	require.ErrorIs(t, s.SetWays(ctx, owner, "show", store.Ways{}), ErrNotFollowing)
	require.NoError(t, s.SetNotifySettings(ctx, vera, store.NotifySettings{Mail: true}, "en"))
	set, err = s.NotifySettings(ctx, vera)
	require.NoError(t, err)
	require.Equal(t, store.NotifySettings{Mail: true, Language: "en"}, set)

	// Followers are for who may change the channel.
	_, _, err = s.Followers(ctx, vera, "show", "", 9)
	require.ErrorIs(t, err, ErrForbidden)
	_, _, err = s.Follow(ctx, admin, "show", "")
	require.NoError(t, err)
	page, next, err := s.Followers(ctx, owner, "show", "", 1)
	require.NoError(t, err)
	require.Len(t, page, 1)
	rest, end, err := s.Followers(ctx, owner, "show", next, 1)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	require.Empty(t, end)
	require.ElementsMatch(t, []string{"vera", "chief"}, []string{page[0].UserName, rest[0].UserName})
	for _, cursor := range []string{"x", "1", "-", "9999999999999999999999-a"} {
		none, _, err := s.Followers(ctx, owner, "show", cursor, 1)
		require.NoError(t, err)
		require.Empty(t, none, cursor)
	}

	// Who may not sign in is no follower meanwhile.
	require.NoError(t, s.SetDisabled(ctx, admin, "vera", true))
	require.NoError(t, s.SetDisabled(ctx, admin, "vera", true))
	require.EqualValues(t, 1, count())
	require.NoError(t, s.SetDisabled(ctx, admin, "vera", false))
	require.EqualValues(t, 2, count())

	require.NoError(t, s.Unfollow(ctx, vera, "show"))
	require.NoError(t, s.Unfollow(ctx, vera, "show"))
	require.EqualValues(t, 1, count())
	_, ok, err = s.Follows(ctx, c.ID, vera.User.ID)
	require.NoError(t, err)
	require.False(t, ok)
	_, err = s.TakeDown(ctx, admin, store.KindChannel, "show", ReasonOther)
	require.NoError(t, err)
	_, _, err = s.Follow(ctx, vera, "show", "")
	require.ErrorIs(t, err, ErrTakenDown)
}

// The list goes on where its page ended, also between what is on air and what is
// not.
func TestFollowingIsPaged(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	vera := person(t, s, "vera", RoleUser)
	for _, name := range []string{"aa", "bb", "cc", "dd", "ee"} {
		c, err := s.AddChannel(ctx, CommandLine(), name)
		require.NoError(t, err)
		_, _, err = s.Follow(ctx, vera, name, "")
		require.NoError(t, err)
		if name == "bb" || name == "dd" {
			b := store.Broadcast{ID: s.db.NewID(), ChannelID: c.ID, State: store.StateOpening, CreatedAt: time.Now()}
			require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
				require.NoError(t, tx.InsertBroadcast(ctx, b))
				return tx.SetBroadcastLive(ctx, b.ID, time.Now())
			}))
		}
	}
	for limit := 1; limit <= 6; limit++ {
		var names []string
		for cursor := ""; ; {
			page, next, err := s.Following(ctx, vera, cursor, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page), limit)
			for _, f := range page {
				names = append(names, f.Name)
			}
			if cursor = next; next == "" {
				break
			}
			require.Less(t, len(names), 6)
		}
		require.Equal(t, []string{"bb", "dd", "aa", "cc", "ee"}, names, "%d a page", limit)
	}
	none, _, err := s.Following(ctx, vera, "nonsense", 9)
	require.NoError(t, err)
	require.Len(t, none, 3)
}

func TestBlock(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	owner, vera, mod := person(t, s, "olga", RoleUser), person(t, s, "vera", RoleUser), person(t, s, "marie", RoleUser)
	admin := person(t, s, "chief", RoleAdmin)
	c, err := s.AddChannel(ctx, owner, "show")
	require.NoError(t, err)
	require.NoError(t, s.SetPlace(ctx, owner, "show", "marie", PlaceModerator))
	var changed []string
	s.Watch(func(id string) { changed = append(changed, id) })
	_, _, err = s.Follow(ctx, vera, "show", "")
	require.NoError(t, err)
	require.ErrorIs(t, s.Block(ctx, vera, "show", "marie"), ErrForbidden)
	for _, user := range []string{"olga", "marie", "chief"} {
		require.ErrorIs(t, s.Block(ctx, mod, "show", user), ErrCannotBlock, user)
	}
	require.ErrorIs(t, s.Block(ctx, mod, "show", "nobody"), ErrUnknownUser)
	for range 2 {
		require.NoError(t, s.Block(ctx, mod, "show", "Vera"))
	}
	require.Contains(t, changed, c.ID)
	r, err := s.RelationTo(ctx, vera, "show")
	require.NoError(t, err)
	require.Equal(t, Relation{Blocked: true}, r)
	_, _, err = s.Follow(ctx, vera, "show", "")
	require.ErrorIs(t, err, ErrBlocked)
	blocked, err := s.Blocked(ctx, c.ID, vera.User.ID)
	require.NoError(t, err)
	require.True(t, blocked)
	got, err := s.Channel(ctx, "show")
	require.NoError(t, err)
	require.Zero(t, got.Followers)
	list, next, err := s.Blocks(ctx, mod, "show", "", 9)
	require.NoError(t, err)
	require.Empty(t, next)
	require.Len(t, list, 1)
	require.Equal(t, "vera", list[0].UserName)
	_, _, err = s.Blocks(ctx, vera, "show", "", 9)
	require.ErrorIs(t, err, ErrForbidden)

	require.NoError(t, s.Unblock(ctx, admin, "show", "vera"))
	require.ErrorIs(t, s.Unblock(ctx, mod, "show", "vera"), ErrNotBlocked)
	_, _, err = s.Follow(ctx, vera, "show", "")
	require.NoError(t, err)
}

func TestLanguageOf(t *testing.T) {
	for said, want := range map[string]string{
		"": "en", "de": "de", "de-CH, en": "de", "en-GB,de": "en", "fr": "en", "fr,de;q=0.1": "de", "*": "en", "\x00;;q=": "en",
	} {
		require.Equal(t, want, LanguageOf(said), said)
	}
}
