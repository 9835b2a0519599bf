package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/rostrumlive/rostrum/internal/audience"
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
// a viewing begins: the addresses in the list carry its id on, by which it is
// counted and, where the back-end wants to know of viewings, told of. Who names
// an id goes on with that viewing.
func (s *Server) begun(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, serve http.HandlerFunc) {
	if r.Method != http.MethodGet {
		serve(w, r)
		return
	}
	id := viewingOf(r)
	if id == "" {
		id = rand.Text()
	}
	var p *hook.Play
	if h := s.opts.Hooks; h != nil && h.AsksPlayers() {
		if h.Knows(id) {
			if !s.goesOn(w, r) {
				return
			}
		} else {
			var ok bool
			if p, ok = s.play(w, r, b, id, false); !ok {
				return
			}
		}
	}
	plain := r.Clone(r.Context())
	plain.Header.Del("Accept-Encoding")
	plain.Header.Del("If-None-Match")
	t := &draft{header: w.Header()}
	serve(t, plain)
	if t.status != http.StatusOK && p != nil {
		p.End() // nothing is watched
	}
	text := t.body.Bytes()
	if t.status == http.StatusOK {
		mark := "?" + viewingArg + "=" + id
		text = bytes.ReplaceAll(text, []byte(".m3u8"), []byte(".m3u8"+mark))
		text = bytes.ReplaceAll(text, []byte(".mpd<"), []byte(".mpd"+mark+"<"))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Del("ETag")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(t.status)
	_, _ = w.Write(text) // the client has gone
}

// viewingOf is the id of the viewing that a request is of; empty when it names
// none. It allocates nothing: each request for a playlist is asked.
func viewingOf(r *http.Request) string {
	for query := r.URL.RawQuery; query != ""; {
		var arg string
		arg, query, _ = strings.Cut(query, "&")
		if id, ok := strings.CutPrefix(arg, viewingArg+"="); ok && audience.ValidID(id) {
			return id
		}
	}
	return ""
}

// goesOn extends the viewing that a request for a playlist belongs to, and has
// answered the request when it may not go on.
func (s *Server) goesOn(w http.ResponseWriter, r *http.Request) bool {
	if s.opts.Hooks == nil {
		return true
	}
	id := viewingOf(r)
	if id == "" {
		return true
	}
	if no := s.opts.Hooks.Extend(id); no != nil {
		packager.Fail(w, http.StatusForbidden, no.Reason)
		return false
	}
	return true
}

// counted is goesOn, and counts who watches what is on air.
func (s *Server) counted(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast) bool {
	if !s.goesOn(w, r) {
		return false
	}
	if id := viewingOf(r); id != "" && r.Method == http.MethodGet {
		b.Audience().Seen(id)
	}
	return true
}

// watched answers a request with one body, for as long as the back-end and an
// operator let it, and counts who watches so.
func (s *Server) watched(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, serve func(*http.Request)) {
	if r.Method != http.MethodGet {
		serve(r)
		return
	}
	id := rand.Text()
	if s.opts.Hooks == nil {
		defer b.Audience().Stay(id)()
		serve(r)
		return
	}
	p, ok := s.play(w, r, b, id, true)
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
	defer b.Audience().Stay(id)()
	serve(r.WithContext(ctx))
}

// play asks whether somebody may watch, and has answered the request when not.
func (s *Server) play(w http.ResponseWriter, r *http.Request, b *broadcast.Broadcast, id string, body bool) (*hook.Play, bool) {
	p, err := s.opts.Hooks.Play(r.Context(), hook.Viewer{
		ID: id, Channel: b.Channel.Name, Address: s.clientAddress(r), Args: r.URL.RawQuery, Agent: r.UserAgent(), Page: r.Referer(),
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
