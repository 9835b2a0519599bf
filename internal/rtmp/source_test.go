package rtmp

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A server that stood still itself meets its deadlines before the bytes that
// came meanwhile: whose bytes wait was not silent.
func TestBytesThatWaitAreNoSilence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	peer, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, peer.Close()) }()
	nc, err := l.Accept()
	require.NoError(t, err)
	defer func() { require.NoError(t, nc.Close()) }()

	var total atomic.Uint64
	kicked := make(chan struct{})
	s := source{nc: nc, total: &total}
	s.admit(time.Hour, kicked)
	_, err = peer.Write([]byte("ab"))
	require.NoError(t, err)
	one := make([]byte, 1)
	n, err := s.Read(one) // so that the other byte has come too
	require.NoError(t, err)
	require.Equal(t, "a", string(one[:n]))

	passed := func() { require.NoError(t, nc.SetDeadline(time.Unix(1, 0))) }
	passed()
	n, err = s.Read(one)
	require.NoError(t, err)
	require.Equal(t, "b", string(one[:n]))
	require.EqualValues(t, 2, s.received)

	_, err = peer.Write([]byte("c"))
	require.NoError(t, err)
	n, err = s.Read(one) // the deadline is an hour away again
	require.NoError(t, err)
	require.Equal(t, "c", string(one[:n]))

	passed()
	_, err = s.Read(one)
	require.Equal(t, errSilent, err)

	close(kicked)
	passed()
	s.armed = s.at
	_, err = s.Read(one)
	require.Equal(t, errKicked, err)
}
