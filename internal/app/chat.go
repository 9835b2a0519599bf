package app

import (
	"context"

	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// buildChat makes the bus, and the chat that speaks by it.
func (s *server) buildChat() (err error) {
	if s.bus, err = bus.New(bus.Options{Log: s.log}); err != nil {
		return err
	}
	s.chat, err = chat.New(chat.Options{
		DB: s.db, Accounts: s.accounts, Bus: s.bus, Files: s.files, Log: s.log,
		Viewers: s.watching, Follows: s.accounts.Follows, Blocked: s.accounts.Blocked,
		OnAir: s.onAir, MayWatch: s.mayWatch, Animate: newAnimate(s.cfg.FFmpeg.Path),
	})
	if err != nil {
		return err
	}
	s.accounts.Watch(s.chat.Changed)
	s.accounts.WatchUsers(s.chat.UserChanged)
	return nil
}

// watching is how many watch what a channel has on air.
func (s *server) watching(channelID string) int {
	n, _ := s.audience.Watching(channelID)
	return n
}

// pagesBus is the bus as notify speaks by it.
type pagesBus struct{ *bus.Bus }

// Subscribe implements notify.Bus.
func (b pagesBus) Subscribe(subject string, f func(data []byte)) (stop func(), err error) {
	sub, err := b.Bus.Subscribe(subject, func(m bus.Message) { f(m.Data) })
	if err != nil {
		return nil, err
	}
	return sub.Close, nil
}

// newAnimate has emotes move, where there is ffmpeg.
func newAnimate(path string) func(context.Context, *picture.Motion) ([]byte, error) {
	ffmpeg, err := transcode.Find(path)
	if err != nil {
		return nil
	}
	return func(ctx context.Context, m *picture.Motion) ([]byte, error) {
		return transcode.Animate(ctx, ffmpeg, m.RGBA(), m.Width, m.Height, picture.Pace)
	}
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
