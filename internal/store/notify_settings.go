package store

import (
	"context"
	"errors"
)

// NotifySettings are what holds where a user says nothing of a channel.
type NotifySettings struct {
	Page, Push, Mail bool
	Language         string // of what is written to the user; empty: not known
}

// notifyUnsaid holds for users who have not chosen: pages that are open tell, and
// so do browsers that were asked to; there is no mail that nobody asked for.
var notifyUnsaid = NotifySettings{Page: true, Push: true}

// The same for queries over users u and their settings s, where there are any.
const (
	tellsPage = `COALESCE(f.page, s.page, 1) = 1`
	tellsPush = `COALESCE(f.push, s.push, 1) = 1`
	tellsMail = `COALESCE(f.mail, s.mail, 0) = 1`
)

// NotifySettings returns a user's, also for one who has not chosen.
func (r Reader) NotifySettings(ctx context.Context, userID string) (s NotifySettings, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT page, push, mail, language FROM notify_settings WHERE user_id = $1`, userID).
		Scan(flag{&s.Page}, flag{&s.Push}, flag{&s.Mail}, &s.Language)
	if err = wrap(err, "read how a user is told"); errors.Is(err, ErrNotFound) {
		return notifyUnsaid, nil
	}
	return s, err
}

// PutNotifySettings writes a user's. A user that is not there is ErrNotFound.
func (t *Tx) PutNotifySettings(ctx context.Context, userID string, s NotifySettings) error {
	_, err := t.exec(ctx, `INSERT INTO notify_settings (user_id, page, push, mail, language) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id) DO UPDATE SET page = excluded.page, push = excluded.push, mail = excluded.mail, language = excluded.language`,
		userID, bit(s.Page), bit(s.Push), bit(s.Mail), s.Language)
	return wrap(err, "set how a user is told")
}

// EndMail has a user told nothing by mail: not as a rule, nor of the channels
// that are followed now.
func (t *Tx) EndMail(ctx context.Context, userID string) error {
	set, err := t.NotifySettings(ctx, userID)
	if err != nil {
		return err
	}
	if set.Mail {
		set.Mail = false
		if err := t.PutNotifySettings(ctx, userID, set); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `UPDATE followers SET mail = NULL WHERE user_id = $1`, userID)
	return wrap(err, "end mail")
}
