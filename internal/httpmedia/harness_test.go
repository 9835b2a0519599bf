package httpmedia

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// studio is a stream with a server for its viewers.
type studio struct {
	t      testing.TB
	stream *live.Stream
	pub    *live.Publisher
	flv    *FLV
	server *httptest.Server
}

// newStudio has a server that knows the connections of its viewers.
func newStudio(t testing.TB) *studio {
	t.Helper()
	s := &studio{t: t, stream: live.NewStream("demo", "b", live.Limits{}), flv: &FLV{Direct: connOf}}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.flv.Serve(w, r, s.stream) {
			http.Error(w, "nothing", http.StatusNotFound)
		}
	}))
	s.server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	t.Cleanup(func() {
		s.stream.Close()
		s.server.Close()
		require.Empty(t, s.flv.feeds, "the last viewer ends its feed")
		require.Zero(t, s.flv.Stats().Viewers)
	})
	s.connect()
	return s
}

type connKey struct{}

// connOf is the connection of a request, where it is one of TCP.
func connOf(r *http.Request) Conn {
	c, _ := r.Context().Value(connKey{}).(net.Conn)
	switch c := c.(type) {
	case *net.TCPConn:
		return newSocket(c)
	case *countingConn:
		return c
	}
	return nil
}

// socket is a connection that takes what the system takes.
type socket struct {
	raw   syscall.RawConn
	write func(fd uintptr) bool
	b     []byte
	n     int
	err   error
}

func newSocket(c *net.TCPConn) *socket {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	s := &socket{raw: raw}
	s.write = func(fd uintptr) bool {
		s.n, s.err = syscall.Write(int(fd), s.b)
		return true
	}
	return s
}

// TryWrite implements Conn.
func (s *socket) TryWrite(b []byte) (int, error) {
	s.b = b
	if err := s.raw.Write(s.write); err != nil {
		return 0, err
	}
	if errors.Is(s.err, syscall.EAGAIN) {
		return 0, nil
	}
	return max(0, s.n), s.err
}

// connect lets a new encoder feed the stream.
func (s *studio) connect() {
	s.pub = live.NewPublisher(s.stream, func(*live.Publisher, live.End, error) {})
	s.pub.Expect(media.Video, media.Audio)
}

func (s *studio) start() *studio {
	s.server.Start()
	return s
}

// watch asks for the stream. The body ends with the test.
func (s *studio) watch() *http.Response {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	s.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL, http.NoBody)
	require.NoError(s.t, err)
	res, err := s.server.Client().Do(req)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(s.t, http.StatusOK, res.StatusCode)
	return res
}

// body is a viewer that reads on and on.
type body struct {
	t    testing.TB
	wg   sync.WaitGroup
	mu   sync.Mutex
	read []byte
	err  error // once it has ended
}

func (s *studio) reader() *body {
	s.t.Helper()
	res := s.watch()
	b := &body{t: s.t}
	b.wg.Go(func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := res.Body.Read(buf)
			b.mu.Lock()
			b.read = append(b.read, buf[:n]...)
			b.err = err
			b.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	s.t.Cleanup(func() {
		_ = res.Body.Close()
		b.wg.Wait()
	})
	return b
}

// units parses what has come so far, which may end within a tag.
func (b *body) units() (units []*media.AccessUnit, err error) {
	b.mu.Lock()
	read, err := slices.Clone(b.read), b.err
	b.mu.Unlock()
	file, _ := parseWhole(read)
	return unitsOf(b.t, file), err
}

// parseWhole returns the whole tags of the start of a file.
func parseWhole(b []byte) (tags []flv.FileTag, header byte) {
	if len(b) < 13 {
		return nil, 0
	}
	at := 13
	for at+11 <= len(b) {
		end := at + 11 + int(b[at+1])<<16 + int(b[at+2])<<8 + int(b[at+3]) + 4
		if end > len(b) {
			break
		}
		at = end
	}
	tags, err := flv.ParseFile(b[:at])
	if err != nil {
		panic(err)
	}
	return tags, b[4]
}

func unitsOf(t testing.TB, tags []flv.FileTag) (units []*media.AccessUnit) {
	t.Helper()
	var d flv.Demuxer
	for _, tag := range tags {
		e, err := d.Tag(tag.Type, tag.Timestamp, slices.Clone(tag.Body))
		require.NoError(t, err)
		if e.Unit != nil {
			units = append(units, e.Unit)
		}
	}
	return units
}

// await waits until the viewer has so many units, and returns them.
func (b *body) await(n int) []*media.AccessUnit {
	b.t.Helper()
	var units []*media.AccessUnit
	require.Eventually(b.t, func() bool {
		units, _ = b.units()
		return len(units) >= n
	}, limit, 5*time.Millisecond)
	return units
}

// end waits for the end of the body, which must be a clean one.
func (b *body) end() []*media.AccessUnit {
	b.t.Helper()
	require.Eventually(b.t, func() bool {
		_, err := b.units()
		return err != nil
	}, limit, 5*time.Millisecond)
	units, err := b.units()
	require.True(b.t, errors.Is(err, io.EOF), err)
	return units
}

// requireSame compares units with those of a clip: bytes, kinds, and times up
// to a shift that all share, in milliseconds as tags have them.
func requireSame(t testing.TB, sent cliptest.Clip, got []*media.AccessUnit) {
	t.Helper()
	require.Len(t, got, len(sent))
	ms := func(ticks int64, u *media.AccessUnit) int64 { return media.Rescale(ticks, 1000, u.Track.Timescale) }
	shift := ms(got[0].DTS, got[0]) - ms(sent[0].DTS, &sent[0].AccessUnit)
	for i, u := range got {
		want := &sent[i].AccessUnit
		require.Equal(t, want.Track.Codecs, u.Track.Codecs, "unit %d", i)
		require.Equal(t, want.Track.Config, u.Track.Config, "unit %d", i)
		require.Equal(t, want.Key, u.Key, "unit %d", i)
		require.Equal(t, want.Data, u.Data, "unit %d", i)
		require.InDelta(t, ms(want.DTS, want)+shift, ms(u.DTS, u), 3, "unit %d", i)
		require.InDelta(t, ms(want.PTS-want.DTS, want), ms(u.PTS-u.DTS, u), 1, "unit %d", i)
	}
}
