package store

import (
	"context"
	"time"
)

// KnowsKeyNetwork reports whether a stream key was used from a network since a
// day. A network is what the caller made of it.
func (t *Tx) KnowsKeyNetwork(ctx context.Context, keyID, network string, since time.Time) (bool, error) {
	var n int
	err := t.tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM key_networks WHERE key_id = $1 AND network = $2 AND used_on >= $3`,
		keyID, network, millis(since)).Scan(&n)
	return n > 0, wrap(err, "look for network of stream key")
}

// PutKeyNetwork notes that a key was used from a network on a day, and forgets
// those that it was not used from since `forget`, and of more than most those
// longest ago.
func (t *Tx) PutKeyNetwork(ctx context.Context, keyID, network string, day, forget time.Time, most int) error {
	_, err := t.exec(ctx, `INSERT INTO key_networks (key_id, network, used_on) VALUES ($1, $2, $3)
		ON CONFLICT (key_id, network) DO UPDATE SET used_on = excluded.used_on`, keyID, network, millis(day))
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM key_networks WHERE key_id = $1 AND (used_on < $2 OR network IN (
			SELECT network FROM key_networks WHERE key_id = $1 AND network <> $3 ORDER BY used_on DESC, network LIMIT 1000 OFFSET $4))`,
			keyID, millis(forget), network, most-1)
	}
	return wrap(err, "note network of stream key")
}
