package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testFollowers(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	a, b, away := addUser(t, db, "a"), addUser(t, db, "b"), addUser(t, db, "c")
	follow := func(c Channel, u User, at time.Time) (fresh bool) {
		t.Helper()
		write(t, db, func(ctx context.Context, tx *Tx) (err error) { fresh, err = tx.Follow(ctx, c.ID, u.ID, at); return err })
		return fresh
	}
	count := func(c Channel) int64 {
		t.Helper()
		c, err := db.Channel(ctx, c.ID)
		require.NoError(t, err)
		return c.Followers
	}
	require.True(t, follow(c, a, day))
	require.False(t, follow(c, a, day.Add(time.Hour)), "who follows goes on following")
	require.True(t, follow(c, b, day.Add(time.Minute)))
	require.True(t, follow(c, away, day.Add(time.Minute)))
	require.True(t, follow(other, a, day))
	require.Equal(t, []int64{3, 1}, []int64{count(c), count(other)})
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { _, err := tx.Follow(ctx, "none", a.ID, day); return err }), ErrNotFound)

	// Who may not sign in does not count, and is not listed.
	away.DisabledAt = day
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.UpdateUser(ctx, away))
		return tx.CountFollows(ctx, away.ID, false)
	})
	require.EqualValues(t, 2, count(c))
	page := func(before time.Time, below string, limit int) (names []string) {
		t.Helper()
		fs, err := db.Followers(ctx, c.ID, before, below, limit)
		require.NoError(t, err)
		for _, f := range fs {
			names = append(names, f.UserName)
		}
		return names
	}
	later := day.Add(time.Hour)
	require.Equal(t, []string{"b", "a"}, page(later, "", 9))
	require.Equal(t, []string{"b"}, page(later, "", 1))
	require.Equal(t, []string{"a"}, page(day.Add(time.Minute), b.ID, 9))

	yes, no := true, false
	ways := Ways{Page: &no, Mail: &yes}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetWays(ctx, c.ID, a.ID, ways) })
	f, err := db.Follower(ctx, c.ID, a.ID)
	require.NoError(t, err)
	equal(t, Follower{ChannelID: c.ID, UserID: a.ID, Since: day, Ways: ways}, f)
	n, err := db.FollowCount(ctx, a.ID)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)

	unfollow := func(u User) (was bool) {
		t.Helper()
		write(t, db, func(ctx context.Context, tx *Tx) (err error) { was, err = tx.Unfollow(ctx, c.ID, u.ID); return err })
		return was
	}
	require.True(t, unfollow(away))
	require.EqualValues(t, 2, count(c), "it did not count")
	require.True(t, unfollow(a))
	require.False(t, unfollow(a))
	require.EqualValues(t, 1, count(c))
	_, err = db.Follower(ctx, c.ID, a.ID)
	require.ErrorIs(t, err, ErrNotFound)
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetWays(ctx, c.ID, a.ID, Ways{}) }), ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.CountFollows(ctx, b.ID, false))
		return tx.CountFollows(ctx, b.ID, true)
	})
	require.EqualValues(t, 1, count(c))
}

// What a user follows comes with what is on air first, and without what was
// taken down.
func testFollowed(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	u, other := addUser(t, db, "a"), addUser(t, db, "b")
	channels := map[string]Channel{}
	for _, name := range []string{"a", "b", "c", "d", "down"} {
		c := addChannel(t, db, name)
		channels[name] = c
		write(t, db, func(ctx context.Context, tx *Tx) error { _, err := tx.Follow(ctx, c.ID, u.ID, day); return err })
	}
	addChannel(t, db, "e")
	for _, name := range []string{"b", "d", "e"} {
		c, err := db.ChannelByName(ctx, name)
		require.NoError(t, err)
		write(t, db, func(ctx context.Context, tx *Tx) error {
			b := Broadcast{ID: tx.NewID(), ChannelID: c.ID, State: StateOpening, CreatedAt: day}
			require.NoError(t, tx.InsertBroadcast(ctx, b))
			return tx.SetBroadcastLive(ctx, b.ID, day)
		})
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `UPDATE channels SET taken_down_at = 1 WHERE id = $1`, channels["down"].ID)
		return err
	})
	names := func(fs []Followed, err error) (names []string) {
		t.Helper()
		require.NoError(t, err)
		for _, f := range fs {
			require.Equal(t, day, f.Since)
			names = append(names, f.Name)
		}
		return names
	}
	require.Equal(t, []string{"b", "d"}, names(db.FollowedOnAir(ctx, u.ID, "", 9)))
	require.Equal(t, []string{"d"}, names(db.FollowedOnAir(ctx, u.ID, "b", 9)))
	require.Equal(t, []string{"a", "c"}, names(db.FollowedOffAir(ctx, u.ID, "", 9)))
	require.Equal(t, []string{"a"}, names(db.FollowedOffAir(ctx, u.ID, "", 1)))
	require.Empty(t, names(db.FollowedOnAir(ctx, other.ID, "", 9)))
}

func testChannelBlocks(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	a, b := addUser(t, db, "a"), addUser(t, db, "b")
	for _, u := range []User{a, b, a} {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutBlock(ctx, ChannelBlock{ChannelID: c.ID, UserID: u.ID, CreatedAt: day})
		})
	}
	blocked := func(c Channel, u User) bool {
		t.Helper()
		yes, err := db.Blocked(ctx, c.ID, u.ID)
		require.NoError(t, err)
		return yes
	}
	require.True(t, blocked(c, a))
	require.False(t, blocked(other, a))
	n, err := db.BlockCount(ctx, c.ID)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	list, err := db.ChannelBlocks(ctx, c.ID, "a", 9)
	require.NoError(t, err)
	equal(t, []ChannelBlock{{ChannelID: c.ID, UserID: b.ID, CreatedAt: day, UserName: "b", DisplayName: b.DisplayName}}, list)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteBlock(ctx, c.ID, a.ID) })
	require.False(t, blocked(c, a))
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteBlock(ctx, c.ID, a.ID) }), ErrNotFound)
}
