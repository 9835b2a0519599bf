package web

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/chat"
)

// ChatSettings are how a chat is.
type ChatSettings struct {
	SlowMS          int64  `json:"slow_ms" minimum:"0" maximum:"3600000" doc:"Between two lines of one person."`
	FollowersMS     int64  `json:"followers_ms" minimum:"-1" doc:"How long one must have followed to speak; -1: one need not."`
	MembersOnly     bool   `json:"members_only"`
	EmoteOnly       bool   `json:"emote_only"`
	Links           bool   `json:"links" doc:"Are allowed."`
	Closed          bool   `json:"closed" doc:"Nobody speaks but moderators."`
	Duplicates      bool   `json:"duplicates" doc:"Who says the same twice within 30 s is refused."`
	MembersReadOnly bool   `json:"members_read_only" doc:"Only who has a place in the channel may read."`
	MaxLength       int    `json:"max_length" minimum:"1" maximum:"2000" doc:"Of a line, in characters."`
	Rules           string `json:"rules" maxLength:"2000" doc:"Up to 500 characters, that are shown before somebody speaks for the first time."`
	RecentOnJoin    int    `json:"recent_on_join" minimum:"0" maximum:"1000" doc:"Lines that who joins gets."`
}

func chatSettingsOf(c chat.Settings) ChatSettings {
	return ChatSettings{
		SlowMS: c.Slow.Milliseconds(), FollowersMS: c.Followers.Milliseconds(), MembersOnly: c.MembersOnly, EmoteOnly: c.EmoteOnly, Links: c.Links, Closed: c.Closed,
		Duplicates: c.Duplicates, MembersReadOnly: c.MembersRead, MaxLength: c.MaxLength, Rules: c.Rules, RecentOnJoin: c.Recent,
	}
}

func (s *Server) chatSettings(ctx context.Context, in *ChannelPath) (*answer[ChatSettings], error) {
	var out ChatSettings
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		set, err := m.Settings(ctx)
		out = chatSettingsOf(set)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(out), nil
}

type setChatSettingsInput struct {
	ChannelPath
	Body ChatSettings
}

func (s *Server) setChatSettings(ctx context.Context, in *setChatSettingsInput) (*answer[ChatSettings], error) {
	b := in.Body
	var out ChatSettings
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		set, err := m.Set(ctx, "", func(c *chat.Settings) {
			*c = chat.Settings{
				Slow: time.Duration(b.SlowMS) * time.Millisecond, Followers: time.Duration(b.FollowersMS) * time.Millisecond, MembersOnly: b.MembersOnly,
				EmoteOnly: b.EmoteOnly, Links: b.Links, Closed: b.Closed, Duplicates: b.Duplicates, MembersRead: b.MembersReadOnly, MaxLength: b.MaxLength,
				Rules: b.Rules, Recent: b.RecentOnJoin,
			}
		})
		out = chatSettingsOf(set)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(out), nil
}

func (s *Server) chatFilters(ctx context.Context, in *ChannelPath) (*answer[all[chat.Filter]], error) {
	var list all[chat.Filter]
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) (err error) {
		list.Items, err = m.Filters(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(list), nil
}

// NewFilter is a filter as it is put.
type NewFilter struct {
	ID   string `json:"id,omitempty" maxLength:"64" doc:"Of one that was there."`
	Kind string `json:"kind" enum:"word,regex"`
	Text string `json:"text" maxLength:"200"`
	Act  string `json:"act" enum:"refuse,hold"`
}

type setChatFiltersInput struct {
	ChannelPath
	Body struct {
		Items []NewFilter `json:"items" nullable:"false" maxItems:"200"`
	}
}

func (s *Server) setChatFilters(ctx context.Context, in *setChatFiltersInput) (*answer[all[chat.Filter]], error) {
	fs := make([]chat.Filter, 0, len(in.Body.Items))
	for _, f := range in.Body.Items {
		fs = append(fs, chat.Filter(f))
	}
	var list all[chat.Filter]
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) (err error) {
		list.Items, err = m.SetFilters(ctx, fs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(list), nil
}
