package store

import (
	"context"
	"time"
)

// WebhookDelivery is an event that a webhook is told of, or was.
type WebhookDelivery struct {
	WebhookID string
	Sequence  int64
	EventID   string
	Kind      string
	At        time.Time // when it happened
	Data      string    // JSON
	State     DeliveryState
	Tries     int       // since it was to be delivered, or was again
	NextAt    time.Time // of the next try, while it waits
	Attempts  []Attempt // the newest, oldest first
}

// DeliveryState says what became of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting   DeliveryState = "waiting"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryFailed    DeliveryState = "failed" // and is not tried any more
)

// Attempt is one try to deliver.
type Attempt struct {
	At     time.Time     `json:"at"`
	Status int           `json:"status"`           // of HTTP; 0: there was no answer
	Error  string        `json:"error"`            // why it did not arrive, for people; empty: it did
	Code   string        `json:"code,omitempty"`   // the same, short and stable; empty in older rows
	Detail string        `json:"detail,omitempty"` // what the sentence has beside that, such as an address
	Answer string        `json:"answer"`           // the beginning of what was answered
	Took   time.Duration `json:"took"`
	Wait   time.Duration `json:"wait,omitempty"` // for which it asked to be left alone
}

const deliveryColumns = `webhook_id, sequence, event_id, kind, at, data, state, tries, next_at, attempts`

func scanDelivery(row scanner) (d WebhookDelivery, err error) {
	err = row.Scan(&d.WebhookID, &d.Sequence, &d.EventID, &d.Kind, instant{&d.At}, &d.Data, &d.State, &d.Tries, instant{&d.NextAt}, fromJSON[Attempt]{&d.Attempts})
	return d, err
}

// PutDelivery adds a delivery, and removes those of the same webhook whose
// numbers are further back than keep. Who waits for OutboxNews is woken when the
// transaction is committed.
func (t *Tx) PutDelivery(ctx context.Context, d WebhookDelivery, keep int64) error {
	attempts, err := asJSON(d.Attempts)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO webhook_deliveries (`+deliveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.WebhookID, d.Sequence, d.EventID, d.Kind, millis(d.At), d.Data, string(d.State), d.Tries, millis(d.NextAt), attempts)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM webhook_deliveries WHERE webhook_id = $1 AND sequence <= $2`, d.WebhookID, d.Sequence-keep)
	}
	t.outbox = true
	return wrap(err, "put delivery of webhook")
}

// UpdateDelivery writes what became of a delivery, or returns ErrNotFound. It
// wakes as PutDelivery does.
func (t *Tx) UpdateDelivery(ctx context.Context, d WebhookDelivery) error {
	attempts, err := asJSON(d.Attempts)
	if err != nil {
		return err
	}
	t.outbox = true
	return t.one(ctx, "update delivery of webhook", `UPDATE webhook_deliveries SET state = $3, tries = $4, next_at = $5, attempts = $6
		WHERE webhook_id = $1 AND sequence = $2`, d.WebhookID, d.Sequence, string(d.State), d.Tries, millis(d.NextAt), attempts)
}

// Delivery returns a webhook's delivery of that number, or ErrNotFound.
func (r Reader) Delivery(ctx context.Context, webhookID string, sequence int64) (WebhookDelivery, error) {
	d, err := scanDelivery(r.q.QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM webhook_deliveries
		WHERE webhook_id = $1 AND sequence = $2`, webhookID, sequence))
	return d, wrap(err, "read delivery of webhook")
}

// Deliveries lists a webhook's deliveries in a state, or in any where it is
// empty, newest first: those with numbers below `before`.
func (r Reader) Deliveries(ctx context.Context, webhookID string, state DeliveryState, before int64, limit int) ([]WebhookDelivery, error) {
	ds, err := list(ctx, r, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_deliveries
		WHERE webhook_id = $1 AND sequence < $2 AND ($3 = '' OR state = $3) ORDER BY sequence DESC LIMIT $4`, webhookID, before, string(state), limit)
	return ds, wrap(err, "list deliveries of webhook")
}

// dueWebhook finds the webhook that nobody delivers to and whose delivery is due
// the longest.
const dueWebhook = `SELECT d.webhook_id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
	WHERE d.state = 'waiting' AND d.next_at <= $1 AND w.enabled = 1 AND (w.leased_until IS NULL OR w.leased_until <= $1)
	ORDER BY d.next_at LIMIT 1`

// DueWebhook returns the id of a webhook that has something due and that nobody
// delivers to, or ErrNotFound.
func (r Reader) DueWebhook(ctx context.Context, now time.Time) (id string, err error) {
	err = r.q.QueryRowContext(ctx, dueWebhook, millis(now)).Scan(&id)
	return id, wrap(err, "look for deliveries of webhooks")
}

// Lease is the right to deliver to a webhook, until a time.
type Lease struct {
	Webhook  Webhook
	Delivery WebhookDelivery // what is due there: of several the one with the lowest number
	By       string
}

// LeaseWebhook gives a webhook that DueWebhook finds to who delivers to it, and
// to nobody else until then. It returns ErrNotFound when there is none.
func (t *Tx) LeaseWebhook(ctx context.Context, by string, now, until time.Time) (l Lease, err error) {
	id, err := t.DueWebhook(ctx, now)
	if err != nil {
		return l, err
	}
	if err := t.one(ctx, "lease webhook", `UPDATE webhooks SET leased_by = $2, leased_until = $3 WHERE id = $1`, id, by, millis(until)); err != nil {
		return l, err
	}
	l.By = by
	if l.Webhook, err = t.Webhook(ctx, id); err != nil {
		return l, err
	}
	l.Delivery, err = scanDelivery(t.tx.QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM webhook_deliveries
		WHERE webhook_id = $1 AND state = 'waiting' AND next_at <= $2 ORDER BY sequence LIMIT 1`, id, millis(now)))
	return l, wrap(err, "read what is due at a webhook")
}

// EndLease gives a webhook back. It returns ErrNotFound when the webhook is gone,
// or was given to another since: what came of the delivery is not to be written
// then.
func (t *Tx) EndLease(ctx context.Context, webhookID, by string) error {
	return t.one(ctx, "end lease of webhook", `UPDATE webhooks SET leased_by = '', leased_until = NULL WHERE id = $1 AND leased_by = $2`, webhookID, by)
}

// ForgetDeliveries removes deliveries of what happened before a time.
func (t *Tx) ForgetDeliveries(ctx context.Context, before time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM webhook_deliveries WHERE at < $1`, millis(before))
	return wrap(err, "forget deliveries of webhooks")
}
