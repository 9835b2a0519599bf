package chat

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

func (m Moderator) purged(userID string, now time.Time) {
	m.r.s.say(m.r.channelID, envelope{
		Kind: kindPurge, User: userID, Before: now.UnixMilli(), Event: encode(Deleted{Type: "delete", UserID: userID, Before: now.UnixMilli()}),
	})
}

// Delete takes a line away.
func (m Moderator) Delete(ctx context.Context, id string) error {
	row, err := m.r.s.o.DB.ChatLine(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.ChannelID != m.r.channelID {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	l, err := decodeLine(row.Line)
	if err != nil {
		return err
	}
	now := m.r.s.o.now()
	err = m.act(ctx, "delete", account.User{ID: l.User.ID, Name: l.User.Name}, excerpt(l.Text, replyLength), func(tx *store.Tx) error {
		return tx.DeleteChatLine(ctx, m.r.channelID, id, m.name(), now)
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	m.unpin(ctx, func(l Line) bool { return l.ID == id })
	m.r.s.say(m.r.channelID, envelope{Kind: kindDelete, IDs: []string{id}, Event: encode(Deleted{Type: "delete", IDs: []string{id}})})
	return nil
}

// Purge takes all lines of a person away.
func (m Moderator) Purge(ctx context.Context, name string) (account.User, error) {
	u, err := m.target(ctx, name)
	if err != nil {
		return u, err
	}
	return u, m.purge(ctx, "purge", u)
}

// Clear takes all lines away.
func (m Moderator) Clear(ctx context.Context) error { return m.purge(ctx, "clear", account.User{}) }

func (m Moderator) purge(ctx context.Context, act string, u account.User) error {
	now := m.r.s.o.now()
	err := m.act(ctx, act, u, "", func(tx *store.Tx) error {
		if u.ID != "" {
			if err := tx.DropHeldLines(ctx, m.r.channelID, u.ID); err != nil {
				return err
			}
		}
		_, err := tx.PurgeChatLines(ctx, m.r.channelID, u.ID, m.name(), now)
		return err
	})
	if err == nil {
		m.unpin(ctx, func(l Line) bool { return u.ID == "" || l.User.ID == u.ID })
		m.purged(u.ID, now)
	}
	return err
}
