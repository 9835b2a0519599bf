package store

import (
	"context"
	"time"
)

// Passkey is a key on a user's device by which the user signs in.
type Passkey struct {
	ID         string
	UserID     string
	Credential string // the credential's id, base64url; unique
	Label      string
	Data       string // JSON, which is the caller's: the public key and its counter
	CreatedAt  time.Time
	LastUsedAt time.Time // zero: never
}

const passkeyColumns = `id, user_id, credential, label, data, created_at, last_used_at`

func scanPasskey(row scanner) (p Passkey, err error) {
	err = row.Scan(&p.ID, &p.UserID, &p.Credential, &p.Label, &p.Data, instant{&p.CreatedAt}, instant{&p.LastUsedAt})
	return p, err
}

// InsertPasskey adds a passkey. A credential that is there already is
// ErrConflict.
func (t *Tx) InsertPasskey(ctx context.Context, p Passkey) error {
	_, err := t.exec(ctx, `INSERT INTO passkeys (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.UserID, p.Credential, p.Label, p.Data, millis(p.CreatedAt), millis(p.LastUsedAt))
	return wrap(err, "insert passkey")
}

// UsePasskey notes that a passkey was used, and what is known of it now. It
// returns ErrConflict when that was not what it was before: somebody else used
// or removed it meanwhile.
func (t *Tx) UsePasskey(ctx context.Context, p Passkey, data string, at time.Time) error {
	n, err := t.exec(ctx, `UPDATE passkeys SET data = $3, last_used_at = $4 WHERE id = $1 AND data = $2`, p.ID, p.Data, data, millis(at))
	if err == nil && n == 0 {
		err = ErrConflict
	}
	return wrap(err, "note use of passkey")
}

// RenamePasskey gives one of a user's passkeys another label, or returns
// ErrNotFound.
func (t *Tx) RenamePasskey(ctx context.Context, userID, id, label string) error {
	return t.one(ctx, "rename passkey", `UPDATE passkeys SET label = $3 WHERE user_id = $1 AND id = $2`, userID, id, label)
}

// DeletePasskey removes one of a user's passkeys, or returns ErrNotFound.
func (t *Tx) DeletePasskey(ctx context.Context, userID, id string) error {
	return t.one(ctx, "remove passkey", `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, userID, id)
}

// PasskeyByCredential returns the passkey with that credential, or ErrNotFound.
func (r Reader) PasskeyByCredential(ctx context.Context, credential string) (Passkey, error) {
	p, err := scanPasskey(r.q.QueryRowContext(ctx, `SELECT `+passkeyColumns+` FROM passkeys WHERE credential = $1`, credential))
	return p, wrap(err, "find passkey")
}

// Passkeys lists a user's passkeys, the oldest first.
func (r Reader) Passkeys(ctx context.Context, userID string, limit int) ([]Passkey, error) {
	ps, err := list(ctx, r, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys WHERE user_id = $1 ORDER BY id LIMIT $2`, userID, limit)
	return ps, wrap(err, "list passkeys")
}
