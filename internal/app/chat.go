package app

import (
	"context"

	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// buildChat makes the bus, and the chat that speaks by it.
func (s *server) buildChat() (err error) {
	if s.bus, err = bus.New(bus.Options{Log: s.log}); err != nil {
		return err
	}
	s.chat, err = chat.New(chat.Options{
		DB: s.db, Accounts: s.accounts, Bus: s.bus, Files: s.files, Log: s.log,
		OnAir: s.onAir, MayWatch: s.mayWatch,
	})
	if err != nil {
		return err
	}
	s.accounts.Watch(s.chat.Changed)
	return nil
}

// onAir tells the chat what this node knows of a channel. Chapters are placed on
// the media time in the same way.
func (s *server) onAir(channelID string) (chat.OnAir, bool) {
	b := s.manager.OfChannel(channelID)
	if b == nil {
		return chat.OnAir{}, false
	}
	state := b.State()
	if state != store.StateLive && state != store.StateInterrupted {
		return chat.OnAir{}, false
	}
	return chat.OnAir{
		BroadcastID: b.ID, Media: max(0, b.Packager().Newest()-media.Origin), At: b.StartedAt(), Interrupted: state == store.StateInterrupted,
	}, true
}

// mayWatch tells the chat whether a viewing opens a channel.
func (s *server) mayWatch(ctx context.Context, token, channelID string) bool {
	g, ok := s.viewing.Read(token)
	if !ok {
		return false
	}
	stay, err := s.viewing.Admit(ctx, g, viewing.What{Channel: channelID}, viewing.Media)
	if err != nil {
		return false
	}
	stay.End()
	return true
}
