package store

import (
	"context"
	"time"
)

// Emote is a small picture that stands in lines of chat.
type Emote struct {
	ID        string
	ChannelID string // empty: the site's
	Code      string // unique in the channel, and among the site's
	Picture   string // names the object
	Animated  bool
	UserID    string // who put it there
	CreatedAt time.Time
}

const emoteColumns = `id, channel_id, code, picture, animated, user_id, created_at`

func scanEmote(row scanner) (e Emote, err error) {
	var channel *string
	err = row.Scan(&e.ID, &channel, &e.Code, &e.Picture, flag{&e.Animated}, &e.UserID, instant{&e.CreatedAt})
	if channel != nil {
		e.ChannelID = *channel
	}
	return e, err
}

// InsertEmote adds an emote. A code that is taken is ErrConflict.
func (t *Tx) InsertEmote(ctx context.Context, e Emote) error {
	_, err := t.exec(ctx, `INSERT INTO emotes (`+emoteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, maybeText(e.ChannelID), e.Code, e.Picture, bit(e.Animated), e.UserID, millis(e.CreatedAt))
	return wrap(err, "insert emote")
}

// Emotes lists those of a channel by their codes, or the site's where channelID
// is empty.
func (r Reader) Emotes(ctx context.Context, channelID string, limit int) ([]Emote, error) {
	if channelID == "" {
		es, err := list(ctx, r, scanEmote, `SELECT `+emoteColumns+` FROM emotes WHERE channel_id IS NULL ORDER BY code LIMIT $1`, limit)
		return es, wrap(err, "list emotes of the site")
	}
	es, err := list(ctx, r, scanEmote, `SELECT `+emoteColumns+` FROM emotes WHERE channel_id IS NOT NULL AND channel_id = $1 ORDER BY code LIMIT $2`, channelID, limit)
	return es, wrap(err, "list emotes of channel")
}

// Emote returns an emote, or ErrNotFound.
func (r Reader) Emote(ctx context.Context, id string) (Emote, error) {
	e, err := scanEmote(r.q.QueryRowContext(ctx, `SELECT `+emoteColumns+` FROM emotes WHERE id = $1`, id))
	return e, wrap(err, "read emote")
}

// DeleteEmote removes an emote, or returns ErrNotFound.
func (t *Tx) DeleteEmote(ctx context.Context, id string) error {
	return t.one(ctx, "delete emote", `DELETE FROM emotes WHERE id = $1`, id)
}
