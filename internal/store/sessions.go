package store

import (
	"context"
	"time"
)

// Session is a sign-in that lasts. Its token is nowhere, and the hash of it is
// only looked up, never read.
type Session struct {
	ID        string
	UserID    string
	Method    string // how the user signed in; its words are the caller's
	Address   string // where it was used last
	Agent     string // what the browser called itself then
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

const sessionColumns = `id, user_id, method, address, agent, created_at, seen_at, expires_at`

func scanSession(row scanner) (s Session, err error) {
	err = row.Scan(&s.ID, &s.UserID, &s.Method, &s.Address, &s.Agent, instant{&s.CreatedAt}, instant{&s.SeenAt}, instant{&s.ExpiresAt})
	return s, err
}

// InsertSession adds a session under the hash of its token.
func (t *Tx) InsertSession(ctx context.Context, s Session, hash string) error {
	_, err := t.exec(ctx, `INSERT INTO sessions (`+sessionColumns+`, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.UserID, s.Method, s.Address, s.Agent, millis(s.CreatedAt), millis(s.SeenAt), millis(s.ExpiresAt), hash)
	return wrap(err, "insert session")
}

// TouchSession notes where and when a session was used, and until when it is
// good now.
func (t *Tx) TouchSession(ctx context.Context, s Session) error {
	_, err := t.exec(ctx, `UPDATE sessions SET address = $2, agent = $3, seen_at = $4, expires_at = $5 WHERE id = $1`,
		s.ID, s.Address, s.Agent, millis(s.SeenAt), millis(s.ExpiresAt))
	return wrap(err, "note use of session")
}

// DeleteSession ends a user's session, or returns ErrNotFound.
func (t *Tx) DeleteSession(ctx context.Context, userID, id string) error {
	return t.one(ctx, "end session", `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, userID, id)
}

// DeleteSessions ends all sessions of a user but the one with the id `but`,
// and returns how many those were.
func (t *Tx) DeleteSessions(ctx context.Context, userID, but string) (int64, error) {
	n, err := t.exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, userID, but)
	return n, wrap(err, "end sessions")
}

// DeleteExpiredSessions removes those that were good until before a time.
func (t *Tx) DeleteExpiredSessions(ctx context.Context, before time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE expires_at < $1`, millis(before))
	return wrap(err, "remove expired sessions")
}

// Session returns the session with that id, or ErrNotFound.
func (r Reader) Session(ctx context.Context, id string) (Session, error) {
	s, err := scanSession(r.q.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE id = $1`, id))
	return s, wrap(err, "read session")
}

// SessionByHash returns the session whose token has that hash, or ErrNotFound.
func (r Reader) SessionByHash(ctx context.Context, hash string) (Session, error) {
	s, err := scanSession(r.q.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE hash = $1`, hash))
	return s, wrap(err, "find session")
}

// Sessions lists a user's sessions, those that were used last first.
func (r Reader) Sessions(ctx context.Context, userID string, limit int) ([]Session, error) {
	ss, err := list(ctx, r, scanSession,
		`SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2`, userID, limit)
	return ss, wrap(err, "list sessions")
}
