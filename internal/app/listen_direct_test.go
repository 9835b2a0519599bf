package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// ofViewer is a request that came by a connection.
func ofViewer(v *viewer) *http.Request {
	ctx := context.WithValue(context.Background(), viewerKey{}, v)
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody)
	return r
}

// TestABodyGoesPastNetHTTP: what comes after the beginning of a live body is
// written to the connection itself, by a goroutine that is no response's.
func TestABodyGoesPastNetHTTP(t *testing.T) {
	a := newAudience(t, 100)
	video := live.NewPublisher(a.stream, func(*live.Publisher, live.End, error) {}).Rendition("video/source")
	track := &media.Track{Codec: media.H264, Timescale: media.VideoTimescale, Config: []byte{1}}
	picture := func(n int64) {
		video.Write(&media.AccessUnit{Track: track, Key: n == 0, DTS: 3000 * n, PTS: 3000 * n, Data: make([]byte, 10_000)})
	}
	picture(0)
	c := a.ask("/live.flv")
	begin := make([]byte, 10_000)
	_, err := io.ReadFull(c, begin)
	require.NoError(t, err)
	require.Contains(t, string(begin[:100]), "HTTP/1.1 200 OK\r\n")
	a.await("it is answered", func() bool { return len(a.writing()) == 0 })
	before := a.one().writes.Load()
	for n := range int64(50) {
		picture(1 + n)
	}
	_, err = io.ReadFull(c, make([]byte, 50*10_000))
	require.NoError(t, err)
	require.Less(t, a.one().writes.Load()-before, uint64(50), "by net/http each would be two")
	a.stream.Close()
	_, err = io.Copy(io.Discard, c)
	require.NoError(t, err, "a clean end")
	a.await("the connection ends with the body", func() bool { return a.count() == 0 })
}

func TestDirectTakesWhatTheSystemTakes(t *testing.T) {
	a := newAudience(t, 100)
	held := a.ask("/held")
	a.await("it is there", func() bool { return a.count() == 1 })
	v := a.one()
	c := direct(ofViewer(v))
	n, err := c.TryWrite([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	got := make([]byte, 5)
	_, err = io.ReadFull(held, got)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))

	piece := make([]byte, 1<<20)
	for n = len(piece); n > 0; { // nobody reads
		n, err = c.TryWrite(piece)
		require.NoError(t, err)
	}
	require.NoError(t, v.Close())
	_, err = c.TryWrite(piece)
	require.ErrorIs(t, err, net.ErrClosed)
	require.Nil(t, c.(*directConn).b, "it holds on to nothing")
}

func TestNothingIsDirectByTLS(t *testing.T) {
	require.Nil(t, direct(ofViewer(&viewer{tls: true})))
	require.Nil(t, direct(ofViewer(nil)))
}
