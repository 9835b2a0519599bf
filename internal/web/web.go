// Package web is the door of viewers and of programs: routes, the JSON API,
// the pages and their meta tags. A handler reads its input, calls one thing
// and writes what that returned; what may be done and what is stored is
// decided elsewhere.
package web

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/hook"
	"github.com/rostrumlive/rostrum/internal/httpmedia"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/restream"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// Options is what a Server stands on.
type Options struct {
	Manager  *broadcast.Manager
	Library  *vod.Library
	FLV      *httpmedia.FLV
	Stills   *still.Service
	Accounts *account.Service
	Viewing  *viewing.Service
	Audience *audience.Service
	Webhooks *webhook.Service
	Notify   *notify.Service
	Chat     *chat.Service
	DB       *store.DB
	Files    *blob.Files // of pictures
	UI       fs.FS       // the built pages: see ui.Files
	Log      *slog.Logger

	Version   string
	Open      string // "", "private" or "any": who may publish without a key
	Demo      bool
	RTMPPort  string    // that encoders are told, empty when RTMP is off
	AccessLog io.Writer // gets a line for each request; nil is none
	Secure    Secure
	// FFmpeg tells which there is, as transcode.Transcoder.Version does.
	FFmpeg func(context.Context) (string, error)
	// Limits are those of recordings where an admin has set none.
	Limits vod.Limits
	// Letters mails links to users; nil where the server sends no mail.
	Letters *account.Letters
	// OIDC is the sign-in by another site; nil where there is none.
	OIDC *SingleSignOn
	// URL is the origin of the site as people know it, such as https://example.org;
	// empty is the host that is asked for.
	URL string
	// Proxies are those whose word on who asks is taken (X-Forwarded-For).
	Proxies []netip.Prefix
	// Hooks are asked and told of players, and know them; nil where nobody does.
	Hooks *hook.Service
	// Relays tell what is relayed where; nil is nothing.
	Relays *restream.Service
	// Control says who may use an operator's addresses; needs Hooks.
	Control Control
}

// Server answers HTTP.
type Server struct {
	opts  Options
	log   *slog.Logger
	pages *pages
	ts    *packager.Transmuxer
	words *descriptions
	ready atomic.Bool
	began time.Time
}

// New makes a server. It is not ready before SetReady.
func New(o Options) (*Server, error) {
	p, err := newPages(o.UI)
	if err != nil {
		return nil, err
	}
	return &Server{opts: o, log: o.Log, pages: p, ts: packager.NewTransmuxer(), words: newDescriptions(), began: time.Now()}, nil
}

// SetReady says what /readyz answers: that the server takes encoders and
// viewers, or that it is starting or going away.
func (s *Server) SetReady(ready bool) { s.ready.Store(ready) }

// Handler returns all routes.
func (s *Server) Handler() http.Handler {
	mux := s.routes()
	h := s.underToken(bounded(withoutRedirects(ownOrigin(mux))))
	if s.opts.AccessLog != nil {
		h = accessLog(h, s.opts.AccessLog)
	}
	return h
}

// routes are those of a mux, and which they are.
type routes struct {
	*http.ServeMux
	patterns []string
}

// HandleFunc notes the pattern.
func (r *routes) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	r.patterns = append(r.patterns, pattern)
	r.ServeMux.HandleFunc(pattern, h)
}

func (s *Server) routes() *routes {
	mux := &routes{ServeMux: http.NewServeMux()}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { respond(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if s.ready.Load() {
			respond(w, http.StatusOK, "ready\n")
			return
		}
		respond(w, http.StatusServiceUnavailable, "not ready\n")
	})
	s.mediaRoutes(mux)
	s.controlRoutes(mux)
	s.apiRoutes(mux)
	s.oidcRoutes(mux)
	s.pageRoutes(mux)
	return mux
}

func respond(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client has gone
}
