package rtmppush

import (
	"bufio"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLossIsSeenAsItsKind(t *testing.T) {
	for name, c := range map[string]struct {
		lose func(*Session)
		is   error
	}{
		"fin": {(*Session).Cut, io.EOF},
		"rst": {(*Session).Reset, syscall.ECONNRESET},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		seen := make(chan error, 1)
		go func() {
			conn, err := l.Accept()
			if err != nil {
				seen <- err
				return
			}
			_, err = conn.Read(make([]byte, 1))
			_ = conn.Close()
			seen <- err
		}()
		conn, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		s := &Session{conn: conn, in: newChunkReader(bufio.NewReader(conn)), done: make(chan struct{})}
		go s.listen()
		c.lose(s)
		err = <-seen
		require.True(t, errors.Is(err, c.is), "%s: %v", name, err)
		require.NoError(t, l.Close())
	}
}
