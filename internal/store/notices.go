package store

import (
	"context"
	"time"
)

// NoticeKind is how a notice is sent.
type NoticeKind string

// The kinds of notices.
const (
	ByPush NoticeKind = "push"
	ByMail NoticeKind = "mail"
)

// Notice is what is to be sent to one follower by one way.
type Notice struct {
	BroadcastID string
	UserID      string
	Way         string // of a push the subscription's id
	Kind        NoticeKind
	Tries       int       // that were begun
	NextAt      time.Time // of the next one
	Until       time.Time // after which it is of no use
}

const noticeColumns = `broadcast_id, user_id, way, kind, tries, next_at, until`

func scanNotice(row scanner) (n Notice, err error) {
	err = row.Scan(&n.BroadcastID, &n.UserID, &n.Way, &n.Kind, &n.Tries, instant{&n.NextAt}, instant{&n.Until})
	return n, err
}

// NoticeDue reports whether notices of a kind are due.
func (r Reader) NoticeDue(ctx context.Context, kind NoticeKind, now time.Time) (bool, error) {
	ns, err := list(ctx, r, scanNotice, `SELECT `+noticeColumns+` FROM notices WHERE kind = $1 AND next_at <= $2 ORDER BY next_at LIMIT 1`, string(kind), millis(now))
	return len(ns) > 0, wrap(err, "look for notices")
}

// TakeNotices returns notices of a kind that are due, the longest first. Each
// counts a try, and is due again at a time: by then whoever took it has settled it,
// or is no more.
func (t *Tx) TakeNotices(ctx context.Context, kind NoticeKind, now, again time.Time, limit int) ([]Notice, error) {
	ns, err := list(ctx, t.Reader, scanNotice, `SELECT `+noticeColumns+` FROM notices WHERE kind = $1 AND next_at <= $2 ORDER BY next_at LIMIT $3`,
		string(kind), millis(now), limit)
	if err != nil {
		return nil, wrap(err, "take notices")
	}
	for i := range ns {
		ns[i].Tries++
		if err := t.RetryNotice(ctx, ns[i], again); err != nil {
			return nil, err
		}
	}
	return ns, nil
}

// RetryNotice says how often a notice was tried and when it is due again. One
// that is gone stays so.
func (t *Tx) RetryNotice(ctx context.Context, n Notice, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE notices SET next_at = $4, tries = $5 WHERE broadcast_id = $1 AND user_id = $2 AND way = $3`,
		n.BroadcastID, n.UserID, n.Way, millis(at), n.Tries)
	return wrap(err, "try notice again")
}

// DeleteNotice removes one that was sent or given up.
func (t *Tx) DeleteNotice(ctx context.Context, n Notice) error {
	_, err := t.exec(ctx, `DELETE FROM notices WHERE broadcast_id = $1 AND user_id = $2 AND way = $3`, n.BroadcastID, n.UserID, n.Way)
	return wrap(err, "remove notice")
}
