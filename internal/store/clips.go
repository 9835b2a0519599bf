package store

import (
	"context"
	"time"
)

// Clip is a piece of a broadcast with an address of its own. It has no media:
// it refers to segments of the broadcast, which are kept as long as it lives.
type Clip struct {
	ID          string
	BroadcastID string
	ChannelID   string
	UserID      string // who made it; empty: the command line, or a user that is no more
	Title       string
	Start, End  time.Duration // on the broadcast's media time, in whole milliseconds
	First, Last int64         // numbers of the segments that it refers to, in all renditions
	Lead        time.Duration // from the beginning of the first to what is shown first, in whole microseconds
	CreatedAt   time.Time
	RemovedAt   time.Time // zero: it lives
	TakenDownAt time.Time // by itself, and not with what it is of; zero: it is up

	// Read from elsewhere, never written.
	ChannelName string
	UserName    string // empty as UserID
	DisplayName string // the user's
	Visibility  string // the broadcast's own, or else its channel's
	State       State  // of the broadcast
	Mature      bool   // the channel's
	Embedding   string // the channel's
}

const clipQuery = `SELECT k.id, k.broadcast_id, k.channel_id, COALESCE(k.user_id, ''), k.title, k.start_ms, k.end_ms,
	k.first_segment, k.last_segment, k.lead_us, k.created_at, k.removed_at, k.taken_down_at, c.name, COALESCE(u.name, ''), COALESCE(u.display_name, ''),
	CASE WHEN b.visibility = '' THEN c.visibility ELSE b.visibility END, b.state, c.mature, c.embedding
	FROM clips k JOIN broadcasts b ON b.id = k.broadcast_id JOIN channels c ON c.id = k.channel_id LEFT JOIN users u ON u.id = k.user_id `

// clipUp is true of a clip that was not taken down, nor its broadcast. Of its
// channel nothing is listed then.
const clipUp = `k.taken_down_at IS NULL AND b.taken_down_at IS NULL`

func scanClip(row scanner) (c Clip, err error) {
	var lead int64
	err = row.Scan(&c.ID, &c.BroadcastID, &c.ChannelID, &c.UserID, &c.Title, span{&c.Start}, span{&c.End},
		&c.First, &c.Last, &lead, instant{&c.CreatedAt}, instant{&c.RemovedAt}, instant{&c.TakenDownAt}, &c.ChannelName, &c.UserName, &c.DisplayName, &c.Visibility, &c.State, flag{&c.Mature}, &c.Embedding)
	c.Lead = time.Duration(lead) * time.Microsecond
	return c, err
}

// Clip returns the clip with that id, also one that was removed, or
// ErrNotFound.
func (r Reader) Clip(ctx context.Context, id string) (Clip, error) {
	c, err := scanClip(r.q.QueryRowContext(ctx, clipQuery+`WHERE k.id = $1`, id))
	return c, wrap(err, "read clip")
}

// ClipsByChannel lists the clips of a channel's broadcasts that live and were
// not taken down, nor their broadcasts, newest first, from `before` as in BroadcastsByChannel.
func (r Reader) ClipsByChannel(ctx context.Context, channelID, before string, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.channel_id = $1 AND k.removed_at IS NULL AND `+clipUp+` AND k.id < $2 ORDER BY k.id DESC LIMIT $3`,
		channelID, cursor(before), limit)
	return cs, wrap(err, "list clips of channel")
}

// FoundClips lists, of what ClipsByChannel lists, what is of broadcasts as
// public as the channel: see FoundBroadcasts.
func (r Reader) FoundClips(ctx context.Context, channelID, before string, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.channel_id = $1 AND k.removed_at IS NULL AND `+clipUp+` AND k.id < $2
		AND b.visibility IN ('', 'public') ORDER BY k.id DESC LIMIT $3`, channelID, cursor(before), limit)
	return cs, wrap(err, "list clips of channel")
}

// ClipsByBroadcast lists a broadcast's clips that live, likewise.
func (r Reader) ClipsByBroadcast(ctx context.Context, broadcastID, before string, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.broadcast_id = $1 AND k.removed_at IS NULL AND `+clipUp+` AND k.id < $2 ORDER BY k.id DESC LIMIT $3`,
		broadcastID, cursor(before), limit)
	return cs, wrap(err, "list clips of broadcast")
}

// LivingClips lists all clips that live, newest first, likewise.
func (r Reader) LivingClips(ctx context.Context, before string, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.removed_at IS NULL AND k.id < $1 ORDER BY k.id DESC LIMIT $2`, cursor(before), limit)
	return cs, wrap(err, "list clips")
}

// InsertClip adds a clip, if the broadcast has not been removed and still has
// what the clip refers to in one rendition; otherwise it is ErrConflict. The
// oldest segments go first, so that all are there when the first is.
func (t *Tx) InsertClip(ctx context.Context, c Clip, rendition string) error {
	var have int64
	err := t.tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM segments JOIN broadcasts b ON b.id = broadcast_id
		WHERE broadcast_id = $1 AND rendition = $2 AND number IN ($3, $4) AND NOT (gap = 1 AND passing > 0) AND b.state NOT IN ('discarded', 'failed')`,
		c.BroadcastID, rendition, c.First, c.Last).Scan(&have)
	if err == nil && have != min(2, c.Last-c.First+1) {
		err = ErrConflict
	}
	if err != nil {
		return wrap(err, "look for the segments of a clip")
	}
	_, err = t.exec(ctx, `INSERT INTO clips (id, broadcast_id, channel_id, user_id, title, start_ms, end_ms, first_segment, last_segment,
		lead_us, created_at, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)`,
		c.ID, c.BroadcastID, c.ChannelID, maybeText(c.UserID), c.Title, c.Start.Milliseconds(), c.End.Milliseconds(),
		c.First, c.Last, c.Lead.Microseconds(), millis(c.CreatedAt))
	return wrap(err, "insert clip")
}

// SetClipTitle renames a clip that lives, or returns ErrNotFound.
func (t *Tx) SetClipTitle(ctx context.Context, id, title string) error {
	return t.one(ctx, "rename clip", `UPDATE clips SET title = $2 WHERE id = $1 AND removed_at IS NULL`, id, title)
}

// RemoveClip takes a clip away; its row stays. The first removal counts. A clip
// that is not there is ErrNotFound.
func (t *Tx) RemoveClip(ctx context.Context, id string, at time.Time) error {
	return t.one(ctx, "remove clip", `UPDATE clips SET removed_at = COALESCE(removed_at, $2) WHERE id = $1`, id, millis(at))
}

// RemoveClips takes all clips of a broadcast away.
func (t *Tx) RemoveClips(ctx context.Context, broadcastID string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE clips SET removed_at = $2 WHERE broadcast_id = $1 AND removed_at IS NULL`, broadcastID, millis(at))
	return wrap(err, "remove clips of broadcast")
}

// UnsweptClips lists clips that were removed and for which something may be
// kept still, oldest first.
func (r Reader) UnsweptClips(ctx context.Context, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.removed_at IS NOT NULL AND k.swept = 0 ORDER BY k.id LIMIT $1`, limit)
	return cs, wrap(err, "list removed clips")
}

// SetClipSwept says that nothing is kept for a removed clip any more.
func (t *Tx) SetClipSwept(ctx context.Context, id string) error {
	return t.one(ctx, "note that clip is swept", `UPDATE clips SET swept = 1 WHERE id = $1 AND removed_at IS NOT NULL`, id)
}
