package web

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/chat"
)

// asModerator has f act as a moderator of a channel.
func (s *Server) asModerator(ctx context.Context, channel string, f func(chat.Moderator) error) error {
	return s.chatProblem(s.opts.Chat.As(ctx, actor(ctx), channel, f))
}

type chatLineInput struct {
	ChannelPath
	Line string `path:"line" maxLength:"64"`
}

func (s *Server) chatDelete(ctx context.Context, in *chatLineInput) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error { return m.Delete(ctx, in.Line) })
}

type chatPurgeInput struct {
	ChannelPath
	User string `query:"user" required:"true" minLength:"1" maxLength:"65"`
}

func (s *Server) chatPurge(ctx context.Context, in *chatPurgeInput) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		_, err := m.Purge(ctx, in.User)
		return err
	})
}

// ChatReview is a line that waits for a moderator.
type ChatReview struct {
	Line chat.Line `json:"line"`
	Why  string    `json:"why" enum:"word,link"`
}

func (s *Server) chatReview(ctx context.Context, in *ChannelPath) (*answer[all[ChatReview]], error) {
	list := all[ChatReview]{Items: []ChatReview{}}
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		held, err := m.Review(ctx)
		for _, h := range held {
			list.Items = append(list.Items, ChatReview{h.Line, h.Why})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(list), nil
}

type chatDecideInput struct {
	ChannelPath
	Line string `path:"line" maxLength:"64"`
	Body struct {
		Allow bool `json:"allow"`
	}
}

func (s *Server) chatDecide(ctx context.Context, in *chatDecideInput) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error { return m.Decide(ctx, in.Line, in.Body.Allow) })
}

func (s *Server) chatLog(ctx context.Context, in *chatListInput) (*answer[page[chat.Entry]], error) {
	list := page[chat.Entry]{Items: []chat.Entry{}}
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) error {
		rows, next, err := m.Log(ctx, in.Cursor, in.Limit)
		list.Next = cursorOr(next)
		for _, a := range rows {
			list.Items = append(list.Items, chat.EntryOf(a))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(list), nil
}

type chatPinInput struct {
	ChannelPath
	Body struct {
		ID   string `json:"id,omitempty" maxLength:"64" doc:"Of a line."`
		Text string `json:"text,omitempty" maxLength:"8192" doc:"In place of a line."`
	}
}

func (s *Server) chatPin(ctx context.Context, in *chatPinInput) (*struct{}, error) {
	what := in.Body.ID
	if what == "" {
		what = in.Body.Text
	}
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error { return m.Pin(ctx, what) })
}

func (s *Server) chatUnpin(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error { return m.Unpin(ctx) })
}

type chatPollInput struct {
	ChannelPath
	Body struct {
		Question   string   `json:"question" maxLength:"1000"`
		Options    []string `json:"options" nullable:"false" minItems:"2" maxItems:"10"`
		DurationMS int64    `json:"duration_ms,omitempty" minimum:"0" maximum:"86400000" doc:"10 s to a day; a minute where it is left out."`
	}
}

func (s *Server) chatPoll(ctx context.Context, in *chatPollInput) (*answer[chat.PollNow], error) {
	var p *chat.PollNow
	err := s.asModerator(ctx, in.Channel, func(m chat.Moderator) (err error) {
		p, err = m.StartPoll(ctx, in.Body.Question, in.Body.Options, time.Duration(in.Body.DurationMS)*time.Millisecond)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reply(*p), nil
}

func (s *Server) chatEndPoll(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.asModerator(ctx, in.Channel, func(m chat.Moderator) error { return m.EndPoll(ctx) })
}
