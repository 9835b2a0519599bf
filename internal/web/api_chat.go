package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// chatRoutes mount the chat: its socket, and what is done beside it.
func (s *Server) chatRoutes(mux *routes, api huma.API) {
	mux.HandleFunc("GET /api/v1/channels/{channel}/chat", s.chatSocket)
	mux.HandleFunc("GET /api/v1/chat.schema.json", serveChatSchema)
	mux.HandleFunc("GET /api/v1/broadcasts/{broadcast}/chat.txt", s.chatText)
	describeChat(api.OpenAPI())
	const tree = "/api/v1/channels/{channel}/chat"
	refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	get(api, tree+"/messages", "chat-messages", "Lists what was said in a channel's chat and stands, oldest first: the newest of what lies between two ids.", s.chatMessages,
		http.StatusForbidden, http.StatusNotFound)
	post(api, tree+"/messages", "say", "Says a line in a channel's chat.", http.StatusCreated, s.chatSay, append(refused, http.StatusConflict, http.StatusTooManyRequests)...)
	remove(api, tree+"/messages/{line}", "delete-message", "Takes a line of a chat away, for moderators.", s.chatDelete, refused...)
	remove(api, tree+"/messages", "purge-messages", "Takes all lines of a person away, for moderators.", s.chatPurge, refused...)
	get(api, tree+"/users/{user}", "chat-user", "Tells moderators of a person: newest lines, restriction, log.", s.chatUser, refused...)
	get(api, tree+"/settings", "chat-settings", "Returns how a chat is, for moderators.", s.chatSettings, refused...)
	put(api, tree+"/settings", "set-chat-settings", "Changes how a chat is, for moderators.", http.StatusOK, s.setChatSettings, refused...)
	get(api, tree+"/restrictions", "chat-restrictions", "Lists who may not speak in a chat, by name, for moderators.", s.chatRestrictions, refused...)
	put(api, tree+"/restrictions/{user}", "restrict", "Keeps a person from speaking in a chat, for a time or for good, for moderators. The person's lines go.", http.StatusNoContent, s.chatRestrict, refused...)
	remove(api, tree+"/restrictions/{user}", "release", "Lets a person speak in a chat again, for moderators.", s.chatRelease, refused...)
	get(api, tree+"/filters", "chat-filters", "Lists what lines of a chat are looked through for, for moderators.", s.chatFilters, refused...)
	put(api, tree+"/filters", "set-chat-filters", "Puts other filters in their place, for moderators.", http.StatusOK, s.setChatFilters, refused...)
	get(api, tree+"/review", "chat-review", "Lists lines that wait for a moderator, oldest first.", s.chatReview, refused...)
	post(api, tree+"/review/{line}", "review-message", "Lets a line that waits be said, or drops it, for moderators.", http.StatusNoContent, s.chatDecide, refused...)
	get(api, tree+"/log", "chat-log", "Lists what moderators of a chat did, newest first, for them.", s.chatLog, refused...)
	put(api, tree+"/pin", "pin", "Pins a line of a chat, or a text, for moderators.", http.StatusNoContent, s.chatPin, refused...)
	remove(api, tree+"/pin", "unpin", "Takes what is pinned away, for moderators.", s.chatUnpin, refused...)
	post(api, tree+"/poll", "start-poll", "Begins a poll, in place of the one that goes on, for moderators.", http.StatusCreated, s.chatPoll, refused...)
	remove(api, tree+"/poll", "end-poll", "Ends the poll, for moderators.", s.chatEndPoll, refused...)
	get(api, "/api/v1/broadcasts/{broadcast}/chat", "broadcast-chat", "Lists what was said while a part of a broadcast was on air, by its media time.", s.replay, http.StatusForbidden, http.StatusNotFound)
	get(api, "/api/v1/clips/{clip}/chat", "clip-chat", "Lists what was said while a clip's part of its broadcast was on air; times are from the clip's beginning.", s.replayClip,
		http.StatusForbidden, http.StatusNotFound)
	get(api, "/api/v1/me/restrictions", "my-restrictions", "Lists where who asks may not speak.", s.myRestrictions, http.StatusUnauthorized)
	post(api, "/api/v1/me/restrictions/{channel}/appeal", "appeal", "Says something to not being allowed to speak, once. The channel's moderators read it.", http.StatusNoContent, s.appeal,
		http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict)
	put(api, "/api/v1/me/color", "set-color", "Chooses how one's name is coloured.", http.StatusNoContent, s.setColor, http.StatusUnauthorized)
	s.emoteRoutes(mux, api)
}

// chatProblem tells what the chat refuses, as other refusals.
func (s *Server) chatProblem(err error) error {
	var no *chat.Refusal
	if !errors.As(err, &no) {
		return s.problemOr(err)
	}
	status := http.StatusForbidden
	switch no.Code {
	case chat.CodeSlow:
		status = http.StatusTooManyRequests
	case chat.CodeEmpty, chat.CodeLong, chat.CodeReply, chat.CodeCommand:
		status = http.StatusBadRequest
	case chat.CodeDuplicate, chat.CodeHeld, chat.CodeFull:
		status = http.StatusConflict
	case "signin":
		return s.problem(account.ErrSignIn)
	}
	p := &Problem{Status: status, Title: http.StatusText(status), Code: no.Code, Detail: no.Text}
	if no.Wait > 0 {
		p.header = http.Header{"Retry-After": {strconv.Itoa(int((no.Wait + time.Second - 1) / time.Second))}}
	}
	return p
}

// readable returns the channel of a name to who may read its chat.
func (s *Server) readable(ctx context.Context, name, token string) (account.Channel, error) {
	c, err := s.chatChannel(ctx, name)
	if err == nil {
		err = s.opts.Chat.MayRead(ctx, c, chat.Asker{Actor: actor(ctx), Viewing: viewingToken(token)})
	}
	return c, err
}

type chatMessagesInput struct {
	ChannelPath
	After   string `query:"after" maxLength:"64"`
	Before  string `query:"before" maxLength:"64"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Viewing string `query:"viewing" maxLength:"512" doc:"The token of a viewing, where the channel has a password."`
}

func (s *Server) chatMessages(ctx context.Context, in *chatMessagesInput) (*answer[all[chat.Line]], error) {
	c, err := s.readable(ctx, in.Channel, in.Viewing)
	if err != nil {
		return nil, s.problem(err)
	}
	rows, err := s.opts.Chat.History(ctx, c.ID, in.After, in.Before, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[chat.Line]{Items: make([]chat.Line, len(rows))}
	for i, row := range rows { // newest first
		if list.Items[len(rows)-1-i], err = lineOf(row); err != nil {
			return nil, s.problem(err)
		}
	}
	return reply(list), nil
}

func lineOf(row store.ChatLine) (l chat.Line, err error) {
	err = json.Unmarshal([]byte(row.Line), &l)
	return l, err
}

type chatSayInput struct {
	ChannelPath
	Body struct {
		Text    string `json:"text" maxLength:"8192"`
		ReplyTo string `json:"reply_to,omitempty" maxLength:"64" doc:"The id of the line that it answers."`
	}
}

func (s *Server) chatSay(ctx context.Context, in *chatSayInput) (*answer[chat.Line], error) {
	c, err := s.readable(ctx, in.Channel, "")
	if err != nil {
		return nil, s.problem(err)
	}
	l, err := s.opts.Chat.Say(ctx, c.ID, actor(ctx), in.Body.Text, in.Body.ReplyTo)
	if err != nil {
		return nil, s.chatProblem(err)
	}
	return reply(l), nil
}

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
