package store

import (
	"context"
	"time"
)

// SweptLine is a line of a chat that was removed for good.
type SweptLine struct{ ID, ChannelID string }

func scanSweptLine(row scanner) (l SweptLine, err error) {
	err = row.Scan(&l.ID, &l.ChannelID)
	return l, err
}

// SweepIdleChat removes at most limit lines, the oldest first, that were said
// before a time while nothing was on air.
func (t *Tx) SweepIdleChat(ctx context.Context, before time.Time, limit int) ([]SweptLine, error) {
	return t.sweepChat(ctx, `DELETE FROM chat_lines WHERE id IN (
		SELECT id FROM chat_lines WHERE broadcast_id = '' AND id < $1 ORDER BY id LIMIT $2) RETURNING id, channel_id`, IDAt(before), limit)
}

// SweepChatOf removes at most limit lines that were said before a time during a
// broadcast.
func (t *Tx) SweepChatOf(ctx context.Context, broadcastID string, before time.Time, limit int) ([]SweptLine, error) {
	return t.sweepChat(ctx, `DELETE FROM chat_lines WHERE id IN (
		SELECT id FROM chat_lines WHERE broadcast_id = $1 AND broadcast_id <> '' AND id < $2 ORDER BY media_ms, id LIMIT $3) RETURNING id, channel_id`,
		broadcastID, IDAt(before), limit)
}

func (t *Tx) sweepChat(ctx context.Context, query string, args ...any) ([]SweptLine, error) {
	ls, err := list(ctx, t.Reader, scanSweptLine, query, args...)
	return ls, wrap(err, "sweep chat lines")
}

// NextChatOf returns the first broadcast behind another one during which
// something was said, of those that were made before a time; empty when there is
// none.
func (r Reader) NextChatOf(ctx context.Context, after string, before time.Time) (id string, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COALESCE(MIN(broadcast_id), '') FROM chat_lines
		WHERE broadcast_id <> '' AND broadcast_id > $1 AND broadcast_id < $2`, after, IDAt(before)).Scan(&id)
	return id, wrap(err, "find broadcast with chat")
}

// Replayable reports whether there is a recording of a broadcast, or may be yet,
// or a clip: what was said in it is shown again.
func (r Reader) Replayable(ctx context.Context, broadcastID string) (bool, error) {
	var shown int64
	err := r.q.QueryRowContext(ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM broadcasts WHERE id = $1 AND state NOT IN ('discarded', 'failed'))
		OR EXISTS (SELECT 1 FROM clips WHERE broadcast_id = $1 AND removed_at IS NULL) THEN 1 ELSE 0 END`, broadcastID).Scan(&shown)
	return shown == 1, wrap(err, "look for what chat is replayed with")
}
