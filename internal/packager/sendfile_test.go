package packager

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
	return w.ResponseWriter.(io.ReaderFrom).ReadFrom(r)
}

func (w watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	*w.writes = append(*w.writes, len(b))
	w.mu.Unlock()
	return w.ResponseWriter.Write(b)
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
