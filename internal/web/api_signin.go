package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) signInRoutes(api huma.API) {
	post(api, "/api/v1/setup", "set-up", "Makes the first admin, for the bearer of the token that the server printed, and signs them in.",
		http.StatusCreated, s.setUp, http.StatusForbidden, http.StatusConflict, http.StatusTooManyRequests)
	post(api, "/api/v1/users", "sign-up", "Makes an account, where the site lets people do that, and signs its user in.",
		http.StatusCreated, s.signUp, http.StatusForbidden, http.StatusConflict, http.StatusTooManyRequests)
	post(api, "/api/v1/sessions", "sign-in", "Signs a user in: the answer sets a cookie.",
		http.StatusCreated, s.signIn, http.StatusForbidden, http.StatusTooManyRequests)
	remove(api, "/api/v1/sessions/current", "sign-out", "Ends the session that asks.", s.signOut)
	post(api, "/api/v1/password-resets", "ask-for-reset", "Mails a user a link for a new password, where the server sends mail, in the language in which it was asked (Accept-Language), where the server knows it. The answer is the same, and takes as long, when there is no such user.",
		http.StatusAccepted, s.askForReset, http.StatusNotFound, http.StatusTooManyRequests)
	put(api, "/api/v1/password", "reset-password", "Sets a new password, for the bearer of a link for that, and ends all of the user's sessions.",
		http.StatusNoContent, s.resetPassword, http.StatusForbidden, http.StatusTooManyRequests)
}

// signedIn is the answer that signs a user in, or out.
type signedIn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

func (s *Server) welcome(ctx context.Context, token string) (*signedIn, error) {
	w := whoOf(ctx)
	s.endOld(ctx, w.actor)
	now, err := s.opts.Accounts.BySession(ctx, token, w.client)
	if err != nil {
		return nil, s.problem(err)
	}
	me, err := s.meOf(ctx, now)
	if err != nil {
		return nil, s.problem(err)
	}
	return &signedIn{SetCookie: w.cookie(token), Body: me}, nil
}

// endOld ends the session with which somebody came who has a new one.
func (s *Server) endOld(ctx context.Context, old account.Actor) {
	if old.Session == "" {
		return
	}
	if err := s.opts.Accounts.EndSession(ctx, old, old.Session); err != nil {
		s.log.Warn("the session before a sign-in cannot be ended", "error", err)
	}
}

// NewAccount is what a person says who makes an account.
type NewAccount struct {
	Name     string `json:"name" maxLength:"64" doc:"For signing in, and part of addresses. Letters a-z, digits, _ and -."`
	Email    string `json:"email,omitempty" maxLength:"254" doc:"May be left out. Where the server sends mail, a letter goes there that asks to confirm it."`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

func (n NewAccount) user(language string) account.NewUser {
	return account.NewUser{Name: n.Name, Email: n.Email, Password: n.Password, Language: language}
}

type setUpInput struct {
	AcceptLanguage
	Body struct {
		NewAccount
		Token string `json:"token" maxLength:"64" doc:"What the server printed at its start."`
	}
}

func (s *Server) setUp(ctx context.Context, in *setUpInput) (*signedIn, error) {
	token, _, err := s.opts.Accounts.SetUp(ctx, in.Body.Token, in.Body.user(in.Language), whoOf(ctx).client)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.welcome(ctx, token)
}

type signUpInput struct {
	AcceptLanguage
	Body struct {
		NewAccount
		Invitation string `json:"invitation,omitempty" maxLength:"64" doc:"Where the site asks for one."`
	}
}

func (s *Server) signUp(ctx context.Context, in *signUpInput) (*signedIn, error) {
	token, _, err := s.opts.Accounts.SignUp(ctx, in.Body.user(in.Language), in.Body.Invitation, whoOf(ctx).client)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.welcome(ctx, token)
}

type signInInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"254" doc:"A name or an e-mail address."`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*signedIn, error) {
	token, _, err := s.opts.Accounts.SignIn(ctx, in.Body.Login, in.Body.Password, whoOf(ctx).client)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.welcome(ctx, token)
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*signedOut, error) {
	w := whoOf(ctx)
	if w.actor.Session != "" {
		if err := s.opts.Accounts.EndSession(ctx, w.actor, w.actor.Session); err != nil {
			return nil, s.problem(err)
		}
	}
	return &signedOut{w.cookie("")}, nil
}

type askForResetInput struct {
	AcceptLanguage
	Body struct {
		Login string `json:"login" minLength:"1" maxLength:"254" doc:"A name or an e-mail address."`
	}
}

func (s *Server) askForReset(ctx context.Context, in *askForResetInput) (*struct{}, error) {
	if s.opts.Letters == nil {
		return nil, noMail("Its admin can make you a link for a new password.")
	}
	return nil, s.problemOr(s.opts.Letters.AskForReset(in.Body.Login, in.Language, whoOf(ctx).client))
}

// noMail says that the site sends none, and what to do instead.
func noMail(instead string) *Problem {
	return &Problem{
		Status: http.StatusNotFound, Title: http.StatusText(http.StatusNotFound), Code: codeNoMail, Detail: "This site sends no mail. " + instead,
	}
}

type resetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"64" doc:"From the link."`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

func (s *Server) resetPassword(ctx context.Context, in *resetInput) (*struct{}, error) {
	err := s.opts.Accounts.ResetPassword(ctx, in.Body.Token, in.Body.Password, whoOf(ctx).client)
	return nil, s.problemOr(err)
}

// problemOr is nil for no error.
func (s *Server) problemOr(err error) error {
	if err == nil {
		return nil
	}
	return s.problem(err)
}
