package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testRenames(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	a, b := addChannel(t, db, "a"), addChannel(t, db, "b")
	rename := func(c Channel, name string) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.RenameChannel(ctx, c, name, day) })
	}
	require.ErrorIs(t, rename(a, "b"), ErrConflict)
	require.NoError(t, rename(a, "a2"))
	got, err := db.ChannelByFormerName(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, a.ID, got.ID)
	require.Equal(t, "a2", got.Name)
	require.EqualValues(t, 1, got.Revision)
	require.ErrorIs(t, rename(b, "a"), ErrConflict, "another's former name")
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "a", CreatedAt: day})
	})
	require.ErrorIs(t, err, ErrConflict)

	require.NoError(t, rename(got, "a"), "one's own former name")
	_, err = db.ChannelByFormerName(ctx, "a")
	require.ErrorIs(t, err, ErrNotFound)
	got, err = db.ChannelByFormerName(ctx, "a2")
	require.NoError(t, err)
	require.Equal(t, "a", got.Name)

	remove := func() error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteChannel(ctx, a.ID) })
	}
	require.NoError(t, remove())
	require.ErrorIs(t, remove(), ErrNotFound)
	_, err = db.ChannelByFormerName(ctx, "a2")
	require.ErrorIs(t, err, ErrNotFound)
}

func addUser(t testing.TB, db *DB, name string) User {
	t.Helper()
	u := User{ID: db.NewID(), Name: name, DisplayName: name, Role: "user", CreatedAt: day}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertUser(ctx, u) })
	return u
}

func testUsers(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	a, b := addUser(t, db, "a"), addUser(t, db, "b")
	a.Email, a.Password, a.Role, a.DisplayName, a.VerifiedAt, a.EmailConfirmedAt = "a@example.org", "$argon2id$", "admin", "A", day, day.Add(time.Hour)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateUser(ctx, a) })
	for _, find := range []func() (User, error){
		func() (User, error) { return db.User(ctx, a.ID) },
		func() (User, error) { return db.UserByName(ctx, "a") },
		func() (User, error) { return db.UserByEmail(ctx, "a@example.org") },
	} {
		got, err := find()
		require.NoError(t, err)
		equal(t, a, got)
	}
	_, err := db.UserByEmail(ctx, "")
	require.ErrorIs(t, err, ErrNotFound, "who has no address is not found by none")

	b.Email = "a@example.org"
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateUser(ctx, b) })
	require.ErrorIs(t, err, ErrConflict)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertUser(ctx, User{ID: db.NewID(), Name: "a", CreatedAt: day})
	})
	require.ErrorIs(t, err, ErrConflict)
	err = tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateUser(ctx, User{ID: "none"}) })
	require.ErrorIs(t, err, ErrNotFound)

	n, err := db.UsersOfRole(ctx, "admin")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	a.DisabledAt = day
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateUser(ctx, a) })
	n, err = db.UsersOfRole(ctx, "admin")
	require.NoError(t, err)
	require.Zero(t, n)

	us, err := db.Users(ctx, "a", 10)
	require.NoError(t, err)
	require.Len(t, us, 1)
	require.Equal(t, "b", us[0].Name)
}

func testSessions(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	u, other := addUser(t, db, "a"), addUser(t, db, "b")
	add := func(u User, hash string, seen time.Time) Session {
		s := Session{ID: db.NewID(), UserID: u.ID, Method: "password", Address: "192.0.2.1", Agent: "Firefox", CreatedAt: day, SeenAt: seen, ExpiresAt: seen.Add(time.Hour)}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertSession(ctx, s, hash) })
		return s
	}
	first, second, theirs := add(u, "h1", day), add(u, "h2", day.Add(time.Minute)), add(other, "h3", day)
	got, err := db.SessionByHash(ctx, "h1")
	require.NoError(t, err)
	equal(t, first, got)
	_, err = db.SessionByHash(ctx, "none")
	require.ErrorIs(t, err, ErrNotFound)
	list, err := db.Sessions(ctx, u.ID, 10)
	require.NoError(t, err)
	equal(t, []Session{second, first}, list)

	first.SeenAt, first.ExpiresAt, first.Address = day.Add(time.Hour), day.Add(2*time.Hour), "192.0.2.9"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.TouchSession(ctx, first) })
	got, err = db.Session(ctx, first.ID)
	require.NoError(t, err)
	equal(t, first, got)

	end := func(u User, id string) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteSession(ctx, u.ID, id) })
	}
	require.ErrorIs(t, end(u, theirs.ID), ErrNotFound, "another's")
	require.NoError(t, end(other, theirs.ID))
	write(t, db, func(ctx context.Context, tx *Tx) error {
		n, err := tx.DeleteSessions(ctx, u.ID, first.ID)
		require.EqualValues(t, 1, n)
		return err
	})
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteExpiredSessions(ctx, first.ExpiresAt) })
	_, err = db.Session(ctx, first.ID)
	require.NoError(t, err)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.DeleteExpiredSessions(ctx, first.ExpiresAt.Add(time.Second))
	})
	_, err = db.Session(ctx, first.ID)
	require.ErrorIs(t, err, ErrNotFound)
}

func testVouchers(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	u := addUser(t, db, "a")
	v := Voucher{ID: db.NewID(), Kind: "reset", UserID: u.ID, MadeBy: u.ID, Note: "n", CreatedAt: day, ExpiresAt: day.Add(time.Hour)}
	open2 := Voucher{ID: db.NewID(), Kind: "invitation", CreatedAt: day, ExpiresAt: day.Add(time.Hour)}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertVoucher(ctx, v, "h1") })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertVoucher(ctx, open2, "h2") })
	got, err := db.VoucherByHash(ctx, "reset", "h1")
	require.NoError(t, err)
	equal(t, v, got)
	_, err = db.VoucherByHash(ctx, "invitation", "h1")
	require.ErrorIs(t, err, ErrNotFound, "of another kind")

	got, err = db.UnusedVoucher(ctx, "reset", u.ID)
	require.NoError(t, err)
	equal(t, v, got)
	_, err = db.UnusedVoucher(ctx, "confirm", u.ID)
	require.ErrorIs(t, err, ErrNotFound)
	_, err = db.UnusedVoucher(ctx, "invitation", "")
	require.ErrorIs(t, err, ErrNotFound, "nobody has none")

	use := func(id string) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UseVoucher(ctx, id, u.ID, day) })
	}
	require.NoError(t, use(open2.ID))
	require.ErrorIs(t, use(open2.ID), ErrConflict, "once")
	list, err := db.Vouchers(ctx, "invitation", "", 10)
	require.NoError(t, err)
	open2.UsedAt, open2.UsedBy = day, u.ID
	equal(t, []Voucher{open2}, list)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteVouchers(ctx, "invitation", "") })
	_, err = db.VoucherByHash(ctx, "invitation", "h2")
	require.NoError(t, err, "it was used: its row tells of that")
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteVouchers(ctx, "reset", u.ID) })
	_, err = db.VoucherByHash(ctx, "reset", "h1")
	require.ErrorIs(t, err, ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteVoucher(ctx, "invitation", open2.ID) })
}

func testSettings(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	_, err := db.Setting(ctx, "site")
	require.ErrorIs(t, err, ErrNotFound)
	for _, value := range []string{`{"a":1}`, `{"a":2}`} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutSetting(ctx, "site", value, day) })
		got, err := db.Setting(ctx, "site")
		require.NoError(t, err)
		require.Equal(t, value, got)
	}
}

func testActs(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	var want []Act
	for range 3 {
		a := Act{ID: db.NewID(), At: day, UserID: "u", Actor: "admin", Act: "user.role", Target: "user/a", Details: "admin", Address: "::1"}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertAct(ctx, a) })
		want = append([]Act{a}, want...)
	}
	got, err := db.Acts(ctx, "", 2)
	require.NoError(t, err)
	equal(t, want[:2], got)
	got, err = db.Acts(ctx, got[1].ID, 2)
	require.NoError(t, err)
	equal(t, want[2:], got)
}

func testMembers(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, u, v := addChannel(t, db, "mine"), addUser(t, db, "a"), addUser(t, db, "b")
	put := func(u User, role string) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutMember(ctx, Member{ChannelID: c.ID, UserID: u.ID, Role: role, CreatedAt: day})
		})
	}
	require.NoError(t, put(u, "member"))
	require.NoError(t, put(u, "owner"))
	require.NoError(t, put(v, "member"))
	require.ErrorIs(t, put(User{ID: "none"}, "member"), ErrNotFound)
	role, err := db.RoleInChannel(ctx, c.ID, u.ID)
	require.NoError(t, err)
	require.Equal(t, "owner", role)
	n, err := db.MembersOfRole(ctx, c.ID, "owner")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	ms, err := db.Members(ctx, c.ID, "a", 10)
	require.NoError(t, err)
	equal(t, []Member{{ChannelID: c.ID, UserID: v.ID, Role: "member", CreatedAt: day, UserName: "b", DisplayName: "b"}}, ms)
	ps, err := db.ChannelsOfUser(ctx, u.ID, 10)
	require.NoError(t, err)
	equal(t, []Place{{Channel: c, Role: "owner"}}, ps)

	remove := func() error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteMember(ctx, c.ID, v.ID) })
	}
	require.NoError(t, remove())
	require.ErrorIs(t, remove(), ErrNotFound)
	_, err = db.RoleInChannel(ctx, c.ID, v.ID)
	require.ErrorIs(t, err, ErrNotFound)
}

func testAPITokens(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	u, other := addUser(t, db, "a"), addUser(t, db, "b")
	a := APIToken{ID: db.NewID(), UserID: u.ID, Label: "bot", Hint: "wxyz", Scopes: "read keys", CreatedAt: day, ExpiresAt: day.Add(time.Hour)}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertAPIToken(ctx, a, "h1") })
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.TouchAPIToken(ctx, a.ID, day.Add(time.Minute)) })
	a.LastUsedAt = day.Add(time.Minute)
	got, err := db.APITokenByHash(ctx, "h1")
	require.NoError(t, err)
	equal(t, a, got)
	list, err := db.APITokens(ctx, u.ID, 10)
	require.NoError(t, err)
	equal(t, []APIToken{a}, list)
	end := func(u User) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteAPIToken(ctx, u.ID, a.ID) })
	}
	require.ErrorIs(t, end(other), ErrNotFound, "another's")
	require.NoError(t, end(u))
	_, err = db.APITokenByHash(ctx, "h1")
	require.ErrorIs(t, err, ErrNotFound)
}

func testExpiry(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, own := addChannel(t, db, "a"), addChannel(t, db, "b")
	week := 7 * 24 * time.Hour
	own.Retention = &week
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateChannel(ctx, own) })
	add := func(c Channel, ended time.Time, state State, recorded bool) string {
		b := Broadcast{ID: db.NewID(), ChannelID: c.ID, State: state, CreatedAt: day, EndedAt: ended, Recorded: recorded}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertBroadcast(ctx, b) })
		return b.ID
	}
	old, older := add(c, day.Add(-2*24*time.Hour), StateArchived, true), add(own, day.Add(-8*24*time.Hour), StateArchived, true)
	add(own, day.Add(-6*24*time.Hour), StateArchived, true)
	add(c, day.Add(-time.Hour), StateArchived, true)
	add(c, time.Time{}, StateLive, true)
	gone := add(c, day.Add(-9*24*time.Hour), StateDiscarded, true)
	ids := func(bs []Broadcast, err error) (all []string) {
		require.NoError(t, err)
		for _, b := range bs {
			all = append(all, b.ID)
		}
		return all
	}
	require.Equal(t, []string{older}, ids(db.ExpiredRecordings(ctx, day, 0, 10)))
	require.Equal(t, []string{old, older}, ids(db.ExpiredRecordings(ctx, day, 24*time.Hour, 10)))
	require.Empty(t, ids(db.DiscardedWithMedia(ctx, 10)))
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.PutRendition(ctx, Rendition{BroadcastID: gone, Name: "video/source", Timescale: 1})
	})
	require.Equal(t, []string{gone}, ids(db.DiscardedWithMedia(ctx, 10)))
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DiscardBroadcast(ctx, old) })
	require.Equal(t, []string{older}, ids(db.ExpiredRecordings(ctx, day, 24*time.Hour, 10)))
}
