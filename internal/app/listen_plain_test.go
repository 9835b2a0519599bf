package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tellWay says by which way a request came. It breaks off in seg1 and panics
// in seg2.
func tellWay(w http.ResponseWriter, r *http.Request) {
	way := "express"
	if r.Context().Value(http.ServerContextKey) != nil {
		way = "net/http"
	}
	switch path.Base(r.URL.Path) {
	case "seg1.m4s":
		w.Header().Set("Content-Length", "100")
	case "seg2.m4s":
		panic(http.ErrAbortHandler)
	}
	body, _ := io.ReadAll(r.Body)
	_, _ = fmt.Fprintf(w, "%s %s %s %s%s", way, r.Method, r.RequestURI, r.RemoteAddr, body)
}

func TestPlainRequestsAreAnsweredBetweenOthers(t *testing.T) {
	a := newAudience(t, 10)
	c, err := net.Dial("tcp", a.door.Addr().String())
	require.NoError(t, err)
	defer c.Close()
	in := bufio.NewReader(c)
	answers := func(method, way, uri, body string) {
		t.Helper()
		status, got := response(t, in, method)
		require.Equal(t, http.StatusOK, status)
		if method != http.MethodHead {
			require.Equal(t, fmt.Sprintf("%s %s %s %s%s", way, method, uri, c.LocalAddr(), body), got)
		}
	}
	say := func(pieces ...string) {
		t.Helper()
		for _, p := range pieces {
			_, err := io.WriteString(c, p)
			require.NoError(t, err)
		}
	}
	const list = "/live/a/b/video/source.m3u8?_HLS_msn=1"
	get := func(uri string) string { return "GET " + uri + " HTTP/1.1\r\nHost: a\r\n\r\n" }

	say(get(list))
	answers("GET", "net/http", list, "") // the first of a connection
	for range 3 {
		say(get(list))
		answers("GET", "express", list, "")
	}
	say(get("/@a"))
	answers("GET", "net/http", "/@a", "")
	say(get(list))
	answers("GET", "express", list, "")
	say("HEAD " + list + " HTTP/1.1\r\nHost: a\r\n\r\n")
	answers("HEAD", "net/http", list, "")
	say("POST "+list+" HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", "body")
	answers("POST", "net/http", list, "body")
	say(get(list) + get("/media/b/v/seg9.m4s")) // asked for at once
	answers("GET", "net/http", list, "")
	answers("GET", "net/http", "/media/b/v/seg9.m4s", "")
	say(get("/media/b/v/seg9.m4s"))
	answers("GET", "express", "/media/b/v/seg9.m4s", "")
	say(get("/~token" + list))
	answers("GET", "express", "/~token"+list, "")
	say(strings.TrimSuffix(get(list), "\n"))
	say("\n") // in two packets, or in one: both are right
	status, _ := response(t, in, http.MethodGet)
	require.Equal(t, http.StatusOK, status)
	say("nonsense\r\n\r\n")
	status, _ = response(t, in, http.MethodGet)
	require.Equal(t, http.StatusBadRequest, status)
}

// response reads the answer to a request of that method.
func response(t *testing.T, in *bufio.Reader, method string) (status int, body string) {
	t.Helper()
	res, err := http.ReadResponse(in, &http.Request{Method: method})
	require.NoError(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(b)
}

func TestAPlainRequestThatFailsEndsTheConnection(t *testing.T) {
	a := newAudience(t, 10)
	for _, uri := range []string{"/media/b/v/seg1.m4s", "/media/b/v/seg2.m4s"} {
		c, err := net.Dial("tcp", a.door.Addr().String())
		require.NoError(t, err)
		in := bufio.NewReader(c)
		_, err = fmt.Fprint(c, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(t, err)
		_, _ = response(t, in, http.MethodGet)
		_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", uri)
		require.NoError(t, err)
		_, err = io.ReadAll(in)
		require.NoError(t, err, "it ends")
		require.NoError(t, c.Close())
	}
}
