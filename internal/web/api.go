package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// apiRoutes mounts the JSON API and its description.
func (s *Server) apiRoutes(mux *http.ServeMux) {
	config := huma.DefaultConfig(s.opts.Name, s.opts.Version)
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema links in the answers
	api := humago.New(mux, config)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Cache-Control", "no-store") // what is on air changes; errors too
		next(ctx)
	})

	get(api, "/api/v1/server", "server", "Tells what this server is, and its clock.", s.serverInfo)
	get(api, "/api/v1/live", "live", "Lists the channels on air, those that began last first.", s.listLive)
	get(api, "/api/v1/channels/{channel}", "channel", "Returns a channel, with what it has on air.", s.channel, http.StatusNotFound)
	get(api, "/api/v1/channels/{channel}/broadcasts", "channel-broadcasts", "Lists a channel's broadcasts, newest first.", s.channelBroadcasts, http.StatusNotFound)
	get(api, "/api/v1/broadcasts", "broadcasts", "Lists the recordings of all channels, newest first.", s.recordings)
	get(api, "/api/v1/broadcasts/{broadcast}", "broadcast", "Returns a broadcast.", s.broadcast, http.StatusNotFound)
	get(api, "/api/v1/broadcasts/{broadcast}/downloads", "broadcast-downloads", "Lists the MP4 files that a recording can be had in: none when nothing is recorded, one most times, more when its codecs changed. While it is on air they reach to the newest segment but one.", s.downloads, http.StatusNotFound)
	get(api, "/api/v1/broadcasts/{broadcast}/events", "broadcast-events", "Lists what happened to a broadcast, oldest first: losses of its encoder, takeovers, gaps in its recording.", s.events, http.StatusNotFound)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		mux.HandleFunc(method+" /api/", noOperation)
	}
}

// noOperation answers what no operation of the API does, in the API's own
// shape of errors (RFC 9457). All operations are GET so far.
func noOperation(w http.ResponseWriter, r *http.Request) {
	problem := huma.ErrorModel{Status: http.StatusNotFound, Detail: "There is no such address in the API."}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		problem = huma.ErrorModel{Status: http.StatusMethodNotAllowed, Detail: "The API is read by GET."}
	}
	problem.Title = http.StatusText(problem.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(problem.Status)
	_ = json.NewEncoder(w).Encode(problem) // the client has gone
}

// get mounts an operation that reads. errors are the statuses that it may
// answer with beside those of every operation.
func get[I, O any](api huma.API, path, id, summary string, handler func(context.Context, *I) (*O, error), errors ...int) {
	huma.Register(api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Errors: errors,
	}, handler)
}

// answer is a JSON body.
type answer[T any] struct{ Body T }

func reply[T any](body T) *answer[T] { return &answer[T]{body} }

// page is a list with the cursor that goes on.
type page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"Give it as cursor for the rest; null at the end."`
}

// Paging is how a list is asked for. It is exported because huma looks into
// no other embedded structs.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"64" doc:"The next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
}

// problem turns an error into the answer that a program and a person can use.
func (s *Server) problem(err error) error {
	var known *account.Error
	switch {
	case errors.Is(err, account.ErrUnknownChannel):
		return huma.Error404NotFound("There is no such channel.")
	case errors.Is(err, store.ErrNotFound):
		return huma.Error404NotFound("There is no such broadcast.")
	case errors.As(err, &known):
		return huma.Error400BadRequest(known.Reason)
	case errors.Is(err, context.Canceled):
		return err
	}
	s.log.Error("api", "error", err)
	return huma.Error500InternalServerError("Something went wrong on the server. Its log says what.")
}

// ServerInfo is what a page needs to know of its server.
type ServerInfo struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Open    string  `json:"open" enum:",private,any" doc:"Who may publish without a stream key: nobody when empty."`
	Demo    bool    `json:"demo"`
	Now     int64   `json:"now" doc:"The server's clock, milliseconds since 1970."`
	RTMP    *Ingest `json:"rtmp" doc:"Where encoders publish; null when RTMP is off."`
}

// Ingest is an address for encoders.
type Ingest struct {
	_   struct{} `nullable:"true"`
	URL string   `json:"url"`
}

type hostInput struct {
	Host string `header:"Host" hidden:"true"`
}

// Resolve takes the host that the client asked for: huma has no tag for it.
func (h *hostInput) Resolve(ctx huma.Context) []error {
	h.Host = ctx.Host()
	return nil
}

func (s *Server) serverInfo(_ context.Context, in *hostInput) (*answer[ServerInfo], error) {
	info := ServerInfo{
		Name: s.opts.Name, Version: s.opts.Version, Open: s.opts.Open, Demo: s.opts.Demo, Now: time.Now().UnixMilli(),
	}
	if s.opts.RTMPPort != "" {
		info.RTMP = &Ingest{URL: rtmpURL(in.Host, s.opts.RTMPPort)}
	}
	return reply(info), nil
}

// rtmpURL is where encoders reach the host that a viewer reaches.
func rtmpURL(host, port string) string {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if port != "1935" {
		return "rtmp://" + net.JoinHostPort(name, port) + "/live"
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	return "rtmp://" + name + "/live"
}
