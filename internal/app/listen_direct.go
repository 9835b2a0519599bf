package app

import (
	"errors"
	"net/http"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/internal/httpmedia"
)

// direct returns the connection of a request that came in clear text, for
// bodies that are written to it past net/http.
func direct(r *http.Request) httpmedia.Conn {
	v, _ := r.Context().Value(viewerKey{}).(*viewer)
	if v == nil || v.tls {
		return nil
	}
	raw, err := v.SyscallConn()
	if err != nil {
		return nil // it is closed, which who writes to it will hear
	}
	c := &directConn{raw: raw}
	c.write = func(fd uintptr) bool {
		c.n, c.err = unix.Write(int(fd), c.b)
		return true // done, however much of it
	}
	return c
}

// directConn writes what the system takes. The look-out for viewers that do not
// read need not know of it: no response waits here for anybody.
type directConn struct {
	raw   syscall.RawConn
	write func(fd uintptr) bool // made once: it would be allocated for each write

	b   []byte // of the write that is going on
	n   int
	err error
}

// TryWrite implements httpmedia.Conn.
func (c *directConn) TryWrite(b []byte) (int, error) {
	c.b = b
	err := c.raw.Write(c.write)
	c.b = nil
	switch {
	case err != nil: // it is closed
		return 0, err
	case errors.Is(c.err, unix.EAGAIN), errors.Is(c.err, unix.EINTR):
		return 0, nil
	}
	return max(0, c.n), c.err
}
