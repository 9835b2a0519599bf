package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

// raw sends bytes on a connection of their own, and returns the answers to n
// requests of the method.
func (s *site) raw(method, sent string, n int) []response {
	s.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(s.t, err)
	defer c.Close()
	require.NoError(s.t, c.SetDeadline(time.Now().Add(limit)))
	_, err = io.WriteString(c, sent)
	require.NoError(s.t, err)
	r := bufio.NewReader(c)
	var all []response
	for range n {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		require.NoError(s.t, err, "answer %d", len(all))
		body, err := io.ReadAll(res.Body)
		require.NoError(s.t, err)
		require.NoError(s.t, res.Body.Close())
		all = append(all, response{res.StatusCode, res.Header, string(body)})
	}
	return all
}

// TestManyRanges: a single range is honoured. Of several the whole is sent,
// whether it lies in memory or in a file.
func TestManyRanges(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("alice")
	segment := "/media/" + b.ID + "/video/source/seg0.m4s"
	check := func() {
		whole := s.get(segment)
		require.Equal(t, http.StatusOK, whole.status)
		for _, many := range []string{
			"bytes=0-0,2-2", "bytes=" + strings.TrimSuffix(strings.Repeat("0-,", 2000), ","), "bytes=0-0,-1", "bytes=" + strings.Repeat(",", 5000),
		} {
			a := s.get(segment, "Range", many)
			require.Equal(t, http.StatusOK, a.status, "%.40s", many)
			require.Equal(t, whole.body, a.body)
		}
		one := s.get(segment, "Range", "bytes=1-3")
		require.Equal(t, http.StatusPartialContent, one.status)
		require.Equal(t, whole.body[1:4], one.body)
		for _, bad := range []string{"bytes=9999999999-", "bytes=x", "bytes=3-1", "bytes=-"} {
			a := s.get(segment, "Range", bad)
			require.Equal(t, http.StatusRequestedRangeNotSatisfiable, a.status, bad)
			require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		}
	}
	check()
	pub.Close(live.Stopped, nil)
	s.end()
	check()

	h := http.Header{"Range": {"bytes=0-1", "bytes=2-3"}}
	require.True(t, manyRanges(h), "in two lines")
}

// TestBodiesThatDoNotCome: who announces a body and does not send it is
// answered all the same, and the connection ends.
func TestBodiesThatDoNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) })
		l := pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: bounded(inner), ReadHeaderTimeout: time.Hour}
		go func() { _ = server.Serve(l) }()
		for _, head := range []string{"Content-Length: 1000", "Transfer-Encoding: chunked"} {
			client, conn := net.Pipe()
			l.conns <- conn
			began := time.Now()
			_, err := io.WriteString(client, "POST /api/v1/live HTTP/1.1\r\nHost: x\r\n"+head+"\r\n\r\n")
			require.NoError(t, err)
			res, err := http.ReadResponse(bufio.NewReader(client), nil)
			require.NoError(t, err)
			_ = res.Body.Close() // only its header is asked for
			require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
			require.True(t, res.Close)
			require.Equal(t, bodyTime, time.Since(began))
			_, err = client.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
		}
		require.NoError(t, server.Close())
	})
}

// pipes is a listener in memory, whose time a test can let pass.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	close(p.closed)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestBodiesAreBounded: a handler gets so much and no more, and has all the
// time that it wants after the end of what came in time.
func TestBodiesAreBounded(t *testing.T) {
	var got int64
	var readErr, ended error
	server := httptest.NewServer(bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, readErr = io.Copy(io.Discard, r.Body)
		ended = r.Context().Err()
	})))
	defer server.Close()
	post := func(n int) {
		res, err := server.Client().Post(server.URL, "text/plain", strings.NewReader(strings.Repeat("x", n)))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	post(maxBody)
	require.NoError(t, readErr)
	require.NoError(t, ended)
	require.EqualValues(t, maxBody, got)
	post(maxBody + 1)
	var tooLarge *http.MaxBytesError
	require.ErrorAs(t, readErr, &tooLarge)
	require.EqualValues(t, maxBody, got)
}

// TestTimeAfterABody: reading a body sets no clock for what is done with it.
func TestTimeAfterABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{ReadHeaderTimeout: time.Hour, Handler: bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-r.Context().Done():
				w.WriteHeader(http.StatusInternalServerError)
			case <-time.After(10 * bodyTime):
			}
		}))}
		go func() { _ = server.Serve(l) }()
		client, conn := net.Pipe()
		l.conns <- conn
		_, err := io.WriteString(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(client), nil)
		require.NoError(t, err)
		_ = res.Body.Close() // only its header is asked for
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.NoError(t, client.Close())
		require.NoError(t, server.Close())
	})
}

// TestOddRequests: whatever the version, the method and the header, there is
// one answer to each request, and the connection goes on or ends in order.
func TestOddRequests(t *testing.T) {
	s := newSite(t, nil)
	_, b := s.publish("alice")
	list := "/live/alice/index.m3u8"
	host := "Host: x\r\n"

	a := s.raw("GET", "GET "+list+" HTTP/1.0\r\n\r\n", 1)[0]
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, "#EXTM3U")
	a = s.raw("GET", "GET /media/"+b.ID+"/video/source/seg0.m4s HTTP/1.0\r\n\r\n", 1)[0]
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, fmt.Sprint(len(a.body)), a.header.Get("Content-Length"))

	for method, status := range map[string]int{
		"TRACE": http.StatusMethodNotAllowed, "PROPFIND": http.StatusMethodNotAllowed, "X": http.StatusMethodNotAllowed,
		"get": http.StatusMethodNotAllowed, "OPTIONS": http.StatusNoContent,
	} {
		require.Equal(t, status, s.raw(method, method+" "+list+" HTTP/1.1\r\n"+host+"\r\n", 1)[0].status, method)
	}
	require.Equal(t, http.StatusOK, s.raw("OPTIONS", "OPTIONS * HTTP/1.1\r\n"+host+"\r\n", 1)[0].status)
	for _, bad := range []string{
		"GET " + list + " HTTP/1.1\r\n\r\n", // without Host
		"GET " + list + " HTTP/1.1\r\n" + host + "X : y\r\n\r\n",
		"GET " + list + " HTTP/9.9\r\n" + host + "\r\n",
		"POST " + list + " HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 HTTP/1.1\r\n\r\n", // TLS, or nothing at all
	} {
		status := s.raw("GET", bad, 1)[0].status
		require.GreaterOrEqual(t, status, 400, "%q", bad)
		require.NotEqual(t, http.StatusInternalServerError, status, "%q", bad)
	}

	const many = 500
	for i, a := range s.raw("GET", strings.Repeat("GET "+list+" HTTP/1.1\r\n"+host+"\r\n", many), many) {
		require.Equal(t, http.StatusOK, a.status, "request %d", i)
	}
}
