package await

import (
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A loop tells of bytes and of the end, by number, and of nothing that was removed.
func TestLoop(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	type told struct {
		number int32
		text   string
	}
	var mu sync.Mutex
	fds, got := map[int32]int{}, []told{}
	loop, err := New(func(number int32, _ bool) {
		mu.Lock()
		defer mu.Unlock()
		var b [64]byte
		n, _ := unix.Read(fds[number], b[:]) // an end is told as nothing
		got = append(got, told{number, string(b[:max(0, n)])})
	}, func(err error) { t.Error(err) })
	require.NoError(t, err)
	var far []net.Conn
	for i := range int32(3) {
		near, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		c, err := l.Accept()
		require.NoError(t, err)
		defer c.Close()
		far = append(far, c)
		file, fd, err := Detach(near)
		require.NoError(t, err)
		defer func(f *os.File) { require.NoError(t, f.Close()) }(file)
		mu.Lock()
		fds[i] = fd
		mu.Unlock()
		require.NoError(t, loop.Add(fd, i))
	}
	heard := func(want ...told) {
		t.Helper()
		require.Eventually(t, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(got) >= len(want)
		}, time.Minute, time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, want, got)
		got = nil
	}
	_, err = far[1].Write([]byte("one"))
	require.NoError(t, err)
	heard(told{1, "one"})
	require.NoError(t, far[2].Close())
	heard(told{2, ""})
	loop.Remove(fds[1])
	_, err = far[1].Write([]byte("unheard"))
	require.NoError(t, err)
	_, err = far[0].Write([]byte("two"))
	require.NoError(t, err)
	heard(told{0, "two"})
	require.NoError(t, loop.Close())
}
