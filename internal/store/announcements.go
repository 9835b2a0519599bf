package store

import (
	"context"
	"time"
)

// Announcement is a broadcast of which followers are to be told.
type Announcement struct {
	BroadcastID string
	ChannelID   string
	At          time.Time // when it started
	Reached     string    // the id of the follower up to whom all are in line
	By          string    // who holds the lease
}

// Announce has the followers of a channel told that a broadcast started; quiet
// only notes that they could be told of it, and are not. Said again it changes
// nothing. Who waits for AnnouncementNews is woken when the transaction is
// committed.
func (t *Tx) Announce(ctx context.Context, broadcastID, channelID string, at time.Time, quiet bool) error {
	var done any
	if quiet {
		done = millis(at)
	}
	_, err := t.exec(ctx, `INSERT INTO announcements (broadcast_id, channel_id, at, reached, done_at, leased_by) VALUES ($1, $2, $3, '', $4, '')
		ON CONFLICT (broadcast_id) DO NOTHING`, broadcastID, channelID, millis(at), done)
	t.announced = t.announced || !quiet
	return wrap(err, "announce broadcast")
}

// AnnouncedOnAir is until when followers of a channel could last be told that
// it is on air: the end of the newest broadcast that was announced to them, the
// present where that is on air, zero where there is none.
func (r Reader) AnnouncedOnAir(ctx context.Context, channelID string, now time.Time) (until time.Time, err error) {
	as, err := list(ctx, r, func(row scanner) (at time.Time, err error) {
		var state State
		err = row.Scan(&state, instant{&at})
		if state == StateLive || state == StateInterrupted {
			at = now
		}
		return at, err
	}, `SELECT b.state, COALESCE(b.ended_at, b.started_at) FROM announcements a JOIN broadcasts b ON b.id = a.broadcast_id
		WHERE a.channel_id = $1 ORDER BY a.at DESC LIMIT 1`, channelID)
	if err != nil || len(as) == 0 {
		return until, wrap(err, "look for what was announced")
	}
	return as[0], nil
}

const waitingAnnouncement = `SELECT broadcast_id FROM announcements WHERE done_at IS NULL AND (leased_until IS NULL OR leased_until <= $1) ORDER BY at LIMIT 1`

// WaitingAnnouncement returns the id of a broadcast that somebody has to tell
// of and nobody does, or ErrNotFound.
func (r Reader) WaitingAnnouncement(ctx context.Context, now time.Time) (broadcastID string, err error) {
	err = r.q.QueryRowContext(ctx, waitingAnnouncement, millis(now)).Scan(&broadcastID)
	return broadcastID, wrap(err, "look for announcements")
}

// LeaseAnnouncement gives what WaitingAnnouncement finds to who tells of it, and
// to nobody else until then, or returns ErrNotFound.
func (t *Tx) LeaseAnnouncement(ctx context.Context, by string, now, until time.Time) (a Announcement, err error) {
	err = t.tx.QueryRowContext(ctx, `UPDATE announcements SET leased_by = $2, leased_until = $3 WHERE broadcast_id = (`+waitingAnnouncement+`)
		RETURNING broadcast_id, channel_id, at, reached, leased_by`, millis(now), by, millis(until)).
		Scan(&a.BroadcastID, &a.ChannelID, instant{&a.At}, &a.Reached, &a.By)
	return a, wrap(err, "lease announcement")
}

// EndAnnouncement says that all are in line. It returns ErrNotFound to who has
// not the lease any more.
func (t *Tx) EndAnnouncement(ctx context.Context, a Announcement, at time.Time) error {
	return t.one(ctx, "end announcement", `UPDATE announcements SET done_at = $3, leased_by = '', leased_until = NULL WHERE broadcast_id = $1 AND leased_by = $2`,
		a.BroadcastID, a.By, millis(at))
}

// ReleaseAnnouncement gives the lease back before its end.
func (t *Tx) ReleaseAnnouncement(ctx context.Context, a Announcement) error {
	_, err := t.exec(ctx, `UPDATE announcements SET leased_by = '', leased_until = NULL WHERE broadcast_id = $1 AND leased_by = $2`, a.BroadcastID, a.By)
	return wrap(err, "release announcement")
}

// ForgetAnnouncements removes those that were done before a time.
func (t *Tx) ForgetAnnouncements(ctx context.Context, before time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM announcements WHERE at < $1 AND done_at IS NOT NULL`, millis(before))
	return wrap(err, "forget announcements")
}

// Listening is a follower, and whether the pages that are open tell it.
type Listening struct {
	UserID string
	Page   bool
}

// toldMay is who of the followers f, users u, may be told of a channel: those who
// may sign in, and of a channel for members those who have a place in it.
const toldMay = `u.disabled_at IS NULL AND ($2 = 0 OR EXISTS (SELECT 1 FROM channel_members m WHERE m.channel_id = f.channel_id AND m.user_id = f.user_id))`

// Listening lists the next followers of a channel who may be told of it, by
// their ids: those behind one. membersOnly leaves out who has no place in the
// channel.
func (r Reader) Listening(ctx context.Context, channelID string, membersOnly bool, after string, limit int) ([]Listening, error) {
	scan := func(row scanner) (l Listening, err error) {
		err = row.Scan(&l.UserID, flag{&l.Page})
		return l, err
	}
	ls, err := list(ctx, r, scan, `SELECT f.user_id, CASE WHEN `+tellsPage+` THEN 1 ELSE 0 END
		FROM followers f JOIN users u ON u.id = f.user_id LEFT JOIN notify_settings s ON s.user_id = f.user_id
		WHERE f.channel_id = $1 AND f.user_id > $3 AND `+toldMay+` ORDER BY f.user_id LIMIT $4`, channelID, bit(membersOnly), after, limit)
	return ls, wrap(err, "list who is told")
}

// PutInLine writes down what is to be sent to the followers behind one who was
// reached, up to another, by the ways that they have chosen, and that they are
// reached. Nothing is written twice. It returns ErrNotFound to who has not the
// lease any more.
func (t *Tx) PutInLine(ctx context.Context, a Announcement, membersOnly, mail bool, upTo string, now, useless, leased time.Time) error {
	err := t.one(ctx, "reach followers", `UPDATE announcements SET reached = $3, leased_until = $4 WHERE broadcast_id = $1 AND leased_by = $2`,
		a.BroadcastID, a.By, upTo, millis(leased))
	if err != nil {
		return err
	}
	args := []any{a.ChannelID, bit(membersOnly), a.Reached, upTo, a.BroadcastID, millis(now), millis(useless)}
	const those = ` FROM followers f JOIN users u ON u.id = f.user_id LEFT JOIN notify_settings s ON s.user_id = f.user_id`
	const behind = ` WHERE f.channel_id = $1 AND f.user_id > $3 AND f.user_id <= $4 AND ` + toldMay
	const into = `INSERT INTO notices (broadcast_id, user_id, way, kind, tries, next_at, until) SELECT `
	_, err = t.exec(ctx, into+rowOf(`p.id, 'push', 0`)+those+` JOIN push_subscriptions p ON p.user_id = f.user_id`+behind+` AND `+tellsPush+` ON CONFLICT DO NOTHING`, args...)
	if err == nil && mail {
		_, err = t.exec(ctx, into+rowOf(`'mail', 'mail', 0`)+those+behind+` AND `+tellsMail+` AND u.email IS NOT NULL AND u.email_confirmed_at IS NOT NULL ON CONFLICT DO NOTHING`, args...)
	}
	t.announced = true
	return wrap(err, "put followers in line")
}

// rowOf is a row of notices, with its way, kind and tries. The casts say to
// PostgreSQL what a parameter is that stands alone.
func rowOf(way string) string {
	return `CAST($5 AS TEXT), f.user_id, ` + way + `, CAST($6 AS BIGINT), CAST($7 AS BIGINT)`
}
