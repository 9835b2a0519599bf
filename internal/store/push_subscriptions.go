package store

import (
	"context"
	"time"
)

// PushSubscription is a browser that takes messages by Web Push.
type PushSubscription struct {
	ID        string
	UserID    string
	SessionID string // the sign-in that it ends with
	Endpoint  string // unique
	P256dh    string
	Auth      string
	Language  string
	Origin    string // of the site, as the browser knows it
	CreatedAt time.Time
}

const pushColumns = `id, user_id, session_id, endpoint, p256dh, auth, language, origin, created_at`

func scanPush(row scanner) (p PushSubscription, err error) {
	err = row.Scan(&p.ID, &p.UserID, &p.SessionID, &p.Endpoint, &p.P256dh, &p.Auth, &p.Language, &p.Origin, instant{&p.CreatedAt})
	return p, err
}

// PutPushSubscription adds a browser, in place of the one that had the same
// endpoint: that is the same browser, whoever was signed in there.
func (t *Tx) PutPushSubscription(ctx context.Context, p PushSubscription) error {
	if _, err := t.exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint = $1`, p.Endpoint); err != nil {
		return wrap(err, "replace push subscription")
	}
	_, err := t.exec(ctx, `INSERT INTO push_subscriptions (`+pushColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, p.UserID, p.SessionID, p.Endpoint, p.P256dh, p.Auth, p.Language, p.Origin, millis(p.CreatedAt))
	return wrap(err, "insert push subscription")
}

// DeletePushSubscription removes one of a user's, or returns ErrNotFound.
func (t *Tx) DeletePushSubscription(ctx context.Context, userID, id string) error {
	return t.one(ctx, "remove push subscription", `DELETE FROM push_subscriptions WHERE user_id = $1 AND id = $2`, userID, id)
}

// DropPushSubscription removes one whose browser is gone, with what waits for it.
func (t *Tx) DropPushSubscription(ctx context.Context, userID, id string) error {
	if _, err := t.exec(ctx, `DELETE FROM notices WHERE user_id = $1 AND way = $2`, userID, id); err != nil {
		return wrap(err, "remove what waits for a browser")
	}
	_, err := t.exec(ctx, `DELETE FROM push_subscriptions WHERE id = $1`, id)
	return wrap(err, "remove push subscription")
}

// PushSubscription returns the one with that id, or ErrNotFound.
func (r Reader) PushSubscription(ctx context.Context, id string) (PushSubscription, error) {
	p, err := scanPush(r.q.QueryRowContext(ctx, `SELECT `+pushColumns+` FROM push_subscriptions WHERE id = $1`, id))
	return p, wrap(err, "read push subscription")
}

// PushSubscriptions lists a user's, those made first come first.
func (r Reader) PushSubscriptions(ctx context.Context, userID string, limit int) ([]PushSubscription, error) {
	ps, err := list(ctx, r, scanPush, `SELECT `+pushColumns+` FROM push_subscriptions WHERE user_id = $1 ORDER BY id LIMIT $2`, userID, limit)
	return ps, wrap(err, "list push subscriptions")
}
