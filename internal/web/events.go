package web

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/gobwas/ws"

	"github.com/rostrumlive/rostrum/internal/notify"
)

const codeUpgrade = "upgrade_required"

// meEvents answers with a WebSocket on which a page of the user's is told what
// happens. docs/following.md describes it.
func (s *Server) meEvents(w http.ResponseWriter, r *http.Request) {
	if !s.sameOrigin(r) {
		fail(w, &Problem{Status: http.StatusForbidden, Code: codeForeign, Detail: "This was asked for by a page of another site."})
		return
	}
	who, err := s.ask(r)
	if err != nil {
		s.failWith(w, err)
		return
	}
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		fail(w, &Problem{Status: http.StatusUpgradeRequired, Code: codeUpgrade, Detail: "This address speaks WebSocket, over HTTP/1.1."})
		return
	}
	ear, err := s.opts.Notify.Listen(who.actor)
	if errors.Is(err, notify.ErrClosed) {
		w.Header().Set("Retry-After", "2")
		fail(w, &Problem{Status: http.StatusServiceUnavailable, Code: "going_away", Detail: "The server goes away. Try again."})
		return
	}
	if err != nil {
		s.failWith(w, err)
		return
	}
	conn, read, _, err := ws.HTTPUpgrader{Timeout: bodyTime}.Upgrade(r, hijacked{w})
	if err != nil { // it has answered
		ear.Leave()
		return
	}
	// The request's context is over when the handler is, and the connection is
	// not the request's any more.
	ear.Serve(context.WithoutCancel(r.Context()), conn, read)
}

// hijacked lets the library of WebSocket through what wraps a response.
type hijacked struct{ http.ResponseWriter }

// Hijack implements http.Hijacker.
func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(h.ResponseWriter).Hijack()
}
