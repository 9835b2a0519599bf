package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// tokenMark begins the first element of a path that is a viewing's token. All
// addresses in playlists are relative, so that every player carries it on.
const tokenMark = "/~"

type grantKey struct{}

// underToken has requests under a token answered as if their paths began behind
// it, and lets watch find what the token says. Who shows a token that we did
// not sign is told the same whatever was asked for.
func (s *Server) underToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, tokenMark) {
			next.ServeHTTP(w, r)
			return
		}
		token, rest, _ := strings.Cut(r.URL.Path[len(tokenMark):], "/")
		tree, _, _ := strings.Cut(rest, "/")
		if !ofMedia(tree) {
			packager.Fail(w, http.StatusNotFound, "There is no such address.")
			return
		}
		g, signed := s.opts.Viewing.Read(token)
		u := *r.URL
		u.Path = "/" + rest
		if u.RawPath != "" { // something in it is escaped, maybe the tilde
			var spelled string
			spelled, u.RawPath, _ = strings.Cut(u.RawPath[1:], "/")
			u.RawPath = "/" + u.RawPath
			first, err := url.PathUnescape(spelled)
			signed = signed && err == nil && "/"+first == tokenMark+token
		}
		if !signed && r.Method != http.MethodOptions { // which asks for nothing but leave to ask
			refuse(w, viewing.ErrForbidden)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), grantKey{}, g))
		r.URL = &u
		next.ServeHTTP(w, r)
	})
}

// ofMedia reports whether a path whose first element this is leads to media.
func ofMedia(tree string) bool { return tree == "live" || tree == "media" || tree == "vod" }

// watch mounts what players ask for, for those who may watch it. A route of
// media is mounted in no other way.
func (s *Server) watch(mux *routes, pattern string, use viewing.Use, of func(*http.Request) viewing.What, serve http.HandlerFunc) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.allowed(w, r, of(r), use, serve) })
}

// allowed has a request answered when whoever asks may watch. It costs nothing
// to speak of where anyone may.
func (s *Server) allowed(w http.ResponseWriter, r *http.Request, what viewing.What, use viewing.Use, serve http.HandlerFunc) {
	open, err := s.opts.Viewing.Open(r.Context(), what)
	if err != nil {
		refuse(w, err)
		return
	}
	if open && use != viewing.Body {
		serve(w, r)
		return
	}
	if open {
		stay := s.opts.Viewing.Watch(r.Context(), what)
		defer stay.End()
		serve(&heldWriter{ResponseWriter: w, stay: stay, open: true}, r.WithContext(stay.Context()))
		return
	}
	g, ok := r.Context().Value(grantKey{}).(viewing.Grant)
	if !ok {
		refuse(w, viewing.ErrForbidden)
		return
	}
	stay, err := s.opts.Viewing.Admit(r.Context(), g, what, use)
	if err != nil {
		refuse(w, err)
		return
	}
	defer stay.End()
	pw := &heldWriter{ResponseWriter: w, stay: stay}
	serve(pw, r.WithContext(stay.Context()))
	_ = pw.begin() // of an answer that has no body
}

// whatChannel is what an address that names a channel leads to: what it has on
// air.
func (s *Server) whatChannel(ctx context.Context, name string) viewing.What {
	name = account.FoldName(name)
	if b := s.onAir(ctx, name); b != nil {
		return viewing.What{Broadcast: b.ID, Channel: b.Channel.ID}
	}
	if account.ValidName(name) != nil {
		return viewing.What{}
	}
	return viewing.What{Name: name}
}

// whatBroadcast is what an address that names a broadcast leads to.
func (s *Server) whatBroadcast(id string) viewing.What {
	if b := s.opts.Manager.Get(id); b != nil {
		return viewing.What{Broadcast: id, Channel: b.Channel.ID}
	}
	return viewing.What{Broadcast: id}
}

func (s *Server) onChannel(r *http.Request) viewing.What {
	return s.whatChannel(r.Context(), r.PathValue("channel"))
}

func (s *Server) onFile(r *http.Request) viewing.What {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".flv")
	if !ok {
		return viewing.What{}
	}
	return s.whatChannel(r.Context(), name)
}

func (s *Server) onBroadcast(r *http.Request) viewing.What {
	return s.whatBroadcast(r.PathValue("broadcast"))
}

// onRecording is what an address of a recording or of a clip leads to: a clip is
// its broadcast's, and may be down alone.
func (s *Server) onRecording(r *http.Request) viewing.What {
	if c, err := s.clipAt(r); err == nil && c != nil {
		what := s.whatBroadcast(c.BroadcastID)
		what.Clip = c.ID
		return what
	}
	return s.onBroadcast(r)
}

func (s *Server) onMPD(r *http.Request) viewing.What {
	id, _ := strings.CutSuffix(r.PathValue("mpd"), ".mpd")
	return s.whatBroadcast(id)
}

// refuse tells why nothing is to be seen. Who may not is told 403: 401 would
// have to name a way to sign in by a header, which no player of media has, and
// browsers and VLC would ask their users for a name and a password.
func refuse(w http.ResponseWriter, err error) {
	status, sentence := http.StatusForbidden, "You may not watch this: it is not public."
	switch {
	case errors.Is(err, viewing.ErrTakenDown):
		status, sentence = http.StatusGone, "This was taken down."
	case errors.Is(err, viewing.ErrUnavailable):
		w.Header().Set("Retry-After", "1")
		status, sentence = http.StatusServiceUnavailable, "It cannot be told now who may watch this."
	case errors.Is(err, viewing.ErrLapsed):
		sentence = "This viewing has lapsed. Begin another."
	case errors.Is(err, viewing.ErrRevoked):
		sentence = "You may not watch this any longer."
	}
	packager.Fail(w, status, sentence)
}

// heldWriter is an answer that ends when what it shows may not be watched any
// longer. It keeps the way by which a file goes to the connection without passing
// through memory. No shared cache may keep what is not open.
type heldWriter struct {
	http.ResponseWriter
	stay  *viewing.Stay
	open  bool // anyone may watch it
	begun bool
}

// begin sees to the head before it goes. It returns why nothing may go any
// more; what had not begun by then is refused.
func (w *heldWriter) begin() error {
	err := w.stay.Refused()
	if w.begun {
		return err
	}
	w.begun = true
	h := w.Header()
	if err != nil {
		clear(h)
		refuse(w.ResponseWriter, err)
		return err
	}
	if w.open {
		return nil
	}
	// Media stay under the token, which is another one for each viewing: a
	// browser may keep them for the hour in which somebody rewinds.
	cache, kind := h.Get("Cache-Control"), h.Get("Content-Type")
	if strings.HasPrefix(kind, "video/") && strings.HasPrefix(cache, "public") && !strings.HasPrefix(cache, "public, max-age=0") {
		h.Set("Cache-Control", "private, max-age=3600")
	} else {
		h.Set("Cache-Control", "no-store")
	}
	return nil
}

// WriteHeader implements http.ResponseWriter.
func (w *heldWriter) WriteHeader(status int) {
	if w.begin() == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *heldWriter) Write(b []byte) (int, error) {
	if err := w.begin(); err != nil {
		return 0, err
	}
	return w.ResponseWriter.Write(b)
}

// ReadFrom hands a file on to the connection.
func (w *heldWriter) ReadFrom(r io.Reader) (int64, error) {
	if err := w.begin(); err != nil {
		return 0, err
	}
	return io.Copy(w.ResponseWriter, r)
}

// Count tells of bytes that were written past it.
func (w *heldWriter) Count(bytes int64) {
	if c, ok := w.ResponseWriter.(interface{ Count(bytes int64) }); ok {
		c.Count(bytes)
	}
}

// Unwrap lets http.ResponseController through.
func (w *heldWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
