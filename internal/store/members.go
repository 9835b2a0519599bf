package store

import (
	"context"
	"time"
)

// Member is a user's place in a channel.
type Member struct {
	ChannelID   string
	UserID      string
	Role        string // its words are the caller's
	CreatedAt   time.Time
	UserName    string // read from the user, never written
	DisplayName string // the same
}

// PutMember gives a user a role in a channel, in place of the one they had. A
// channel or a user that is not there is ErrNotFound.
func (t *Tx) PutMember(ctx context.Context, m Member) error {
	_, err := t.exec(ctx, `INSERT INTO channel_members (channel_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_id, user_id) DO UPDATE SET role = excluded.role`, m.ChannelID, m.UserID, m.Role, millis(m.CreatedAt))
	return wrap(err, "put member")
}

// DeleteMember takes a user out of a channel, or returns ErrNotFound.
func (t *Tx) DeleteMember(ctx context.Context, channelID, userID string) error {
	return t.one(ctx, "remove member", `DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2`, channelID, userID)
}

// RoleInChannel returns a user's role in a channel, or ErrNotFound.
func (r Reader) RoleInChannel(ctx context.Context, channelID, userID string) (role string, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT role FROM channel_members WHERE channel_id = $1 AND user_id = $2`, channelID, userID).Scan(&role)
	return role, wrap(err, "read role in channel")
}

// MembersOfRole returns how many members of a channel have a role.
func (r Reader) MembersOfRole(ctx context.Context, channelID, role string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM channel_members WHERE channel_id = $1 AND role = $2`, channelID, role).Scan(&n)
	return n, wrap(err, "count members")
}

// Members lists the members of a channel by their names, those whose name
// sorts after `after`.
func (r Reader) Members(ctx context.Context, channelID, after string, limit int) ([]Member, error) {
	scan := func(row scanner) (m Member, err error) {
		err = row.Scan(&m.ChannelID, &m.UserID, &m.Role, instant{&m.CreatedAt}, &m.UserName, &m.DisplayName)
		return m, err
	}
	ms, err := list(ctx, r, scan, `SELECT m.channel_id, m.user_id, m.role, m.created_at, u.name, u.display_name
		FROM channel_members m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND u.name > $2 ORDER BY u.name LIMIT $3`, channelID, after, limit)
	return ms, wrap(err, "list members")
}

// Place is a channel that a user has a role in.
type Place struct {
	Channel
	Role string
}

// ChannelsOfUser lists the channels in which a user has a role, by
// name.
func (r Reader) ChannelsOfUser(ctx context.Context, userID string, limit int) ([]Place, error) {
	scan := func(row scanner) (p Place, err error) {
		p.Channel, err = scanChannel(scanWith{row, &p.Role})
		return p, err
	}
	ps, err := list(ctx, r, scan, `SELECT `+channelColumns+`, role
		FROM channels JOIN (SELECT channel_id, role FROM channel_members WHERE user_id = $1) m ON channel_id = id
		ORDER BY name LIMIT $2`, userID, limit)
	return ps, wrap(err, "list channels of user")
}

// scanWith scans one more column behind those of a row.
type scanWith struct {
	row  scanner
	last any
}

// Scan implements scanner.
func (s scanWith) Scan(dest ...any) error { return s.row.Scan(append(dest, s.last)...) }
