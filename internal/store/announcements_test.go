package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func addPush(t testing.TB, db *DB, u User, n int) PushSubscription {
	t.Helper()
	s := Session{ID: db.NewID(), UserID: u.ID, CreatedAt: day, SeenAt: day, ExpiresAt: day.Add(time.Hour)}
	p := PushSubscription{
		ID: db.NewID(), UserID: u.ID, SessionID: s.ID, Endpoint: fmt.Sprintf("https://push.example/%s/%d", u.Name, n),
		P256dh: "k", Auth: "a", Language: "de", Origin: "https://tv.example", CreatedAt: day,
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.InsertSession(ctx, s, s.ID))
		return tx.PutPushSubscription(ctx, p)
	})
	return p
}

func testPushSubscriptions(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	a, b := addUser(t, db, "a"), addUser(t, db, "b")
	p, q := addPush(t, db, a, 1), addPush(t, db, a, 2)
	got, err := db.PushSubscriptions(ctx, a.ID, 9)
	require.NoError(t, err)
	equal(t, []PushSubscription{p, q}, got)

	// Somebody else signs in at the same browser.
	taken := p
	taken.ID, taken.UserID = db.NewID(), b.ID
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutPushSubscription(ctx, taken) })
	_, err = db.PushSubscription(ctx, p.ID)
	require.ErrorIs(t, err, ErrNotFound)
	// The sign-in ends.
	write(t, db, func(ctx context.Context, tx *Tx) error { _, err := tx.DeleteSessions(ctx, a.ID, ""); return err })
	for _, u := range []User{a, b} {
		got, err = db.PushSubscriptions(ctx, u.ID, 9)
		require.NoError(t, err)
		require.Empty(t, got)
	}
	r := addPush(t, db, b, 3)
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeletePushSubscription(ctx, a.ID, r.ID) }), ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeletePushSubscription(ctx, b.ID, r.ID) })
}

func testAnnouncements(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "mine")
	yes, no := true, false
	var users []User
	for i, ways := range []Ways{{}, {Page: &no, Push: &no, Mail: &yes}, {Mail: &yes}, {}} {
		u := addUser(t, db, fmt.Sprintf("user%d", i))
		users = append(users, u)
		write(t, db, func(ctx context.Context, tx *Tx) error {
			_, err := tx.Follow(ctx, c.ID, u.ID, day)
			require.NoError(t, err)
			if u.Email = u.Name + "@example.org"; i != 1 { // whose address may be anybody's
				u.EmailConfirmedAt = day
			}
			require.NoError(t, tx.UpdateUser(ctx, u))
			return tx.SetWays(ctx, c.ID, u.ID, ways)
		})
		addPush(t, db, u, 1)
	}
	addPush(t, db, users[0], 2)
	// One wants mail of all channels, in German, and no pushes.
	settings := NotifySettings{Page: true, Mail: true, Language: "de"}
	unsaid, err := db.NotifySettings(ctx, users[0].ID)
	require.NoError(t, err)
	require.Equal(t, NotifySettings{Page: true, Push: true}, unsaid)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.PutNotifySettings(ctx, users[3].ID, NotifySettings{}))
		return tx.PutNotifySettings(ctx, users[3].ID, settings)
	})
	said, err := db.NotifySettings(ctx, users[3].ID)
	require.NoError(t, err)
	require.Equal(t, settings, said)

	until, err := db.AnnouncedOnAir(ctx, c.ID, day)
	require.NoError(t, err)
	require.Zero(t, until)
	b := addBroadcast(t, db, c, StateLive, true)
	for range 2 {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.Announce(ctx, b.ID, c.ID, day, false) })
	}
	until, err = db.AnnouncedOnAir(ctx, c.ID, day.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, day.Add(time.Hour), until)
	<-db.AnnouncementNews()

	lease := func(now time.Time) (a Announcement, err error) {
		err = tryWrite(t, db, func(ctx context.Context, tx *Tx) (err error) {
			a, err = tx.LeaseAnnouncement(ctx, tx.NewID(), now, now.Add(time.Minute))
			return err
		})
		return a, err
	}
	gone, err := lease(day)
	require.NoError(t, err)
	_, err = lease(day)
	require.ErrorIs(t, err, ErrNotFound, "somebody tells of it")
	a, err := lease(day.Add(time.Minute))
	require.NoError(t, err, "who had it is gone")
	inLine := func(a Announcement, to User) error {
		return tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutInLine(ctx, a, false, true, to.ID, day, day.Add(time.Hour), day.Add(time.Minute))
		})
	}
	require.ErrorIs(t, inLine(gone, users[1]), ErrNotFound)

	list, err := db.Listening(ctx, c.ID, false, "", 9)
	require.NoError(t, err)
	require.Equal(t, []Listening{{users[0].ID, true}, {users[1].ID, false}, {users[2].ID, true}, {users[3].ID, true}}, list)
	members, err := db.Listening(ctx, c.ID, true, "", 9)
	require.NoError(t, err)
	require.Empty(t, members)

	require.NoError(t, inLine(a, users[1]))
	require.NoError(t, inLine(a, users[1]), "twice is once")
	a.Reached = users[1].ID
	require.NoError(t, inLine(a, users[3]))
	take := func(kind NoticeKind, now time.Time) (ns []Notice) {
		t.Helper()
		write(t, db, func(ctx context.Context, tx *Tx) (err error) {
			ns, err = tx.TakeNotices(ctx, kind, now, now.Add(time.Minute), 9)
			return err
		})
		return ns
	}
	due, err := db.NoticeDue(ctx, ByPush, day)
	require.NoError(t, err)
	require.True(t, due)
	pushes := take(ByPush, day)
	require.Len(t, pushes, 3, "two browsers of one, one of another")
	require.Empty(t, take(ByPush, day))
	mails := take(ByMail, day)
	require.Len(t, mails, 2)
	for _, n := range mails {
		require.Equal(t, []any{b.ID, "mail", 1, day.Add(time.Hour)}, []any{n.BroadcastID, n.Way, n.Tries, n.Until})
	}
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.DeleteNotice(ctx, mails[0]))
		require.NoError(t, tx.DropPushSubscription(ctx, pushes[0].UserID, pushes[0].Way))
		return tx.RetryNotice(ctx, pushes[1], day.Add(time.Second))
	})
	require.Len(t, take(ByMail, day.Add(time.Minute)), 1)
	again := take(ByPush, day.Add(time.Second))
	require.Len(t, again, 1)
	require.Equal(t, 2, again[0].Tries)

	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.ReleaseAnnouncement(ctx, a))
		return nil
	})
	a, err = lease(day)
	require.NoError(t, err)
	require.Equal(t, users[3].ID, a.Reached)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.EndAnnouncement(ctx, a, day) })
	_, err = db.WaitingAnnouncement(ctx, day.Add(time.Hour))
	require.ErrorIs(t, err, ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.EndBroadcast(ctx, b.ID, day.Add(time.Minute), "", time.Minute))
		return tx.Announce(ctx, b.ID, c.ID, day, true)
	})
	until, err = db.AnnouncedOnAir(ctx, c.ID, day.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, day.Add(time.Minute), until)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.ForgetAnnouncements(ctx, day.Add(time.Second)) })
	until, err = db.AnnouncedOnAir(ctx, c.ID, day.Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, until)
}
