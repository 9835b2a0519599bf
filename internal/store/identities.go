package store

import (
	"context"
	"time"
)

// Identity is who a user is to another site that vouches for them.
type Identity struct {
	Issuer    string
	Subject   string
	UserID    string
	CreatedAt time.Time
}

const identityColumns = `issuer, subject, user_id, created_at`

func scanIdentity(row scanner) (i Identity, err error) {
	err = row.Scan(&i.Issuer, &i.Subject, &i.UserID, instant{&i.CreatedAt})
	return i, err
}

// InsertIdentity adds an identity. One that is somebody's already is
// ErrConflict.
func (t *Tx) InsertIdentity(ctx context.Context, i Identity) error {
	_, err := t.exec(ctx, `INSERT INTO identities (`+identityColumns+`) VALUES ($1, $2, $3, $4)`, i.Issuer, i.Subject, i.UserID, millis(i.CreatedAt))
	return wrap(err, "insert identity")
}

// DeleteIdentity removes one of a user's identities, or returns ErrNotFound.
func (t *Tx) DeleteIdentity(ctx context.Context, userID, issuer, subject string) error {
	return t.one(ctx, "remove identity", `DELETE FROM identities WHERE user_id = $1 AND issuer = $2 AND subject = $3`, userID, issuer, subject)
}

// Identity returns whose an issuer's subject is, or ErrNotFound.
func (r Reader) Identity(ctx context.Context, issuer, subject string) (Identity, error) {
	i, err := scanIdentity(r.q.QueryRowContext(ctx, `SELECT `+identityColumns+` FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject))
	return i, wrap(err, "find identity")
}

// Identities lists those of a user, the oldest first.
func (r Reader) Identities(ctx context.Context, userID string, limit int) ([]Identity, error) {
	is, err := list(ctx, r, scanIdentity,
		`SELECT `+identityColumns+` FROM identities WHERE user_id = $1 ORDER BY created_at, issuer, subject LIMIT $2`, userID, limit)
	return is, wrap(err, "list identities")
}
