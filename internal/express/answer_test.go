package express

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wire is a connection that keeps what is written, and counts the writes.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

type wire struct {
	bytes.Buffer
	writes, files int
	err           error
}

func (w *wire) Write(b []byte) (int, error) {
	w.writes++
	if w.err != nil {
		return 0, w.err
	}
	return w.Buffer.Write(b)
}

func (w *wire) ReadFrom(r io.Reader) (int64, error) {
	w.files++
	return w.Buffer.ReadFrom(r)
}

func (w *wire) WriteBuffers(b *net.Buffers) (int64, error) {
	w.writes++
	if w.err != nil {
		return 0, w.err
	}
	return b.WriteTo(&w.Buffer)
}

func body(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "video/mp4")
		w.Header().Set("Content-Length", strconv.Itoa(n))
		_, _ = w.Write(bytes.Repeat([]byte("x"), n))
	}
}

func TestAnswersAreNetHTTPs(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		writes  int
		files   int
	}{
		"a large body, with its head": {body(10000), 1, 0},
		"a small body, with its head": {body(100), 1, 0},
		"no body":                     {body(0), 1, 0},
		"nothing said":                {func(http.ResponseWriter, *http.Request) {}, 1, 0},
		"an error":                    {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "There is none.", http.StatusNotFound) }, 1, 0},
		"not modified": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Etag", `"a"`)
			w.WriteHeader(http.StatusNotModified)
		}, 1, 0},
		"pieces": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Length", "5003")
			for _, n := range []int{1, 2, 5000} {
				_, _ = w.Write(bytes.Repeat([]byte("x"), n))
			}
		}, 1, 0},
		"a file": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "video/mp4")
			w.Header().Set("Content-Length", "7000")
			_, _ = io.CopyN(w, strings.NewReader(strings.Repeat("y", 8000)), 7000)
		}, 1, 1},
		"a range": {func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=10-19")
			http.ServeContent(w, r, "a.mp4", epoch, strings.NewReader(strings.Repeat("z", 100)))
		}, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r, ok := Parse([]byte(plainGet + "\r\n"))
			require.True(t, ok)
			var out wire
			require.NoError(t, Serve(&out, c.handler, r))
			require.Equal(t, c.files, out.files)
			require.LessOrEqual(t, out.writes, c.writes)
			in := bufio.NewReader(&out)
			got, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			gotBody, err := io.ReadAll(got.Body)
			require.NoError(t, err)
			require.NoError(t, got.Body.Close())
			require.Zero(t, in.Buffered())

			server := httptest.NewServer(c.handler)
			defer server.Close()
			want, err := http.Get(server.URL)
			require.NoError(t, err)
			wantBody, err := io.ReadAll(want.Body)
			require.NoError(t, err)
			require.NoError(t, want.Body.Close())
			require.Equal(t, wantBody, gotBody)
			require.Equal(t, want.Status, got.Status)
			for _, h := range []http.Header{want.Header, got.Header} {
				require.NotEmpty(t, h.Get("Date"))
				h.Del("Date")
			}
			require.Equal(t, want.Header, got.Header)
		})
	}
}

func TestServeSaysWhenTheConnectionIsOfNoUse(t *testing.T) {
	request := func() *http.Request {
		r, ok := Parse([]byte(plainGet + "\r\n"))
		require.True(t, ok)
		return r
	}
	short := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = w.Write([]byte("five."))
	})
	require.ErrorIs(t, Serve(&wire{}, short, request()), io.ErrUnexpectedEOF)
	long := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		_, err := w.Write([]byte("five."))
		require.ErrorIs(t, err, http.ErrContentLength)
	})
	require.ErrorIs(t, Serve(&wire{}, long, request()), http.ErrContentLength)
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 4096))
		}
	})
	require.ErrorIs(t, Serve(&wire{}, endless, request()), http.ErrContentLength)
	gone := errors.New("gone")
	for _, n := range []int{0, 100, 10000} {
		require.ErrorIs(t, Serve(&wire{err: gone}, body(n), request()), gone)
	}
	require.NoError(t, Serve(&wire{}, body(10), request()), "nothing stays of the one before")
}
