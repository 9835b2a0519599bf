package app

import (
	"net"
	"time"

	"github.com/rostrumlive/rostrum/internal/express"
)

const (
	// idleTimeout is how long a connection may wait for its next request.
	idleTimeout = 2 * time.Minute
	// idleSlack is how much less than idleTimeout a connection may have: to set
	// a deadline for each of many requests costs more than to parse one.
	idleSlack = 10 * time.Second
)

// Read is called by net/http. Between two requests, those that are plain are
// answered here, as express says, and net/http goes on waiting for the next. A
// list costs 0.4 of what it costs by net/http, and a viewer that is waiting has
// no goroutine beside its own. What is not plain net/http gets as it came, and
// so it gets the first of each connection: it would take one that never had a
// request for a stranger.
func (v *viewer) Read(p []byte) (int, error) {
	if v.tls || v.of.plain == nil || !v.between.Load() {
		return v.TCPConn.Read(p) // with little on the stack: the sockets of a chat wait here
	}
	return v.readBetween(p)
}

func (v *viewer) readBetween(p []byte) (int, error) {
	for until := time.Now().Add(idleTimeout); ; {
		n, err := v.TCPConn.Read(p)
		if err != nil {
			return n, err
		}
		r, ok := express.Parse(p[:n])
		if !ok {
			v.between.Store(false)
			return n, nil
		}
		v.idleSince.Store(0)
		r.RemoteAddr = v.address()
		if err := express.Serve(v, v.of.plain, r); err != nil {
			return 0, err
		}
		at := time.Now()
		v.idleSince.Store(at.UnixNano())
		if until.Sub(at) < idleTimeout-idleSlack {
			until = at.Add(idleTimeout)
			if err := v.SetReadDeadline(until); err != nil {
				return 0, err
			}
		}
	}
}

// address is the viewer's, as net/http gives it to handlers.
func (v *viewer) address() string {
	if v.remote == "" {
		v.remote = v.RemoteAddr().String()
	}
	return v.remote
}

// WriteBuffers sends all of them by one call of the system.
func (v *viewer) WriteBuffers(b *net.Buffers) (int64, error) {
	v.writes.Add(1)
	defer v.writes.Add(1)
	return b.WriteTo(v.TCPConn)
}
