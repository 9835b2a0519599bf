package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) meRoutes(api huma.API) {
	get(api, "/api/v1/me", "me", "Returns who is signed in.", s.me, http.StatusUnauthorized)
	patch(api, "/api/v1/me", "change-me", "Changes what the user says of himself. To another e-mail address a letter goes that asks to confirm it, in the language in which it was asked (Accept-Language), where the server knows it.", s.changeMe, http.StatusUnauthorized, http.StatusConflict)
	put(api, "/api/v1/me/password", "change-password", "Changes the password, and ends the user's other sessions.",
		http.StatusNoContent, s.changePassword, http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests)
	get(api, "/api/v1/me/sessions", "sessions", "Lists where the user is signed in, last used first.", s.sessions, http.StatusUnauthorized)
	remove(api, "/api/v1/me/sessions", "end-other-sessions", "Ends all of the user's sessions but the one that asks.", s.endOtherSessions, http.StatusUnauthorized)
	remove(api, "/api/v1/me/sessions/{session}", "end-session", "Ends one of the user's sessions.", s.endSession, http.StatusUnauthorized, http.StatusNotFound)
	get(api, "/api/v1/me/tokens", "tokens", "Lists the user's API tokens, without their text.", s.tokens, http.StatusUnauthorized)
	post(api, "/api/v1/me/tokens", "make-token", "Makes an API token; its text is in this answer alone.",
		http.StatusCreated, s.makeToken, http.StatusUnauthorized, http.StatusConflict)
	remove(api, "/api/v1/me/tokens/{token}", "end-token", "Ends an API token.", s.endToken, http.StatusUnauthorized, http.StatusNotFound)
}

// Me is who is signed in.
type Me struct {
	ID                 string      `json:"id"`
	Name               string      `json:"name"`
	DisplayName        string      `json:"display_name"`
	Email              string      `json:"email" doc:"Empty when there is none."`
	Role               string      `json:"role" enum:"admin,moderator,user"`
	HasPassword        bool        `json:"has_password"`
	CreatedAt          time.Time   `json:"created_at"`
	EmailConfirmedAt   *time.Time  `json:"email_confirmed_at" doc:"When the address proved to be the user's; null: it has not, and gets no letters about channels."`
	ConfirmationSentAt *time.Time  `json:"confirmation_sent_at" doc:"When a letter last went there whose link confirms it now; null: none did."`
	VerifiedAt         *time.Time  `json:"verified_at" doc:"Since when an admin vouches that the user is who the display name says, which ends with another one; null: nobody does."`
	FreshUntil         *time.Time  `json:"fresh_until" doc:"Until when the user may change by what they sign in, such as passkeys; null or over: after signing in again."`
	Channels           []MyChannel `json:"channels" nullable:"false" doc:"Those that the user has a place in, by name."`
}

// MyChannel is a channel that the user has a place in.
type MyChannel struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Place string `json:"place" enum:"owner,editor,moderator,member"`
	Live  bool   `json:"live" doc:"It is on air."`
}

func (s *Server) meOf(ctx context.Context, a account.Actor) (Me, error) {
	u := a.User
	me := Me{
		ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, Email: u.Email, Role: u.Role, HasPassword: u.Password != "",
		CreatedAt: u.CreatedAt, VerifiedAt: known(u.VerifiedAt), EmailConfirmedAt: known(u.EmailConfirmedAt), Channels: []MyChannel{},
	}
	sent, err := s.opts.Accounts.ConfirmationSent(ctx, u)
	if err != nil {
		return Me{}, err
	}
	me.ConfirmationSentAt = known(sent)
	if a.Session != "" {
		until, err := s.opts.Accounts.FreshUntil(ctx, a)
		if err != nil {
			return Me{}, err
		}
		me.FreshUntil = known(until)
	}
	places, err := s.opts.Accounts.Places(ctx, u)
	if err != nil {
		return Me{}, err
	}
	for _, p := range places {
		me.Channels = append(me.Channels, MyChannel{Name: p.Name, Title: p.Title, Place: p.Role, Live: s.opts.Manager.Live(p.Name) != nil})
	}
	return me, nil
}

func (s *Server) me(ctx context.Context, _ *struct{}) (*answer[Me], error) {
	a := actor(ctx)
	if !a.Known() {
		return nil, s.problem(account.ErrSignIn)
	}
	me, err := s.meOf(ctx, a)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(me), nil
}

type changeMeInput struct {
	AcceptLanguage
	Body struct {
		DisplayName *string `json:"display_name,omitempty" maxLength:"240"`
		Email       *string `json:"email,omitempty" maxLength:"254"`
	}
}

func (s *Server) changeMe(ctx context.Context, in *changeMeInput) (*answer[Me], error) {
	a := actor(ctx)
	p := account.Profile{DisplayName: a.User.DisplayName, Email: a.User.Email, Language: in.Language}
	if in.Body.DisplayName != nil {
		p.DisplayName = *in.Body.DisplayName
	}
	if in.Body.Email != nil {
		p.Email = *in.Body.Email
	}
	u, err := s.opts.Accounts.SetProfile(ctx, a, p)
	if err != nil {
		return nil, s.problem(err)
	}
	a.User = u
	me, err := s.meOf(ctx, a)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(me), nil
}

type changePasswordInput struct {
	Body struct {
		Present string `json:"present,omitempty" maxLength:"1024" doc:"Left out by who has none."`
		Next    string `json:"next" minLength:"1" maxLength:"1024"`
	}
}

func (s *Server) changePassword(ctx context.Context, in *changePasswordInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.SetPassword(ctx, actor(ctx), in.Body.Present, in.Body.Next))
}

// Session is where a user is signed in.
type Session struct {
	ID        string    `json:"id"`
	Current   bool      `json:"current" doc:"It is the one that asks."`
	Method    string    `json:"method" enum:"password,passkey,oidc,setup,sign-up"`
	Address   string    `json:"address"`
	Agent     string    `json:"agent" doc:"What the browser calls itself."`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"To the minute."`
	ExpiresAt time.Time `json:"expires_at"`
}

// all is a list that has no pages.
type all[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

func (s *Server) sessions(ctx context.Context, _ *struct{}) (*answer[all[Session]], error) {
	a := actor(ctx)
	rows, err := s.opts.Accounts.Sessions(ctx, a)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Session]{Items: []Session{}}
	for _, row := range rows {
		list.Items = append(list.Items, Session{
			ID: row.ID, Current: row.ID == a.Session, Method: row.Method, Address: row.Address, Agent: row.Agent,
			CreatedAt: row.CreatedAt, SeenAt: row.SeenAt, ExpiresAt: row.ExpiresAt,
		})
	}
	return reply(list), nil
}

type sessionInput struct {
	Session string `path:"session" maxLength:"64"`
}

func (s *Server) endSession(ctx context.Context, in *sessionInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.EndSession(ctx, actor(ctx), in.Session))
}

func (s *Server) endOtherSessions(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.EndOtherSessions(ctx, actor(ctx)))
}

// Token is an API token, without its text.
type Token struct {
	ID         string     `json:"id"`
	Label      string     `json:"label"`
	Hint       string     `json:"hint" doc:"The text's last characters."`
	Scopes     []string   `json:"scopes" nullable:"false" enum:"read,channels,keys,moderate,admin,chat"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at" doc:"Null: never."`
	LastUsedAt *time.Time `json:"last_used_at" doc:"To the minute; null: never."`
}

// NewToken is an API token with its text.
type NewToken struct {
	Token
	Text string `json:"text" doc:"Send it as Authorization: Bearer. It is nowhere afterwards."`
}

func tokenOf(t account.APIToken) Token {
	out := Token{
		ID: t.ID, Label: t.Label, Hint: t.Hint, Scopes: []string{}, CreatedAt: t.CreatedAt,
		ExpiresAt: known(t.ExpiresAt), LastUsedAt: known(t.LastUsedAt),
	}
	for _, scope := range account.ScopesOf(t) {
		out.Scopes = append(out.Scopes, string(scope))
	}
	return out
}

func (s *Server) tokens(ctx context.Context, _ *struct{}) (*answer[all[Token]], error) {
	rows, err := s.opts.Accounts.Tokens(ctx, actor(ctx))
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Token]{Items: []Token{}}
	for _, row := range rows {
		list.Items = append(list.Items, tokenOf(row))
	}
	return reply(list), nil
}

type makeTokenInput struct {
	Body struct {
		Label     string          `json:"label" maxLength:"256"`
		Scopes    []account.Scope `json:"scopes" maxItems:"10" nullable:"false" doc:"Of read, channels, keys, moderate, admin and chat."`
		ExpiresAt *time.Time      `json:"expires_at,omitempty" doc:"Never when left out."`
	}
}

func (s *Server) makeToken(ctx context.Context, in *makeTokenInput) (*answer[NewToken], error) {
	text, t, err := s.opts.Accounts.MakeToken(ctx, actor(ctx), in.Body.Label, in.Body.Scopes, timeOr(in.Body.ExpiresAt))
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(NewToken{tokenOf(t), text}), nil
}

func timeOr(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

type tokenInput struct {
	Token string `path:"token" maxLength:"64"`
}

func (s *Server) endToken(ctx context.Context, in *tokenInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.EndToken(ctx, actor(ctx), in.Token))
}
