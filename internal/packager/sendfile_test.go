package packager

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/bodies"
)

// watched is a response that tells how its body was handed over, and hands a
// file on to the connection as any middleware must.
type watched struct {
	http.ResponseWriter
	mu     *sync.Mutex
	files  *int // bodies that came as a file
	writes *[]int
}

func (w watched) ReadFrom(r io.Reader) (int64, error) {
	if limited, ok := r.(*io.LimitedReader); ok {
		if _, ok := limited.R.(*os.File); ok { // what net's sendfile looks for
			w.mu.Lock()
			*w.files++
			w.mu.Unlock()
		}
	}
	return io.Copy(w.ResponseWriter, r)
}

func (w watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	*w.writes = append(*w.writes, len(b))
	w.mu.Unlock()
	return w.ResponseWriter.Write(b)
}

// TestTLSGetsAFileInOneWrite: HTTP/2 and TLS are sent stored media from memory,
// the whole of what was asked for at once, and a file is opened once for all.
func TestTLSGetsAFileInOneWrite(t *testing.T) {
	for name, h2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		for _, cached := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s cached %t", name, cached), func(t *testing.T) { sendByTLS(t, name, h2, cached) })
		}
	}
}

func sendByTLS(t *testing.T, proto string, h2, cached bool) {
	o := Options{}
	if cached {
		o.Bodies = bodies.New(10 << 20)
	}
	l := newLoop(t, o)
	l.run(5 * time.Second)
	seg := l.feed.p.Window("video/source").snap.Load().segment(1)
	all := bytes.Join(seg.memory(0, len(seg.Parts)), nil)
	path := filepath.Join(t.TempDir(), seg.Name())
	require.NoError(t, os.WriteFile(path, all, 0o600))
	var opened atomic.Int64
	seg.Stored(func() (*os.File, error) {
		opened.Add(1)
		return os.Open(path)
	})

	var mu sync.Mutex
	var files int
	var writes []int
	s := &station{p: l.feed.p}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(watched{w, &mu, &files, &writes}, r)
	}))
	server.EnableHTTP2 = h2
	server.StartTLS()
	defer server.Close()
	type answer struct {
		StatusCode    int
		Header        http.Header
		ContentLength int64
	}
	ask := func(method, name, ranges string) (answer, []byte) {
		files, writes = 0, nil
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+videoMedia+name, http.NoBody)
		require.NoError(t, err)
		if ranges != "" {
			req.Header.Set("Range", ranges)
		}
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, proto, resp.Proto)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		return answer{resp.StatusCode, resp.Header, resp.ContentLength}, body
	}
	part := seg.Parts[4]
	partBytes := all[part.Offset : part.Offset+int64(part.Size)]
	for range 3 {
		for _, tc := range []struct {
			name, ranges, content string
			status                int
			want                  []byte
		}{
			{seg.Name(), "", "", http.StatusOK, all},
			{part.Name(), "", "", http.StatusOK, partBytes},
			{seg.Name(), "bytes=1000-200999", fmt.Sprintf("bytes 1000-200999/%d", len(all)), http.StatusPartialContent, all[1000:201_000]},
			{part.Name(), "bytes=-5", fmt.Sprintf("bytes %d-%d/%d", part.Size-5, part.Size-1, part.Size), http.StatusPartialContent, partBytes[part.Size-5:]},
		} {
			resp, body := ask(http.MethodGet, tc.name, tc.ranges)
			require.Equal(t, tc.status, resp.StatusCode)
			require.True(t, bytes.Equal(tc.want, body), "%s %s", tc.name, tc.ranges)
			require.EqualValues(t, len(tc.want), resp.ContentLength)
			require.Equal(t, tc.content, resp.Header.Get("Content-Range"))
			require.Equal(t, "bytes", resp.Header.Get("Accept-Ranges"))
			require.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
			require.Equal(t, "public, max-age=31536000, immutable", resp.Header.Get("Cache-Control"))
			require.Equal(t, "video/iso.segment", resp.Header.Get("Content-Type"))
			if cached {
				require.Equal(t, []int{len(tc.want)}, writes)
			}
		}
	}
	resp, _ := ask(http.MethodGet, seg.Name(), "bytes=99999999-")
	require.Equal(t, http.StatusRequestedRangeNotSatisfiable, resp.StatusCode)
	require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
	if cached {
		require.EqualValues(t, 1, opened.Load())
		require.EqualValues(t, 12, o.Bodies.Stats().Hits)
	}
	resp, body := ask(http.MethodHead, seg.Name(), "")
	require.EqualValues(t, len(all), resp.ContentLength)
	require.Empty(t, body)
	require.Empty(t, writes)
}

// TestTroubleByTLS: what cannot be read is told as in clear text.
func TestTroubleByTLS(t *testing.T) {
	l := newLoop(t, Options{Bodies: bodies.New(10 << 20)})
	l.run(5 * time.Second)
	seg := l.feed.p.Window("video/source").snap.Load().segment(1)
	s := &station{p: l.feed.p}
	get := func(ctx context.Context) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, videoMedia+seg.Name(), http.NoBody)
		r.TLS = &tls.ConnectionState{}
		s.ServeHTTP(w, r)
		return w
	}
	seg.Stored(func() (*os.File, error) { return nil, fmt.Errorf("open segment: %w", fs.ErrNotExist) })
	require.Equal(t, http.StatusTeapot, get(t.Context()).Code, "it was deleted: the caller may know more")
	seg.Stored(func() (*os.File, error) { return nil, errors.New("input/output error") })
	w := get(t.Context())
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
}

// TestFilesGoToTheConnectionAndMemoryInFewWrites: clear text is sent by
// sendfile, which a response writer without ReadFrom would hide.
func TestFilesGoToTheConnectionAndMemoryInFewWrites(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(5 * time.Second)
	seg := l.feed.p.Window("video/source").snap.Load().segment(1)
	require.Greater(t, seg.Size, int64(500_000))

	var mu sync.Mutex
	var files int
	var writes []int
	s := &station{p: l.feed.p}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(watched{w, &mu, &files, &writes}, r)
	}))
	defer server.Close()
	get := func(name string) []byte {
		files, writes = 0, nil
		resp, err := server.Client().Get(server.URL + videoMedia + name)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, http.StatusOK, resp.StatusCode)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.EqualValues(t, len(body), resp.ContentLength)
		mu.Lock()
		defer mu.Unlock()
		return body
	}

	whole := get(seg.Name())
	require.Zero(t, files)
	require.Len(t, writes, len(seg.Parts), "a write for each part, of all of it")
	part := get(seg.Parts[4].Name())
	require.Equal(t, []int{seg.Parts[4].Size}, writes)

	storeIn(t, seg)
	require.Equal(t, whole, get(seg.Name()))
	require.Equal(t, 1, files)
	require.Empty(t, writes)
	require.Equal(t, part, get(seg.Parts[4].Name()))
	require.Equal(t, 1, files)
	require.Empty(t, writes)
}

// A small segment goes out of memory in clear text too; its file is opened once
// for all who ask.
func TestSmallSegmentsGoOutOfMemory(t *testing.T) {
	l := newLoop(t, Options{Bodies: bodies.New(10 << 20)})
	l.run(5 * time.Second)
	for rendition, opens := range map[string]int64{"audio/source": 1, "video/source": 2} {
		seg := l.feed.p.Window(rendition).snap.Load().segment(1)
		all := bytes.Join(seg.memory(0, len(seg.Parts)), nil)
		require.Equal(t, opens == 1, len(all) <= smallFile, rendition)
		path := filepath.Join(t.TempDir(), seg.Name())
		require.NoError(t, os.WriteFile(path, all, 0o600))
		var opened atomic.Int64
		seg.Stored(func() (*os.File, error) {
			opened.Add(1)
			return os.Open(path)
		})
		for range 2 {
			w := httptest.NewRecorder()
			require.True(t, l.feed.p.ServeMedia(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), rendition, seg.Name()))
			require.True(t, bytes.Equal(all, w.Body.Bytes()))
		}
		require.Equal(t, opens, opened.Load(), rendition)
	}
}
