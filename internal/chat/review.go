package chat

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Decide lets a line that waits be said, or drops it.
func (m Moderator) Decide(ctx context.Context, id string, allow bool) error {
	var row store.HeldLine
	var l Line
	act := "drop"
	if allow {
		act = "allow"
	}
	held, err := m.r.s.o.DB.HeldLines(ctx, m.r.channelID, mostHeld)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.ID == id {
			row = h
		}
	}
	if row.ID == "" {
		return ErrUnknownLine
	}
	if l, err = decodeLine(row.Line); err != nil {
		return err
	}
	err = m.act(ctx, act, account.User{ID: l.User.ID, Name: l.User.Name}, excerpt(l.Text, replyLength), func(tx *store.Tx) error {
		if _, err := tx.TakeHeldLine(ctx, m.r.channelID, id); err != nil || !allow {
			return err
		}
		// It is said now: who recovers looks for what was committed lately.
		l.ID, l.At = tx.NewID(), m.r.s.o.now().UnixMilli()
		line := store.ChatLine{ID: l.ID, ChannelID: m.r.channelID, UserID: l.User.ID, BroadcastID: l.BroadcastID, Line: string(encode(l))}
		if l.MediaMS != nil {
			line.Media = time.Duration(*l.MediaMS) * time.Millisecond
		}
		return tx.InsertChatLines(ctx, []store.ChatLine{line})
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	s := m.r.s
	s.say(m.r.channelID, envelope{Kind: kindModerators, Event: encode(Reviewed{Type: "reviewed", ID: id, Allowed: allow})})
	if allow {
		s.say(m.r.channelID, envelope{Kind: kindLine, ID: l.ID, User: l.User.ID, Sum: sumOf(l.Text), Event: encode(l)})
	}
	return nil
}

// Review lists what waits, oldest first.
func (m Moderator) Review(ctx context.Context) ([]Review, error) {
	rows, err := m.r.s.o.DB.HeldLines(ctx, m.r.channelID, mostHeld)
	out := []Review{}
	for _, row := range rows {
		l, err := decodeLine(row.Line)
		if err != nil {
			return nil, err
		}
		out = append(out, Review{Type: "review", Line: l, Why: row.Why})
	}
	return out, err
}
