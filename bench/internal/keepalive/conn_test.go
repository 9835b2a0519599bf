package keepalive

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dial connects to a server that sends as many bytes as the path says.
func dial(t *testing.T) *Conn {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil {
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		if r.URL.RawQuery == "" {
			w.Header().Set("Content-Length", strconv.Itoa(n))
		}
		_, _ = w.Write(bytes.Repeat([]byte("0123456789"), n/10))
		if r.URL.RawQuery != "" {
			_ = http.NewResponseController(w).Flush() // no length
		}
	}))
	t.Cleanup(server.Close)
	c, err := Dial(t.Context(), strings.TrimPrefix(server.URL, "http://"), time.Now().Add(time.Minute))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestGet(t *testing.T) {
	c := dial(t)
	buf := make([]byte, 2000)
	for _, n := range []int{0, 10, 1000, 10} {
		body, err := c.Get("/"+strconv.Itoa(n), buf)
		require.NoError(t, err)
		require.Equal(t, strings.Repeat("0123456789", n/10), string(body))
	}
	_, err := c.Get("/2000", buf)
	require.ErrorContains(t, err, "does not fit")
}

func TestStream(t *testing.T) {
	c := dial(t)
	for _, n := range []int{0, 10, 100_000, 10} {
		var body []byte
		length, err := c.Stream("/"+strconv.Itoa(n), make([]byte, 1000), func(p []byte) { body = append(body, p...) })
		require.NoError(t, err)
		require.EqualValues(t, n, length)
		require.Equal(t, strings.Repeat("0123456789", n/10), string(body))
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	for path, says := range map[string]string{"/x": "status 418", "/10?flush": "without Content-Length"} {
		_, err := dial(t).Get(path, make([]byte, 4000))
		require.ErrorContains(t, err, says, path)
	}
	_, err := dial(t).Get("/10", make([]byte, 20))
	require.ErrorContains(t, err, "header does not fit")
	c := dial(t)
	require.NoError(t, c.Close())
	_, err = c.Get("/10", make([]byte, 4000))
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Dial(ctx, "127.0.0.1:1", time.Now())
	require.ErrorContains(t, err, "connect")
}

func TestReadHeader(t *testing.T) {
	for head, want := range map[string]int64{
		"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n":                    12,
		"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length:7\r\nA: b\r\n\r\n": 7,
	} {
		n, err := readHeader([]byte(head))
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for _, bad := range []string{
		"", "\r\n\r\n", "HTTP/1.1 2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-LengthX: 1\r\n\r\n",
	} {
		_, err := readHeader([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
	_, err := readHeader([]byte("HTTP/1.1 404 Not Found\r\n\r\n"))
	require.ErrorIs(t, err, StatusError(404))
}
