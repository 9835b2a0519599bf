package store

import (
	"context"
	"time"
)

// Setting returns the JSON of a setting, or ErrNotFound.
func (r Reader) Setting(ctx context.Context, name string) (value string, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	return value, wrap(err, "read setting")
}

// PutSetting writes the JSON of a setting.
func (t *Tx) PutSetting(ctx context.Context, name, value string, at time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, name, value, millis(at))
	return wrap(err, "write setting")
}
