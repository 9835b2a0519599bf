package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/hook"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// viewingArg is the argument by which a player's requests for playlists are
// known as one viewing. It rides on playlists alone, so that caches keep media
// once for all.
const viewingArg = "v"

// begun answers a request for a list of all that a channel has on air, with which
// a viewing begins, where the back-end wants to know of those: it is asked, and
// the addresses in the list carry the viewing on.
func (s *Server) begun(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, serve http.HandlerFunc) {
	h := s.opts.Hooks
	if h == nil || !h.AsksPlayers() || r.Method != http.MethodGet {
		serve(w, r)
		return
	}
	p, ok := s.play(w, r, b, false)
	if !ok {
		return
	}
	plain := r.Clone(r.Context())
	plain.Header.Del("Accept-Encoding")
	plain.Header.Del("If-None-Match")
	t := &draft{header: w.Header()}
	serve(t, plain)
	if t.status != http.StatusOK {
		p.End() // nothing is watched
	}
	text := t.body.Bytes()
	if t.status == http.StatusOK {
		mark := "?" + viewingArg + "=" + p.ID
		text = bytes.ReplaceAll(text, []byte(".m3u8"), []byte(".m3u8"+mark))
		text = bytes.ReplaceAll(text, []byte(".mpd<"), []byte(".mpd"+mark+"<"))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Del("ETag")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(t.status)
	_, _ = w.Write(text) // the client has gone
}

// watched answers a request with one body, for as long as the back-end and an
// operator let it.
func (s *Server) watched(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, serve func(*http.Request)) {
	if s.opts.Hooks == nil || r.Method != http.MethodGet {
		serve(r)
		return
	}
	p, ok := s.play(w, r, b, true)
	if !ok {
		return
	}
	defer p.End()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	ended := make(chan struct{})
	defer func() { <-ended }()
	defer cancel()
	go func() { // awaited above
		defer close(ended)
		select {
		case <-p.Out():
			cancel()
		case <-ctx.Done():
		}
	}()
	serve(r.WithContext(ctx))
}

// play asks whether somebody may watch, and has answered the request when not.
func (s *Server) play(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, body bool) (*hook.Play, bool) {
	p, err := s.opts.Hooks.Play(r.Context(), hook.Viewer{
		Channel: b.Channel.Name, Address: s.clientAddress(r), Args: r.URL.RawQuery, Agent: r.UserAgent(), Page: r.Referer(),
		URL: s.origin(r) + r.URL.Path,
	}, body)
	var no *live.Refusal
	switch {
	case err == nil:
		return p, true
	case errors.As(err, &no):
		packager.Fail(w, http.StatusForbidden, no.Reason)
	}
	return nil, false // or the client has gone
}

// goesOn extends the viewing that a request for a playlist belongs to, and has
// answered the request when it may not go on.
func (s *Server) goesOn(w http.ResponseWriter, r *http.Request) bool {
	if s.opts.Hooks == nil {
		return true
	}
	id := r.URL.Query().Get(viewingArg)
	if id == "" {
		return true
	}
	if no := s.opts.Hooks.Extend(id); no != nil {
		packager.Fail(w, http.StatusForbidden, no.Reason)
		return false
	}
	return true
}

// draft is an answer that is changed before it goes.
type draft struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (d *draft) Header() http.Header { return d.header }

func (d *draft) WriteHeader(status int) {
	if d.status == 0 {
		d.status = status
	}
}

func (d *draft) Write(b []byte) (int, error) {
	d.WriteHeader(http.StatusOK)
	return d.body.Write(b)
}
