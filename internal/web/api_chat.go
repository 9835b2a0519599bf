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
