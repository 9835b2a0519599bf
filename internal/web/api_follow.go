package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/store"
)

func (s *Server) followRoutes(api huma.API) {
	known := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	get(api, "/api/v1/me/following", "following", "Lists the channels that the user follows: what is on air first, then by name.", s.following, http.StatusUnauthorized)
	get(api, "/api/v1/me/following/{channel}", "following-channel", "Tells whether the user follows a channel, and may.", s.followingChannel, http.StatusUnauthorized, http.StatusNotFound)
	put(api, "/api/v1/me/following/{channel}", "follow", "Follows a channel. Its people may have blocked the user (403, blocked).",
		http.StatusOK, s.follow, append(known, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests)...)
	remove(api, "/api/v1/me/following/{channel}", "unfollow", "Follows a channel no more.", s.unfollow, known...)
	put(api, "/api/v1/me/following/{channel}/notify", "set-follow-ways", "Chooses how the user hears of a channel that it follows.",
		http.StatusOK, s.setFollowWays, known...)
	get(api, "/api/v1/channels/{channel}/followers", "followers", "Lists who follows a channel, the newest first.", s.followers, known...)
	get(api, "/api/v1/channels/{channel}/blocks", "blocks", "Lists who is blocked from a channel, by name.", s.blocks, known...)
	put(api, "/api/v1/channels/{channel}/blocks/{user}", "block", "Keeps a user from following a channel and from speaking in its chat; what the user follows of it ends.",
		http.StatusNoContent, s.block, append(known, http.StatusConflict)...)
	remove(api, "/api/v1/channels/{channel}/blocks/{user}", "unblock", "Lets a user follow and speak again.", s.unblock, known...)
}

// Ways say how a follower hears of a channel.
type Ways struct {
	Page *bool `json:"page" doc:"In pages that are open; null: as the user has chosen for all channels."`
	Push *bool `json:"push" doc:"In browsers that take pushes; null likewise."`
	Mail *bool `json:"mail" doc:"By mail; null likewise."`
}

// Follow is what a user is to a channel.
type Follow struct {
	Following bool       `json:"following"`
	Since     *time.Time `json:"since" doc:"Null: not following."`
	Notify    Ways       `json:"notify"`
	Blocked   bool       `json:"blocked" doc:"The channel's people have blocked the user, who can neither follow nor speak."`
}

// AcceptLanguage is what the client asks to be answered in. It is exported
// because huma looks into no other embedded structs.
type AcceptLanguage struct {
	Language string `header:"Accept-Language" hidden:"true"`
}

type followInput struct {
	ChannelPath
	AcceptLanguage
}

func (s *Server) follow(ctx context.Context, in *followInput) (*answer[Follow], error) {
	f, fresh, err := s.opts.Accounts.Follow(ctx, actor(ctx), in.Channel, in.Language)
	if err != nil {
		return nil, s.problem(err)
	}
	if fresh {
		s.opts.Chat.Followed(f.ChannelID, actor(ctx).User)
	}
	return reply(Follow{Following: true, Since: known(f.Since), Notify: Ways(f.Ways)}), nil
}

func (s *Server) followingChannel(ctx context.Context, in *ChannelPath) (*answer[Follow], error) {
	r, err := s.opts.Accounts.RelationTo(ctx, actor(ctx), in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Follow{Following: r.Following, Since: known(r.Since), Notify: Ways(r.Ways), Blocked: r.Blocked}), nil
}

func (s *Server) unfollow(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Unfollow(ctx, actor(ctx), in.Channel))
}

type setWaysInput struct {
	ChannelPath
	Body Ways
}

func (s *Server) setFollowWays(ctx context.Context, in *setWaysInput) (*answer[Follow], error) {
	if err := s.opts.Accounts.SetWays(ctx, actor(ctx), in.Channel, store.Ways(in.Body)); err != nil {
		return nil, s.problem(err)
	}
	return s.followingChannel(ctx, &in.ChannelPath)
}

// Followed is a channel that a user follows.
type Followed struct {
	Channel Channel   `json:"channel"`
	Since   time.Time `json:"since"`
	Notify  Ways      `json:"notify"`
}

type followingInput struct {
	Cursor string `query:"cursor" maxLength:"80" doc:"The next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
}

func (s *Server) following(ctx context.Context, in *followingInput) (*answer[page[Followed]], error) {
	rows, next, err := s.opts.Accounts.Following(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Followed]{Items: []Followed{}, Next: cursorOr(next)}
	for _, row := range rows {
		b, v, err := s.onAirOf(ctx, row.Channel)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, Followed{Channel: s.channelOf(row.Channel, b, v), Since: row.Since, Notify: Ways(row.Ways)})
	}
	return reply(list), nil
}

// Follower is who follows a channel.
type Follower struct {
	Name        string    `json:"name"`
	DisplayName string    `json:"display_name"`
	Since       time.Time `json:"since"`
}

func (s *Server) followers(ctx context.Context, in *channelListInput) (*answer[page[Follower]], error) {
	rows, next, err := s.opts.Accounts.Followers(ctx, actor(ctx), in.Channel, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Follower]{Items: []Follower{}, Next: cursorOr(next)}
	for _, f := range rows {
		list.Items = append(list.Items, Follower{Name: f.UserName, DisplayName: f.DisplayName, Since: f.Since})
	}
	return reply(list), nil
}

// Blocked is who may neither follow a channel nor speak there.
type Blocked struct {
	Name        string    `json:"name"`
	DisplayName string    `json:"display_name"`
	Since       time.Time `json:"since"`
}

func (s *Server) blocks(ctx context.Context, in *channelListInput) (*answer[page[Blocked]], error) {
	rows, next, err := s.opts.Accounts.Blocks(ctx, actor(ctx), in.Channel, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Blocked]{Items: []Blocked{}, Next: cursorOr(next)}
	for _, b := range rows {
		list.Items = append(list.Items, Blocked{Name: b.UserName, DisplayName: b.DisplayName, Since: b.CreatedAt})
	}
	return reply(list), nil
}

func (s *Server) block(ctx context.Context, in *MemberPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Block(ctx, actor(ctx), in.Channel, in.User))
}

func (s *Server) unblock(ctx context.Context, in *MemberPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Unblock(ctx, actor(ctx), in.Channel, in.User))
}
