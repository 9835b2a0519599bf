package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) keyRoutes(api huma.API) {
	get(api, "/api/v1/channels/{channel}/keys", "keys", "Lists a channel's stream keys, without their text: valid ones first.",
		s.keys, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	post(api, "/api/v1/channels/{channel}/keys", "make-key", "Makes a stream key; its text is in this answer alone.",
		http.StatusCreated, s.makeKey, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	post(api, "/api/v1/channels/{channel}/keys/{key}/rotate", "rotate-key", "Makes a stream key in place of one, which is revoked. An encoder that came with it is sent away.",
		http.StatusCreated, s.rotateKey, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	remove(api, "/api/v1/channels/{channel}/keys/{key}", "revoke-key", "Ends a stream key. An encoder that came with it is sent away within a second.",
		s.revokeKey, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
}

// Key is a stream key, without its text.
type Key struct {
	ID           string     `json:"id"`
	Label        string     `json:"label"`
	Hint         string     `json:"hint" doc:"The text's last characters."`
	CreatedAt    time.Time  `json:"created_at"`
	ExpiresAt    *time.Time `json:"expires_at" doc:"Null: never."`
	RevokedAt    *time.Time `json:"revoked_at" doc:"Null: it is valid."`
	LastUsedAt   *time.Time `json:"last_used_at" doc:"To the minute; null: never."`
	LastUsedFrom string     `json:"last_used_from" doc:"The encoder's address."`
	LastUsedBy   string     `json:"last_used_by" doc:"What the encoder calls itself."`
}

// NewKey is a stream key with its text.
type NewKey struct {
	Key
	Text string `json:"text" doc:"For the encoder. It is nowhere afterwards."`
}

func keyOf(k account.Key) Key {
	return Key{
		ID: k.ID, Label: k.Label, Hint: k.Hint, CreatedAt: k.CreatedAt, ExpiresAt: known(k.ExpiresAt), RevokedAt: known(k.RevokedAt),
		LastUsedAt: known(k.LastUsedAt), LastUsedFrom: k.LastUsedFrom, LastUsedBy: k.LastUsedBy,
	}
}

func (s *Server) keys(ctx context.Context, in *ChannelPath) (*answer[all[Key]], error) {
	rows, err := s.opts.Accounts.Keys(ctx, actor(ctx), in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Key]{Items: []Key{}}
	for _, k := range rows {
		list.Items = append(list.Items, keyOf(k))
	}
	return reply(list), nil
}

type makeKeyInput struct {
	ChannelPath
	Body struct {
		Label     string     `json:"label,omitempty" maxLength:"256" doc:"What its owner wants to know it by."`
		ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Never when left out."`
	}
}

func (s *Server) makeKey(ctx context.Context, in *makeKeyInput) (*answer[NewKey], error) {
	text, k, err := s.opts.Accounts.MakeKey(ctx, actor(ctx), in.Channel, in.Body.Label, timeOr(in.Body.ExpiresAt))
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(NewKey{keyOf(k), text}), nil
}

type keyInput struct {
	ChannelPath
	Key string `path:"key" maxLength:"64"`
}

func (s *Server) rotateKey(ctx context.Context, in *keyInput) (*answer[NewKey], error) {
	text, k, err := s.opts.Accounts.RotateKey(ctx, actor(ctx), in.Channel, in.Key)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(NewKey{keyOf(k), text}), nil
}

func (s *Server) revokeKey(ctx context.Context, in *keyInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.RevokeKey(ctx, actor(ctx), in.Channel, in.Key))
}
