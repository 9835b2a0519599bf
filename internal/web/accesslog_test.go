package web

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/packager"
)

// lines collects what a log is given.
type lines struct {
	mu  sync.Mutex
	all []string
}

// Write is one line.
func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(b))
	return len(b), nil
}

// await returns the lines once there are n.
func (l *lines) await(t *testing.T, n int) []string {
	t.Helper()
	require.Eventually(t, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.all) >= n
	}, limit, time.Millisecond)
	return l.all
}

// combined is the combined log format, and the seconds.
var combined = regexp.MustCompile(`^(\S+) - - \[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] ("(?:[^"\\]|\\.)*") (\d{3}) (\d+) ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*") (\d+\.\d{6})\n$`)

func TestAccessLog(t *testing.T) {
	log := &lines{}
	s := newSite(t, func(o *Options) { o.AccessLog = log })
	s.get("/healthz?key=live_secret", "Referer", "https://example.org/page?token=secret#secret", "User-Agent", `Mozilla "5.0"`)
	s.get("/nosuch%0A%22x")
	s.do(http.MethodHead, "/@nobody", "User-Agent", "")
	all := log.await(t, 3)
	require.Len(t, all, 3)
	require.NotContains(t, strings.Join(all, ""), "secret")

	var fields [][]string
	for _, line := range all {
		f := combined.FindStringSubmatch(line)
		require.NotNil(t, f, line)
		_, err := time.Parse(clf, f[2])
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1", f[1])
		fields = append(fields, f)
	}
	require.Equal(t, []string{`"GET /healthz HTTP/1.1"`, "200", "3", `"https://example.org/page"`, `"Mozilla \"5.0\""`}, fields[0][3:8])
	require.Equal(t, []string{`"GET /nosuch%0A%22x HTTP/1.1"`, "404"}, fields[1][3:5])
	require.Equal(t, []string{`"HEAD /@nobody HTTP/1.1"`, "404", "0", `"-"`, `"-"`}, fields[2][3:8])
}

// A handler that breaks off is in the log too, and the panic goes on.
func TestAccessLogOfABrokenAnswer(t *testing.T) {
	var out bytes.Buffer
	h := accessLog(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("12345"))
		panic(http.ErrAbortHandler)
	}), &out)
	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", http.NoBody))
	})
	require.Contains(t, out.String(), `"GET /x HTTP/1.1" 418 5 `)
}

// readerFrom is a response that notes by which way it was written.
type readerFrom struct {
	http.ResponseWriter
	from io.Reader
}

// ReadFrom is what net/http has for files.
func (w *readerFrom) ReadFrom(r io.Reader) (int64, error) {
	w.from = r
	return io.Copy(io.Discard, r)
}

// With the access log on, a file still reaches the connection as a file: that
// is what the kernel sends by itself.
func TestAccessLogKeepsSendfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("x"), 100_000), 0o600))
	serve := func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(path)
		if err == nil {
			defer f.Close()
			packager.SendFile(w, r, f, 0, 100_000)
		}
	}
	var out bytes.Buffer
	w := &readerFrom{ResponseWriter: httptest.NewRecorder()}
	accessLog(http.HandlerFunc(serve), &out).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	limited, ok := w.from.(*io.LimitedReader)
	require.True(t, ok, "net/http knows a file inside of %T", w.from)
	require.IsType(t, &os.File{}, limited.R)
	require.Contains(t, out.String(), " 200 100000 ")

	// And over a real connection, where the connection itself is asked.
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	watched := &watchedListener{Listener: listener}
	server := &http.Server{Handler: accessLog(http.HandlerFunc(serve), &out), ReadHeaderTimeout: limit}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(watched) }()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.EqualValues(t, 100_000, n)
	require.NoError(t, conn.Close())
	require.NoError(t, server.Shutdown(t.Context()))
	require.ErrorIs(t, <-ended, http.ErrServerClosed)
	require.NotZero(t, watched.conn.fromFile, "bytes that came by ReadFrom")
}

// watchedListener gives connections that count what is read from files.
type watchedListener struct {
	net.Listener
	conn *watchedConn
}

// Accept wraps the connection.
func (l *watchedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.conn = &watchedConn{TCPConn: c.(*net.TCPConn)}
	return l.conn, nil
}

type watchedConn struct {
	*net.TCPConn
	fromFile int64
}

// ReadFrom is the way to sendfile.
func (c *watchedConn) ReadFrom(r io.Reader) (int64, error) {
	n, err := c.TCPConn.ReadFrom(r)
	c.fromFile += n
	return n, err
}

// TestAccessLogCountsWhatWentPastIt: live bodies are written to the connection
// itself after their beginning.
func TestAccessLogCountsWhatWentPastIt(t *testing.T) {
	log := &lines{}
	h := accessLog(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 10))
		w.(interface{ Count(bytes int64) }).Count(1000)
	}), log)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/live/a.flv", http.NoBody))
	require.Equal(t, "1010", combined.FindStringSubmatch(log.await(t, 1)[0])[5])
}
