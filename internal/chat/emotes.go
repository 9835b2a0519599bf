package chat

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"regexp"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Errors of emotes.
var (
	ErrBadEmote      = &account.Error{Code: "bad_emote", Reason: "the code of an emote has 2 to 32 letters, digits and underscores"}
	ErrEmotePicture  = &account.Error{Code: "bad_picture", Reason: "an emote is a picture of at most 512 KiB"}
	ErrEmoteTaken    = &account.Error{Code: "emote_taken", Reason: "there is an emote with this code"}
	ErrUnknownEmote  = &account.Error{Code: "unknown_emote", Reason: "there is no such emote"}
	ErrTooManyEmotes = &account.Error{Code: "too_many_emotes", Reason: "there are as many emotes as there can be; remove one first"}
	emoteName        = regexp.MustCompile(`^[A-Za-z0-9_]{2,32}$`)
)

const (
	// MaxEmote is the most bytes that an emote's picture may have as it is sent.
	MaxEmote = 512 << 10
	// EmoteSide is the most that it is wide and high as it is served.
	EmoteSide  = 112
	mostEmotes = 200 // of a channel, and of the site

	emotesFolder = "emotes/"
)

// EmoteObject is where the picture of a key lies among the objects.
func EmoteObject(key string) string { return emotesFolder + key }

// Emotes lists those that may be used in the chat of a channel: its own, and the
// site's. Where channelID is empty it is the site's alone.
func (s *Service) Emotes(ctx context.Context, channelID string) ([]store.Emote, error) {
	site, err := s.o.DB.Emotes(ctx, "", mostEmotes)
	if err != nil || channelID == "" {
		return site, err
	}
	own, err := s.o.DB.Emotes(ctx, channelID, mostEmotes)
	return append(own, site...), err
}

// loadEmotes reads the emotes. A channel's own goes before one of the site with
// the same code.
func (r *Room) loadEmotes(ctx context.Context) error {
	all, err := r.s.Emotes(ctx, r.channelID)
	if err != nil {
		return err
	}
	set := make(map[string]string, len(all))
	h := fnv.New64a()
	for _, e := range all {
		_, _ = h.Write([]byte(e.ID)) // does not fail
		if _, ok := set[e.Code]; !ok {
			set[e.Code] = e.ID
		}
	}
	r.emotes, r.emoteRev = set, h.Sum64()
	return nil
}

func (r *Room) reloadEmotes() {
	ctx := r.s.ctx
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.loadEmotes(ctx); err != nil {
		r.s.log.Warn("emotes cannot be read", "error", err)
	}
}

func (r *Room) emotesAddress() string {
	return fmt.Sprintf("/api/v1/channels/%s/emotes?rev=%x", r.channel.Name, r.emoteRev)
}

// AddEmote puts a picture among a channel's emotes, which is for its moderators,
// or among the site's where channel is empty, which is for admins. It is written
// anew, at most 112 pixels wide and high. One that moves goes on moving where the
// server can make that.
func (s *Service) AddEmote(ctx context.Context, a account.Actor, channel, code string, sent []byte) (store.Emote, error) {
	channelID, err := s.emotesOf(ctx, a, channel)
	if err != nil {
		return store.Emote{}, err
	}
	if !emoteName.MatchString(code) {
		return store.Emote{}, ErrBadEmote
	}
	if len(sent) == 0 || len(sent) > MaxEmote {
		return store.Emote{}, ErrEmotePicture
	}
	e := store.Emote{ID: s.o.DB.NewID(), ChannelID: channelID, Code: code, UserID: a.User.ID, CreatedAt: s.o.now().UTC()}
	made, err := s.emotePicture(ctx, sent, &e)
	if err != nil {
		return store.Emote{}, err
	}
	if err := s.o.Files.PutBytes(ctx, EmoteObject(e.Picture), made); err != nil {
		return store.Emote{}, err
	}
	var act *store.ChatAct
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		there, err := tx.Emotes(ctx, channelID, mostEmotes)
		if err != nil {
			return err
		}
		if len(there) >= mostEmotes {
			return ErrTooManyEmotes
		}
		if err := tx.InsertEmote(ctx, e); err != nil {
			return err
		}
		act, err = s.noteEmote(ctx, tx, a, e, "emote.add")
		return err
	})
	if err != nil {
		_ = s.o.Files.Delete(ctx, EmoteObject(e.Picture)) // no row speaks of it
		if errors.Is(err, store.ErrConflict) {
			err = ErrEmoteTaken
		}
		return store.Emote{}, err
	}
	s.emotesChanged(channelID, act)
	return e, nil
}

// emotesOf returns the id of the channel whose emotes the actor may change.
func (s *Service) emotesOf(ctx context.Context, a account.Actor, channel string) (string, error) {
	if channel == "" {
		return "", a.RequireAdmin()
	}
	c, err := s.o.Accounts.Channel(ctx, channel)
	if err != nil {
		return "", err
	}
	return c.ID, s.o.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeModerate)
}

// emotePicture writes a picture anew.
func (s *Service) emotePicture(ctx context.Context, sent []byte, e *store.Emote) ([]byte, error) {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	still, moves, err := picture.Fit(sent, EmoteSide)
	if errors.Is(err, picture.ErrFormat) || errors.Is(err, picture.ErrLarge) {
		return nil, &account.Error{Code: ErrEmotePicture.Code, Reason: err.Error()}
	}
	if err != nil {
		return nil, err
	}
	if moves && s.o.Animate != nil {
		moving, err := s.animate(ctx, sent)
		if err == nil {
			e.Animated, e.Picture = true, e.ID+".webp"
			return moving, nil
		}
		s.log.Info("an emote does not move any more", "code", e.Code, "error", err)
	}
	e.Picture = e.ID + still.Extension()
	return still.Bytes, nil
}

func (s *Service) animate(ctx context.Context, sent []byte) ([]byte, error) {
	m, err := picture.Play(sent, EmoteSide)
	if err != nil {
		return nil, err
	}
	return s.o.Animate(ctx, m)
}

// Still is the first picture of an emote that moves, as it is kept.
func Still(moving io.Reader) (picture.Picture, error) {
	b, err := io.ReadAll(io.LimitReader(moving, picture.MaxBytes))
	if err != nil {
		return picture.Picture{}, fmt.Errorf("read emote: %w", err)
	}
	p, _, err := picture.Fit(b, EmoteSide)
	return p, err
}

// noteEmote logs what is done, and returns what moderators are told of it; nil of
// an emote of the site's.
func (s *Service) noteEmote(ctx context.Context, tx *store.Tx, a account.Actor, e store.Emote, act string) (*store.ChatAct, error) {
	if e.ChannelID == "" {
		return nil, s.o.Accounts.NoteAct(ctx, tx, a, act, "site", e.Code)
	}
	c, err := tx.Channel(ctx, e.ChannelID)
	if err != nil {
		return nil, err
	}
	name := a.User.Name
	if name == "" {
		name = "command line"
	}
	row := store.ChatAct{
		ID: tx.NewID(), ChannelID: e.ChannelID, At: s.o.now(), UserID: a.User.ID, Actor: name, Act: act, Details: e.Code,
	}
	if err := tx.InsertChatAct(ctx, row); err != nil {
		return nil, err
	}
	return &row, s.o.Accounts.NoteModeration(ctx, tx, a, c, "chat."+act, e.Code)
}

// RemoveEmote takes an emote away, and its picture: lines that hold it show its
// code from then on.
func (s *Service) RemoveEmote(ctx context.Context, a account.Actor, channel, id string) error {
	channelID, err := s.emotesOf(ctx, a, channel)
	if err != nil {
		return err
	}
	e, err := s.o.DB.Emote(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && e.ChannelID != channelID {
		return ErrUnknownEmote
	}
	if err != nil {
		return err
	}
	var act *store.ChatAct
	err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.DeleteEmote(ctx, id); err != nil {
			return err
		}
		act, err = s.noteEmote(ctx, tx, a, e, "emote.remove")
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownEmote
	}
	if err != nil {
		return err
	}
	s.emotesChanged(channelID, act)
	return s.o.Files.Delete(ctx, EmoteObject(e.Picture))
}

// emotesChanged has rooms read their emotes anew: of a channel, whose moderators
// hear of it, or all.
func (s *Service) emotesChanged(channelID string, act *store.ChatAct) {
	if channelID != "" {
		s.say(channelID, envelope{Kind: kindEmotes})
		s.say(channelID, envelope{Kind: kindModerators, Event: encode(LogEvent{Type: "log", Entry: EntryOf(*act)})})
		return
	}
	s.publish(changedSubject, envelope{Kind: kindEmotes})
}
