package store

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// boundSilence bounds how long what was sent may stay without an
// acknowledgement; probes of keep-alive do not run meanwhile (tcp(7)).
func boundSilence(c syscall.RawConn, limit time.Duration) error {
	var bad error
	err := c.Control(func(fd uintptr) {
		bad = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(limit.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return bad
}
