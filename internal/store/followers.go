package store

import (
	"context"
	"time"
)

// Ways say how a follower hears of a channel. What is nil is as the user has
// chosen for all channels.
type Ways struct {
	Page *bool // in the pages that are open
	Push *bool // by Web Push
	Mail *bool
}

// Follower is a user who follows a channel.
type Follower struct {
	ChannelID   string
	UserID      string
	Since       time.Time
	Ways        Ways
	UserName    string // read from the user, never written
	DisplayName string // the same
}

// choice reads a column of truth that may be NULL.
type choice struct{ b **bool }

// Scan implements sql.Scanner.
func (c choice) Scan(src any) error {
	if *c.b = nil; src == nil {
		return nil
	}
	var b bool
	if err := (flag{&b}).Scan(src); err != nil {
		return err
	}
	*c.b = &b
	return nil
}

// maybeBit is the argument for such a column.
func maybeBit(b *bool) any {
	if b == nil {
		return nil
	}
	return bit(*b)
}

// Follow has a user follow a channel from a time on, and reports whether that is
// new. A channel or a user that is not there is ErrNotFound.
func (t *Tx) Follow(ctx context.Context, channelID, userID string, since time.Time) (fresh bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO followers (channel_id, user_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, channelID, userID, millis(since))
	if err != nil || n == 0 {
		return false, wrap(err, "follow channel")
	}
	return true, t.count(ctx, channelID, userID, 1)
}

// Unfollow ends that, and reports whether there was anything to end.
func (t *Tx) Unfollow(ctx context.Context, channelID, userID string) (was bool, err error) {
	n, err := t.exec(ctx, `DELETE FROM followers WHERE channel_id = $1 AND user_id = $2`, channelID, userID)
	if err != nil || n == 0 {
		return false, wrap(err, "unfollow channel")
	}
	return true, t.count(ctx, channelID, userID, -1)
}

// count adds to the number of a channel's followers, of whom those count who may
// sign in.
func (t *Tx) count(ctx context.Context, channelID, userID string, by int) error {
	_, err := t.exec(ctx, `UPDATE channels SET followers = followers + $3
		WHERE id = $1 AND EXISTS (SELECT 1 FROM users WHERE id = $2 AND disabled_at IS NULL)`, channelID, userID, by)
	return wrap(err, "count followers")
}

// CountFollows has the channels that a user follows count the user, or not any
// more. Who lets a user in again, or keeps one out, calls it in the same
// transaction.
func (t *Tx) CountFollows(ctx context.Context, userID string, counts bool) error {
	by := -1
	if counts {
		by = 1
	}
	_, err := t.exec(ctx, `UPDATE channels SET followers = followers + $2 WHERE id IN (SELECT channel_id FROM followers WHERE user_id = $1)`, userID, by)
	return wrap(err, "count followers")
}

// SetWays writes how a follower hears of a channel, or returns ErrNotFound.
func (t *Tx) SetWays(ctx context.Context, channelID, userID string, w Ways) error {
	return t.one(ctx, "set how a follower hears", `UPDATE followers SET page = $3, push = $4, mail = $5 WHERE channel_id = $1 AND user_id = $2`,
		channelID, userID, maybeBit(w.Page), maybeBit(w.Push), maybeBit(w.Mail))
}

// Follower tells of a user who follows a channel, or returns ErrNotFound.
func (r Reader) Follower(ctx context.Context, channelID, userID string) (f Follower, err error) {
	f.ChannelID, f.UserID = channelID, userID
	err = r.q.QueryRowContext(ctx, `SELECT since, page, push, mail FROM followers WHERE channel_id = $1 AND user_id = $2`, channelID, userID).
		Scan(instant{&f.Since}, choice{&f.Ways.Page}, choice{&f.Ways.Push}, choice{&f.Ways.Mail})
	return f, wrap(err, "read follower")
}

// Followers lists who follows a channel and may sign in, the newest first: those
// who began before a time, and of those who began then, with ids below one.
func (r Reader) Followers(ctx context.Context, channelID string, before time.Time, below string, limit int) ([]Follower, error) {
	scan := func(row scanner) (f Follower, err error) {
		f.ChannelID = channelID
		err = row.Scan(&f.UserID, instant{&f.Since}, &f.UserName, &f.DisplayName)
		return f, err
	}
	fs, err := list(ctx, r, scan, `SELECT f.user_id, f.since, u.name, u.display_name FROM followers f JOIN users u ON u.id = f.user_id
		WHERE f.channel_id = $1 AND (f.since, f.user_id) < ($2, $3) AND u.disabled_at IS NULL ORDER BY f.since DESC, f.user_id DESC LIMIT $4`,
		channelID, before.UnixMilli(), below, limit)
	return fs, wrap(err, "list followers")
}

// Followed is a channel that a user follows.
type Followed struct {
	Channel
	Since time.Time
	Ways  Ways
}

// followedColumns are those behind a channel's.
const followedColumns = `, since, page, push, mail`

// scanBehind scans columns behind those of a row.
type scanBehind struct {
	row  scanner
	more []any
}

// Scan implements scanner.
func (s scanBehind) Scan(dest ...any) error { return s.row.Scan(append(dest, s.more...)...) }

func scanFollowed(row scanner) (f Followed, err error) {
	more := []any{instant{&f.Since}, choice{&f.Ways.Page}, choice{&f.Ways.Push}, choice{&f.Ways.Mail}}
	f.Channel, err = scanChannel(scanBehind{row, more})
	return f, err
}

// FollowedOnAir lists the channels that a user follows and that are on air, by
// name: those whose name sorts after `after`. What was taken down is left out.
func (r Reader) FollowedOnAir(ctx context.Context, userID, after string, limit int) ([]Followed, error) {
	fs, err := list(ctx, r, scanFollowed, `SELECT `+channelColumns+followedColumns+`
		FROM channels JOIN (SELECT channel_id AS followed, since, page, push, mail FROM followers WHERE user_id = $1) f ON followed = id
		WHERE id IN (SELECT channel_id FROM broadcasts WHERE state IN ('live', 'interrupted'))
		AND name > $2 AND taken_down_at IS NULL ORDER BY name LIMIT $3`, userID, after, limit)
	return fs, wrap(err, "list followed channels on air")
}

// FollowedOffAir lists the others in the same way.
func (r Reader) FollowedOffAir(ctx context.Context, userID, after string, limit int) ([]Followed, error) {
	fs, err := list(ctx, r, scanFollowed, `SELECT `+channelColumns+followedColumns+`
		FROM channels JOIN (SELECT channel_id AS followed, since, page, push, mail FROM followers WHERE user_id = $1) f ON followed = id
		WHERE id NOT IN (SELECT channel_id FROM broadcasts WHERE state IN ('live', 'interrupted'))
		AND name > $2 AND taken_down_at IS NULL ORDER BY name LIMIT $3`, userID, after, limit)
	return fs, wrap(err, "list followed channels off air")
}

// FollowCount is how many channels a user follows.
func (r Reader) FollowCount(ctx context.Context, userID string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM followers WHERE user_id = $1`, userID).Scan(&n)
	return n, wrap(err, "count followed channels")
}
