package testkit

import (
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCable: what is said passes; a cut is learnt at both ends in its way, and
// nothing passes until the cable is mended.
func TestCable(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer server.Close()
	cable := LayCable(t, server.Addr().String())
	connect := func() net.Conn {
		c, err := net.Dial("tcp", cable.Addr)
		require.NoError(t, err)
		require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
		return c
	}
	says := func(from, to net.Conn, word string) {
		_, err := from.Write([]byte(word))
		require.NoError(t, err)
		got := make([]byte, len(word))
		_, err = io.ReadFull(to, got)
		require.NoError(t, err)
		require.Equal(t, word, string(got))
	}
	for how, expected := range map[Cut]error{Reset: syscall.ECONNRESET, Hangup: io.EOF} {
		near := connect()
		defer near.Close()
		far, err := server.Accept()
		require.NoError(t, err)
		defer far.Close()
		require.NoError(t, far.SetDeadline(time.Now().Add(time.Minute)))
		says(near, far, "ping")
		says(far, near, "pong")

		cable.Cut(how)
		for _, end := range []net.Conn{near, far} {
			_, err := end.Read(make([]byte, 1))
			require.ErrorIs(t, err, expected)
		}
		lost := connect()
		defer lost.Close()
		_, err = lost.Read(make([]byte, 1))
		require.Error(t, err)
		cable.Mend()
	}
}
