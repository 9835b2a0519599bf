package store

import (
	"context"
	"time"
)

// Webhook is an address that is told of what happens.
type Webhook struct {
	ID           string
	ChannelID    string // empty: of all channels, the site's
	URL          string
	Format       string    // of what is sent; its words are the caller's
	Secret       string    // as its owner has it
	FormerSecret string    // that before it; empty: none
	FormerUntil  time.Time // until when that one signs too
	Kinds        []string  // of events that it is told of; their words are the caller's
	Enabled      bool
	DisabledFor  string // why the server disabled it, a word of the caller's; empty: it did not
	CreatedAt    time.Time
	FailingSince time.Time // zero: the last delivery arrived, or there was none
	DeliveredAt  time.Time // the last that arrived; zero: none

	NextSequence int64 // written by what puts events alone
}

const webhookColumns = `id, channel_id, url, format, secret, former_secret, former_until, kinds, enabled, disabled_for, created_at,
	failing_since, delivered_at, next_sequence`

func scanWebhook(row scanner) (w Webhook, err error) {
	var channel *string
	err = row.Scan(&w.ID, &channel, &w.URL, &w.Format, &w.Secret, &w.FormerSecret, instant{&w.FormerUntil}, fromJSON[string]{&w.Kinds}, flag{&w.Enabled},
		&w.DisabledFor, instant{&w.CreatedAt}, instant{&w.FailingSince}, instant{&w.DeliveredAt}, &w.NextSequence)
	if channel != nil {
		w.ChannelID = *channel
	}
	return w, err
}

// Webhook returns the webhook with that id, or ErrNotFound.
func (r Reader) Webhook(ctx context.Context, id string) (Webhook, error) {
	w, err := scanWebhook(r.q.QueryRowContext(ctx, `SELECT `+webhookColumns+` FROM webhooks WHERE id = $1`, id))
	return w, wrap(err, "read webhook")
}

// Webhooks lists a channel's webhooks, or the site's where channelID is empty:
// those made first come first.
func (r Reader) Webhooks(ctx context.Context, channelID string, limit int) ([]Webhook, error) {
	if channelID == "" {
		ws, err := list(ctx, r, scanWebhook, `SELECT `+webhookColumns+` FROM webhooks WHERE channel_id IS NULL ORDER BY id LIMIT $1`, limit)
		return ws, wrap(err, "list webhooks of the site")
	}
	ws, err := list(ctx, r, scanWebhook, `SELECT `+webhookColumns+` FROM webhooks WHERE channel_id = $1 ORDER BY id LIMIT $2`, channelID, limit)
	return ws, wrap(err, "list webhooks of channel")
}

// InsertWebhook adds a webhook whose first event has the number 1. A channel that
// is not there is ErrNotFound.
func (t *Tx) InsertWebhook(ctx context.Context, w Webhook) error {
	kinds, err := asJSON(w.Kinds)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO webhooks (`+webhookColumns+`, leased_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, '')`,
		w.ID, maybeText(w.ChannelID), w.URL, w.Format, w.Secret, w.FormerSecret, millis(w.FormerUntil), kinds, bit(w.Enabled), w.DisabledFor,
		millis(w.CreatedAt), millis(w.FailingSince), millis(w.DeliveredAt))
	return wrap(err, "insert webhook")
}

// UpdateWebhook writes what may change of a webhook: all but whose it is, when
// it was made and its numbers. One that is not there is ErrNotFound.
func (t *Tx) UpdateWebhook(ctx context.Context, w Webhook) error {
	kinds, err := asJSON(w.Kinds)
	if err != nil {
		return err
	}
	return t.one(ctx, "update webhook", `UPDATE webhooks SET url = $2, secret = $3, former_secret = $4, former_until = $5, kinds = $6,
		enabled = $7, disabled_for = $8, failing_since = $9, delivered_at = $10, format = $11 WHERE id = $1`,
		w.ID, w.URL, w.Secret, w.FormerSecret, millis(w.FormerUntil), kinds, bit(w.Enabled), w.DisabledFor, millis(w.FailingSince), millis(w.DeliveredAt), w.Format)
}

// DeleteWebhook removes a webhook and its deliveries, or returns ErrNotFound.
func (t *Tx) DeleteWebhook(ctx context.Context, id string) error {
	return t.one(ctx, "delete webhook", `DELETE FROM webhooks WHERE id = $1`, id)
}

// Listener is a webhook that is to be told of an event, under that number.
type Listener struct {
	WebhookID string
	Sequence  int64
}

func scanListener(row scanner) (l Listener, err error) {
	err = row.Scan(&l.WebhookID, &l.Sequence)
	return l, err
}

// Listeners takes a number at each enabled webhook of a channel and of the site
// that is told of events of a kind. The caller puts the deliveries with these
// numbers in the same transaction.
func (t *Tx) Listeners(ctx context.Context, channelID, kind string) ([]Listener, error) {
	// A kind stands in the list of kinds as JSON has it, in quotes: no kind is a
	// part of another there.
	ls, err := list(ctx, t.Reader, scanListener, `UPDATE webhooks SET next_sequence = next_sequence + 1
		WHERE enabled = 1 AND (channel_id = $1 OR channel_id IS NULL) AND kinds LIKE $2 RETURNING id, next_sequence - 1`,
		channelID, `%"`+kind+`"%`)
	if err != nil {
		t.failed = err
	}
	return ls, wrap(err, "find who is told of %s", kind)
}

// TakeSequence takes a webhook's next number, whether it is enabled or not, or
// returns ErrNotFound.
func (t *Tx) TakeSequence(ctx context.Context, id string) (n int64, err error) {
	err = t.tx.QueryRowContext(ctx, `UPDATE webhooks SET next_sequence = next_sequence + 1 WHERE id = $1 RETURNING next_sequence - 1`, id).Scan(&n)
	return n, wrap(err, "take number of webhook")
}

// ForgetFormerSecrets removes secrets that do not sign any more.
func (t *Tx) ForgetFormerSecrets(ctx context.Context, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE webhooks SET former_secret = '', former_until = NULL WHERE former_until <= $1`, millis(now))
	return wrap(err, "forget former secrets of webhooks")
}
