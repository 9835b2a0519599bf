package store

import (
	"context"
	"time"
)

// Voucher lets its bearer do one thing once. Its text is nowhere, and the hash
// of it is only looked up, never read.
type Voucher struct {
	ID        string
	Kind      string // its words are the caller's
	UserID    string // whom it is about; empty: nobody
	MadeBy    string // a user's id; empty: the server or the command line
	Note      string // of a link that was mailed: where to
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: not used
	UsedBy    string    // a user's id
}

const voucherColumns = `id, kind, COALESCE(user_id, ''), COALESCE(made_by, ''), note, created_at, expires_at, used_at, COALESCE(used_by, '')`

func scanVoucher(row scanner) (v Voucher, err error) {
	err = row.Scan(&v.ID, &v.Kind, &v.UserID, &v.MadeBy, &v.Note,
		instant{&v.CreatedAt}, instant{&v.ExpiresAt}, instant{&v.UsedAt}, &v.UsedBy)
	return v, err
}

// InsertVoucher adds a voucher under the hash of its text.
func (t *Tx) InsertVoucher(ctx context.Context, v Voucher, hash string) error {
	_, err := t.exec(ctx, `INSERT INTO vouchers (id, kind, hash, user_id, made_by, note, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.ID, v.Kind, hash, maybeText(v.UserID), maybeText(v.MadeBy), v.Note, millis(v.CreatedAt), millis(v.ExpiresAt))
	return wrap(err, "insert voucher")
}

// UseVoucher notes that a voucher was used. One that was used before is
// ErrConflict.
func (t *Tx) UseVoucher(ctx context.Context, id, by string, at time.Time) error {
	n, err := t.exec(ctx, `UPDATE vouchers SET used_at = $2, used_by = $3 WHERE id = $1 AND used_at IS NULL`, id, millis(at), maybeText(by))
	if err == nil && n == 0 {
		err = ErrConflict
	}
	return wrap(err, "use voucher")
}

// DeleteVouchers removes the unused vouchers of a kind about a user; an empty
// user is nobody.
func (t *Tx) DeleteVouchers(ctx context.Context, kind, userID string) error {
	var err error
	if userID == "" {
		_, err = t.exec(ctx, `DELETE FROM vouchers WHERE kind = $1 AND user_id IS NULL AND used_at IS NULL`, kind)
	} else {
		_, err = t.exec(ctx, `DELETE FROM vouchers WHERE user_id = $2 AND kind = $1 AND used_at IS NULL`, kind, userID)
	}
	return wrap(err, "remove vouchers")
}

// DeleteVoucher removes a voucher of a kind, or returns ErrNotFound.
func (t *Tx) DeleteVoucher(ctx context.Context, kind, id string) error {
	return t.one(ctx, "remove voucher", `DELETE FROM vouchers WHERE kind = $1 AND id = $2`, kind, id)
}

// VoucherByHash returns the voucher of a kind whose text has that hash, used
// or not, or ErrNotFound.
func (r Reader) VoucherByHash(ctx context.Context, kind, hash string) (Voucher, error) {
	v, err := scanVoucher(r.q.QueryRowContext(ctx, `SELECT `+voucherColumns+` FROM vouchers WHERE kind = $1 AND hash = $2`, kind, hash))
	return v, wrap(err, "find voucher")
}

// UnusedVoucher returns the newest voucher of a kind about a user that was not
// used, expired or not, or ErrNotFound.
func (r Reader) UnusedVoucher(ctx context.Context, kind, userID string) (Voucher, error) {
	v, err := scanVoucher(r.q.QueryRowContext(ctx,
		`SELECT `+voucherColumns+` FROM vouchers WHERE user_id = $2 AND kind = $1 AND used_at IS NULL ORDER BY id DESC LIMIT 1`, kind, userID))
	return v, wrap(err, "find voucher")
}

// Vouchers lists those of a kind, newest first, from `before` as in
// BroadcastsByChannel.
func (r Reader) Vouchers(ctx context.Context, kind, before string, limit int) ([]Voucher, error) {
	vs, err := list(ctx, r, scanVoucher,
		`SELECT `+voucherColumns+` FROM vouchers WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, kind, cursor(before), limit)
	return vs, wrap(err, "list vouchers")
}
