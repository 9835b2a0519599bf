package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) identityRoutes(api huma.API) {
	get(api, "/api/v1/me/identities", "identities", "Lists the sign-ins of other sites (OpenID Connect) by which the user may sign in.", s.identities, http.StatusUnauthorized)
	remove(api, "/api/v1/me/identities", "unlink-identity", "Takes one of them away. One is connected by opening /sign-in/oidc?link=1 from a page of the site.",
		s.unlink, http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict)
}

// Identity is who a user is to another site.
type Identity struct {
	Issuer    string    `json:"issuer"`
	Subject   string    `json:"subject"`
	CreatedAt time.Time `json:"created_at"`
}

func (s *Server) identities(ctx context.Context, _ *struct{}) (*answer[all[Identity]], error) {
	rows, err := s.opts.Accounts.Identities(ctx, actor(ctx))
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Identity]{Items: []Identity{}}
	for _, i := range rows {
		list.Items = append(list.Items, Identity{Issuer: i.Issuer, Subject: i.Subject, CreatedAt: i.CreatedAt})
	}
	return reply(list), nil
}

type unlinkInput struct {
	Issuer  string `query:"issuer" required:"true" maxLength:"512"`
	Subject string `query:"subject" required:"true" maxLength:"512"`
}

func (s *Server) unlink(ctx context.Context, in *unlinkInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Unlink(ctx, actor(ctx), in.Issuer, in.Subject))
}
