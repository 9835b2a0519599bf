package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) confirmRoutes(api huma.API) {
	post(api, "/api/v1/me/email/confirmation", "send-confirmation",
		"Mails the user a link that confirms the e-mail address, in place of an earlier one, in the language in which it was asked (Accept-Language), where the server knows it.",
		http.StatusAccepted, s.sendConfirmation, http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests)
	post(api, "/api/v1/email-confirmations", "confirm-email",
		"Confirms an e-mail address, for the bearer of a link that was mailed there, who need not be signed in.",
		http.StatusOK, s.confirmEmail, http.StatusForbidden, http.StatusConflict, http.StatusTooManyRequests)
}

type sendConfirmationInput struct{ AcceptLanguage }

func (s *Server) sendConfirmation(ctx context.Context, in *sendConfirmationInput) (*struct{}, error) {
	a := actor(ctx)
	if err := a.RequireSession(); err != nil {
		return nil, s.problem(err)
	}
	if s.opts.Letters == nil {
		return nil, noMail("Addresses need not be confirmed here.")
	}
	return nil, s.problemOr(s.opts.Letters.AskForConfirmation(ctx, a, in.Language))
}

type confirmEmailInput struct {
	Body struct {
		Token string `json:"token" maxLength:"64" doc:"From the link."`
	}
}

// Confirmed is an e-mail address that proved to be a user's.
type Confirmed struct {
	Name  string `json:"name" doc:"The user's."`
	Email string `json:"email"`
}

func (s *Server) confirmEmail(ctx context.Context, in *confirmEmailInput) (*answer[Confirmed], error) {
	u, err := s.opts.Accounts.ConfirmEmail(ctx, in.Body.Token, whoOf(ctx).client)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Confirmed{Name: u.Name, Email: u.Email}), nil
}
