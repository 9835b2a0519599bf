package notify

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gobwas/ws"

	"github.com/rostrumlive/rostrum/internal/account"
)

const (
	pingEvery   = 25 * time.Second
	silentFor   = 60 * time.Second // then the page is gone
	writeWithin = 10 * time.Second
	mostPayload = 125 // of a frame: pages have nothing to say but control frames (RFC 6455 5.5)
	mostRead    = 4 << 10
	// A page answers a ping each pingEvery, and may ping.
	mostFrames = 20 // each pingEvery
)

// closing is why a socket is closed.
type closing struct {
	code   ws.StatusCode
	reason string
}

// The codes from 4000 on are ours; docs/following.md has them.
var (
	closedAway      = closing{ws.StatusGoingAway, "the server goes away; come back"}
	closedCrowd     = closing{4002, "more pages listen than may"}
	closedSlow      = closing{4001, "too slow; come back"}
	closedSignedOut = closing{4003, "signed out"}
	closedNothing   = closing{ws.StatusUnsupportedData, "there is nothing to say here"}
	closedLong      = closing{ws.StatusMessageTooBig, "too long"}
	closedFlood     = closing{ws.StatusPolicyViolation, "too many frames"}
	closedProtocol  = closing{ws.StatusProtocolError, "no frame of a client"}
	closedBye       = closing{ws.StatusNormalClosure, ""}
)

// ErrClosed says that the server goes away.
var ErrClosed = errors.New("the server goes away")

// Events is the ear of one page, before its socket is there.
type Events struct {
	s     *Service
	feed  *feed
	actor account.Actor
}

// Listen has a page of the actor's told of what happens, from now on. The caller
// calls Serve or Leave. It fails with ErrClosed, and for who is not signed in.
func (s *Service) Listen(a account.Actor) (*Events, error) {
	if err := a.RequireSession(); err != nil {
		return nil, err
	}
	f := s.hub.join(a.User.ID)
	if f == nil {
		return nil, ErrClosed
	}
	return &Events{s: s, feed: f, actor: a}, nil
}

// Leave ends what Listen began when no socket came of it.
func (e *Events) Leave() { e.s.hub.leave(e.feed) }

// Serve speaks WebSocket on a connection after the handshake, with what was read
// of it, until the page goes, the sign-in ends or the service is closed. It
// closes the connection.
func (e *Events) Serve(ctx context.Context, conn net.Conn, read io.Reader) {
	defer e.s.hub.leave(e.feed)
	frames := make(chan ws.Frame, 1) // pongs and the answer to a close
	heard := make(chan struct{})
	go func() { // ends with the connection, which is closed below
		defer close(heard)
		e.feed.stop(listen(conn, read, frames, e.feed.end))
	}()
	e.speak(ctx, conn, frames)
	_ = conn.Close() // it goes either way
	<-heard
}

// speak writes what the page is told until its feed ends, and then why.
func (e *Events) speak(ctx context.Context, conn net.Conn, frames <-chan ws.Frame) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	next := ws.NewTextFrame([]byte(`{"type":"hello"}`))
	for {
		_ = conn.SetWriteDeadline(time.Now().Add(writeWithin)) // a connection that is over says so when it is written to
		if ws.WriteFrame(conn, next) != nil {
			e.feed.stop(closedSlow)
			return
		}
		select {
		case event := <-e.feed.queue:
			next = ws.NewTextFrame(event)
		case next = <-frames:
		case <-ping.C:
			next = ws.NewPingFrame(nil)
			if _, ok, err := e.s.o.Accounts.SessionGood(ctx, e.actor.Session); err == nil && !ok {
				e.feed.stop(closedSignedOut)
			}
		case <-e.feed.end:
			why := e.feed.why
			_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
			_ = ws.WriteFrame(conn, ws.NewCloseFrame(ws.NewCloseFrameBody(why.code, why.reason))) // it may be gone
			return
		}
	}
}

// listen reads what the page sends, which is control frames, and returns why that
// ended.
func listen(conn net.Conn, read io.Reader, frames chan<- ws.Frame, end <-chan struct{}) closing {
	var began time.Time
	for n := 0; ; n++ {
		_ = conn.SetReadDeadline(time.Now().Add(silentFor)) // a connection that is over says so when it is read from
		h, err := ws.ReadHeader(read)
		if err != nil {
			return closedBye
		}
		if h.Length > mostRead {
			return closedLong
		}
		// Read before it is judged: what is left unread breaks the connection before
		// the page knows why.
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(read, payload); err != nil {
			return closedBye
		}
		switch {
		case !h.Masked || !h.Fin && h.OpCode.IsControl() || h.Rsv != 0 || h.OpCode.IsReserved():
			return closedProtocol
		case h.Length > mostPayload:
			return closedLong
		case !h.OpCode.IsControl():
			return closedNothing
		}
		if now := time.Now(); now.Sub(began) > pingEvery {
			began, n = now, 0
		}
		if n >= mostFrames {
			return closedFlood
		}
		if h.OpCode == ws.OpClose {
			return closedBye
		}
		if h.OpCode != ws.OpPing {
			continue
		}
		ws.Cipher(payload, h.Mask, 0)
		select {
		case frames <- ws.NewPongFrame(payload):
		case <-end:
			return closedBye
		}
	}
}
