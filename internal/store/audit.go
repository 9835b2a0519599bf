package store

import (
	"context"
	"time"
)

// Act is something that an admin or a moderator did.
type Act struct {
	ID      string
	At      time.Time
	UserID  string // empty: the command line
	Actor   string // the user's name then
	Act     string // short and stable, such as "channel.rename"
	Target  string // such as "channel/alice"
	Details string // a sentence, or nothing
	Address string // where it was done from
}

const actColumns = `id, at, user_id, actor, act, target, details, address`

func scanAct(row scanner) (a Act, err error) {
	err = row.Scan(&a.ID, instant{&a.At}, &a.UserID, &a.Actor, &a.Act, &a.Target, &a.Details, &a.Address)
	return a, err
}

// InsertAct adds to the log of what was done.
func (t *Tx) InsertAct(ctx context.Context, a Act) error {
	_, err := t.exec(ctx, `INSERT INTO audit (`+actColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, millis(a.At), a.UserID, a.Actor, a.Act, a.Target, a.Details, a.Address)
	return wrap(err, "log act")
}

// Acts lists what was done, newest first, from `before` as in
// BroadcastsByChannel.
func (r Reader) Acts(ctx context.Context, before string, limit int) ([]Act, error) {
	as, err := list(ctx, r, scanAct, `SELECT `+actColumns+` FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2`, cursor(before), limit)
	return as, wrap(err, "list acts")
}
