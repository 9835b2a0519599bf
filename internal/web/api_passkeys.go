package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) passkeyRoutes(api huma.API) {
	post(api, "/api/v1/passkeys/challenge", "begin-passkey-sign-in", "Returns what a passkey is to sign, for navigator.credentials.get. Good for one answer within five minutes.",
		http.StatusOK, s.beginPasskeySignIn, http.StatusBadRequest, http.StatusTooManyRequests)
	post(api, "/api/v1/sessions/passkey", "sign-in-by-passkey", "Signs the user in whose passkey signed: the answer sets a cookie. Nobody types a name.",
		http.StatusCreated, s.signInByPasskey, http.StatusForbidden, http.StatusTooManyRequests)
	get(api, "/api/v1/me/passkeys", "passkeys", "Lists the user's passkeys, the oldest first.", s.listPasskeys, http.StatusUnauthorized)
	post(api, "/api/v1/me/passkeys/challenge", "begin-passkey", "Returns what a passkey is to be made of, for navigator.credentials.create. Good for one answer within five minutes. It takes a sign-in of the last ten minutes (sign_in_again).",
		http.StatusOK, s.beginPasskey, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict)
	post(api, "/api/v1/me/passkeys", "add-passkey", "Adds the passkey that the browser made.",
		http.StatusCreated, s.addPasskey, http.StatusBadRequest, http.StatusUnauthorized, http.StatusConflict)
	patch(api, "/api/v1/me/passkeys/{passkey}", "rename-passkey", "Gives a passkey another label.", s.renamePasskey, http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound)
	remove(api, "/api/v1/me/passkeys/{passkey}", "remove-passkey", "Removes a passkey, but not the only way in.",
		s.removePasskey, http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict)
}

// Passkey is a key on a device by which a user signs in.
type Passkey struct {
	ID         string     `json:"id"`
	Label      string     `json:"label"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"Null: never."`
}

func passkeyOf(p account.Passkey) Passkey {
	return Passkey{ID: p.ID, Label: p.Label, CreatedAt: p.CreatedAt, LastUsedAt: known(p.LastUsedAt)}
}

// PasskeyChallenge is what a browser asks an authenticator.
type PasskeyChallenge struct {
	Options json.RawMessage `json:"options" doc:"For PublicKeyCredential.parseCreationOptionsFromJSON, or parseRequestOptionsFromJSON (Web Authentication 5.1)."`
}

func (s *Server) beginPasskeySignIn(ctx context.Context, _ *struct{}) (*answer[PasskeyChallenge], error) {
	w := whoOf(ctx)
	options, err := s.opts.Accounts.BeginPasskeySignIn(ctx, w.origin, w.client)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(PasskeyChallenge{options}), nil
}

type passkeySignInInput struct {
	Body struct {
		Credential json.RawMessage `json:"credential" doc:"What the browser returned, by its toJSON."`
	}
}

func (s *Server) signInByPasskey(ctx context.Context, in *passkeySignInInput) (*signedIn, error) {
	token, _, err := s.opts.Accounts.SignInByPasskey(ctx, in.Body.Credential, whoOf(ctx).client)
	if err != nil {
		s.log.Debug("a sign-in by passkey is refused", "error", err)
		return nil, s.problem(err)
	}
	return s.welcome(ctx, token)
}

func (s *Server) listPasskeys(ctx context.Context, _ *struct{}) (*answer[all[Passkey]], error) {
	rows, err := s.opts.Accounts.Passkeys(ctx, actor(ctx))
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Passkey]{Items: []Passkey{}}
	for _, p := range rows {
		list.Items = append(list.Items, passkeyOf(p))
	}
	return reply(list), nil
}

func (s *Server) beginPasskey(ctx context.Context, _ *struct{}) (*answer[PasskeyChallenge], error) {
	w := whoOf(ctx)
	options, err := s.opts.Accounts.BeginPasskey(ctx, w.actor, w.origin)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(PasskeyChallenge{options}), nil
}

type addPasskeyInput struct {
	Body struct {
		Label      string          `json:"label,omitempty" maxLength:"256" doc:"What its user wants to know it by."`
		Credential json.RawMessage `json:"credential" doc:"What the browser returned, by its toJSON."`
	}
}

func (s *Server) addPasskey(ctx context.Context, in *addPasskeyInput) (*answer[Passkey], error) {
	p, err := s.opts.Accounts.AddPasskey(ctx, actor(ctx), in.Body.Label, in.Body.Credential)
	if err != nil {
		s.log.Debug("a passkey is refused", "error", err)
		return nil, s.problem(err)
	}
	return reply(passkeyOf(p)), nil
}

// PasskeyPath names a passkey.
type PasskeyPath struct {
	Passkey string `path:"passkey" maxLength:"64"`
}

type renamePasskeyInput struct {
	PasskeyPath
	Body struct {
		Label string `json:"label" minLength:"1" maxLength:"256"`
	}
}

func (s *Server) renamePasskey(ctx context.Context, in *renamePasskeyInput) (*answer[all[Passkey]], error) {
	if err := s.opts.Accounts.RenamePasskey(ctx, actor(ctx), in.Passkey, in.Body.Label); err != nil {
		return nil, s.problem(err)
	}
	return s.listPasskeys(ctx, nil)
}

func (s *Server) removePasskey(ctx context.Context, in *PasskeyPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.RemovePasskey(ctx, actor(ctx), in.Passkey))
}
