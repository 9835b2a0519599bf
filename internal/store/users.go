package store

import (
	"context"
	"time"
)

// User is a person who can sign in.
type User struct {
	ID          string
	Name        string // folded; unique
	DisplayName string // for people
	Email       string // folded, unique; empty: none
	Password    string // argon2id in PHC's form; empty: none
	Role        string // its words are the caller's
	CreatedAt   time.Time
	DisabledAt  time.Time // zero: may sign in
	VerifiedAt  time.Time // since when an admin vouches for who this is; zero: nobody does

	EmailConfirmedAt time.Time // when the address proved to be the user's; zero: it has not
}

const userColumns = `id, name, display_name, COALESCE(email, ''), password, role, created_at, disabled_at, verified_at, email_confirmed_at`

func scanUser(row scanner) (u User, err error) {
	err = row.Scan(&u.ID, &u.Name, &u.DisplayName, &u.Email, &u.Password, &u.Role, instant{&u.CreatedAt}, instant{&u.DisabledAt}, instant{&u.VerifiedAt},
		instant{&u.EmailConfirmedAt})
	return u, err
}

// InsertUser adds a user. A name or an e-mail address that is taken is
// ErrConflict.
func (t *Tx) InsertUser(ctx context.Context, u User) error {
	_, err := t.exec(ctx, `INSERT INTO users (id, name, display_name, email, password, role, created_at, disabled_at, verified_at, email_confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		u.ID, u.Name, u.DisplayName, maybeText(u.Email), u.Password, u.Role, millis(u.CreatedAt), millis(u.DisabledAt), millis(u.VerifiedAt),
		millis(u.EmailConfirmedAt))
	return wrap(err, "insert user")
}

// UpdateUser writes all of a user but the id, the name and the time of making.
// It returns ErrNotFound, or ErrConflict for an e-mail address that is taken.
func (t *Tx) UpdateUser(ctx context.Context, u User) error {
	return t.one(ctx, "update user", `UPDATE users SET display_name = $2, email = $3, password = $4, role = $5, disabled_at = $6, verified_at = $7,
		email_confirmed_at = $8 WHERE id = $1`,
		u.ID, u.DisplayName, maybeText(u.Email), u.Password, u.Role, millis(u.DisabledAt), millis(u.VerifiedAt), millis(u.EmailConfirmedAt))
}

// User returns the user with that id, or ErrNotFound.
func (r Reader) User(ctx context.Context, id string) (User, error) {
	u, err := scanUser(r.q.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE id = $1`, id))
	return u, wrap(err, "read user")
}

// UserByName returns the user with that folded name, or ErrNotFound.
func (r Reader) UserByName(ctx context.Context, name string) (User, error) {
	u, err := scanUser(r.q.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE name = $1`, name))
	return u, wrap(err, "read user")
}

// UserByEmail returns the user with that folded address, or ErrNotFound.
func (r Reader) UserByEmail(ctx context.Context, email string) (User, error) {
	u, err := scanUser(r.q.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE email = $1`, email))
	return u, wrap(err, "read user")
}

// Users lists users by name, those whose name sorts after `after`.
func (r Reader) Users(ctx context.Context, after string, limit int) ([]User, error) {
	us, err := list(ctx, r, scanUser, `SELECT `+userColumns+` FROM users WHERE name > $1 ORDER BY name LIMIT $2`, after, limit)
	return us, wrap(err, "list users")
}

// UsersOfRole returns how many users of a role may sign in.
func (r Reader) UsersOfRole(ctx context.Context, role string) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM users WHERE role = $1 AND disabled_at IS NULL`, role).Scan(&n)
	return n, wrap(err, "count users")
}
