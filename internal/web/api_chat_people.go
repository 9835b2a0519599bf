package web

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/store"
)

type chatUserInput struct {
	ChannelPath
	User string `path:"user" maxLength:"65"`
}

// ChatUser is what a moderator sees of a person.
type ChatUser struct {
	User        chat.Person      `json:"user"`
	Role        string           `json:"role" enum:"viewer,member,moderator,owner,admin"`
	Since       time.Time        `json:"since" doc:"When the account was made."`
	Lines       []ChatUserLine   `json:"lines" nullable:"false" doc:"The newest 50, newest first."`
	Restriction *ChatRestriction `json:"restriction" doc:"Null: may speak."`
	Blocked     bool             `json:"blocked" doc:"By the channel: can neither follow it nor speak here."`
	Log         []chat.Entry     `json:"log" nullable:"false" doc:"What moderators did about the person, newest first."`
}

// ChatUserLine is a line that somebody said, also one that was deleted.
type ChatUserLine struct {
	Line      chat.Line  `json:"line"`
	DeletedAt *time.Time `json:"deleted_at" doc:"Null: it stands."`
	DeletedBy string     `json:"deleted_by"`
}

// ChatRestriction keeps a person from speaking.
type ChatRestriction struct {
	_           struct{}   `nullable:"true"`
	User        string     `json:"user"`
	DisplayName string     `json:"display_name"`
	Channel     string     `json:"channel"`
	Until       *time.Time `json:"until" doc:"Null: for good."`
	Reason      string     `json:"reason"`
	By          string     `json:"by"`
	At          time.Time  `json:"at"`
	Appeal      string     `json:"appeal" doc:"What the person says to it; empty: nothing yet."`
	AppealedAt  *time.Time `json:"appealed_at"`
}

func restrictionOf(x store.Restriction) ChatRestriction {
	return ChatRestriction{
		User: x.UserName, DisplayName: x.DisplayName, Channel: x.ChannelName, Until: known(x.Until), Reason: x.Reason, By: x.Actor, At: x.At,
		Appeal: x.Appeal, AppealedAt: known(x.AppealedAt),
	}
}

func (s *Server) chatUser(ctx context.Context, in *chatUserInput) (*answer[ChatUser], error) {
	var out ChatUser
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		c, err := m.Card(ctx, in.User)
		if err != nil {
			return err
		}
		out = ChatUser{User: c.Person, Role: c.Role, Since: c.User.CreatedAt, Blocked: c.Blocked, Lines: []ChatUserLine{}, Log: []chat.Entry{}}
		for _, row := range c.Lines {
			l, err := lineOf(row)
			if err != nil {
				return err
			}
			out.Lines = append(out.Lines, ChatUserLine{l, known(row.DeletedAt), row.DeletedBy})
		}
		if c.Restriction != nil {
			out.Restriction = new(restrictionOf(*c.Restriction))
		}
		for _, a := range c.Log {
			out.Log = append(out.Log, chat.EntryOf(a))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply(out), nil
}

type chatListInput struct {
	Paging
	ChannelPath
}

func (s *Server) chatRestrictions(ctx context.Context, in *chatListInput) (*answer[page[ChatRestriction]], error) {
	list := page[ChatRestriction]{Items: []ChatRestriction{}}
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		rows, next, err := m.Restrictions(ctx, in.Cursor, in.Limit)
		list.Next = cursorOr(next)
		for _, x := range rows {
			list.Items = append(list.Items, restrictionOf(x))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(list), nil
}

type chatRestrictInput struct {
	ChannelPath
	User string `path:"user" maxLength:"65"`
	Body struct {
		Until  *time.Time `json:"until" required:"false" doc:"Null, or left out: for good."`
		Reason string     `json:"reason,omitempty" maxLength:"1200" doc:"Up to 300 characters. The person reads it."`
	}
}

func (s *Server) chatRestrict(ctx context.Context, in *chatRestrictInput) (*struct{}, error) {
	var d time.Duration
	if in.Body.Until != nil {
		if d = time.Until(*in.Body.Until).Round(time.Second); d <= 0 {
			return nil, s.problem(chat.ErrBadTime)
		}
	}
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		_, err := m.Restrict(ctx, in.User, d, in.Body.Reason)
		return err
	})
}

func (s *Server) chatRelease(ctx context.Context, in *chatUserInput) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		_, err := m.Release(ctx, in.User)
		return err
	})
}

func (s *Server) myRestrictions(ctx context.Context, _ *struct{}) (*answer[all[ChatRestriction]], error) {
	rows, err := s.opts.Chat.OwnRestrictions(ctx, actor(ctx))
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[ChatRestriction]{Items: []ChatRestriction{}}
	for _, x := range rows {
		list.Items = append(list.Items, restrictionOf(x))
	}
	return reply(list), nil
}

type appealInput struct {
	ChannelPath
	Body struct {
		Text string `json:"text" maxLength:"4000" doc:"Up to 1,000 characters."`
	}
}

func (s *Server) appeal(ctx context.Context, in *appealInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Chat.Appeal(ctx, actor(ctx), in.Channel, in.Body.Text))
}

type setColorInput struct {
	Body struct {
		Color string `json:"color" maxLength:"7" doc:"As #rrggbb; empty: the page chooses."`
	}
}

func (s *Server) setColor(ctx context.Context, in *setColorInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Chat.SetColor(ctx, actor(ctx), in.Body.Color))
}
