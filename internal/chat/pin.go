package chat

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// unpin takes what is pinned away when it is among what goes.
func (m Moderator) unpin(ctx context.Context, gone func(Line) bool) {
	m.r.mu.Lock()
	pin := m.r.pin
	m.r.mu.Unlock()
	var l Line
	if pin == nil || json.Unmarshal(pin, &l) != nil || !gone(l) {
		return
	}
	if err := m.Unpin(ctx); err != nil {
		m.r.s.log.Warn("a line that was deleted stays pinned", "error", err)
	}
}

// PinEvent tells everybody what is pinned.
type PinEvent struct {
	Type string          `json:"type" enum:"pin"`
	Line json.RawMessage `json:"line" doc:"A line; null: nothing is."`
}

// Pin pins a line of the chat, or, where there is none with that id, a text.
func (m Moderator) Pin(ctx context.Context, idOrText string) error {
	l, err := m.toPin(ctx, idOrText)
	if err != nil {
		return err
	}
	text := encode(l)
	return m.putPin(ctx, string(text), excerpt(l.Text, replyLength))
}

func (m Moderator) toPin(ctx context.Context, idOrText string) (Line, error) {
	if _, ok := store.TimeOfID(idOrText); ok {
		row, err := m.r.s.o.DB.ChatLine(ctx, idOrText)
		if err == nil && row.ChannelID == m.r.channelID && row.DeletedAt.IsZero() {
			return decodeLine(row.Line)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Line{}, err
		}
		return Line{}, ErrBadPin
	}
	st, err := m.r.standing(ctx, m.actor)
	if err != nil {
		return Line{}, err
	}
	l := Line{Type: "message", User: st.person}
	if _, err := m.r.compose(&l, idOrText, &standing{place: account.PlaceOwner}); err != nil {
		return Line{}, ErrBadPin
	}
	if l.User.ID == "" {
		l.User = Person{Badges: []string{}}
	}
	m.r.place(&l, m.r.s.o.now())
	return l, nil
}

// Unpin takes what is pinned away.
func (m Moderator) Unpin(ctx context.Context) error { return m.putPin(ctx, "", "") }

func (m Moderator) putPin(ctx context.Context, pin, details string) error {
	act := "pin"
	e := PinEvent{Type: "pin", Line: json.RawMessage(pin)}
	if pin == "" {
		act, e.Line = "unpin", json.RawMessage("null")
	}
	err := m.act(ctx, act, account.User{}, details, func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			row.Pin = pin
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindPin, ID: pin, Event: encode(e)})
	}
	return err
}
