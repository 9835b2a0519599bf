package store

import (
	"context"
	"time"
)

// ChatRoom is how a channel's chat is. What is in the JSON is the caller's.
type ChatRoom struct {
	ChannelID string
	Settings  string // JSON
	Filters   string // JSON list
	Pin       string // JSON; empty: nothing is pinned
}

// ChatRoom returns how a channel's chat is, or ErrNotFound where nobody has
// changed it yet.
func (r Reader) ChatRoom(ctx context.Context, channelID string) (c ChatRoom, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT channel_id, settings, filters, pin FROM chat_rooms WHERE channel_id = $1`, channelID).
		Scan(&c.ChannelID, &c.Settings, &c.Filters, &c.Pin)
	return c, wrap(err, "read chat room")
}

// PutChatRoom writes how a channel's chat is.
func (t *Tx) PutChatRoom(ctx context.Context, c ChatRoom) error {
	_, err := t.exec(ctx, `INSERT INTO chat_rooms (channel_id, settings, filters, pin) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_id) DO UPDATE SET settings = excluded.settings, filters = excluded.filters, pin = excluded.pin`,
		c.ChannelID, c.Settings, c.Filters, c.Pin)
	return wrap(err, "write chat room")
}

// Restriction keeps a user from speaking in a channel's chat.
type Restriction struct {
	ChannelID  string
	UserID     string
	Until      time.Time // zero: for good
	Reason     string
	Actor      string // who did it, the name then
	At         time.Time
	Appeal     string // what the user says to it; empty: nothing yet
	AppealedAt time.Time

	// Read from elsewhere, never written.
	UserName    string
	DisplayName string
	ChannelName string
}

const restrictionQuery = `SELECT r.channel_id, r.user_id, r.until, r.reason, r.actor, r.at, r.appeal, r.appealed_at, u.name, u.display_name, c.name
	FROM chat_restrictions r JOIN users u ON u.id = r.user_id JOIN channels c ON c.id = r.channel_id `

func scanRestriction(row scanner) (r Restriction, err error) {
	err = row.Scan(&r.ChannelID, &r.UserID, instant{&r.Until}, &r.Reason, &r.Actor, instant{&r.At}, &r.Appeal, instant{&r.AppealedAt},
		&r.UserName, &r.DisplayName, &r.ChannelName)
	return r, err
}

// Restriction returns that of a user in a channel's chat, also one that is over,
// or ErrNotFound.
func (r Reader) Restriction(ctx context.Context, channelID, userID string) (Restriction, error) {
	x, err := scanRestriction(r.q.QueryRowContext(ctx, restrictionQuery+`WHERE r.channel_id = $1 AND r.user_id = $2`, channelID, userID))
	return x, wrap(err, "read restriction")
}

// Restrictions lists those of a channel that are not over, by the names of the
// users, those that sort after `after`.
func (r Reader) Restrictions(ctx context.Context, channelID string, now time.Time, after string, limit int) ([]Restriction, error) {
	xs, err := list(ctx, r, scanRestriction, restrictionQuery+`WHERE r.channel_id = $1 AND (r.until IS NULL OR r.until > $2) AND u.name > $3 ORDER BY u.name LIMIT $4`,
		channelID, millis(now), after, limit)
	return xs, wrap(err, "list restrictions")
}

// RestrictionsOfUser lists those of a user that are not over.
func (r Reader) RestrictionsOfUser(ctx context.Context, userID string, now time.Time, limit int) ([]Restriction, error) {
	xs, err := list(ctx, r, scanRestriction, restrictionQuery+`WHERE r.user_id = $1 AND (r.until IS NULL OR r.until > $2) ORDER BY r.channel_id LIMIT $3`,
		userID, millis(now), limit)
	return xs, wrap(err, "list restrictions of user")
}

// PutRestriction keeps a user from speaking, in place of what did before. A
// channel or a user that is not there is ErrNotFound.
func (t *Tx) PutRestriction(ctx context.Context, r Restriction) error {
	_, err := t.exec(ctx, `INSERT INTO chat_restrictions (channel_id, user_id, until, reason, actor, at, appeal, appealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, '', NULL) ON CONFLICT (channel_id, user_id) DO UPDATE
		SET until = excluded.until, reason = excluded.reason, actor = excluded.actor, at = excluded.at, appeal = '', appealed_at = NULL`,
		r.ChannelID, r.UserID, millis(r.Until), r.Reason, r.Actor, millis(r.At))
	return wrap(err, "put restriction")
}

// AppealRestriction writes down what a user says to a restriction, once: else it
// returns ErrNotFound.
func (t *Tx) AppealRestriction(ctx context.Context, channelID, userID, text string, at time.Time) error {
	return t.one(ctx, "appeal restriction", `UPDATE chat_restrictions SET appeal = $3, appealed_at = $4
		WHERE channel_id = $1 AND user_id = $2 AND appealed_at IS NULL`, channelID, userID, text, millis(at))
}

// DeleteRestriction lets a user speak again, or returns ErrNotFound.
func (t *Tx) DeleteRestriction(ctx context.Context, channelID, userID string) error {
	return t.one(ctx, "delete restriction", `DELETE FROM chat_restrictions WHERE channel_id = $1 AND user_id = $2`, channelID, userID)
}

// ChatAct is something that a moderator of a chat did.
type ChatAct struct {
	ID        string
	ChannelID string
	At        time.Time
	UserID    string // empty: the command line
	Actor     string // the name then
	Act       string // short and stable
	TargetID  string // the user that it was about; empty: none
	Target    string // the name then
	Details   string
}

const chatActColumns = `id, channel_id, at, user_id, actor, act, target_id, target, details`

func scanChatAct(row scanner) (a ChatAct, err error) {
	err = row.Scan(&a.ID, &a.ChannelID, instant{&a.At}, &a.UserID, &a.Actor, &a.Act, &a.TargetID, &a.Target, &a.Details)
	return a, err
}

// InsertChatAct adds to the log of a chat.
func (t *Tx) InsertChatAct(ctx context.Context, a ChatAct) error {
	_, err := t.exec(ctx, `INSERT INTO chat_log (`+chatActColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.ChannelID, millis(a.At), a.UserID, a.Actor, a.Act, a.TargetID, a.Target, a.Details)
	return wrap(err, "log chat act")
}

// ChatActs lists what was done in a chat, newest first, from `before` as in
// BroadcastsByChannel.
func (r Reader) ChatActs(ctx context.Context, channelID, before string, limit int) ([]ChatAct, error) {
	as, err := list(ctx, r, scanChatAct, `SELECT `+chatActColumns+` FROM chat_log WHERE channel_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
		channelID, cursor(before), limit)
	return as, wrap(err, "list chat acts")
}

// ChatActsOn lists what was done to a user in a chat, newest first.
func (r Reader) ChatActsOn(ctx context.Context, channelID, userID string, limit int) ([]ChatAct, error) {
	as, err := list(ctx, r, scanChatAct, `SELECT `+chatActColumns+` FROM chat_log WHERE channel_id = $1 AND target_id = $2 AND target_id <> '' ORDER BY id DESC LIMIT $3`,
		channelID, userID, limit)
	return as, wrap(err, "list chat acts on user")
}

// ChatColor returns how a user's name is coloured, empty where the user has not
// chosen.
func (r Reader) ChatColor(ctx context.Context, userID string) (color string, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COALESCE((SELECT color FROM chat_people WHERE user_id = $1), '')`, userID).Scan(&color)
	return color, wrap(err, "read colour of user")
}

// PutChatColor writes how a user's name is coloured.
func (t *Tx) PutChatColor(ctx context.Context, userID, color string) error {
	_, err := t.exec(ctx, `INSERT INTO chat_people (user_id, color) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET color = excluded.color`, userID, color)
	return wrap(err, "write colour of user")
}
