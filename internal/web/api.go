package web

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rostrumlive/rostrum/internal/account"
)

// apiRoutes mounts the JSON API and its description.
func (s *Server) apiRoutes(mux *routes) {
	ownProblems()
	config := huma.DefaultConfig("Rostrum", s.opts.Version)
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema links in the answers
	api := humago.New(mux, config)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Cache-Control", "no-store") // what is on air changes; errors too
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		next(ctx)
	}, s.know(api), s.tombstones(api))

	get(api, "/api/v1/server", "server", "Tells what this server is, and its clock.", s.serverInfo)
	get(api, "/api/v1/live", "live", "Lists the channels on air, those that began last first.", s.listLive)
	get(api, "/api/v1/channels/{channel}", "channel", "Returns a channel, with what it has on air.", s.channel, http.StatusNotFound)
	get(api, "/api/v1/channels/{channel}/broadcasts", "channel-broadcasts", "Lists a channel's broadcasts, newest first.", s.channelBroadcasts, http.StatusNotFound)
	get(api, "/api/v1/broadcasts", "broadcasts", "Lists the recordings of all channels, newest first.", s.recordings)
	get(api, "/api/v1/broadcasts/{broadcast}", "broadcast", "Returns a broadcast.", s.broadcast, http.StatusNotFound)
	patch(api, "/api/v1/broadcasts/{broadcast}", "change-broadcast", "Changes the title of a broadcast, or who may watch it.", s.changeBroadcast,
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	get(api, "/api/v1/broadcasts/{broadcast}/downloads", "broadcast-downloads", "Lists the MP4 files that a recording can be had in: none when nothing is recorded, one most times, more when its codecs changed. While it is on air they reach to the newest segment but one.", s.downloads, http.StatusNotFound)
	get(api, "/api/v1/broadcasts/{broadcast}/events", "broadcast-events", "Lists what happened to a broadcast, oldest first: losses of its encoder, takeovers, gaps in its recording.", s.events, http.StatusNotFound)
	s.findRoutes(api)
	s.clipRoutes(api)
	s.reportRoutes(api)
	s.liveRoutes(api)
	s.legalRoutes(api)
	s.viewingRoutes(api)
	s.signInRoutes(api)
	s.meRoutes(api)
	s.confirmRoutes(api)
	s.identityRoutes(api)
	s.passkeyRoutes(api)
	s.manageRoutes(api)
	s.healthRoutes(api)
	s.audienceRoutes(api)
	s.pictureRoutes(api)
	s.keyRoutes(api)
	s.memberRoutes(api)
	s.adminRoutes(api)
	s.webhookRoutes(api)
	s.followRoutes(api)
	s.notifyRoutes(api)
	mux.HandleFunc("GET /api/v1/me/events", s.meEvents)
	s.chatRoutes(mux, api)
	mux.HandleFunc("GET "+oembedPath, s.oembed)
	for _, method := range apiMethods() {
		mux.HandleFunc(method+" "+apiTree, func(w http.ResponseWriter, r *http.Request) { noOperation(mux.ServeMux, w, r) })
	}
}

const apiTree = "/api/"

func apiMethods() []string {
	return []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
}

// noOperation answers what no operation of the API does, and says which methods
// the address knows.
func noOperation(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range apiMethods() {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(other); pattern != "" && pattern != method+" "+apiTree {
			allowed = append(allowed, method)
			if method == http.MethodGet {
				allowed = append(allowed, http.MethodHead)
			}
		}
	}
	if len(allowed) == 0 {
		fail(w, &Problem{Status: http.StatusNotFound, Code: codeNotFound, Detail: "There is no such address in the API."})
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	fail(w, &Problem{Status: http.StatusMethodNotAllowed, Code: codeMethod, Detail: "This address knows " + strings.Join(allowed, ", ") + "."})
}

// get mounts an operation that reads. errors are the statuses that it may
// answer with beside those of every operation.
func get[I, O any](api huma.API, path, id, summary string, handler func(context.Context, *I) (*O, error), errors ...int) {
	mount(api, http.MethodGet, path, id, summary, http.StatusOK, handler, errors)
}

// post, put, patch and remove mount operations that change something.
func post[I, O any](api huma.API, path, id, summary string, status int, handler func(context.Context, *I) (*O, error), errors ...int) {
	mount(api, http.MethodPost, path, id, summary, status, handler, errors)
}

func put[I, O any](api huma.API, path, id, summary string, status int, handler func(context.Context, *I) (*O, error), errors ...int) {
	mount(api, http.MethodPut, path, id, summary, status, handler, errors)
}

func patch[I, O any](api huma.API, path, id, summary string, handler func(context.Context, *I) (*O, error), errors ...int) {
	mount(api, http.MethodPatch, path, id, summary, http.StatusOK, handler, errors)
}

func remove[I, O any](api huma.API, path, id, summary string, handler func(context.Context, *I) (*O, error), errors ...int) {
	mount(api, http.MethodDelete, path, id, summary, http.StatusNoContent, handler, errors)
}

func mount[I, O any](api huma.API, method, path, id, summary string, status int, handler func(context.Context, *I) (*O, error), errors []int) {
	huma.Register(api, huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status, Errors: errors,
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

// ServerInfo is what a page needs to know of its server.
type ServerInfo struct {
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Open     string   `json:"open" enum:",private,any" doc:"Who may publish without a stream key: nobody when empty."`
	Demo     bool     `json:"demo"`
	Setup    bool     `json:"setup" doc:"There is no admin yet: the server printed the address at which the first one is made."`
	SignUp   string   `json:"sign_up" enum:"open,invitation,closed" doc:"Who may make an account."`
	Mail     bool     `json:"mail" doc:"The server sends mail: a user can ask for a new password."`
	Passkeys bool     `json:"passkeys" doc:"People may sign in by passkey at the address that is asked: it has a name, and HTTPS."`
	OIDC     *OIDC    `json:"oidc" doc:"The other site by which people may sign in, at /sign-in/oidc; null when there is none."`
	Now      int64    `json:"now" doc:"The server's clock, milliseconds since 1970."`
	Legal    []string `json:"legal" nullable:"false" enum:"terms,privacy,imprint" doc:"The legal pages that the site has, at /legal/ and the name."`
	RTMP     *Ingest  `json:"rtmp" doc:"Where encoders publish; null when RTMP is off."`
}

// OIDC is another site that vouches for people.
type OIDC struct {
	_    struct{} `nullable:"true"`
	Name string   `json:"name"`
}

// Ingest is an address for encoders.
type Ingest struct {
	_   struct{} `nullable:"true"`
	URL string   `json:"url"`
}

// HostInput is the host of the site as the client wrote it.
type HostInput struct {
	Host string `header:"Host" hidden:"true"`
}

// Resolve takes the host that the client asked for: huma has no tag for it.
func (h *HostInput) Resolve(ctx huma.Context) []error {
	r, _ := humago.Unwrap(ctx)
	h.Host = r.Host
	return nil
}

func (s *Server) serverInfo(ctx context.Context, in *HostInput) (*answer[ServerInfo], error) {
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	setup, err := s.opts.Accounts.NeedsSetup(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	info := ServerInfo{
		Setup: setup, SignUp: string(set.SignUp), Name: set.SiteName, Version: s.opts.Version, Open: s.opts.Open, Demo: s.opts.Demo, Mail: s.opts.Letters != nil,
		Legal: legalPages(set), Passkeys: account.PasskeysAt(whoOf(ctx).origin), Now: time.Now().UnixMilli(),
	}
	if s.opts.OIDC != nil {
		info.OIDC = &OIDC{Name: s.opts.OIDC.Name}
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
