package chat

import (
	"encoding/binary"
	"net"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"github.com/rostrumlive/rostrum/internal/account"
)

// The codes by which we close a connection (RFC 6455 7.4).
const (
	closeNormal     = ws.StatusNormalClosure
	closeGoingAway  = ws.StatusGoingAway
	closeProtocol   = ws.StatusProtocolError
	closeBinary     = ws.StatusUnsupportedData
	closeNoText     = ws.StatusInvalidFramePayloadData
	closeFlood      = ws.StatusPolicyViolation
	closeTooBig     = ws.StatusMessageTooBig
	closeTooSlow    = ws.StatusCode(4001)
	closeMayNotRead = ws.StatusCode(4003)
)

const (
	// mostQueued is how many bytes may wait for a connection: a history and what
	// comes while it is taken. They are shared by all connections.
	mostQueued = 2 << 20
	// closeTime is how long a peer has to take a farewell.
	closeTime = 2 * time.Second
)

// conn is one connection in a room. Its goroutine reads; whoever has news
// writes, one at a time.
type conn struct {
	room  *Room
	net   net.Conn // TLS or not
	out   *Outlet
	below bool // out lies below TLS
	asker *Asker

	// Guarded by room.mu.
	index     int // among the room's connections; -1: it has left
	skip      int // bytes of what the room is about to send that it knows already
	moderates bool
	maySpeak  bool
	why       string

	mu      sync.Mutex
	queue   [][]byte // waits; never written again
	queued  int      // bytes of it
	since   time.Time
	writing bool // somebody writes, or the outlet is busy
	closing bool // nothing may follow
}

// push sends what is never written again, without waiting.
func (c *conn) push(b []byte) {
	if c.enqueue(b) {
		c.flush()
	}
}

// enqueue adds to the queue and reports whether the caller is to flush it.
func (c *conn) enqueue(b []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || len(b) == 0 {
		return false
	}
	if len(c.queue) == 0 {
		c.since = time.Now()
	}
	if c.queued += len(b); c.queued > mostQueued {
		c.farewell(closeTooSlow, "too slow: come back with after")
		c.room.s.stats.Slow.Add(1)
		return !c.takeWriting()
	}
	c.queue = append(c.queue, b)
	return !c.takeWriting()
}

// takeWriting reports whether somebody was writing, and else makes that the
// caller.
func (c *conn) takeWriting() bool {
	was := c.writing
	c.writing = true
	return was
}

// late tells a connection that has not taken what waits for it to come back.
func (c *conn) late(now time.Time, most time.Duration) {
	c.mu.Lock()
	late := !c.closing && len(c.queue) > 0 && now.Sub(c.since) > most
	c.mu.Unlock()
	if late {
		c.room.s.stats.Slow.Add(1)
		c.shut(closeTooSlow, "too slow: come back with after")
	}
}

// flush writes what waits until nothing does, or the system takes no more.
// Whoever took writing calls it.
func (c *conn) flush() {
	for {
		c.mu.Lock()
		if len(c.queue) == 0 {
			c.writing, c.queue = false, nil
			last := c.closing
			c.mu.Unlock()
			if last {
				c.hangUp()
			}
			return
		}
		b := c.queue[0]
		c.queue[0] = nil
		c.queue = c.queue[1:]
		c.queued -= len(b)
		c.since = time.Now()
		c.mu.Unlock()
		if !c.write(b) {
			return
		}
	}
}

// write hands one piece on and reports whether another may follow at once.
func (c *conn) write(b []byte) bool {
	var err error
	switch {
	case c.out == nil: // of a test, or of something that has no descriptor: it waits
		if err = c.net.SetWriteDeadline(time.Now().Add(drainTime)); err == nil {
			_, err = c.net.Write(b)
		}
	case c.below:
		_, err = c.net.Write(b)
	default:
		err = c.out.send(b, true)
	}
	if err != nil {
		c.mu.Lock()
		c.closing, c.queue, c.queued = true, nil, 0
		c.mu.Unlock()
		_ = c.net.Close() // who reads ends
		return false
	}
	return c.out == nil || c.out.later(c.flush)
}

// shut says farewell and closes the connection.
func (c *conn) shut(code ws.StatusCode, why string) {
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return
	}
	c.farewell(code, why)
	flush := !c.takeWriting()
	c.mu.Unlock()
	if flush {
		c.flush()
	}
}

// farewell makes a closing frame all that waits. The lock is held.
func (c *conn) farewell(code ws.StatusCode, why string) {
	c.closing = true
	c.queue = append(c.queue[:0:0], ws.MustCompileFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(code, why))))
	c.queued = len(c.queue[0])
	time.AfterFunc(closeTime, func() { _ = c.net.Close() }) // who reads ends
}

// hangUp says by TCP that nothing follows: the peer closes, and else we do when
// closeTime is over.
func (c *conn) hangUp() {
	if half, ok := c.net.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // closed already
	}
}

// actor is who is there.
func (c *conn) actor() account.Actor {
	if c.asker == nil {
		return account.Actor{}
	}
	return c.asker.Actor
}

func (c *conn) userID() string {
	if c.asker == nil {
		return ""
	}
	return c.asker.Actor.User.ID
}

// frame makes a text frame of JSON.
func frame(json []byte) []byte { return appendFrame(make([]byte, 0, len(json)+10), json) }

// appendFrame appends a text frame, as a server's: not masked.
func appendFrame(b, json []byte) []byte {
	b = appendHead(b, len(json))
	return append(b, json...)
}

func appendHead(b []byte, n int) []byte {
	const text = 0x80 | byte(ws.OpText) // the last of its message
	switch {
	case n < 126:
		return append(b, text, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, text, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(b, text, 127), uint64(n))
}

var pingFrame = ws.MustCompileFrame(ws.NewPingFrame(nil))
