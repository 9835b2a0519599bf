package store

import (
	"context"
	"time"
)

// StreamKey is what the database knows of a key that lets an encoder in. The
// key itself is nowhere, and its hash is only looked up, never read.
type StreamKey struct {
	ID         string
	ChannelID  string
	Label      string // the owner's word for it
	Hint       string // the key's last characters, so that people can tell keys apart
	CreatedAt  time.Time
	LastUsedAt time.Time // zero: never used
	RevokedAt  time.Time // zero: valid
	ExpiresAt  time.Time // zero: never

	LastUsedFrom string // the encoder's address
	LastUsedBy   string // what the encoder called itself
}

const streamKeyColumns = `id, channel_id, label, hint, created_at, last_used_at, revoked_at, expires_at, last_used_from, last_used_by`

func scanStreamKey(row scanner) (k StreamKey, err error) {
	err = row.Scan(&k.ID, &k.ChannelID, &k.Label, &k.Hint,
		instant{&k.CreatedAt}, instant{&k.LastUsedAt}, instant{&k.RevokedAt}, instant{&k.ExpiresAt}, &k.LastUsedFrom, &k.LastUsedBy)
	return k, err
}

// InsertStreamKey adds a key under the hash of its text. A hash that is there
// is ErrConflict, a channel that is not ErrNotFound.
func (t *Tx) InsertStreamKey(ctx context.Context, k StreamKey, hash string) error {
	_, err := t.exec(ctx,
		`INSERT INTO stream_keys (`+streamKeyColumns+`, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		k.ID, k.ChannelID, k.Label, k.Hint, millis(k.CreatedAt), millis(k.LastUsedAt), millis(k.RevokedAt), millis(k.ExpiresAt),
		k.LastUsedFrom, k.LastUsedBy, hash)
	return wrap(err, "insert stream key")
}

// SetKeyVerifier keeps what checks a login with the key's text as password, or
// returns ErrNotFound.
func (t *Tx) SetKeyVerifier(ctx context.Context, id, verifier string) error {
	n, err := t.exec(ctx, `UPDATE stream_keys SET auth_verifier = $2 WHERE id = $1`, id, verifier)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap(err, "keep verifier of stream key")
}

// TouchStreamKey notes when, where from and by what a key was used. It never
// moves that time back.
func (t *Tx) TouchStreamKey(ctx context.Context, id string, at time.Time, from, by string) error {
	_, err := t.exec(ctx,
		`UPDATE stream_keys SET last_used_at = $2, last_used_from = $3, last_used_by = $4
		WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`,
		id, millis(at), from, by)
	return wrap(err, "note use of stream key")
}

// RevokeStreamKey ends a channel's key, or returns ErrNotFound. A key that
// was revoked before keeps its time.
func (t *Tx) RevokeStreamKey(ctx context.Context, channelID, id string, at time.Time) error {
	n, err := t.exec(ctx,
		`UPDATE stream_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE channel_id = $1 AND id = $2`,
		channelID, id, millis(at))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap(err, "revoke stream key")
}

// RevokeStreamKeys ends all of a channel's keys that are valid and returns
// how many those were.
func (t *Tx) RevokeStreamKeys(ctx context.Context, channelID string, at time.Time) (int64, error) {
	n, err := t.exec(ctx,
		`UPDATE stream_keys SET revoked_at = $2 WHERE channel_id = $1 AND revoked_at IS NULL`,
		channelID, millis(at))
	return n, wrap(err, "revoke stream keys")
}

// StreamKey returns a channel's key, revoked or not, or ErrNotFound.
func (r Reader) StreamKey(ctx context.Context, channelID, id string) (StreamKey, error) {
	k, err := scanStreamKey(r.q.QueryRowContext(ctx,
		`SELECT `+streamKeyColumns+` FROM stream_keys WHERE channel_id = $1 AND id = $2`, channelID, id))
	return k, wrap(err, "read stream key")
}

// StreamKeyByHash returns the key whose text has that hash, revoked or not,
// or ErrNotFound.
func (r Reader) StreamKeyByHash(ctx context.Context, hash string) (StreamKey, error) {
	k, err := scanStreamKey(r.q.QueryRowContext(ctx,
		`SELECT `+streamKeyColumns+` FROM stream_keys WHERE hash = $1`, hash))
	return k, wrap(err, "find stream key")
}

// ValidStreamKeys returns the number of a channel's keys that are not revoked.
func (r Reader) ValidStreamKeys(ctx context.Context, channelID string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM stream_keys WHERE channel_id = $1 AND revoked_at IS NULL`, channelID).Scan(&n)
	return n, wrap(err, "count stream keys")
}

// KeyVerifier is what checks a login with a stream key as password.
type KeyVerifier struct {
	KeyID    string
	Verifier string // empty: the key was made before there were any
}

// KeyVerifiers lists those of a channel's valid keys, newest first.
func (r Reader) KeyVerifiers(ctx context.Context, channelID string, limit int) ([]KeyVerifier, error) {
	scan := func(row scanner) (v KeyVerifier, err error) {
		err = row.Scan(&v.KeyID, &v.Verifier)
		return v, err
	}
	vs, err := list(ctx, r, scan,
		`SELECT id, COALESCE(auth_verifier, '') FROM stream_keys
		WHERE channel_id = $1 AND revoked_at IS NULL ORDER BY id DESC LIMIT $2`,
		channelID, limit)
	return vs, wrap(err, "list verifiers of stream keys")
}

// StreamKeys lists a channel's valid keys and then its revoked ones, each
// newest first.
func (r Reader) StreamKeys(ctx context.Context, channelID string, limit int) ([]StreamKey, error) {
	ks, err := list(ctx, r, scanStreamKey,
		`SELECT `+streamKeyColumns+` FROM stream_keys WHERE channel_id = $1
		ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT $2`,
		channelID, limit)
	return ks, wrap(err, "list stream keys")
}
