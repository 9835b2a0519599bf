package app

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListenSaysWhatToDo(t *testing.T) {
	ctx := context.Background()
	ln, err := listen(ctx, "rtmp.addr", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	require.NoError(t, err)

	_, err = listen(ctx, "rtmp.addr", ln.Addr().String())
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	require.ErrorContains(t, err, "rtmp.addr: port "+port+" is in use by another program: stop that, or give another address with --rtmp-addr")

	// 192.0.2.0/24 is for documentation and nobody's (RFC 5737).
	_, err = listen(ctx, "http.addr", "192.0.2.1:0")
	require.ErrorContains(t, err, "http.addr: this machine has no address 192.0.2.1: give one of its own with --http-addr")
}

func TestExplainListen(t *testing.T) {
	denied := &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}
	err := explainListen("http.addr", ":80", denied)
	require.ErrorIs(t, err, syscall.EACCES)
	require.ErrorContains(t, err, "port 80 may not be opened by this user: give one above 1023 with --http-addr")

	other := &net.OpError{Op: "listen", Err: syscall.EMFILE}
	require.Equal(t, error(other), explainListen("http.addr", ":80", other))
}
