package chat

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// Outlet writes to a socket what the system takes at once, and keeps the rest
// until it takes that as well. So one goroutine can write to thousands, with TLS
// above it too: who does not read delays nobody.
//
// Write is for one goroutine at a time. Above a TLS connection it is that one's
// Write; where there is none it is ours.
type Outlet struct {
	conn net.Conn // waits
	raw  syscall.RawConn
	try  func(fd uintptr) bool // made once: it would be allocated for each write
	b    []byte                // of the write that is going on
	n    int
	errn error

	mu   sync.Mutex
	rest []byte // what the system has not taken; while there is some a goroutine waits
	busy bool
	err  error
	idle func() // called when rest has gone, or cannot

	running sync.WaitGroup // of drain, for who closes the connection
}

// drainTime is how long the system may take for what it had not taken.
const drainTime = 10 * time.Second

// mostRest bounds what waits below TLS: one write of ours, in its records.
const mostRest = 4 << 20

var errRest = errors.New("too much waits for this connection")

// NewOutlet makes one of a TCP connection, and must be the only one who writes to
// it from then on. It returns nil where the connection has no descriptor.
func NewOutlet(c net.Conn) *Outlet {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	o := &Outlet{conn: c, raw: raw}
	o.try = func(fd uintptr) bool {
		o.n, o.errn = syscall.Write(int(fd), o.b)
		return true // done, however much of it
	}
	return o
}

// Write takes all of b, or fails. It does not keep b.
func (o *Outlet) Write(b []byte) (int, error) { return len(b), o.send(b, false) }

// send takes all of b. Where shared is true b is never written again, and may be
// kept.
func (o *Outlet) send(b []byte, shared bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	if !o.busy {
		n, err := o.tryWrite(b)
		if err != nil {
			o.err = err
			return err
		}
		if n == len(b) {
			return nil
		}
		b = b[n:]
		o.busy = true
		if shared {
			o.rest = b
		} else {
			o.rest = append([]byte(nil), b...)
		}
		o.running.Go(o.drain)
		return nil
	}
	if len(o.rest)+len(b) > mostRest {
		o.err = errRest
		return o.err
	}
	o.rest = append(o.rest[:len(o.rest):len(o.rest)], b...)
	return nil
}

func (o *Outlet) tryWrite(b []byte) (int, error) {
	o.b = b
	err := o.raw.Write(o.try)
	o.b = nil
	switch {
	case err != nil: // it is closed
		return 0, err
	case errors.Is(o.errn, syscall.EAGAIN), errors.Is(o.errn, syscall.EINTR):
		return 0, nil
	}
	return max(0, o.n), o.errn
}

func (o *Outlet) drain() {
	for {
		o.mu.Lock()
		b := o.rest
		o.rest = nil
		if len(b) == 0 {
			_ = o.conn.SetWriteDeadline(time.Time{}) // which would hold for tries as well
			idle := o.idle
			o.busy, o.idle = false, nil
			o.mu.Unlock()
			if idle != nil {
				idle()
			}
			return
		}
		o.mu.Unlock()
		err := o.conn.SetWriteDeadline(time.Now().Add(drainTime))
		if err == nil {
			_, err = o.conn.Write(b)
		}
		if err != nil {
			o.mu.Lock()
			o.err = err
			idle := o.idle
			o.busy, o.idle = false, nil
			o.mu.Unlock()
			if idle != nil {
				idle()
			}
			return
		}
	}
}

// later has f called once nothing waits any more, or nothing can be written.
// It reports true, and does not, where nothing waits now.
func (o *Outlet) later(f func()) (now bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.busy {
		return true
	}
	o.idle = f
	return false
}
