package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// Channel is a permanent public address.
type Channel struct {
	ID        string
	Name      string // folded; unique
	CreatedAt time.Time
	Revision  int64 // counts the changes of what follows

	Title       string // for people
	Description string // Markdown
	Category    string
	Tags        []string
	Language    string // BCP 47; empty: not said
	Mature      bool
	Schedule    []Showtime
	Avatar      string // pictures' keys; empty: none
	Banner      string
	Offline     string // what is shown while nothing is on air

	// ReconnectWindow is how long a broadcast waits for an encoder that was
	// lost, in whole milliseconds; nil is as the server is set.
	ReconnectWindow *time.Duration
	Takeover        string // what a second encoder may do; its words are the caller's
	Recorded        bool
	// Retention is how old a recording may become, in whole milliseconds; nil
	// is as the server is set.
	Retention *time.Duration
	// RetentionBytes is how much its recordings may take together; nil is no
	// limit of its own.
	RetentionBytes *int64
	Clips          string // which viewers may make clips; its words are the caller's

	Visibility string   // who may watch; its words are the caller's
	Password   string   // that viewers are asked for, argon2id in PHC's form; empty: none
	Embedding  string   // who may show it in their pages; its words are the caller's
	EmbedSites []string // origins

	// What moderators did to it, which no update of the above changes.
	TakenDownAt time.Time // zero: it is up
	BannedAt    time.Time // since when it may not go on air; zero: it may

	Followers int64 // who may sign in; counted as they come and go
}

// Showtime is a time of the week at which a channel means to be on air.
type Showtime struct {
	Day     int    `json:"day"`     // 0 is Sunday
	Start   string `json:"start"`   // 24 hours, such as 20:30, in the zone
	Minutes int    `json:"minutes"` // how long
	Zone    string `json:"zone"`    // of the IANA database, such as Europe/Berlin
	Title   string `json:"title"`
}

const channelWritten = `id, name, created_at, revision, title, description, category, tags, language, mature, schedule,
	avatar, banner, offline, reconnect_window_ms, takeover, recorded, retention_ms, visibility, password, embedding, embed_sites,
	retention_bytes, clips`

const channelColumns = channelWritten + `, taken_down_at, banned_at, followers`

func scanChannel(row scanner) (c Channel, err error) {
	err = row.Scan(&c.ID, &c.Name, instant{&c.CreatedAt}, &c.Revision, &c.Title, &c.Description, &c.Category, fromJSON[string]{&c.Tags},
		&c.Language, flag{&c.Mature}, fromJSON[Showtime]{&c.Schedule}, &c.Avatar, &c.Banner, &c.Offline,
		maybeSpan{&c.ReconnectWindow}, &c.Takeover, flag{&c.Recorded}, maybeSpan{&c.Retention},
		&c.Visibility, &c.Password, &c.Embedding, fromJSON[string]{&c.EmbedSites}, &c.RetentionBytes, &c.Clips,
		instant{&c.TakenDownAt}, instant{&c.BannedAt}, &c.Followers)
	return c, err
}

// channelValues are the arguments of channelWritten from title on.
func channelValues(c Channel) ([]any, error) {
	tags, err := asJSON(c.Tags)
	if err != nil {
		return nil, err
	}
	schedule, err := asJSON(c.Schedule)
	if err != nil {
		return nil, err
	}
	sites, err := asJSON(c.EmbedSites)
	if err != nil {
		return nil, err
	}
	return []any{
		c.Title, c.Description, c.Category, tags, c.Language, bit(c.Mature), schedule,
		c.Avatar, c.Banner, c.Offline, maybeMillis(c.ReconnectWindow), c.Takeover, bit(c.Recorded), maybeMillis(c.Retention),
		c.Visibility, c.Password, c.Embedding, sites, c.RetentionBytes, c.Clips,
	}, nil
}

// InsertChannel adds a channel. A name that is taken, or that another channel
// had, is ErrConflict.
func (t *Tx) InsertChannel(ctx context.Context, c Channel) error {
	values, err := channelValues(c)
	if err != nil {
		return fmt.Errorf("insert channel: %w", err)
	}
	if _, err := t.ChannelByFormerName(ctx, c.Name); !errors.Is(err, ErrNotFound) {
		return wrap(cmp.Or(err, ErrConflict), "insert channel")
	}
	_, err = t.exec(ctx, `INSERT INTO channels (`+channelWritten+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		append([]any{c.ID, c.Name, millis(c.CreatedAt), c.Revision}, values...)...)
	if err != nil {
		return wrap(err, "insert channel")
	}
	return t.channelDocument(ctx, c)
}

// UpdateChannel writes all of a channel from its title on. The revision must
// be the one that the row has, else it is ErrConflict; it grows by one.
func (t *Tx) UpdateChannel(ctx context.Context, c Channel) error {
	values, err := channelValues(c)
	if err != nil {
		return fmt.Errorf("update channel: %w", err)
	}
	n, err := t.exec(ctx, `UPDATE channels SET revision = revision + 1, title = $3, description = $4, category = $5, tags = $6,
		language = $7, mature = $8, schedule = $9, avatar = $10, banner = $11, offline = $12, reconnect_window_ms = $13, takeover = $14,
		recorded = $15, retention_ms = $16, visibility = $17, password = $18, embedding = $19, embed_sites = $20,
		retention_bytes = $21, clips = $22
		WHERE id = $1 AND revision = $2`, append([]any{c.ID, c.Revision}, values...)...)
	if err == nil && n == 0 {
		if _, err = t.Channel(ctx, c.ID); err == nil {
			err = ErrConflict
		}
	}
	if err != nil {
		return wrap(err, "update channel")
	}
	return t.channelDocument(ctx, c)
}

// RenameChannel gives a channel another name. The old one leads to it from now
// on. A name that is taken, or that another channel had, is ErrConflict.
func (t *Tx) RenameChannel(ctx context.Context, c Channel, name string, at time.Time) error {
	former, err := t.ChannelByFormerName(ctx, name)
	switch {
	case err == nil && former.ID != c.ID:
		return wrap(ErrConflict, "rename channel")
	case err == nil: // it takes its own old name back
		if _, err := t.exec(ctx, `DELETE FROM channel_names WHERE name = $1`, name); err != nil {
			return wrap(err, "rename channel")
		}
	case !errors.Is(err, ErrNotFound):
		return err
	}
	if err := t.one(ctx, "rename channel", `UPDATE channels SET name = $2, revision = revision + 1 WHERE id = $1`, c.ID, name); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO channel_names (name, channel_id, until) VALUES ($1, $2, $3)`, c.Name, c.ID, millis(at))
	if err != nil {
		return wrap(err, "keep former name of channel")
	}
	c.Name = name
	return t.channelDocument(ctx, c)
}

// DeleteChannel removes a channel with all that belongs to it, or returns
// ErrNotFound. The media of its broadcasts is the caller's business.
func (t *Tx) DeleteChannel(ctx context.Context, id string) error {
	_, err := t.exec(ctx, `DELETE FROM documents WHERE target = $1 OR target IN (SELECT id FROM broadcasts WHERE channel_id = $1)`, id)
	if err != nil {
		return wrap(err, "delete words of channel")
	}
	return t.one(ctx, "delete channel", `DELETE FROM channels WHERE id = $1`, id)
}

// ChannelByFormerName returns the channel that had that folded name and has
// another now, or ErrNotFound.
func (r Reader) ChannelByFormerName(ctx context.Context, name string) (Channel, error) {
	c, err := scanChannel(r.q.QueryRowContext(ctx,
		`SELECT `+channelColumns+` FROM channels WHERE id = (SELECT channel_id FROM channel_names WHERE name = $1)`, name))
	return c, wrap(err, "find channel by former name")
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
