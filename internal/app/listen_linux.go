package app

import (
	"net"

	"golang.org/x/sys/unix"
)

// unsent is how many bytes the system keeps for a viewer that are not on their
// way to it, beside the last piece that it was given. What is on its way is
// not bounded by it, so it slows nobody down; without it a viewer that does
// not read holds up to net.ipv4.tcp_wmem's 4 MB of the system's memory, of
// which all viewers share net.ipv4.tcp_mem.
const unsent = 128 << 10

// boundUnsent sets that bound.
func boundUnsent(c *net.TCPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return // it is closed
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsent) // a saving, not a need
	})
}

// acknowledged is how many bytes have arrived at the other side; known is
// false when the system does not tell.
func acknowledged(c *net.TCPConn) (bytes int64, known bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, false
	}
	err = raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			bytes, known = int64(info.Bytes_acked), true
		}
	})
	return bytes, known && err == nil
}
