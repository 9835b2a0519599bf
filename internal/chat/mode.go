package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// changeRoom changes the row of the room, and makes it where there is none.
func (m Moderator) changeRoom(ctx context.Context, tx *store.Tx, change func(*store.ChatRoom) error) error {
	row, err := tx.ChatRoom(ctx, m.r.channelID)
	if errors.Is(err, store.ErrNotFound) {
		row = store.ChatRoom{ChannelID: m.r.channelID, Settings: string(encode(DefaultSettings())), Filters: "[]"}
		err = nil
	}
	if err == nil {
		err = change(&row)
	}
	if err != nil {
		return err
	}
	return tx.PutChatRoom(ctx, row)
}

// ModeEvent tells everybody of another mode.
type ModeEvent struct {
	Type      string `json:"type" enum:"mode"`
	Mode      Mode   `json:"mode"`
	MaxLength int    `json:"maxLength"`
	Rules     string `json:"rules"`
}

func modeEvent(set Settings) ModeEvent {
	return ModeEvent{Type: "mode", Mode: set.mode(), MaxLength: set.MaxLength, Rules: set.Rules}
}

// Settings are how the chat is.
func (m Moderator) Settings(ctx context.Context) (Settings, error) {
	set, _, _, err := readRoom(m.r.s.o.DB.ChatRoom(ctx, m.r.channelID))
	return set, err
}

// Set changes how the chat is.
func (m Moderator) Set(ctx context.Context, details string, change func(*Settings)) (Settings, error) {
	var set Settings
	err := m.act(ctx, "settings", account.User{}, details, func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			set = DefaultSettings()
			if err := json.Unmarshal([]byte(row.Settings), &set); err != nil {
				return fmt.Errorf("read settings of chat: %w", err)
			}
			change(&set)
			if err := set.check(); err != nil {
				return err
			}
			row.Settings = string(encode(set))
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindSettings, Event: encode(modeEvent(set))})
	}
	return set, err
}

// Filters are those of the chat.
func (m Moderator) Filters(ctx context.Context) ([]Filter, error) {
	_, compiled, _, err := readRoom(m.r.s.o.DB.ChatRoom(ctx, m.r.channelID))
	out := []Filter{}
	for _, f := range compiled {
		out = append(out, f.Filter)
	}
	return out, err
}

// SetFilters puts others in their place. Those without an id get one.
func (m Moderator) SetFilters(ctx context.Context, fs []Filter) ([]Filter, error) {
	for i := range fs {
		if _, ok := store.TimeOfID(fs[i].ID); !ok {
			fs[i].ID = m.r.s.o.DB.NewID()
		}
	}
	if _, err := compileFilters(fs); err != nil {
		return nil, err
	}
	if fs == nil {
		fs = []Filter{}
	}
	err := m.act(ctx, "filters", account.User{}, fmt.Sprintf("%d filters", len(fs)), func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			row.Filters = string(encode(fs))
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindSettings})
	}
	return fs, err
}
