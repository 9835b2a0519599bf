package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// ownersTrees are of a channel what its people may do while it is down.
var ownersTrees = []string{"/settings", "/keys", "/members", "/pictures", "/chat/settings", "/chat/log"}

// tombstoneOf is what the operation of a path tells of, which may be down: nothing
// for others.
func tombstoneOf(method, path string, param func(string) string) viewing.What {
	rest, ok := strings.CutPrefix(path, "/api/v1/")
	if !ok || strings.HasPrefix(rest, "admin/") {
		return viewing.What{}
	}
	switch {
	case strings.HasPrefix(rest, "broadcasts/{broadcast}"):
		return viewing.What{Broadcast: param("broadcast")}
	case strings.HasPrefix(rest, "clips/{clip}"):
		return viewing.What{Broadcast: param("clip")} // a clip's id says more than its broadcast's
	case strings.HasPrefix(rest, "channels/{channel}"):
		part := strings.TrimPrefix(rest, "channels/{channel}")
		for _, tree := range ownersTrees {
			if strings.HasPrefix(part, tree) {
				return viewing.What{}
			}
		}
		if name := account.FoldName(param("channel")); method != http.MethodPatch && account.ValidName(name) == nil {
			return viewing.What{Name: name}
		}
	}
	return viewing.What{}
}

// tombstones has all operations about what was taken down answer so: none has to
// remember it.
func (s *Server) tombstones(api huma.API) func(ctx huma.Context, next func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		what := tombstoneOf(ctx.Operation().Method, ctx.Operation().Path, ctx.Param)
		if what != (viewing.What{}) && s.isDown(ctx.Context(), what) {
			_ = huma.WriteErr(api, ctx, http.StatusGone, sentence(account.ErrTakenDown.Reason)) // the client has gone
			return
		}
		next(ctx)
	}
}

// isDown reports whether something was taken down. When the database does not
// answer, nothing is.
func (s *Server) isDown(ctx context.Context, what viewing.What) bool {
	_, err := s.opts.Viewing.Open(ctx, what)
	return errors.Is(err, viewing.ErrTakenDown)
}

// buried answers for the page of what was taken down, and reports whether it did.
func (s *Server) buried(w http.ResponseWriter, r *http.Request, what viewing.What) bool {
	if !s.isDown(r.Context(), what) {
		return false
	}
	h := head{
		title: "Taken down · " + s.siteName(r.Context()), description: sentence(account.ErrTakenDown.Reason), hidden: true, private: true,
	}
	if strings.HasPrefix(r.URL.Path, "/embed/") {
		h.frames = "*" // pages that show it are to show that too
	}
	s.page(w, r, http.StatusGone, h)
	return true
}

// onAirOf returns what a channel has on air, with its visibility, or else nil
// with the channel's. What was taken down a moment ago is on air no more.
func (s *Server) onAirOf(ctx context.Context, c account.Channel) (*broadcast.Broadcast, account.Visibility, error) {
	b := s.opts.Manager.Live(c.Name)
	if b == nil {
		return nil, account.Visibility(c.Visibility), nil
	}
	v, err := s.opts.Viewing.Visibility(ctx, viewing.What{Broadcast: b.ID, Channel: c.ID})
	if errors.Is(err, viewing.ErrTakenDown) {
		return nil, account.Visibility(c.Visibility), nil
	}
	if err != nil {
		return nil, v, s.viewingProblem(err, account.Actor{})
	}
	return b, v, nil
}
