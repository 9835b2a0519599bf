package store

import (
	"context"
	"time"
)

// Channel is a permanent public address.
type Channel struct {
	ID        string
	Name      string // folded; unique
	Title     string // for people
	CreatedAt time.Time
}

const channelColumns = `id, name, title, created_at`

func scanChannel(row scanner) (c Channel, err error) {
	err = row.Scan(&c.ID, &c.Name, &c.Title, instant{&c.CreatedAt})
	return c, err
}

// InsertChannel adds a channel. A name that is taken is ErrConflict.
func (t *Tx) InsertChannel(ctx context.Context, c Channel) error {
	_, err := t.exec(ctx, `INSERT INTO channels (`+channelColumns+`) VALUES ($1, $2, $3, $4)`,
		c.ID, c.Name, c.Title, millis(c.CreatedAt))
	return wrap(err, "insert channel")
}

// Channel returns the channel with that id, or ErrNotFound.
func (r Reader) Channel(ctx context.Context, id string) (Channel, error) {
	c, err := scanChannel(r.q.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE id = $1`, id))
	return c, wrap(err, "read channel")
}

// ChannelByName returns the channel with that folded name, or ErrNotFound.
func (r Reader) ChannelByName(ctx context.Context, name string) (Channel, error) {
	c, err := scanChannel(r.q.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channels WHERE name = $1`, name))
	return c, wrap(err, "read channel")
}

// Channels lists channels by name, those whose name sorts after `after`.
func (r Reader) Channels(ctx context.Context, after string, limit int) ([]Channel, error) {
	cs, err := list(ctx, r, scanChannel,
		`SELECT `+channelColumns+` FROM channels WHERE name > $1 ORDER BY name LIMIT $2`, after, limit)
	return cs, wrap(err, "list channels")
}
