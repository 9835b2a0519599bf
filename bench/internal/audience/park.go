package audience

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"syscall"
)

const (
	// smallBuffer is what a viewer that never reads can be sent before the
	// server has to wait; the kernel makes it a little more.
	smallBuffer = 4 << 10
	// manyRequests are more than the server's own socket buffer takes the
	// answers to.
	manyRequests = 256
)

// park asks for a list many times over on one connection, reads nothing, and
// goes when the visit is over.
func (v *viewer) park(ctx context.Context) {
	lists := v.lists(ctx, "index.m3u8")
	if len(lists) == 0 {
		return
	}
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var set error
		err := c.Control(func(fd uintptr) {
			set = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, smallBuffer)
		})
		if err != nil {
			return err
		}
		return set
	}}
	conn, err := d.DialContext(ctx, "tcp", v.addr)
	if err != nil {
		v.fault(ctx, "cannot connect", "%v", err)
		return
	}
	defer func() { _ = conn.Close() }() // with unread bytes: RST
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", lists[0].RequestURI(), v.addr)
	// The server stops reading once it cannot write, and then this blocks:
	// that is as well, and no fault. It may hang up on such a client.
	if _, err := conn.Write(bytes.Repeat(request, manyRequests)); err != nil && ctx.Err() == nil {
		v.tally.Event("viewers that never read, thrown out")
	}
	<-ctx.Done()
	v.tally.Event("visits of viewers that never read")
}
