package chat

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// BanEvent tells everybody that somebody may not speak any more, or may again.
type BanEvent struct {
	Type   string `json:"type" enum:"ban,unban"`
	UserID string `json:"userId"`
	Name   string `json:"name"`
	Until  *int64 `json:"until" doc:"Null: for good."`
}

// Restrict keeps a person from speaking, for a time or, where that is 0, for
// good. Lines of the person go.
func (m Moderator) Restrict(ctx context.Context, name string, d time.Duration, reason string) (account.User, error) {
	if d < 0 || d > longest || d > 0 && d < time.Second {
		return account.User{}, ErrBadTime
	}
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > mostReason || !shown(reason) {
		return account.User{}, ErrBadReason
	}
	u, err := m.target(ctx, name)
	if err != nil {
		return u, err
	}
	now := m.r.s.o.now().UTC().Truncate(time.Millisecond)
	x := store.Restriction{ChannelID: m.r.channelID, UserID: u.ID, Reason: reason, Actor: m.name(), At: now}
	e := BanEvent{Type: "ban", UserID: u.ID, Name: u.Name}
	act, details := "ban", reason
	if d > 0 {
		x.Until = now.Add(d)
		e.Until = new(x.Until.UnixMilli())
		act, details = "timeout", strings.TrimSpace(d.String()+" "+reason)
	}
	err = m.act(ctx, act, u, details, func(tx *store.Tx) error {
		if _, err := tx.PurgeChatLines(ctx, m.r.channelID, u.ID, m.name(), now); err != nil {
			return err
		}
		if err := tx.DropHeldLines(ctx, m.r.channelID, u.ID); err != nil {
			return err
		}
		return tx.PutRestriction(ctx, x)
	})
	if err != nil {
		return u, err
	}
	m.r.forgetStandings(u.ID)
	m.unpin(ctx, func(l Line) bool { return l.User.ID == u.ID })
	m.purged(u.ID, now)
	m.r.s.say(m.r.channelID, envelope{Kind: kindAll, User: u.ID, Event: encode(e)})
	return u, nil
}

// Release lets a person speak again.
func (m Moderator) Release(ctx context.Context, name string) (account.User, error) {
	u, err := m.r.s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@"))
	if err != nil {
		return u, err
	}
	err = m.act(ctx, "unban", u, "", func(tx *store.Tx) error { return tx.DeleteRestriction(ctx, m.r.channelID, u.ID) })
	if errors.Is(err, store.ErrNotFound) {
		return u, ErrUnknownRestriction
	}
	if err != nil {
		return u, err
	}
	m.r.forgetStandings(u.ID)
	m.r.s.say(m.r.channelID, envelope{Kind: kindAll, User: u.ID, Event: encode(BanEvent{Type: "unban", UserID: u.ID, Name: u.Name})})
	return u, nil
}

// Restrictions lists who may not speak, by name.
func (m Moderator) Restrictions(ctx context.Context, cursor string, limit int) (xs []store.Restriction, next string, err error) {
	xs, err = m.r.s.o.DB.Restrictions(ctx, m.r.channelID, m.r.s.o.now(), cursor, limit+1)
	if err != nil || len(xs) <= limit {
		return xs, "", err
	}
	return xs[:limit], xs[limit-1].UserName, nil
}

// OwnRestrictions lists where the actor may not speak.
func (s *Service) OwnRestrictions(ctx context.Context, a account.Actor) ([]store.Restriction, error) {
	if a.User.ID == "" {
		return nil, account.ErrSignIn
	}
	return s.o.DB.RestrictionsOfUser(ctx, a.User.ID, s.o.now(), 100)
}

// Appeal writes down what the actor says to not being allowed to speak, once.
// Moderators see it among the restrictions.
func (s *Service) Appeal(ctx context.Context, a account.Actor, channel, text string) error {
	if a.User.ID == "" {
		return account.ErrSignIn
	}
	if text = strings.TrimSpace(text); text == "" || utf8.RuneCountInString(text) > mostAppeal || !shown(text) {
		return ErrBadAppeal
	}
	c, err := s.o.Accounts.Channel(ctx, channel)
	if err != nil {
		return err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.AppealRestriction(ctx, c.ID, a.User.ID, text, s.o.now()) })
	if errors.Is(err, store.ErrNotFound) {
		return ErrAppealed
	}
	return err
}
