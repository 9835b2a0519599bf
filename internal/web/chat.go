package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gobwas/ws"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

const codeNoUpgrade = "upgrade_required"

// chatSocket takes a WebSocket into the chat of a channel. What may be wrong is
// answered before the handshake, in HTTP.
func (s *Server) chatSocket(w http.ResponseWriter, r *http.Request) {
	if !s.sameOrigin(r) {
		fail(w, &Problem{Status: http.StatusForbidden, Code: codeForeign, Detail: "This was asked for by a page of another site."})
		return
	}
	who, err := s.ask(r)
	if err != nil {
		s.failWith(w, err)
		return
	}
	c, err := s.chatChannel(r.Context(), r.PathValue("channel"))
	asker := chat.Asker{Actor: who.actor, Viewing: viewingToken(r.URL.Query().Get("viewing"))}
	if err == nil {
		err = s.opts.Chat.MayRead(r.Context(), c, asker)
	}
	if err != nil {
		s.failWith(w, err)
		return
	}
	if r.ProtoMajor != 1 || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		fail(w, &Problem{Status: http.StatusUpgradeRequired, Code: codeNoUpgrade, Detail: "This is a WebSocket: ask for it by HTTP/1.1, with an upgrade."})
		return
	}
	in := chat.Connection{After: r.URL.Query().Get("after"), Recent: -1}
	if n, err := strconv.Atoi(r.URL.Query().Get("history")); err == nil && n >= 0 {
		in.Recent = n
	}
	conn, both, _, err := ws.HTTPUpgrader{}.Upgrade(r, w)
	if err != nil {
		if conn != nil {
			_ = conn.Close() // the client was told why
		}
		return
	}
	if n := both.Reader.Buffered(); n > 0 { // both have one of that name
		early, _ := both.Peek(n) // they are there
		in.Early = append([]byte(nil), early...)
	}
	in.Over(conn)
	if err := s.opts.Chat.Serve(r.Context(), c.ID, asker, in); err != nil && !errors.Is(err, chat.ErrClosed) {
		s.log.Warn("chat", "channel", c.Name, "error", err)
	}
}

// sameOrigin reports whether a request comes from a page of this site, or from
// no page: programs send no Origin. Browsers let any page open any WebSocket,
// with the cookies of its site.
func (s *Server) sameOrigin(r *http.Request) bool {
	origins, ok := r.Header["Origin"]
	if !ok {
		return true
	}
	u, err := url.Parse(origins[0])
	if err != nil || len(origins) > 1 || u.Host == "" {
		return false
	}
	if strings.EqualFold(u.Host, r.Host) {
		return true
	}
	site, err := url.Parse(s.opts.URL)
	return err == nil && s.opts.URL != "" && strings.EqualFold(u.Host, site.Host) && u.Scheme == site.Scheme
}

// viewingToken reads the token of a viewing, also as it stands in addresses.
func viewingToken(text string) string { return strings.TrimPrefix(text, tokenMark) }

// failWith answers with the problem of an error.
func (s *Server) failWith(w http.ResponseWriter, err error) {
	var p *Problem
	if !errors.As(s.problem(err), &p) {
		p = &Problem{Status: http.StatusInternalServerError, Code: codeInternal, Detail: "Something went wrong on the server."}
	}
	for name, values := range p.header {
		w.Header()[name] = values
	}
	fail(w, p)
}

// chatChannel returns the channel that has a name, or had it.
func (s *Server) chatChannel(ctx context.Context, name string) (account.Channel, error) {
	c, err := s.opts.Accounts.Channel(ctx, name)
	if errors.Is(err, account.ErrUnknownChannel) {
		c, err = s.opts.Accounts.FormerChannel(ctx, name)
	}
	if err == nil && !c.TakenDownAt.IsZero() {
		err = account.ErrTakenDown
	}
	return c, err
}

// describeChat puts the socket in the description of the API: what is said on it
// is in /api/v1/chat.schema.json.
func describeChat(o *huma.OpenAPI) {
	text := func(name, in, what string, required bool) *huma.Param {
		return &huma.Param{Name: name, In: in, Required: required, Description: what, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	no := func(what string) *huma.Response {
		problem := &huma.Schema{Ref: "#/components/schemas/Problem"}
		return &huma.Response{Description: what, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	o.AddOperation(&huma.Operation{
		OperationID: "chat", Method: http.MethodGet, Path: "/api/v1/channels/{channel}/chat",
		Summary: "Takes part in a channel's chat, by WebSocket. Each message is one JSON object; /api/v1/chat.schema.json describes them.",
		Parameters: []*huma.Param{
			text("channel", "path", "The channel's name.", true),
			text("after", "query", "The id of the last line that was seen, by who comes back: what was missed follows.", false),
			text("history", "query", "How many lines are wanted at most of those before; 0 for none.", false),
			text("viewing", "query", "The token of a viewing, where the channel has a password.", false),
		},
		Responses: map[string]*huma.Response{
			"101": {Description: "The socket is open."},
			"403": no("Who asks may not read this chat, or a page of another site asks."),
			"404": no("There is no such channel."),
			"410": no("The channel was taken down."),
			"426": no("This was no WebSocket."),
		},
	})
}

// chatSchema answers with the JSON schema of what is said on the socket, made of
// the very types that are sent.
var chatSchema = sync.OnceValue(func() []byte {
	types := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	refs := func(all []any) (list []map[string]string) {
		for _, v := range all {
			t := reflect.TypeOf(v)
			list = append(list, map[string]string{"$ref": types.Schema(t, true, t.Name()).Ref})
		}
		return list
	}
	b, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What is said on the socket of a chat",
		"anyOf": []map[string]any{
			{"title": "What a client hears", "anyOf": refs(chat.FromServer())}, {"title": "What a client says", "anyOf": refs(chat.FromClient())},
		},
		"$defs": types.Map(),
	}, "", "  ")
	if err != nil {
		panic("web: " + err.Error()) // of our own types
	}
	return append(b, '\n')
})

func serveChatSchema(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/schema+json")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(chatSchema()) // the client has gone
}

// mayWatchBroadcast returns nil when who asks may watch a recording, by its place
// or by the token of a viewing.
func (s *Server) mayWatchBroadcast(ctx context.Context, channelID, id, token string) error {
	what := viewing.What{Broadcast: id}
	open, err := s.opts.Viewing.Open(ctx, what)
	if err != nil {
		return s.viewingProblem(err, actor(ctx))
	}
	if open {
		return nil
	}
	if g, ok := s.opts.Viewing.Read(viewingToken(token)); ok {
		if stay, err := s.opts.Viewing.Admit(ctx, g, what, viewing.Media); err == nil {
			stay.End()
			return nil
		}
	}
	v, err := s.opts.Viewing.Visibility(ctx, what)
	if err != nil {
		return s.viewingProblem(err, actor(ctx))
	}
	need := account.PlaceMember
	if v == account.Password {
		need = account.PlaceEditor
	}
	return s.opts.Accounts.Require(ctx, actor(ctx), account.Channel{ID: channelID}, need, account.ScopeRead)
}
