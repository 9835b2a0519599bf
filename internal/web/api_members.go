package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) memberRoutes(api huma.API) {
	get(api, "/api/v1/channels/{channel}/members", "members", "Lists who has a place in a channel, by name.",
		s.members, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	put(api, "/api/v1/channels/{channel}/members/{user}", "set-member", "Gives a user a place in a channel. Editors let members in, owners say everything.",
		http.StatusNoContent, s.setMember, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	remove(api, "/api/v1/channels/{channel}/members/{user}", "remove-member", "Takes a user out of a channel; users may leave by themselves.",
		s.removeMember, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
}

// Member is who has a place in a channel.
type Member struct {
	Name        string    `json:"name"`
	DisplayName string    `json:"display_name"`
	Place       string    `json:"place" enum:"owner,editor,moderator,member"`
	Since       time.Time `json:"since"`
}

func (s *Server) members(ctx context.Context, in *channelListInput) (*answer[page[Member]], error) {
	rows, next, err := s.opts.Accounts.Members(ctx, actor(ctx), in.Channel, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Member]{Items: []Member{}, Next: cursorOr(next)}
	for _, m := range rows {
		list.Items = append(list.Items, Member{Name: m.UserName, DisplayName: m.DisplayName, Place: m.Role, Since: m.CreatedAt})
	}
	return reply(list), nil
}

func cursorOr(next string) *string {
	if next == "" {
		return nil
	}
	return &next
}

// MemberPath names a user in a channel.
type MemberPath struct {
	ChannelPath
	User string `path:"user" maxLength:"64"`
}

type setMemberInput struct {
	MemberPath
	Body struct {
		Place string `json:"place" enum:"owner,editor,moderator,member"`
	}
}

func (s *Server) setMember(ctx context.Context, in *setMemberInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.SetPlace(ctx, actor(ctx), in.Channel, in.User, account.Place(in.Body.Place)))
}

func (s *Server) removeMember(ctx context.Context, in *MemberPath) (*struct{}, error) {
	a := actor(ctx)
	if account.FoldName(in.User) == a.User.Name {
		return nil, s.problemOr(s.opts.Accounts.Leave(ctx, a, in.Channel))
	}
	return nil, s.problemOr(s.opts.Accounts.SetPlace(ctx, a, in.Channel, in.User, account.PlaceNone))
}
