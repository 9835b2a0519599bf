package web

import (
	"context"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/media"
)

// Replaying is which part of a replay is asked for. It is exported because huma
// looks into no other embedded structs.
type Replaying struct {
	FromMS  int64  `query:"from_ms" minimum:"0" maximum:"1000000000000"`
	ToMS    int64  `query:"to_ms" minimum:"0" maximum:"1000000000000" doc:"Up to before this time; left out: to the end."`
	Cursor  string `query:"cursor" maxLength:"64"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"500"`
	Viewing string `query:"viewing" maxLength:"512" doc:"The token of a viewing, where it takes one to watch."`
}

func (r Replaying) span() chat.Span {
	to := time.Duration(r.ToMS) * time.Millisecond
	if to == 0 {
		to = 1 << 60
	}
	return chat.Span{From: time.Duration(r.FromMS) * time.Millisecond, To: to}
}

type replayInput struct {
	Replaying
	Broadcast string `path:"broadcast" maxLength:"64"`
}

func (s *Server) replay(ctx context.Context, in *replayInput) (*answer[page[chat.Line]], error) {
	row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
	if err == nil {
		err = s.mayReplay(ctx, row.ChannelID, row.ID, in.Viewing)
	}
	if err != nil {
		return nil, s.problem(err)
	}
	return s.replayed(ctx, row.ID, in.Replaying, in.span(), 0)
}

// mayReplay returns nil when who asks may read what was said during a broadcast, or
// a clip of it.
func (s *Server) mayReplay(ctx context.Context, channelID, id, token string) error {
	if err := s.mayWatchBroadcast(ctx, channelID, id, token); err != nil {
		return err
	}
	return s.opts.Chat.MayReplay(ctx, channelID, chat.Asker{Actor: actor(ctx)})
}

func (s *Server) replayed(ctx context.Context, id string, in Replaying, part chat.Span, begin time.Duration) (*answer[page[chat.Line]], error) {
	rows, next, err := s.opts.Chat.Replay(ctx, id, part, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[chat.Line]{Items: make([]chat.Line, len(rows)), Next: cursorOr(next)}
	for i, row := range rows {
		l, err := lineOf(row)
		if err != nil {
			return nil, s.problem(err)
		}
		l.MediaMS = new((row.Media - begin).Milliseconds())
		list.Items[i] = l
	}
	return reply(list), nil
}

type replayClipInput struct {
	Replaying
	Clip string `path:"clip" maxLength:"64"`
}

func (s *Server) replayClip(ctx context.Context, in *replayClipInput) (*answer[page[chat.Line]], error) {
	c, err := s.livingClip(ctx, in.Clip)
	if err == nil {
		err = s.mayReplay(ctx, c.ChannelID, c.ID, in.Viewing)
	}
	if err != nil {
		return nil, s.problem(err)
	}
	begin, end := c.Start-media.Origin, c.End-media.Origin
	part := in.span()
	part.From, part.To = begin+part.From, min(end, begin+min(part.To, 1<<50))
	return s.replayed(ctx, c.BroadcastID, in.Replaying, part, begin)
}

// chatText answers with what was said during a broadcast, as a file for those who
// look after the channel.
func (s *Server) chatText(w http.ResponseWriter, r *http.Request) {
	who, err := s.ask(r)
	if err != nil {
		s.failWith(w, err)
		return
	}
	row, err := s.opts.DB.Broadcast(r.Context(), r.PathValue("broadcast"))
	if err == nil {
		err = s.opts.Accounts.Require(r.Context(), who.actor, account.Channel{ID: row.ChannelID}, account.PlaceModerator, account.ScopeRead)
	}
	if err != nil {
		s.failWith(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="chat-`+row.ChannelName+"-"+row.ID+`.txt"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodHead {
		return
	}
	if err := s.opts.Chat.WriteText(r.Context(), w, row.ID); err != nil && r.Context().Err() == nil {
		s.log.Warn("chat as text", "error", err)
		panic(http.ErrAbortHandler) // so that it is not taken for the whole
	}
}
