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
	// ReconnectWindow is how long a broadcast waits for an encoder that was
	// lost, in whole milliseconds; nil is as the server is set.
	ReconnectWindow *time.Duration
	Takeover        string // what a second encoder may do; its words are the caller's
}

const channelColumns = `id, name, title, created_at, reconnect_window_ms, takeover`

func scanChannel(row scanner) (c Channel, err error) {
	err = row.Scan(&c.ID, &c.Name, &c.Title, instant{&c.CreatedAt}, maybeSpan{&c.ReconnectWindow}, &c.Takeover)
	return c, err
}

// InsertChannel adds a channel. A name that is taken is ErrConflict.
func (t *Tx) InsertChannel(ctx context.Context, c Channel) error {
	_, err := t.exec(ctx, `INSERT INTO channels (`+channelColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, c.Name, c.Title, millis(c.CreatedAt), maybeMillis(c.ReconnectWindow), c.Takeover)
	return wrap(err, "insert channel")
}

// SetChannelRules changes how a channel deals with encoders that are lost and
// with a second one, or returns ErrNotFound.
func (t *Tx) SetChannelRules(ctx context.Context, id string, reconnectWindow *time.Duration, takeover string) error {
	n, err := t.exec(ctx, `UPDATE channels SET reconnect_window_ms = $2, takeover = $3 WHERE id = $1`,
		id, maybeMillis(reconnectWindow), takeover)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap(err, "set rules of channel")
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
