package rtmp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
)

// maxHello bounds what a peer sends before its TLS handshake is done. Clients
// that are asked for no certificate need 2 KB; crypto/tls would take 64 KB for
// one message.
const maxHello = 16 << 10

// hello is a socket on which TLS has not yet been agreed.
type hello struct {
	net.Conn
	left int // bytes that may still come; negative when as many as like
	read int // that came so far
}

var errLongHello = fmt.Errorf("a TLS handshake of more than %d bytes", maxHello)

// Read reads what may still come.
func (h *hello) Read(p []byte) (int, error) {
	if h.left < 0 {
		return h.Conn.Read(p)
	}
	if h.left == 0 {
		return 0, errLongHello
	}
	n, err := h.Conn.Read(p[:min(len(p), h.left)])
	h.left -= n
	h.read += n
	return n, err
}

// CloseWrite ends our side of the socket.
func (h *hello) CloseWrite() error {
	half, ok := h.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// secure does the TLS handshake of a connection that begins with one, in the
// connection's own goroutine and within its deadline.
func (c *conn) secure() error {
	t, ok := c.nc.(*tls.Conn)
	if !ok {
		return nil
	}
	err := t.HandshakeContext(c.srv.ctx)
	if err == nil {
		c.hello.left = -1
		return nil
	}
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errLate
	case errors.As(err, &record) && record.RecordHeader[0] == version:
		return foreign("RTMP without TLS came to the RTMPS port: rtmp:// has a port of its own")
	case errors.As(err, &record):
		return foreign("something else than TLS came to the RTMPS port")
	}
	return fmt.Errorf("TLS handshake: %w", err)
}

// closeWrite tells the peer that nothing more comes and leaves the other
// direction open.
func closeWrite(nc net.Conn) error {
	half, ok := nc.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	if err := half.CloseWrite(); err != nil {
		return err
	}
	if t, ok := nc.(*tls.Conn); ok { // that was TLS's word; some look for the socket's end alone
		return closeWrite(t.NetConn())
	}
	return nil
}
