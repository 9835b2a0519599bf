package store

import (
	"context"
	"time"
)

// APIToken lets a program act for a user. Its text is nowhere, and the hash of
// it is only looked up, never read.
type APIToken struct {
	ID         string
	UserID     string
	Label      string
	Hint       string // its last characters, so that people can tell tokens apart
	Scopes     string // what it may do, with spaces between; the words are the caller's
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	LastUsedAt time.Time // zero: never used
}

const apiTokenColumns = `id, user_id, label, hint, scopes, created_at, expires_at, last_used_at`

func scanAPIToken(row scanner) (a APIToken, err error) {
	err = row.Scan(&a.ID, &a.UserID, &a.Label, &a.Hint, &a.Scopes, instant{&a.CreatedAt}, instant{&a.ExpiresAt}, instant{&a.LastUsedAt})
	return a, err
}

// InsertAPIToken adds a token under the hash of its text.
func (t *Tx) InsertAPIToken(ctx context.Context, a APIToken, hash string) error {
	_, err := t.exec(ctx, `INSERT INTO api_tokens (`+apiTokenColumns+`, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.UserID, a.Label, a.Hint, a.Scopes, millis(a.CreatedAt), millis(a.ExpiresAt), millis(a.LastUsedAt), hash)
	return wrap(err, "insert api token")
}

// TouchAPIToken notes that a token was used.
func (t *Tx) TouchAPIToken(ctx context.Context, id string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE api_tokens SET last_used_at = $2 WHERE id = $1`, id, millis(at))
	return wrap(err, "note use of api token")
}

// DeleteAPIToken ends a user's token, or returns ErrNotFound.
func (t *Tx) DeleteAPIToken(ctx context.Context, userID, id string) error {
	return t.one(ctx, "end api token", `DELETE FROM api_tokens WHERE user_id = $1 AND id = $2`, userID, id)
}

// APITokenByHash returns the token whose text has that hash, or ErrNotFound.
func (r Reader) APITokenByHash(ctx context.Context, hash string) (APIToken, error) {
	a, err := scanAPIToken(r.q.QueryRowContext(ctx, `SELECT `+apiTokenColumns+` FROM api_tokens WHERE hash = $1`, hash))
	return a, wrap(err, "find api token")
}

// APITokens lists a user's tokens, newest first.
func (r Reader) APITokens(ctx context.Context, userID string, limit int) ([]APIToken, error) {
	as, err := list(ctx, r, scanAPIToken,
		`SELECT `+apiTokenColumns+` FROM api_tokens WHERE user_id = $1 ORDER BY id DESC LIMIT $2`, userID, limit)
	return as, wrap(err, "list api tokens")
}
