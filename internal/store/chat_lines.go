package store

import (
	"context"
	"time"
)

// ChatLine is something that was said in a channel's chat.
type ChatLine struct {
	ID          string
	ChannelID   string
	UserID      string
	BroadcastID string        // that was on air; empty: none was
	Media       time.Duration // on its media time, in whole milliseconds
	Line        string        // JSON; what is in it is the caller's
	DeletedAt   time.Time     // zero: it stands
	DeletedBy   string        // the name then
}

var chatLineColumns = []string{"id", "channel_id", "user_id", "broadcast_id", "media_ms", "line", "deleted_at", "deleted_by"}

const chatLineQuery = `SELECT id, channel_id, user_id, broadcast_id, media_ms, line, deleted_at, deleted_by FROM chat_lines `

func scanChatLine(row scanner) (l ChatLine, err error) {
	err = row.Scan(&l.ID, &l.ChannelID, &l.UserID, &l.BroadcastID, span{&l.Media}, &l.Line, instant{&l.DeletedAt}, &l.DeletedBy)
	return l, err
}

// InsertChatLines adds lines, all or none. A channel that is not there is
// ErrNotFound, an id that is ErrConflict.
func (t *Tx) InsertChatLines(ctx context.Context, lines []ChatLine) error {
	rows := make([][]any, len(lines))
	for i := range lines {
		l := &lines[i]
		rows[i] = []any{l.ID, l.ChannelID, l.UserID, l.BroadcastID, l.Media.Milliseconds(), l.Line, millis(l.DeletedAt), l.DeletedBy}
	}
	whole := len(rows) - len(rows)%sqliteRows
	err := insert(ctx, t.tx, "chat_lines", chatLineColumns, rows[:whole], sqliteRows)
	if err == nil {
		err = insert(ctx, t.tx, "chat_lines", chatLineColumns, rows[whole:], len(rows)-whole)
	}
	if err != nil {
		t.failed = err
	}
	return wrap(err, "insert chat lines")
}

// ChatLine returns a line, or ErrNotFound.
func (r Reader) ChatLine(ctx context.Context, id string) (ChatLine, error) {
	l, err := scanChatLine(r.q.QueryRowContext(ctx, chatLineQuery+`WHERE id = $1`, id))
	return l, wrap(err, "read chat line")
}

// ChatLines lists the newest lines of a channel's chat that stand, newest first,
// of those between two ids; an empty one is no bound.
func (r Reader) ChatLines(ctx context.Context, channelID, after, before string, limit int) ([]ChatLine, error) {
	ls, err := list(ctx, r, scanChatLine, chatLineQuery+`WHERE channel_id = $1 AND id > $2 AND id < $3 AND deleted_at IS NULL ORDER BY id DESC LIMIT $4`,
		channelID, after, cursor(before), limit)
	return ls, wrap(err, "list chat lines")
}

// ChatLinesOfUser lists the newest lines of a user in a channel's chat, newest
// first, with those that were deleted.
func (r Reader) ChatLinesOfUser(ctx context.Context, channelID, userID string, limit int) ([]ChatLine, error) {
	ls, err := list(ctx, r, scanChatLine, chatLineQuery+`WHERE channel_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3`, channelID, userID, limit)
	return ls, wrap(err, "list chat lines of user")
}

// ChatReplay lists the lines of a broadcast that stand, by its media time, from
// one time up to before another, behind the place of a line.
func (r Reader) ChatReplay(ctx context.Context, broadcastID string, from, to time.Duration, after ChatPlace, limit int) ([]ChatLine, error) {
	ls, err := list(ctx, r, scanChatLine, chatLineQuery+`WHERE broadcast_id = $1 AND broadcast_id <> '' AND media_ms >= $2 AND media_ms < $3
		AND (media_ms > $4 OR id > $5) AND deleted_at IS NULL ORDER BY media_ms, id LIMIT $6`,
		broadcastID, max(from, after.Media).Milliseconds(), to.Milliseconds(), after.Media.Milliseconds(), after.ID, limit)
	return ls, wrap(err, "list chat lines of broadcast")
}

// ChatPlace is where a line stands in its broadcast. The zero place is before
// all of them.
type ChatPlace struct {
	Media time.Duration
	ID    string
}

// DeletedChatLines lists the lines of a channel's chat that were deleted from a
// time on.
func (r Reader) DeletedChatLines(ctx context.Context, channelID string, since time.Time, limit int) (ids []string, err error) {
	scan := func(row scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}
	ids, err = list(ctx, r, scan, `SELECT id FROM chat_lines WHERE channel_id = $1 AND deleted_at IS NOT NULL AND deleted_at >= $2 ORDER BY deleted_at DESC LIMIT $3`,
		channelID, millis(since), limit)
	return ids, wrap(err, "list deleted chat lines")
}

// DeleteChatLine marks a line of a channel as deleted, or returns ErrNotFound,
// also for one that is.
func (t *Tx) DeleteChatLine(ctx context.Context, channelID, id, by string, at time.Time) error {
	return t.one(ctx, "delete chat line", `UPDATE chat_lines SET deleted_at = $3, deleted_by = $4 WHERE channel_id = $1 AND id = $2 AND deleted_at IS NULL`,
		channelID, id, millis(at), by)
}

// PurgeChatLines marks the lines of a user in a channel as deleted, all of them
// where userID is empty.
func (t *Tx) PurgeChatLines(ctx context.Context, channelID, userID, by string, at time.Time) (n int64, err error) {
	if userID == "" {
		n, err = t.exec(ctx, `UPDATE chat_lines SET deleted_at = $2, deleted_by = $3 WHERE channel_id = $1 AND deleted_at IS NULL`, channelID, millis(at), by)
	} else {
		n, err = t.exec(ctx, `UPDATE chat_lines SET deleted_at = $3, deleted_by = $4 WHERE channel_id = $1 AND user_id = $2 AND deleted_at IS NULL`,
			channelID, userID, millis(at), by)
	}
	return n, wrap(err, "purge chat lines")
}

// IDAt sorts before every id that was made from a time on, and after those
// before it.
func IDAt(at time.Time) string { return encodeID(uint64(max(0, at.UnixMilli())), 0) }

// TimeOfID is when an id was made. It reports false for what is no id.
func TimeOfID(id string) (time.Time, bool) {
	ms, ok := decodeID(id)
	return time.UnixMilli(int64(ms)).UTC(), ok
}

// HeldLine is a line that waits until a moderator has looked at it.
type HeldLine struct {
	ID        string
	ChannelID string
	UserID    string
	Line      string // JSON
	Why       string // a word of the caller's
}

func scanHeldLine(row scanner) (h HeldLine, err error) {
	err = row.Scan(&h.ID, &h.ChannelID, &h.UserID, &h.Line, &h.Why)
	return h, err
}

// InsertHeldLine adds a line that waits.
func (t *Tx) InsertHeldLine(ctx context.Context, h HeldLine) error {
	_, err := t.exec(ctx, `INSERT INTO chat_held (id, channel_id, user_id, line, why) VALUES ($1, $2, $3, $4, $5)`, h.ID, h.ChannelID, h.UserID, h.Line, h.Why)
	return wrap(err, "hold chat line")
}

// TakeHeldLine removes a line that waits and returns it, or ErrNotFound.
func (t *Tx) TakeHeldLine(ctx context.Context, channelID, id string) (HeldLine, error) {
	h, err := scanHeldLine(t.q.QueryRowContext(ctx, `DELETE FROM chat_held WHERE channel_id = $1 AND id = $2 RETURNING id, channel_id, user_id, line, why`, channelID, id))
	return h, wrap(err, "take held chat line")
}

// DropHeldLines removes what waits of a user.
func (t *Tx) DropHeldLines(ctx context.Context, channelID, userID string) error {
	_, err := t.exec(ctx, `DELETE FROM chat_held WHERE channel_id = $1 AND user_id = $2`, channelID, userID)
	return wrap(err, "drop held chat lines")
}

// HeldLines lists what waits in a channel, oldest first.
func (r Reader) HeldLines(ctx context.Context, channelID string, limit int) ([]HeldLine, error) {
	hs, err := list(ctx, r, scanHeldLine, `SELECT id, channel_id, user_id, line, why FROM chat_held WHERE channel_id = $1 ORDER BY id LIMIT $2`, channelID, limit)
	return hs, wrap(err, "list held chat lines")
}

// CountHeldLines returns how many lines wait in a channel.
func (r Reader) CountHeldLines(ctx context.Context, channelID string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM chat_held WHERE channel_id = $1`, channelID).Scan(&n)
	return n, wrap(err, "count held chat lines")
}
