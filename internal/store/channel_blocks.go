package store

import (
	"context"
	"time"
)

// ChannelBlock is a user who may neither follow a channel nor speak there.
type ChannelBlock struct {
	ChannelID   string
	UserID      string
	CreatedAt   time.Time
	UserName    string // read from the user, never written
	DisplayName string // the same
}

// PutBlock blocks a user from a channel; said again it changes nothing. A channel
// or a user that is not there is ErrNotFound.
func (t *Tx) PutBlock(ctx context.Context, b ChannelBlock) error {
	_, err := t.exec(ctx, `INSERT INTO channel_blocks (channel_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		b.ChannelID, b.UserID, millis(b.CreatedAt))
	return wrap(err, "block user")
}

// DeleteBlock ends that, or returns ErrNotFound.
func (t *Tx) DeleteBlock(ctx context.Context, channelID, userID string) error {
	return t.one(ctx, "unblock user", `DELETE FROM channel_blocks WHERE channel_id = $1 AND user_id = $2`, channelID, userID)
}

// Blocked reports whether a user is blocked from a channel.
func (r Reader) Blocked(ctx context.Context, channelID, userID string) (bool, error) {
	var n int64
	err := r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM channel_blocks WHERE channel_id = $1 AND user_id = $2`, channelID, userID).Scan(&n)
	return n > 0, wrap(err, "look for block")
}

// BlockCount is how many users are blocked from a channel.
func (r Reader) BlockCount(ctx context.Context, channelID string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM channel_blocks WHERE channel_id = $1`, channelID).Scan(&n)
	return n, wrap(err, "count blocks")
}

// ChannelBlocks lists who is blocked from a channel by name, those whose name
// sorts after `after`.
func (r Reader) ChannelBlocks(ctx context.Context, channelID, after string, limit int) ([]ChannelBlock, error) {
	scan := func(row scanner) (b ChannelBlock, err error) {
		b.ChannelID = channelID
		err = row.Scan(&b.UserID, instant{&b.CreatedAt}, &b.UserName, &b.DisplayName)
		return b, err
	}
	bs, err := list(ctx, r, scan, `SELECT k.user_id, k.created_at, u.name, u.display_name FROM channel_blocks k JOIN users u ON u.id = k.user_id
		WHERE k.channel_id = $1 AND u.name > $2 ORDER BY u.name LIMIT $3`, channelID, after, limit)
	return bs, wrap(err, "list blocks")
}
